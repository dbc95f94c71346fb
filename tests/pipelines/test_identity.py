"""Whose report a page is, on which year, published when, and whether it is a report at all."""

import re

import pytest

from archive.captures import Capture, Context
from pipelines.read import read_capture
from tests.pipelines.sample_pages import REPORT, TITLE, read, titled
from tests.pipelines.template import keys_of, page


@pytest.mark.parametrize(
    "title",
    [
        "关于做好2022年政府信息公开工作年度报告编制发布工作的通知",
        "某某市样本局2022年工作总结",
        "2022年某某市人民政府工作报告",
        "某某市2022年法治政府建设年度报告",
        "某某市2022年政府信息公开工作要点",
        "某某市样本供水公司2022年信息公开年度报告",
    ],
)
def test_other_documents_are_no_reports_even_with_sections(title: str) -> None:
    body = "".join(
        f"<p>{heading}</p><p>样本。</p>"
        for heading in ("一、总体情况", "二、主动公开政府信息情况", "五、存在的主要问题及改进情况")
    )
    reading = read(f"<title>{title}</title><h1>{title}</h1>{body}")
    assert not reading.is_report
    assert reading.reason


def test_an_index_page_full_of_titles_is_no_report() -> None:
    links = "".join(
        f"<li><a href='{number}.html'>某某市样本局{number}年政府信息公开工作年度报告</a>"
        for number in range(2019, 2026)
    )
    assert not read(f"<title>政府信息公开年报</title><ul>{links}</ul>").is_report


def test_a_notice_that_prints_the_blank_form_is_no_report() -> None:
    blank = page("form_2021", dict.fromkeys(keys_of("form_2021"), " "))
    assert not read(blank.replace(TITLE, "关于做好2022年政府信息公开工作年度报告编制工作的通知")).is_report


def test_a_notice_with_a_filled_sample_and_no_sections_is_no_report() -> None:
    bare = re.sub(r"<h3>.*?</h3>|<p>.*?</p>", "", REPORT)
    assert read(bare).is_report
    assert not read(bare.replace(TITLE, "某某市样本局关于2022年报表填报的通知")).is_report


def test_a_report_whose_tables_are_pictures_says_so() -> None:
    reading = read(f"<title>{TITLE}</title><h1>{TITLE}</h1><p><img src='1.png'></p>")
    assert [problem.kind for problem in reading.problems] == ["unreadable_document"]
    text = "".join(
        f"<p>{heading}</p>"
        for heading in ("一、总体情况", "二、主动公开政府信息情况", "六、其他需要报告的事项")
    )
    reading = read(f"<title>{TITLE}</title>{text}")
    assert (reading.is_report, reading.form) == (True, "prose")
    assert [problem.kind for problem in reading.problems] == ["no_tables"]


def test_an_early_report_is_prose_without_a_problem() -> None:
    text = "".join(
        f"<p>{heading}</p><p>样本。</p>"
        for heading in ("一、概述", "二、主动公开政府信息情况", "三、收费及减免情况")
    )
    reading = read(f"<title>某某市样本局2012年政府信息公开工作年度报告</title>{text}")
    assert (reading.is_report, reading.form, reading.problems) == (True, "prose", ())
    assert [section.heading for section in reading.sections] == [
        "一、概述",
        "二、主动公开政府信息情况",
        "三、收费及减免情况",
    ]


@pytest.mark.parametrize(
    "before",
    [
        "<table><tr><td>发布机构</td><td>某某市样本局</td></tr></table>",
        "<p>发布机构：某某市样本局</p>",
        "<div>首页 &gt; 信息公开 &gt; 某某市样本局 &gt; 政府信息公开年报</div>",
        "<p align=center>某某市样本局</p><p align=center>2022年政府信息公开工作年度报告</p>",
        "<p>根据条例的规定，某某市样本局编制本报告。</p>",
    ],
)
def test_an_agency_that_the_title_leaves_out_is_found_on_the_page(before: str) -> None:
    reading = titled("2022年政府信息公开工作年度报告", before)
    assert (reading.agency, reading.year) == ("某某市样本局", 2022)


def test_metadata_and_the_crawl_know_what_the_page_does_not_say() -> None:
    bare = "政府信息公开工作年度报告"
    assert titled(bare, head="<meta name=ContentSource content=某某市样本局>").agency == "某某市样本局"
    reading = titled(bare, link_text="某某市样本局2021年政府信息公开年报")
    assert (reading.agency, reading.year) == ("某某市样本局", 2021)
    assert titled(bare, portal_title="某某市样本局").agency == "某某市样本局"


def test_a_short_name_is_completed_by_a_longer_one_on_the_page() -> None:
    assert (
        titled("市样本局2022年政府信息公开工作年度报告", "<p>发布机构：某某市样本局</p>").agency
        == "某某市样本局"
    )


def test_the_title_goes_before_a_source_that_names_another_body() -> None:
    assert titled(TITLE, "<p>来源：某某市人民政府办公室</p>").agency == "某某市样本局"


def test_what_nothing_names_is_a_problem() -> None:
    reading = titled("政府信息公开工作年度报告")
    assert (reading.agency, reading.year) == (None, None)
    assert [problem.kind for problem in reading.problems] == ["unclear_identity", "unclear_identity"]


def test_sections_end_where_the_page_goes_on() -> None:
    html = REPORT.replace("<body>", "<body><div id=a>").replace(
        "</body>", "</div><div>样本栏目</div><p>版权所有</p></body>"
    )
    last = read(html).sections[-1]
    assert (last.number, last.heading, last.text) == (6, "六、其他需要报告的事项", "无。")


def test_headings_in_one_unbroken_paragraph_are_found() -> None:
    run = "一、总体情况甲。二、主动公开政府信息情况乙。三、收到和处理政府信息公开申请情况丙。六、其他需要报告的事项丁。"
    reading = read(f"<title>{TITLE}</title><p>{run}</p>")
    assert [(section.number, section.text) for section in reading.sections] == [
        (1, "甲。"),
        (2, "乙。"),
        (3, "丙。"),
        (6, "丁。"),
    ]


def test_a_list_of_the_sections_before_them_is_not_taken_for_them() -> None:
    listed = "<p>本报告由一、总体情况，二、主动公开政府信息情况，六、其他需要报告的事项组成。</p>"
    reading = titled(TITLE, listed)
    assert [section.number for section in reading.sections] == [1, 2, 3, 4, 5, 6]
    assert reading.sections[0].text == "样本。"


def test_the_name_of_the_site_before_a_bare_title_names_no_agency() -> None:
    site = "样例省样例县人民政府"
    markup = (
        f'<title>{site} 2024年政府信息公开工作年度报告</title><meta name="SiteName" content="{site}">'
        '<meta name="ArticleTitle" content="2024年政府信息公开工作年度报告">'
        '<meta name="ContentSource" content="样例县萤火教育局"><p>一、总体情况</p><p>样本。</p>'
        "<p>根据规定，样例县萤火教育局编制并公布2024年度报告。</p>"
    )
    capture = Capture(body=markup.encode(), context=Context(portal_title=site))
    assert read_capture(capture).agency == "样例县萤火教育局"
