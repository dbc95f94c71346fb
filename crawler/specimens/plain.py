"""What the specimens of most softwares have in common: a frame, the way to the column, articles.

Each software adds its own lists, and what its pages load: by that it is known.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from string import Template

from crawler.specimens.articles import SPECIMEN, page_body
from crawler.specimens.pages import COLUMN_TITLE, Detail, Page, cut, details, metas, newest, robots, source
from crawler.specimens.parts import article_body, part
from crawler.specimens.planted import PlantedReport, SpecimenPortal

OPEN = "/open.html"

_FRAME = Template("""<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>$title-$site</title>
$metas
<link rel="stylesheet" href="/style.css">
$head
</head><body>
<p class="specimen">$specimen</p>
<div class="header"><a href="/">$site</a></div>
<div class="nav"><a href="/">首页</a> <a href="$open">政府信息公开</a></div>
<div class="breadcrumb">当前位置：<a href="/">首页</a> &gt; $crumb</div>
<div class="main">$main</div>
<div class="footer">主办：$site　网站标识码：${code}0001<br>$specimen</div>
</body></html>
""")

_STYLE = """body{margin:0;font:16px/1.8 "Noto Sans CJK SC","Microsoft YaHei",sans-serif;color:#222}
.specimen{margin:0;background:#fff3cd;text-align:center;font-size:14px}
.header{padding:24px 5%;background:#0b6e4f}
.header a{color:#fff;font-size:26px;text-decoration:none}.nav,.breadcrumb{padding:6px 5%}
.main{padding:10px 5% 40px;overflow-x:auto}.main li{list-style:none;border-bottom:1px dashed #ccc}
.main li span{margin-left:1em;color:#666;white-space:nowrap}.pages a,.pager a,.p_pages span{margin-right:.6em}
h1{font-size:24px}ul{padding-left:0}
table{border-collapse:collapse}td{padding:4px 6px;text-align:center}.footer{background:#eee;padding:16px 5%}
"""


@dataclass(frozen=True, slots=True)
class Look:
    """What the pages of one software show beside its lists.

    Attributes:
        head: what every page loads.
        article: the tag that opens the body of an article.
        way: where 政府信息公开 leads, from which the column is reached.
        menu: markup of the page that stands there, instead of a plain link to the column.
    """

    head: str = ""
    article: str = '<div class="article">'
    way: str = OPEN
    menu: str = ""


def pages(portal: SpecimenPortal, look: Look, lists: Mapping[str, str]) -> dict[str, Page]:
    """Return every fixed page of a portal by path; `lists` holds the main part of each list page."""
    news = "".join(
        f'<li><a href="{each.path}">{escape(cut(each.title, 20))}</a><span>{each.published_on}</span></li>'
        for each in details(portal)
        if not isinstance(each, PlantedReport)
    )
    menu = look.menu or f'<ul><li><a href="{portal.column}">{COLUMN_TITLE}</a></li></ul>'
    made = {
        "/index.html": frame(portal, look, "首页", f"<h2>要闻</h2><ul>{news}</ul>"),
        OPEN: frame(portal, look, "政府信息公开", menu),
    }
    made |= {path: frame(portal, look, COLUMN_TITLE, main) for path, main in lists.items()}
    served = {path: html(text, newest(portal)) for path, text in made.items()}
    for detail in details(portal):
        served[detail.path] = html(_article(portal, look, detail), detail.published_on)
    for report in (each for each in portal.reports if each.part):
        text, kind = part(report)
        served[report.part] = Page(text.encode(), kind, report.published_on)
    served["/style.css"] = Page(_STYLE.encode(), "text/css", newest(portal))
    served["/robots.txt"] = Page(robots("/search/"), "text/plain", newest(portal))
    return served


def html(text: str, day: str) -> Page:
    """Return a page as it is served."""
    return Page(text.encode(), "text/html; charset=utf-8", day)


def frame(portal: SpecimenPortal, look: Look, title: str, main: str, detail: Detail | None = None) -> str:
    """Return a whole page around its main part."""
    column = f'<a href="{portal.column}">{COLUMN_TITLE}</a>'
    return _FRAME.substitute(
        title=escape(title),
        site=portal.title,
        metas=metas(portal, COLUMN_TITLE if detail else title, detail),
        head=look.head,
        specimen=SPECIMEN,
        open=look.way,
        crumb=column if detail else title,
        main=main,
        code=portal.division,
    )


def rows(listed: tuple[Detail, ...], length: int = 24) -> str:
    """Return the lines of a list: the title cut short, whole in its attribute, and the date."""
    return "\n".join(
        f"<li><a href='{each.path}' title=\"{escape(each.title)}\">{escape(cut(each.title, length))}</a>"
        f"<span>{each.published_on}</span></li>"
        for each in listed
    )


def chunks(listed: tuple[Detail, ...], size: int) -> list[tuple[Detail, ...]]:
    """Return a list cut into its pages."""
    return [listed[start : start + size] for start in range(0, len(listed), size)]


def _article(portal: SpecimenPortal, look: Look, detail: Detail) -> str:
    body = article_body(detail) if isinstance(detail, PlantedReport) else page_body(detail, portal)
    told = f"发布时间：{detail.published_on}　来源：{source(portal, detail)}"
    main = f"<h1>{escape(detail.title)}</h1><p>{told}</p>{look.article}{body}</div>"
    return frame(portal, look, detail.title, main, detail)
