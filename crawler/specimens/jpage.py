"""A portal whose lists come from `dataproxy.jsp`, every byte GB18030 and labelled gb2312.

Behaves like the software it is named after: the column page carries the first three
pages of its list as a `<datastore>` whose link to the next group is in cipher; a script asks for the
others three pages at a time; records are fragments of HTML inside CDATA; beyond the end the answer is empty.
"""

from collections.abc import Mapping
from html import escape

from crawler.specimens.articles import SPECIMEN, page_body
from crawler.specimens.jingshan import COLUMN_ID
from crawler.specimens.jpage_frame import ARTICLE, FRAME, LIST, SCRIPT, STYLE
from crawler.specimens.pages import (
    ABOUT,
    COLUMN_TITLE,
    DUTIES,
    GUIDE,
    RULES,
    Detail,
    Page,
    cut,
    details,
    metas,
    newest,
    robots,
    source,
)
from crawler.specimens.parts import article_body, part
from crawler.specimens.planted import PlantedReport, SpecimenPortal

PER_PAGE, GROUP = 4, 3
UNIT = 5678
CIPHER = "q9Zx%2B7Yk%3D"
"""How `nextgroup` writes the column's number on some sites: asked with it, the proxy answers nothing."""

PROXY = "/module/web/jpage/dataproxy.jsp"
COLUMNS = {GUIDE: 1201, RULES: 1202, DUTIES: 1203, COLUMN_TITLE: COLUMN_ID}
OPEN_ID = 1200
HOME = "首页"
CHARSET = "gb2312"


def pages(portal: SpecimenPortal) -> dict[str, Page]:
    """Return every resource of the portal by path, except the answers of the proxy."""
    day = newest(portal)
    links = {name: f"/col/col{number}/index.html" for name, number in COLUMNS.items()}
    made = {
        "/index.html": _home(portal),
        f"/col/col{OPEN_ID}/index.html": _frame(portal, "政府信息公开", _menu(links)),
        "/jrobotfront/search.html": _frame(portal, "智能搜索", "<p>样本网站不提供搜索。</p>"),
        portal.column: _column(portal),
    }
    for name, lines in ABOUT.items():
        text = "\n".join(f"<p>{line}</p>" for line in lines)
        made[links[name]] = _frame(portal, name, f"<h2>{name}</h2>\n{text}")
    served = {path: _page(text, "text/html", day) for path, text in made.items()}
    for detail in details(portal):
        served[detail.path] = _page(_article(portal, detail), "text/html", detail.published_on)
    for report in (each for each in portal.reports if each.part):
        text, kind = part(report)
        served[report.part] = _page(text, kind, report.published_on)
    served["/css/main.css"] = _page(STYLE, "text/css", day)
    served["/script/jpage.js"] = _page(SCRIPT, "application/javascript", day)
    served["/robots.txt"] = Page(robots("/jrobotfront/"), "text/plain", day)
    return served


def answer(portal: SpecimenPortal, path: str, fields: Mapping[str, str]) -> Page | None:
    """Answer the list script: records `startrecord` to `endrecord`, or group number `page`."""
    if path != PROXY:
        return None
    size = PER_PAGE * GROUP
    if "startrecord" in fields:
        start, end = _number(fields, "startrecord", 1), _number(fields, "endrecord", size)
    else:
        start = 1 + _number(fields, "page", 0) * size
        end = start + size - 1
    known = fields.get("columnid") == str(COLUMN_ID)
    records = portal.listed[max(0, start - 1) : end] if known else ()
    store = f'<?xml version="1.0" encoding="{CHARSET}"?>\n{_datastore(portal, records, end)}'
    return _page(store, "text/xml", newest(portal))


def _number(fields: Mapping[str, str], name: str, otherwise: int) -> int:
    text = fields.get(name, "")
    return int(text) if text.isdecimal() else otherwise


def _page(text: str, kind: str, day: str) -> Page:
    return Page(text.encode("gb18030"), f"{kind};charset={CHARSET}", day)


def _datastore(portal: SpecimenPortal, records: tuple[Detail, ...], end: int) -> str:
    total = len(portal.listed)
    group = end // (PER_PAGE * GROUP)
    more = f"{PROXY}?page={group}&appid=1&webid=1&path=/&columnid={CIPHER}&unitid={UNIT}&permissiontype=0"
    following = f'<a href="{more}"></a>' if end < total else ""
    rows = "".join(
        f"<record><![CDATA[\n{_row(detail, index)}]]></record>\n" for index, detail in enumerate(records)
    )
    return (
        f"<datastore>\n<totalrecord>{total}</totalrecord><totalpage>{-(-total // PER_PAGE)}</totalpage>\n"
        f"<nextgroup><![CDATA[{following}]]></nextgroup>\n<recordset>\n{rows}</recordset>\n</datastore>"
    )


def _row(detail: Detail, index: int) -> str:
    """Return one line of a list: every fourth has no title attribute and its text in full."""
    title = escape(detail.title)
    if index % 4 == 3:
        link = f"<a href='{detail.path}' target=\"_blank\">{title}</a>"
    else:
        link = (
            f"<a href='{detail.path}' title='{title}' target=\"_blank\">{escape(cut(detail.title, 26))}</a>"
        )
    return f"<li>{link}<span>{detail.published_on}</span></li>"


def _frame(portal: SpecimenPortal, title: str, main: str, detail: Detail | None = None) -> str:
    crumb = "<a href='/'>首页</a> &gt;&gt; " if title != HOME else ""
    if detail is not None or title in COLUMNS:
        crumb += f"<a href='/col/col{OPEN_ID}/index.html'>政府信息公开</a> &gt;&gt; "
    return FRAME.substitute(
        title=escape(title),
        site=portal.title,
        metas=metas(portal, COLUMN_TITLE if detail else title, detail),
        specimen=SPECIMEN,
        crumb=crumb + (f"<a href='{portal.column}'>{COLUMN_TITLE}</a>" if detail else title),
        main=main,
        code=f"{portal.division}0001",
    )


def _menu(links: Mapping[str, str]) -> str:
    return (
        "<ul>" + "\n".join(f"<li><a href='{path}'>{name}</a></li>" for name, path in links.items()) + "</ul>"
    )


def _home(portal: SpecimenPortal) -> str:
    news = [detail for detail in details(portal) if not isinstance(detail, PlantedReport)][:6]
    rows = "\n".join(_row(detail, index) for index, detail in enumerate(news))
    menu = _menu({"政府信息公开": f"/col/col{OPEN_ID}/index.html"})
    return _frame(portal, HOME, f"<h2>镜山要闻</h2>\n<ul>\n{rows}\n</ul>\n<h2>公开</h2>\n{menu}")


def _column(portal: SpecimenPortal) -> str:
    embedded = portal.listed[: PER_PAGE * GROUP]
    main = LIST.substitute(
        title=COLUMN_TITLE,
        unit=UNIT,
        datastore=_datastore(portal, embedded, len(embedded)),
        total=len(portal.listed),
        per_page=PER_PAGE,
        group=GROUP,
        proxy=PROXY,
        column=COLUMN_ID,
        site=portal.title,
    )
    return _frame(portal, COLUMN_TITLE, main)


def _article(portal: SpecimenPortal, detail: Detail) -> str:
    body = article_body(detail) if isinstance(detail, PlantedReport) else page_body(detail, portal)
    year, number = detail.published_on[:4], detail.path.rpartition("_")[2].removesuffix(".html")
    main = ARTICLE.substitute(
        title=escape(detail.title),
        day=detail.published_on,
        source=source(portal, detail),
        code=f"{portal.division}0001",
        year=year,
        number=number,
        body=body,
        near=_near(portal, detail),
    )
    return _frame(portal, detail.title, main, detail)


def _near(portal: SpecimenPortal, detail: Detail) -> str:
    """Link the page before and the page after, as the software does."""
    pages = tuple(details(portal))
    place = pages.index(detail)
    near = {"上一条": pages[place - 1 : place], "下一条": pages[place + 1 : place + 2]}
    return "<br>".join(
        f"{name}：<a href='{page.path}'>{escape(page.title)}</a>"
        for name, found in near.items()
        for page in found
    )
