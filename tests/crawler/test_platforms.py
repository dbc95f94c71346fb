"""Platforms read the lists that their software prints, traps included."""

import pytest

from crawler.discover import find_links
from crawler.platforms import PLATFORMS, createpagehtml, jpage, recognise
from crawler.platforms.lists import Ask, Entry, dated_links
from crawler.platforms.pagers import PAGE_LIMIT

BASE = "http://h/zfxxgk/nb/index.html"
STATIC = """<div class=nav><a href="/">首页</a></div><ul>
<li><a href='./202101/t20210131_1.html' title="样例局2020年政府信息公开工作年度报告">样例局2020年政府信息…</a><span>2021-01-31</span></li>
<li><a href="../tz/t20210105_2.html">通知</a> [2021/1/5]</li>
<li style="display:none"><a title="模板">模板</a><span>2021-01-01</span></li>
<li><a href="javascript:void(0)">脚本</a>2021-01-01
</ul><script>createPageHTML(3, 0, "index", "html");</script>共 23 条"""

DATASTORE = """<datastore><nextgroup><![CDATA[<a href="/module/web/jpage/dataproxy.jsp?page=1&amp;webid=7&path=/&columnid=12&unitid=99"></a>]]></nextgroup>
<recordset><record><![CDATA[<li><a href="/art/2021/1/31/art_12_1.html">样例局报告</a><b>2021-01-31</b></li>]]></record>
<record><![CDATA[<li><a href='/art/2021/2/1/art_12_2.html'>样例办报告</a><b>2021-02-01</b></li>]]></record></recordset></datastore>"""
COLUMN = (
    f"<div id=99><script type='text/xml'>{DATASTORE}</script></div>"
    "<script>$('#99').jpage({perPage: 1, totalRecord: 9, proxyUrl:'/module/web/jpage/dataproxy.jsp'})</script>"
)


def test_a_static_list_gives_full_titles_dates_and_all_further_pages() -> None:
    page = createpagehtml.read_list(Ask(BASE), STATIC)
    assert page.entries == (
        Entry(
            "http://h/zfxxgk/nb/202101/t20210131_1.html", "样例局2020年政府信息公开工作年度报告", "2021-01-31"
        ),
        Entry("http://h/zfxxgk/tz/t20210105_2.html", "通知", "2021-01-05"),
    )
    assert [ask.url for ask in page.more] == [
        "http://h/zfxxgk/nb/index_1.html",
        "http://h/zfxxgk/nb/index_2.html",
    ]
    assert page.declared == 23


def test_a_further_static_page_asks_for_the_pages_after_it() -> None:
    asked = createpagehtml.read_list(Ask(BASE), STATIC.replace("(3, 0,", "(3, 1,")).more
    assert [ask.url for ask in asked] == ["http://h/zfxxgk/nb/index_2.html"]
    assert createpagehtml.read_list(Ask(BASE), STATIC.replace("(3, 0,", "(3, 2,")).more == ()


def test_a_pager_with_a_senseless_count_does_not_flood_the_portal() -> None:
    page = createpagehtml.read_list(Ask(BASE), STATIC.replace("(3, 0,", "(99999, 0,"))
    assert len(page.more) == PAGE_LIMIT - 1
    assert page.beyond == "http://h/zfxxgk/nb/index_500.html"
    last = createpagehtml.read_list(Ask(BASE), STATIC.replace("(3, 0,", "(500, 498,"))
    assert (len(last.more), last.beyond) == (1, "")


def test_a_column_with_a_senseless_total_names_the_first_page_that_is_not_asked_for() -> None:
    page = jpage.read_list(Ask(BASE), COLUMN.replace("totalRecord: 9", "totalRecord: 99999"))
    assert "startrecord=10002&" in page.beyond
    assert page.beyond not in {ask.url for ask in page.more}
    assert jpage.read_list(Ask(BASE), COLUMN).beyond == ""


def test_a_jpage_column_gives_its_embedded_records_and_asks_for_the_rest() -> None:
    page = jpage.read_list(Ask("http://h/col/col12/index.html"), COLUMN)
    assert [entry.title for entry in page.entries] == ["样例局报告", "样例办报告"]
    assert page.entries[1].url == "http://h/art/2021/2/1/art_12_2.html"
    assert [ask.url.partition("?")[2] for ask in page.more] == [
        "page=0&startrecord=3&endrecord=5&perpage=1",
        "page=1&startrecord=6&endrecord=8&perpage=1",
        "page=2&startrecord=9&endrecord=9&perpage=1",
    ]
    assert page.more[0].form == {"webid": "7", "path": "/", "columnid": "12", "unitid": "99"}


def test_an_answer_of_dataproxy_asks_for_nothing_more() -> None:
    page = jpage.read_list(Ask("http://h/module/web/jpage/dataproxy.jsp?startrecord=3"), DATASTORE)
    assert len(page.entries) == 2
    assert page.more == ()


@pytest.mark.parametrize(("name", "text"), [("createpagehtml", STATIC), ("jpage", COLUMN)])
def test_a_fingerprint_matches_its_own_software_and_no_other(name: str, text: str) -> None:
    assert recognise(text) == name
    assert [other for other, platform in PLATFORMS.items() if platform.matches(text)] == [name]


def test_a_page_of_no_known_software_is_recognised_as_none() -> None:
    assert recognise("<html>createPageHTML</html>") is None


def test_links_without_a_date_are_navigation() -> None:
    assert dated_links("<ul><li><a href=/a>首页</a></li></ul>", BASE) == ()


def test_the_column_is_told_from_reports_and_from_the_way_to_it() -> None:
    columns, pages = find_links(
        "http://h/",
        """<a href="/zfxxgk/">政府信息公开</a><a href="/nb/">政府信息公开年报</a>
        <a href="/r.html">样例局2020年政府信息公开年报</a><a href="/about">关于我们</a><a>政务公开</a>""",
    )
    assert columns == ("http://h/nb/",)
    assert pages == ("http://h/zfxxgk/",)
