"""What an answer is instead of the page is told from its bytes, and no page with content is judged."""

import gzip

import pytest
from bs4 import BeautifulSoup

from archive.captures import ATTACHMENT, DETAIL, LIST, PAGE, ROBOTS, Capture, Context
from crawler.judge import Home, judge, says

URL = "http://h/nb/t20210131_1.html"
PROSE = "<p>" + "本机关二〇二〇年主动公开政府信息的情况如下。" * 12 + "</p>"
RUISHU = '<html><script>$_ts=window["$_ts"];if(!$_ts)$_ts={};$_ts.nsd=1</script><script src="/x.js"></script>'
JIASULE = "<script>document.cookie='__jsl_clearance_s=16;path=/'+f();location.href=location.pathname</script>"
STUB = (
    "<html><body><script>var a='" + "9f" * 500 + "';document.cookie='k='+a;location.reload()</script></body>"
)
HOME_TEXT = (
    f"<title>样例市人民政府</title><ul>{'<li><a href=/a>样例市要闻动态一则</a></li>' * 9}</ul>今日是11月24日"
)
HOME = Home("http://h/", says(HOME_TEXT), len(HOME_TEXT))
LONG_TITLES = "<li><a href='a.html'>样例局二〇二〇年政府信息公开工作年度报告</a>2021-01-31</li>" * 20
LISTED = (
    "<li><a href='a.html'>样例局报告</a>2021-01-31</li>" * 3
    + "<script>createPageHTML(1,0,'index','html')</script>"
)


def answer(
    body: str | bytes, status: int = 200, role: str = DETAIL, url: str = URL, **headers: str
) -> Capture:
    raw = body.encode() if isinstance(body, str) else body
    pairs = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Capture(url=url, status=status, headers=pairs, body=raw, context=Context(role=role))


@pytest.mark.parametrize(
    "shield",
    [
        answer(RUISHU, 412),
        answer(RUISHU, 202),
        answer(RUISHU, role=LIST),
        answer(JIASULE, 521),
        answer("", 512),
        answer(JIASULE),
        answer("<script>__jsluid_h='x'</script>", 403),
        answer("<html><script>var arg1='A4';setCookie('acw_sc__v2', x)</script></html>"),
        answer("<script>document.cookie='CT6T=1';location.reload()</script>"),
        answer("", 302, Set_Cookie="CT6T=abc; path=/", Location="/nb/t20210131_1.html"),
        answer(STUB),
        answer(gzip.compress(STUB.encode(), mtime=0), Content_Encoding="gzip"),
    ],
)
def test_every_known_shield_is_a_challenge(shield: Capture) -> None:
    assert judge(shield) == "challenge"


@pytest.mark.parametrize(
    "page",
    [
        answer(f"<script>var hm=1</script><p>__jsl_clearance、acw_sc__v2 和 $_ts 是什么</p>{PROSE}"),
        answer(f"<script>setCookie('acw_sc__v2')</script>{PROSE}"),
        answer("<p>__jsl_clearance</p>"),
        answer("<script>document.cookie='seen=1'</script><p>样例局2020年年报</p>"),
        answer("<script>location.href='/index.html'</script>"),
        answer("<div id=app></div><script>var c=eval('1')</script><script src=/app.js></script>"),
        answer("", 302, Set_Cookie="CT6T=abc", Location="/other.html"),
        answer("", 302, Set_Cookie="JSESSIONID=abc", Location="/nb/t20210131_1.html"),
        answer("User-agent: *", role=ROBOTS),
        answer(bytes(range(256)) * 40),
        answer(b""),
        answer(
            gzip.compress("您访问的页面不存在".encode() + bytes(66_000), mtime=0), Content_Encoding="gzip"
        ),
        answer("nothing", 404),
        answer("forbidden", 403),
        answer("error", 500),
    ],
)
def test_a_page_that_only_speaks_of_shields_or_has_a_script_is_none(page: Capture) -> None:
    assert judge(page, HOME) == ""


@pytest.mark.parametrize(
    "body",
    [
        "<title>404</title><h1>404 Not Found</h1>",
        "<html><body>您访问的页面不存在</body></html>",
        "<p>抱歉，找不到您要访问的网页</p><a href='/'>返回首页</a>",
        "<div>该信息已删除或不存在</div><script>var a=1</script>",
        "错误404",
        '{"code": 404, "msg": "页面不存在"}',
    ],
)
def test_a_page_that_says_there_is_none_is_a_soft_404(body: str) -> None:
    assert judge(answer(body), HOME) == "soft_404"
    assert judge(answer(body.encode("gb18030"), Content_Type="text/html; charset=gb2312")) == "soft_404"


@pytest.mark.parametrize(
    "body",
    [
        f"<p>您访问的页面不存在</p>{PROSE}",
        "<p>所申请公开信息不存在</p><table><tr><td>1</td></tr></table>",
        "<p>找不到页面时请下载</p><a href='P020210131.pdf'>附件</a>",
        "<p>找不到页面时请下载</p><a href='/down.jsp?filename=1.txt'>附件</a>",
        "<p>找不到页面时请下载</p><a href=\"javascript:down('/1.doc')\">附件</a>",
        "<p>样政公开〔2020〕404号</p><img src='1.jpg'>",
        "<p>样例局2020年政府信息公开工作年度报告</p>",
    ],
)
def test_a_page_with_a_table_prose_or_an_attachment_is_never_one(body: str) -> None:
    assert judge(answer(body), HOME) == ""


@pytest.mark.parametrize(
    ("capture", "word"),
    [
        (answer(HOME_TEXT.replace("24", "25")), "home_page"),
        (answer("x", url="http://h/"), "home_page"),
        (answer(HOME_TEXT.replace("一则", "两则")), ""),
        (answer(LISTED), "list_page"),
        (answer(LISTED + LONG_TITLES), "list_page"),
        (answer(LISTED + PROSE), ""),
        (answer("<p>请登录</p>", role=ATTACHMENT, url="http://h/a.pdf"), "html"),
        (answer("<table><tr><td>1</table>", role=ATTACHMENT, url="http://h/a.pdf"), ""),
        (answer("<p>请登录</p>", role=ATTACHMENT, url="http://h/down.jsp?filename=a.pdf"), "html"),
        (answer("<p>请稍候</p>", url="http://h/web/viewer.html?file=a.pdf"), ""),
        (answer("<p>旧式文档</p>", role=ATTACHMENT, url="http://h/a.doc"), ""),
        (answer(b"%PDF-1.4", role=ATTACHMENT, url="http://h/a.pdf"), ""),
        (answer(b"%PDF-1.4"), ""),
        (answer(b"%PDF-1.4", role=LIST, Content_Type="text/html"), "pdf"),
        (answer(b"\x89PNG\r\n\x1a\n", role=LIST), "picture"),
        (answer('{"data": []}', role=PAGE, Content_Type="text/html"), "json"),
        (answer('{"data": []}', role=LIST, Content_Type="text/html"), ""),
        (answer("<p>没有报告</p>", role=LIST, Content_Type="application/pdf"), ""),
    ],
)
def test_the_wrong_page_in_its_place_is_known_by_its_bytes(capture: Capture, word: str) -> None:
    assert judge(capture, HOME) == word


@pytest.mark.parametrize(
    "body",
    [HOME_TEXT[:-4] + "<script>var a=1</script>好的", LISTED, "<p>错误404</p><script>a=1</script>", STUB],
)
def test_a_page_is_parsed_once_to_be_judged(body: str, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed = []

    def parse(text: str, builder: str) -> BeautifulSoup:
        parsed.append(text)
        return BeautifulSoup(text, builder)

    monkeypatch.setattr("crawler.judge.BeautifulSoup", parse)
    judge(answer(body), HOME)
    assert parsed == [body]
