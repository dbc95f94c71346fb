"""An agency is named exactly by what surrounds a short or missing name, or said to be unclear."""

import pytest

from tests.pipelines.sample_pages import REPORT, TITLE, read, titled

CITY = {"portal_title": "新乡市人民政府", "division": "410700"}
DISTRICT = {"portal_title": "新乡市牧野区人民政府", "division": "410711"}
BARE = "2022年政府信息公开工作年度报告"
WE = "<p>2022年，我局公开样本信息。</p>"


@pytest.mark.parametrize(
    ("title", "before", "portal", "agency"),
    [
        ("市体育局" + BARE, "", CITY, "新乡市体育局"),
        ("体育局" + BARE, "", CITY, "新乡市体育局"),
        ("市市场监督管理局" + BARE, "", CITY, "新乡市市场监督管理局"),
        ("城市管理局" + BARE, "", CITY, "新乡市城市管理局"),
        ("乡村振兴局" + BARE, "", CITY, "新乡市乡村振兴局"),
        ("区教育局" + BARE, "", DISTRICT, "牧野区教育局"),
        ("体育局" + BARE, "<div>首页 &gt; 牧野区 &gt; 年报</div>", CITY, "牧野区体育局"),
        ("市教育局" + BARE, "", {"portal_title": "长垣市人民政府", "division": "410728"}, "长垣市教育局"),
        (BARE, "<div>首页 &gt; 部门 &gt; 区统计局 &gt; 年报</div>" + WE, DISTRICT, "牧野区统计局"),
        (
            BARE,
            "<div>首页 &gt; 乡镇 &gt; 样本镇 &gt; 年报</div><p>我镇公开。</p>",
            DISTRICT,
            "样本镇人民政府",
        ),
        ("样本镇" + BARE, "", DISTRICT, "样本镇人民政府"),
        ("牧野区" + BARE, "<p>来源：新乡市人民政府办公室</p>", CITY, "牧野区人民政府"),
        ("新乡市" + BARE, "<p>发布机构：新乡市人民政府办公室</p>", CITY, "新乡市人民政府"),
        ("新乡市人民政府办公室" + BARE, "<p>来源：新乡市人民政府</p>", CITY, "新乡市人民政府办公室"),
        ("样本示范区" + BARE, "<p>发布机构：样本示范区管委会办公室</p>", CITY, "样本示范区管委会"),
        (BARE, "<p>发布机构：某某市样本局</p><p>公开机关：市样本局</p>", CITY, "某某市样本局"),
    ],
)
def test_a_short_name_is_completed_by_the_place_it_stands_in(
    title: str, before: str, portal: dict[str, str], agency: str
) -> None:
    reading = titled(title, before, **portal)
    assert reading.agency == agency
    assert reading.problems == ()


@pytest.mark.parametrize(
    ("title", "before", "context", "detail"),
    [
        ("区教育局" + BARE, "", CITY, "only a part of the agency's name is known: '区教育局'"),
        ("市样本局" + BARE, "", {}, "only a part"),
        ("样本局" + BARE, "", {}, "only a part"),
        ("高新区" + BARE, "", CITY, "only a part"),
        (BARE, "<p>信息来源：新乡市人民政府办公室</p>" + WE, CITY, "nothing names the agency"),
        (BARE, "<p>来源：新乡市人民政府办公室</p>", CITY, "'新乡市人民政府办公室' (source)"),
        (BARE, "<p>发布机构：新乡市人民政府办公室</p>", CITY, "'新乡市人民政府办公室' (publisher)"),
        (BARE, "", CITY, "'新乡市人民政府' (site)"),
        (BARE, "<p>我镇公开样本信息。</p>", DISTRICT, "nothing names the agency"),
        (
            BARE,
            "<p>发布机构：某某市样本局</p><div>首页 &gt; 某某市范例局 &gt; 年报</div>",
            CITY,
            "differently",
        ),
        ("某某市样本局" + BARE, "", {"link_text": "某某市范例局" + BARE}, "titles name different agencies"),
        (
            "某某市样本局" + BARE,
            f"<h1>某某市样本局{BARE}</h1><p>某某市范例局{BARE}</p>",
            {"page_title": "某某市范例局" + BARE},
            "titles name different agencies",
        ),
        (BARE, f"<h1>{BARE}</h1><p>甲市样本局{BARE}</p><p>乙市样本局{BARE}</p>", {}, "named differently"),
        (BARE, "", {**CITY, "column_title": "新乡市政府信息公开年报"}, "'新乡市人民政府' (column)"),
        (BARE, "<div>首页 &gt; 新乡市人民政府 &gt; 年报</div>", CITY, "'新乡市人民政府' (breadcrumb)"),
        (BARE, "<p>来源：新乡市样本局信息中心</p>", CITY, "(source)"),
        (BARE, "<p>来源：新乡样本日报社</p>", CITY, "(source)"),
        ("河南黄河样本局、新乡市样本局" + BARE, "", CITY, "nothing names the agency"),
        ("某某市样本局、某某市范例局" + BARE, "", {}, "nothing names the agency"),
    ],
)
def test_what_may_be_another_body_is_said_to_be_unclear(
    title: str, before: str, context: dict[str, str], detail: str
) -> None:
    reading = titled(title, before, **context)
    assert reading.agency is None
    (problem,) = reading.problems
    assert problem.kind == "unclear_identity"
    assert detail in problem.detail


@pytest.mark.parametrize(
    "link",
    ["附件1.docx", "附件", "下载", "点击下载", "下载附件", "查看全文", "2022.pdf", "PDF版", "附件2：PDF"],
)
def test_the_text_of_a_link_that_only_says_download_is_no_title(link: str) -> None:
    document = titled("样本", WE, link_text=link, page_title="某某市样本局" + BARE)
    assert (document.title, document.agency, document.year) == ("某某市样本局" + BARE, "某某市样本局", 2022)
    assert read("<p>无题。</p>", link_text=link).title == ""


def test_the_title_property_of_a_file_does_not_contradict_what_is_printed() -> None:
    html = REPORT.replace("<body>", f"<body><h1>某某市范例局{BARE}</h1>")
    assert read(html).agency == "某某市范例局"


def test_a_line_that_says_what_it_holds_is_no_part_of_a_title() -> None:
    reading = titled(BARE, f"<p>来源：某某市人民政府办公室</p><p>{BARE}</p><p>发布机构：某某市样本局</p>")
    assert reading.agency == "某某市样本局"


def test_an_office_within_a_department_writes_for_the_department() -> None:
    assert titled(BARE, "<p>发布机构：某某市样本局办公室</p>").agency == "某某市样本局"


@pytest.mark.parametrize(
    ("text", "agency"),
    [
        ("本报告由新乡市牧野区人民政府办公室编制。", "新乡市牧野区人民政府"),
        ("由河南省新乡市牧野区人民政府编制。", "新乡市牧野区人民政府"),
        ("由开封市牧野区人民政府编制。", "牧野区人民政府"),
    ],
)
def test_a_district_takes_the_city_that_the_text_prints_before_it(text: str, agency: str) -> None:
    assert titled("牧野区人民政府" + BARE, f"<p>{text}</p>").agency == agency


def test_a_name_that_begins_with_its_place_needs_no_other() -> None:
    assert titled("新乡样本河务局" + BARE, "", **CITY).agency == "新乡样本河务局"


def test_an_attachment_is_named_by_itself_before_the_page_that_brought_it() -> None:
    of_the_page = "某某市样本局2021年政府信息公开工作年度报告"
    reading = titled(TITLE, link_text="附件1.docx", page_title=of_the_page)
    assert (reading.title, reading.year) == (TITLE, 2022)
    assert [(one.expected, one.found) for one in reading.findings] == [(2022, 2021)]


def test_the_name_of_the_site_behind_the_title_is_known() -> None:
    html = REPORT.replace(f"<title>{TITLE}", f"<title>{BARE}_政府信息公开_某某市样本局")
    assert read(html).agency == "某某市样本局"
