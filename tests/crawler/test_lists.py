"""Lists as their softwares, and one that nobody has seen, print them: entries, further pages, shells."""

import json
from pathlib import Path

import pytest

from crawler.platforms import PLATFORMS, recognise, recognise_list
from crawler.platforms.lists import Ask, Entry, ListPage
from crawler.platforms.pagers import PAGE_LIMIT

ROW = "<li><a href='{}' title='样例局{}年政府信息公开工作年度报告'>样例局…</a><span>{}-01-31</span></li>"
ROWS = "".join(ROW.format(f"/a/{year}.html", year - 1, year) for year in (2022, 2023))


def read(name: str, url: str, text: str) -> ListPage:
    return PLATFORMS[name].read_list(Ask(url), text)


def pages(page: ListPage) -> list[str]:
    return [ask.url.rpartition("/")[2] for ask in page.more]


@pytest.mark.parametrize(
    ("call", "more"),
    [
        ("createPageHTML(9,0,\"index\",\"html\")", ["index_1.html", "index_8.html", 8]),
        ("createPageHTML(3,1,'index','shtml')", ["index_2.shtml", "index_2.shtml", 1]),
        ("createPageHTML('page_div',5,1,'fg','shtml',89)", ["fg_2.shtml", "fg_5.shtml", 4]),
        ("createPageHTML('page_div',5, 3,'/x/fg','shtml',89)", ["fg_4.shtml", "fg_5.shtml", 2]),
    ],
)  # fmt: skip
def test_the_three_signatures_of_one_call_count_from_where_they_count(call: str, more: list[object]) -> None:
    text = f"<ul>{ROWS}</ul><script>{call};</script>"
    name = recognise(text)
    page = read(str(name), "http://h/nb/", text)
    assert [pages(page)[0], pages(page)[-1], len(pages(page))] == more
    assert len(page.entries) == 2
    assert page.declared == (89 if "89" in call else None)


def test_a_pager_written_in_line_is_read_from_its_count() -> None:
    text = """<table><tr><td><a href="./202009/t20200903_1.html">样例市2019年政府信息公开工作年度报告</a></td>
    <td>2020-09-03</td></tr></table><script>var currentPage = 0;//所在页
    var countPage = 3//共多少页
    document.write("<a href=\\"nb"+"_" + nextPage + "."+"html\\">"); window.navigate("nb_"+(itemNum-1)+".htm");
    </script>"""
    assert recognise(text) == "createpagehtml"
    page = read("createpagehtml", "http://h/nb/", text)
    assert pages(page) == ["nb_1.htm", "nb_2.htm"]
    assert page.entries[0].listed_on == "2020-09-03"


VSB = """<ul>{}</ul><div class="pb_sys_common"><span class="p_t">共52条</span> <span class="p_pages">{}</span>"""


def test_pages_numbered_backwards_are_named_down_to_the_first() -> None:
    pager = """<span class="p_no_d">1</span><span class="p_no"><a href="nb/10.htm">2</a></span><span class="p_no">
    <a href="nb/9.htm">3</a></span><span class="p_dot">...</span><span class="p_no"><a href="nb/1.htm">11</a></span>
    <span class="p_next p_fun"><a href="nb/10.htm">下页</a></span><span class="p_last p_fun"><a href="nb/1.htm">尾页</a>"""
    page = read("vsb", "http://h/zwgk/nb.htm", VSB.format(ROWS, pager))
    assert pages(page) == [f"{number}.htm" for number in range(10, 0, -1)]
    assert (len(page.entries), page.declared) == (2, 52)
    later = """<span class="p_no"><a href="../nb.htm">1</a></span><span class="p_no"><a href="10.htm">2</a></span>
    <span class="p_next p_fun"><a href="8.htm">下页</a></span><span class="p_last p_fun"><a href="1.htm">尾页</a>"""
    asked = pages(read("vsb", "http://h/zwgk/nb/9.htm", VSB.format(ROWS, later)))
    assert asked[:2] == ["8.htm", "7.htm"]
    assert "nb.htm" not in asked


def test_a_list_in_its_table_is_read_without_the_navigation_beside_it() -> None:
    text = f"""<ul><li><a href="/zc">政策</a> 2024-01-01</li></ul><div id="articleListTable"><ul>{ROWS}</ul></div>
    <a href="list2.html">2</a><a href="list3.html">末页</a>"""
    page = read("sitesources", "http://h/sitesources/x/page_pc/nb/list1.html", text)
    assert len(page.entries) == 2
    assert pages(page) == ["list2.html", "list3.html"]


def test_a_shell_names_its_list_and_the_list_its_pages() -> None:
    shell = "<script>var u = '/public/column/6598?type=4&amp;catId=7&action=list';</script>"
    assert recognise(shell) == "lonsun"
    (ask,) = read("lonsun", "http://h/public/column/6598", shell).lists
    assert ask.url == "http://h/public/column/6598?type=4&catId=7&action=list&pageIndex=1"
    text = f"<ul>{ROWS}</ul><pagination pagesize='2' total='5'></pagination>"
    page = read("lonsun", ask.url, text)
    assert [asked.url[-11:] for asked in page.more] == ["pageIndex=2", "pageIndex=3"]
    assert page.declared == 5
    assert read("lonsun", page.more[-1].url, text).more == ()


CATALOGUE = """<script>window._CONFIG={SID:'755031',TREE:[{"id":1,"name":"政策文件","children":
[{"id":"2","name":"政府信息公开年报","children":[{"id":3,"name":"2022年"}]}]},{"id":4,"name":"信息公开年度报告"}],X:1}
</script>"""


def test_a_catalogue_asks_for_its_categories_of_reports_and_these_for_their_pages() -> None:
    assert recognise(CATALOGUE) == "gkmlpt"
    asked = read("gkmlpt", "http://h/district/gkmlpt/index", CATALOGUE).lists
    assert [ask.url for ask in asked] == [
        "http://h/district/gkmlpt/api/all/2?page=1&sid=755031",
        "http://h/district/gkmlpt/api/all/4?page=1&sid=755031",
    ]
    articles = [{"title": f"报告{n}", "url": f"/content/post_{n}.html", "date": 1675123200} for n in range(2)]
    page = read("gkmlpt", asked[0].url, json.dumps({"total": 5, "articles": articles}))
    assert page.entries[0] == Entry("http://h/content/post_0.html", "报告0", "2023-01-31")
    assert [ask.url.partition("?")[2] for ask in page.more] == ["page=2&sid=755031", "page=3&sid=755031"]
    assert page.declared == 5


@pytest.mark.parametrize(
    "text",
    [
        '{"articles": 3}',
        '{"articles": [1, {"title": 2}, {"url": null}]}',
        "{",
        "[" * 100_000,
        '{"total": "x", "articles": []}',
    ],
)
def test_an_answer_that_is_no_list_gives_nothing_and_no_exception(text: str) -> None:
    assert read("gkmlpt", "http://h/gkmlpt/api/all/2?page=1&sid=7", text).entries == ()
    config = f"window._CONFIG={{SID:'7',TREE:{'[' * 100_000}"
    assert read("gkmlpt", "http://h/gkmlpt/index", config).lists == ()


UNSEEN = """<div class=x><p><a href="c/1">样例局2021年政府信息公开工作年度报告</a></p><i>2022/1/5</i></div>
<div class=x><p><a href="c/2">样例局2022年政…</a></p><i>2023/1/6</i></div><div><a href="c/9">友情链接</a></div>
<div><a href="?p=2">2</a> <a href="?p=3">3</a> <a href="?p=2">下一页</a> <a href="?p=9">尾页</a></div>"""


def test_a_list_of_no_known_software_is_read_by_its_links_dates_and_pager() -> None:
    assert recognise(UNSEEN) is None
    assert recognise_list(UNSEEN) == "general"
    page = read("general", "http://h/list", UNSEEN)
    assert [(entry.url, entry.listed_on) for entry in page.entries] == [
        ("http://h/c/1", "2022-01-05"),
        ("http://h/c/2", "2023-01-06"),
    ]
    assert [ask.url[-1] for ask in page.more] == list("23456789")


def test_a_page_by_year_and_agency_names_its_reports_and_the_other_years() -> None:
    link = "<a href='xxgkAnnualReport.jsp?fbtime={}&area={}'>{}</a>"
    text = (
        link.format(2016, "", "2016年")
        + link.format(2017, "a1", "样例局")
        + link.format(2017, "a2", "2017年度样例办")
    )
    assert recognise(text) == "annualreport"
    page = read("annualreport", "http://h/m/xxgkAnnualReport.jsp?fbtime=2017", text)
    assert [entry.title for entry in page.entries] == [
        "样例局2017年政府信息公开工作年度报告",
        "样例办2017年政府信息公开工作年度报告",
    ]
    assert page.entries[0].url == "http://h/m/xxgkAnnualReport.jsp?fbtime=2017&area=a1"
    assert [ask.url[-10:] for ask in page.lists] == ["2016&area="]


def test_pages_called_list_1_and_so_on_are_named_by_their_links() -> None:
    text = (
        f"<ul>{ROWS}</ul><a href='list-1.html'>1</a><a href='list-2.html'>2</a><a href='list-4.html'>尾页</a>"
    )
    page = read("general", "http://h/htmls/a_nb/list-1.html", text)
    assert pages(page) == ["list-2.html", "list-3.html", "list-4.html"]


@pytest.mark.parametrize(
    "text",
    [
        "<p>无",
        "<li><a href=/x>要闻</a> 2024-01-01",
        "<iframe src=list.html></iframe>" + "<li><a href=/x>要闻</a> 2024-01-01" * 5,
        "<a href='javascript:void(0)'>样例局2021年政府信息公开工作年度报告</a>",
    ],
)
def test_a_page_that_lists_nothing_of_interest_is_no_list(text: str) -> None:
    assert recognise_list(text) is None


def test_a_pager_that_leads_nowhere_is_said_and_one_without_end_is_cut() -> None:
    page = read("general", "http://h/list", UNSEEN.replace('href="?p=', 'onclick="go') + "共 9 页")
    assert (page.more, page.unread) == ((), "共 9 页")
    endless = read("general", "http://h/list", UNSEEN.replace("?p=9", "?p=99999"))
    assert len(endless.more) == PAGE_LIMIT - 1
    assert endless.beyond == "http://h/list?p=501"


def test_links_to_other_hosts_and_folders_are_no_pages_of_the_list() -> None:
    text = (
        UNSEEN.replace("?p=2", "http://other.invalid/2")
        .replace("?p=3", "/else/3")
        .replace("?p=9", "javascript:x")
    )
    assert read("general", "http://h/nb/list", text).more == ()


def test_a_script_that_shows_no_records_a_page_asks_for_none() -> None:
    text = "<script>$('#l').jpage({proxyUrl:'/truecms/messageController/getMessage.do',perPage:0,"
    text += "totalRecord:9,ajaxParam:{columnId:'a-1'}})</script>"
    assert recognise(text) == "truecms"
    assert read("truecms", "http://h/nb/nb.html", text).more == ()


ENCRYPTED = """<datastore><nextgroup><![CDATA[<a href="/module/web/jpage/dataproxy.jsp?page=1&columnid=x%2FqZ==&unitid=9"></a>]]>
</nextgroup><recordset><record><![CDATA[<li><a href='/art/2021/1/31/art_12_1.html'>样例局报告</a> 2021-01-31</li>]]></record>
</recordset></datastore><script>jpage('9',{perPage: 1, totalRecord: 5, ajaxParam:{columnid:12,unitid:'9'}})</script>"""


def test_a_link_in_cipher_gives_way_to_the_parameters_of_the_script() -> None:
    page = read("jpage", "http://h/col/col12/index.html", ENCRYPTED)
    assert page.more[0].form == {"columnid": "12", "unitid": "9"}
    assert page.more[0].url.startswith(
        "http://h/module/web/jpage/dataproxy.jsp?page=0&startrecord=2&endrecord=4"
    )


def test_entries_of_other_columns_are_left_out_where_the_own_bear_its_number() -> None:
    column = "<div id='div7'></div><script>x('/module/xxgk/search.jsp',{infotypeId:'A05',area:'9'})</script>"
    (ask,) = read("xxgk", "http://h/col/col7/index.html", column).lists
    assert (ask.form["infotypeId"], ask.form["area"], ask.form["currpage"]) == ("A05", "9", "1")
    row = "<tr><td><a href='/art/2021/1/31/art_{}_1.html'>样例局报告</a></td><td>2021-01-31</td></tr>"
    answer = f"<table>{row.format(7)}{row.format(11)}</table>共&nbsp;3&nbsp;页"
    page = PLATFORMS["xxgk"].read_list(ask, answer)
    assert [entry.url for entry in page.entries] == ["http://h/art/2021/1/31/art_7_1.html"]
    assert [more.form["currpage"] for more in page.more] == ["2", "3"]
    strangers = PLATFORMS["xxgk"].read_list(ask, answer.replace("art_7_", "art_8_"))
    assert len(strangers.entries) == 2, "a list that moved is not left out"


REAL = Path(__file__).parents[3] / "shared" / "corpus" / "raw" / "ordos_engebei_list_trs.html"


@pytest.mark.skipif(not REAL.exists(), reason="the corpus is not beside this checkout")
@pytest.mark.parametrize("name", ["createpagehtml", "general"])
def test_a_real_list_page_names_four_reports_and_its_second_page(name: str) -> None:
    text = REAL.read_text("utf-8")
    assert recognise(text) == "createpagehtml"
    page = read(name, "http://egb.ordos.gov.cn/xxgk/xxgknb/", text)
    assert len(page.entries) == 10
    assert sum("政府信息公开" in entry.title and "报告" in entry.title for entry in page.entries) == 4
    assert pages(page) == ["index_1.html"]
