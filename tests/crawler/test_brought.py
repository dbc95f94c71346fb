"""What a report's page brings with it is found in its content, and nothing of its navigation."""

import json
import time

import pytest

from archive.captures import ATTACHMENT, DETAIL, PICTURE
from crawler.brought import Part, find_parts

URL = "http://h/nb/202101/t20210131_1.html"
TABLE = f"<table>{'<tr><td>1</td><td>2</td></tr>' * 15}</table>"
PROSE = "<p>" + "样例局公开政府信息的情况如下。" * 40 + "</p>"


def found(markup: str, url: str = URL) -> list[tuple[str, str]]:
    return [(part.role, part.url) for part in find_parts(url, markup)]


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("<a href='P1.pdf'>年报</a>", "http://h/nb/202101/P1.pdf"),
        ("<a href=./P1.DOCX?v=2>年报</a>", "http://h/nb/202101/P1.DOCX?v=2"),
        ("<a href='/a/b.wps;jsessionid=1#x'>年报</a>", "http://h/a/b.wps;jsessionid=1"),
        ("<a href='/m/downfile.jsp?classid=0&amp;filename=9.pdf'>年报</a>", "http://h/m/downfile.jsp?classid=0&filename=9.pdf"),
        ("<a href='/system/download.jsp?wbfileid=7'>年度报告.doc</a>", "http://h/system/download.jsp?wbfileid=7"),
        ("<a href='/file/7' title='年度报告.doc'>附件</a>", "http://h/file/7"),
        ("<a href='/file/7' download='x.xls'>附件</a>", "http://h/file/7"),
        ("<a href=\"javascript:open('/up/7.ofd','x')\">附件</a>", "http://h/up/7.ofd"),
        ("<a href='#' onclick=\"down('http://h/up/7.txt?a=1')\">附件</a>", "http://h/up/7.txt?a=1"),
        ("<a href='/pdfjs/web/viewer.html?file=/up/7.pdf'>附件</a>", "http://h/up/7.pdf"),
        ("<iframe src='/pdfjs/web/viewer.html?file=%2Fup%2F7.pdf'></iframe>", "http://h/up/7.pdf"),
        ("<iframe src='7.pdf'></iframe>", "http://h/nb/202101/7.pdf"),
        ("<embed src='7.pdf'>", "http://h/nb/202101/7.pdf"),
        ("<object data='/f/7' type='application/pdf'></object>", "http://h/f/7"),
        ("<base href='/x/'><a href='7.rtf'>附件</a>", "http://h/x/7.rtf"),
    ],
)  # fmt: skip
def test_a_file_is_found_however_it_is_linked(link: str, url: str) -> None:
    assert found(f"<div class=content>{TABLE}{link}</div>") == [(ATTACHMENT, url)]


@pytest.mark.parametrize(
    "link",
    [
        "<a href='t20210131_2.html'>另一份年度报告.pdf</a>",
        "<a href='t20210131_2.html'>下一条</a>",
        "<a href='javascript:window.print()'>打印</a>",
        "<a href='mailto:x@h/y.pdf'>邮件</a>",
        "<a href='http://[x/y.pdf'>坏</a>",
        "<a>没有地址.pdf</a>",
        "<script>var a = \"<a href='x.pdf'></a>\"</script>",
        "<!-- <a href='x.pdf'>旧</a> -->",
        f"<a href='{URL}'>本页.pdf</a>",
        "<iframe src=''></iframe><iframe></iframe><object></object>",
        "<iframe src='about:blank'></iframe>",
    ],
)
def test_what_is_no_file_of_the_page_is_left(link: str) -> None:
    assert found(f"{PROSE}{link}") == []


def test_navigation_brings_nothing_unless_it_swallowed_the_page() -> None:
    link = "<a href='/form.doc'>申请表</a><img src='/big.jpg'>"
    for around in ("<nav>{}</nav>", "<div class='nav clearfix'>{}</div>", "<div id=Footer>{}</div>"):
        assert found(around.format(link) + PROSE) == []
    assert found(f"<div class=head><a href=/>首页</a><h1>年报</h1>{PROSE}{link}") == [
        (ATTACHMENT, "http://h/form.doc"),
        (PICTURE, "http://h/big.jpg"),
    ]


def test_what_stands_behind_a_premature_end_of_the_page_is_brought_too() -> None:
    link = "<a href='/form.doc'>申请表</a><img src='/big.jpg'>"
    assert found(f"<p>年报</html>{PROSE}{link}<nav><a href='/x.pdf'></a></nav>") == [
        (ATTACHMENT, "http://h/form.doc"),
        (PICTURE, "http://h/big.jpg"),
    ]


def test_frames_and_pictures_count_only_where_no_table_of_the_page_is_filled() -> None:
    parts = (
        "<iframe src='body.html'></iframe><img src='W1.png'><a href='W2.JPG'>大图</a><a href='1.pdf'>附件</a>"
    )
    folder = "http://h/nb/202101/"
    bare = [(DETAIL, f"{folder}body.html"), (PICTURE, f"{folder}W1.png"), (PICTURE, f"{folder}W2.JPG")]
    metadata = "<table>" + "<tr><td>索引号</td><td>1</td></tr>" * 10 + "</table>"
    for page in (PROSE, metadata, f"<table><tr><td>{PROSE}{metadata}</td></tr></table>"):
        assert found(page + parts) == [*bare, (ATTACHMENT, f"{folder}1.pdf")]
    assert found(TABLE + parts) == [(ATTACHMENT, f"{folder}1.pdf")]


@pytest.mark.parametrize(
    ("picture", "count"),
    [
        ("<img src='W020.png' width=800>", 1),
        ("<img src='data:image/png;base64,AA' data-original='W020.png'>", 1),
        ("<img src='/fileTypeImages/icon_pdf.gif'>", 0),
        ("<img src='/images/weixin.png'>", 0),
        ("<img src='W020.png' width='16px'>", 0),
        ("<img src='W020.png' height=90>", 0),
        ("<img src='data:image/png;base64,AA'><img>", 0),
    ],
)
def test_ornaments_are_no_pictures_of_a_report(picture: str, count: int) -> None:
    assert len(found(picture)) == count


def test_a_file_is_named_by_the_link_that_says_something_and_comes_once() -> None:
    markup = "<a href='1.pdf'><img src='icon_pdf.gif'></a><a href='1.pdf'>样例局  年度报告.pdf</a><a href='1.pdf'>下载</a>"
    assert find_parts(URL, markup) == (Part("http://h/nb/202101/1.pdf", ATTACHMENT, "样例局 年度报告.pdf"),)


def test_a_page_that_is_itself_a_viewer_brings_what_it_shows() -> None:
    assert found("<div id=viewer></div>", "http://h/web/viewer.html?file=1.pdf") == [
        (ATTACHMENT, "http://h/web/1.pdf")
    ]


@pytest.mark.parametrize("markup", ["", " \n", "\x00", "年报", "<a href='1.pdf'" * 3, "<" * 5000])
def test_broken_markup_breaks_nothing(markup: str) -> None:
    assert {role for role, _ in found(markup)} <= {ATTACHMENT}


@pytest.mark.parametrize(
    "markup",
    [
        "<a href='1.pdf'>x" * 100_000,
        "".join(f"<a href='{number}.pdf'>x</a>" for number in range(50_000)),
        "<a href=\"javascript:'" + "a.pdf?" * 100_000 + "'\">x</a>",
        '<a href="javascript:' + "'a.pdf" * 100_000 + '">x</a>',
        "<div class=nav>x" * 50_000,
    ],
    ids=["nested", "many", "long", "quotes", "navigation"],
)
def test_hostile_markup_costs_little(markup: str) -> None:
    began = time.process_time()
    find_parts(URL, markup)
    assert time.process_time() - began < 5


GUID = "0f8fad5b-d9cb-469f-a165-70867728950e"


def test_the_article_that_a_shell_fetches_is_asked_for_by_its_number() -> None:
    shell = "<div id=info></div><script>go('/zwgk/rest/frontAction/getGovInfoDetail')</script>"
    (part,) = find_parts(f"http://h/showinfo.html?infoGuid={GUID}", shell)
    assert part.url == f"http://h/zwgk/rest/frontAction/getGovInfoDetail?infoGuid={GUID}"
    assert part.role == DETAIL
    assert json.loads(part.form["params"])["infoGuid"] == GUID
    table = "<table>" + "<tr><td>1</td></tr>" * 60 + "</table>"
    assert find_parts(f"http://h/showinfo.html?infoGuid={GUID}", shell + table) == (), "it is no shell"
    assert find_parts("http://h/showinfo.html?id=3", shell) == ()


def test_the_files_of_an_article_that_came_as_json_are_brought_too() -> None:
    markup = "<p>见附件</p><a href='/files/b.docx'>附件2</a><a href='/x'>别处</a>"
    answer = {
        "custom": {
            "data": {"infocontent": markup, "pdflist": [{"attachurl": "/files/a.pdf"}, {"attachurl": 3}]}
        }
    }
    found = {part.url for part in find_parts("http://h/rest/getGovInfoDetail", json.dumps(answer))}
    assert found == {"http://h/files/a.pdf", "http://h/files/b.docx"}
    assert find_parts("http://h/x", "{broken") == find_parts("http://h/x", "{" * 100_000) == ()
