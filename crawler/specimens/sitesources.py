"""A portal of `/sitesources/`: lists list1.html, list2.html, and a sub-column for each year."""

from crawler.specimens.pages import Detail, Page
from crawler.specimens.plain import Look, chunks, rows
from crawler.specimens.plain import pages as plain_pages
from crawler.specimens.planted import PlantedReport, SpecimenPortal

FOLDER = "/sitesources/yxxzf/page_pc/zfxxgk/zfxxgknb/"
COLUMN = f"{FOLDER}list1.html"
PER_PAGE = 4


def pages(portal: SpecimenPortal) -> dict[str, Page]:
    """Return every page; what is no report stands in the column itself."""
    others = tuple(each for each in portal.listed if not isinstance(each, PlantedReport))
    reports: dict[int, list[Detail]] = {}
    for each in portal.listed:
        if isinstance(each, PlantedReport):
            reports.setdefault(each.year, []).append(each)
    years = "".join(f'<li><a href="{year}n/list1.html">{year}年</a></li>' for year in reports)
    lists = _lists(FOLDER, others, f'<ul class="years">{years}</ul>')
    for year, listed in reports.items():
        lists |= _lists(f"{FOLDER}{year}n/", tuple(listed), "")
    look = Look(
        head='<script src="/sitesources/yxxzf/page_pc/js/common.js"></script>',
        article='<div id="articleContent">',
    )
    return plain_pages(portal, look, lists)


def _lists(folder: str, listed: tuple[Detail, ...], above: str) -> dict[str, str]:
    parts = chunks(listed, PER_PAGE) or [()]
    made = {}
    for number, part in enumerate(parts, 1):
        table = f'<div id="articleListTable"><ul>{rows(part)}</ul></div>'
        made[f"{folder}list{number}.html"] = f"{above}{table}{_pager(number, len(parts))}"
    return made


def _pager(number: int, count: int) -> str:
    links = [f'<a href="list{page}.html">{page}</a>' for page in range(1, count + 1) if page != number]
    if number < count:
        links.append(f'<a href="list{number + 1}.html">下一页</a><a href="list{count}.html">末页</a>')
    return f'<div class="pages">{"".join(links)}</div>'
