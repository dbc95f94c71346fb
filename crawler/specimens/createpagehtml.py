"""A portal of static pages: lists index.html, index_1.html, … and t-date addresses, in UTF-8.

Behaves like the software it is named after: relative links only, a pager written by
script from `createPageHTML(countPage, current, "index", "html")`, a hidden row without
an address left over from the list's template, 404 beyond the last list page.
"""

from html import escape
from string import Template

from crawler.specimens.articles import SPECIMEN, page_body
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

PER_PAGE = 12
OPEN = "/zwgk/zfxxgk/"
FOLDERS = {GUIDE: "zfxxgkzn/", RULES: "zfxxgkzd/", DUTIES: "fdzdgknr/", COLUMN_TITLE: "zfxxgknb/"}
SEARCH = "/was5/web/search.html"

FRAME = Template("""<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>$title-$site</title>
$metas
<link rel="stylesheet" href="${root}css/style.css">
</head>
<body>
<div class="specimen">$specimen</div>
<div class="head"><a href="${root}index.html">$site</a></div>
<ul class="nav">
<li><a href="${root}index.html">首页</a></li>
<li><a href="${root}zwgk/index.html">政务公开</a></li>
<li><a href="${root}zwgk/zfxxgk/index.html">政府信息公开</a></li>
<li><a href="${root}was5/web/search.html">站内搜索</a></li>
</ul>
<div class="crumb">当前位置：$crumb</div>
<div class="main">
$main
</div>
<div class="foot">主办：$site　承办：样本编辑部　网站标识码：$code<br>$specimen</div>
</body>
</html>
""")

PAGER = Template("""<div class="page"><span>共 $total 条</span>
<script>
var countPage = $count;
function createPageHTML(count, current, name, ext) {
  for (var n = 0; n < count; n++) {
    var file = n ? name + "_" + n + "." + ext : name + "." + ext;
    document.write(n === current ? "<b>" + (n + 1) + "</b> " : "<a href='" + file + "'>" + (n + 1) + "</a> ");
  }
}
createPageHTML($count, $current, "index", "html");
</script></div>""")

ARTICLE = Template("""<h1>$title</h1>
<div class="info">发布时间：$day　来源：$source　<a href="javascript:window.print()">打印</a></div>
<div class="TRS_Editor">
$body
</div>
<div class="share">分享到：<a href="javascript:void(0)" class="weixin">微信</a>
<a href="javascript:void(0)" class="weibo">微博</a></div>""")

STYLE = """body{margin:0;color:#333;background:#f4f6f8;font:16px/1.8 "Noto Sans CJK SC","Microsoft YaHei",
sans-serif}
.specimen{background:#fff3cd;color:#664d03;text-align:center;font-size:14px;padding:4px 10px}
.head{background:#1456a0;padding:28px 5%;font-size:28px}.head a{color:#fff;text-decoration:none}
.nav{margin:0;padding:0 5%;list-style:none;background:#0e4280;display:flex;flex-wrap:wrap}
.nav a{display:block;padding:8px 18px;color:#fff;text-decoration:none}
.crumb{max-width:1100px;margin:14px auto;padding:0 14px;font-size:14px;color:#666}
.main{max-width:1072px;margin:0 auto;background:#fff;padding:20px 14px 40px;overflow-x:auto}
a{color:#1456a0}h1{font-size:24px;text-align:center}h2{font-size:19px;border-bottom:2px solid #1456a0}
.list{list-style:none;padding:0}.list li{display:flex;justify-content:space-between;gap:12px;
border-bottom:1px dashed #ccc;padding:7px 0}.list span{color:#888;white-space:nowrap}
.info,.share,.page{text-align:center;font-size:14px;color:#777}
.TRS_Editor table{border-collapse:collapse;margin:12px auto}
.TRS_Editor td{padding:4px 6px;text-align:center;font-size:14px}
.foot{margin-top:30px;background:#e3e8ee;color:#666;text-align:center;padding:18px;font-size:14px}
"""


def pages(portal: SpecimenPortal) -> dict[str, Page]:
    """Return every resource of the portal by path; a folder's page stands under `index.html`."""
    day = newest(portal)
    made = {
        "/index.html": _home(portal),
        "/zwgk/index.html": _links(portal, "/zwgk/", "政务公开", {"政府信息公开": "zfxxgk/"}),
        f"{OPEN}index.html": _links(portal, OPEN, "政府信息公开", FOLDERS),
        SEARCH: _frame(portal, "/was5/web/", "站内搜索", "<p>样本网站不提供搜索。</p>"),
    }
    made |= {f"{OPEN}{FOLDERS[name]}index.html": _about(portal, name) for name in ABOUT}
    made |= _lists(portal)
    served = {path: Page(text.encode(), "text/html", day) for path, text in made.items()}
    for detail in details(portal):
        served[detail.path] = Page(_article(portal, detail).encode(), "text/html", detail.published_on)
    for report in (each for each in portal.reports if each.part):
        text, kind = part(report)
        served[report.part] = Page(text.encode(), kind, report.published_on)
    served["/css/style.css"] = Page(STYLE.encode(), "text/css", day)
    served["/robots.txt"] = Page(robots("/was5/"), "text/plain", day)
    return served


def _frame(portal: SpecimenPortal, folder: str, title: str, main: str, detail: Detail | None = None) -> str:
    root = "../" * (folder.count("/") - 1) or "./"
    crumb = f'<a href="{root}index.html">首页</a>'
    if folder.startswith(OPEN):
        crumb += f' &gt; <a href="{root}zwgk/zfxxgk/index.html">政府信息公开</a>'
    if detail is not None:
        crumb += f' &gt; <a href="../index.html">{COLUMN_TITLE}</a>'
    return FRAME.substitute(
        title=escape(title),
        site=portal.title,
        metas=metas(portal, COLUMN_TITLE if detail else title, detail),
        root=root,
        specimen=SPECIMEN,
        crumb=crumb if detail or folder == "/" else f"{crumb} &gt; {title}",
        main=main,
        code=f"{portal.division}0001",
    )


def _home(portal: SpecimenPortal) -> str:
    news = [detail for detail in details(portal) if not isinstance(detail, PlantedReport)][:6]
    rows = "\n".join(_row(detail, f".{detail.path}", "'") for detail in news)
    column = f'<a href="./zwgk/zfxxgk/zfxxgknb/">{COLUMN_TITLE}</a>'
    links = f'<p><a href="./zwgk/zfxxgk/">政府信息公开</a>　{column}</p>'
    main = f'<h2>要闻动态</h2>\n<ul class="list">\n{rows}\n</ul>\n<h2>政务公开</h2>\n{links}'
    return _frame(portal, "/", "首页", main)


def _links(portal: SpecimenPortal, folder: str, title: str, links: dict[str, str]) -> str:
    rows = "\n".join(f'<li><a href="./{path}">{name}</a></li>' for name, path in links.items())
    return _frame(portal, folder, title, f'<h2>{title}</h2>\n<ul class="list">\n{rows}\n</ul>')


def _about(portal: SpecimenPortal, name: str) -> str:
    text = "\n".join(f"<p>{line}</p>" for line in ABOUT[name])
    return _frame(portal, f"{OPEN}{FOLDERS[name]}", name, f"<h2>{name}</h2>\n{text}")


def _lists(portal: SpecimenPortal) -> dict[str, str]:
    """Return the list pages: index.html, then index_1.html and so on."""
    listed = portal.listed
    count = -(-len(listed) // PER_PAGE)
    made = {}
    for current in range(count):
        part = listed[current * PER_PAGE : (current + 1) * PER_PAGE]
        rows = "\n".join(
            _row(detail, _relative(portal, detail.path), "\"'"[index % 2])
            for index, detail in enumerate(part)
        )
        pager = PAGER.substitute(total=len(listed), count=count, current=current)
        hidden = '<li style="display:none"><a title=""></a><span></span></li>'
        main = f'<h2>{COLUMN_TITLE}</h2>\n<ul class="list">\n{hidden}\n{rows}\n</ul>\n{pager}'
        name = f"index_{current}.html" if current else "index.html"
        made[portal.column + name] = _frame(portal, portal.column, COLUMN_TITLE, main)
    return made


def _relative(portal: SpecimenPortal, path: str) -> str:
    return "./" + path.removeprefix(portal.column) if path.startswith("/") else path


def _row(detail: Detail, href: str, quote: str) -> str:
    title = escape(detail.title)
    link = f'<a href={quote}{href}{quote} title="{title}">{escape(cut(detail.title, 24))}</a>'
    return f"<li>{link}<span>{detail.published_on}</span></li>"


def _article(portal: SpecimenPortal, detail: Detail) -> str:
    body = article_body(detail) if isinstance(detail, PlantedReport) else page_body(detail, portal)
    main = ARTICLE.substitute(
        title=escape(detail.title),
        day=detail.published_on,
        source=source(portal, detail),
        body=body,
    )
    folder = detail.path.rpartition("/")[0] + "/"
    return _frame(portal, folder, detail.title, main, detail)
