"""Whose report a document is, on which year, and when it was published.

The title goes first; what it leaves out is looked for in the page's publisher box, its
opening sentences, signature and breadcrumb, in its metadata, and in what the crawl knew. Names
that contradict one another name nobody: the identity is then unclear. The same bytes can belong
to two agencies on two portals, so the capture's context is part of the question.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, takewhile

from archive.captures import Capture
from pipelines import divisions, naming, years
from pipelines.dates import dates
from pipelines.documents import Document, Heading
from pipelines.naming import Place
from pipelines.publishers import SITE_MARKS, crumbs, is_breadcrumb, is_labelled, publishers
from pipelines.reading import AS_PRINTED, WARNING, Dated, Finding, Problem
from pipelines.titles import LONGEST, Title, parse_title

_SECTION = re.compile(r"[一1]\s*[、.．]")
_LABEL = re.compile(r"^\s*(?:标题|题目|名称)\s*[:：]\s*")
_NO_TITLE = re.compile(
    r"(?:附件?\s*\d*[:：]?\s*)?(?:点击|打开|查看|在线)?(?:下载|预览|浏览|全文|详情|更多|附件|此处|这里|查看|正文|PDF|Word|图片)*"
    r"(?:版|\d*)?(?:\.\w{2,4})?|Microsoft Word.*|(?:文档|Document|Untitled|无标题|未命名)\s*\d*|\w+\.\w{2,4}",
    re.IGNORECASE | re.ASCII,
)
_OPENING_LINES = 40


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose report, on which year, published when; None where nothing says so, or things that differ.

    `dates` are all dates of publication, the most trusted first.
    """

    title: Title
    agency: str | None
    year: int | None
    dates: tuple[Dated, ...]
    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]


def identify(document: Document, capture: Capture) -> Identity:
    """Say whose report a document is.

    Args:
        document: the document.
        capture: the capture it was read from; its body is not looked at again.
    """
    declared = _declared(document, capture)
    shown = [*declared, parse_title(_without_site(document, capture))]
    headed = _headings(document), list(_opening_titles(document))
    parsed = {text: parse_title(text) for text in _title_texts(document, headed, capture)}
    titles = list(parsed.values())
    title = _own_title(titles, [one for one in shown if one.text])
    year, odd_year = _year(title, declared, titles, document, capture)
    firsts = [*declared, *_firsts([[parsed[text] for text in texts] for texts in headed])]
    agency, no_agency = _agency(title, titles, firsts, document, capture)
    problems = tuple(Problem("unclear_identity", detail) for detail in (no_agency, odd_year) if detail)
    findings = _disagreements(year, title, declared, document)
    return Identity(title, agency, year, dates(document, capture), findings, problems)


def _declared(document: Document, capture: Capture) -> list[Title]:
    """Return the titles that the page, the list and the page that brought a file declare.

    The title that a file has as a property is none of them: it often is that of the file it was made from.
    """
    context = capture.context
    texts = (document.meta.get("articletitle", ""), context.link_text, context.page_title)
    return [parse_title(text) for text in texts if _is_title(text)]


def _headings(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Heading) and block.level < 4]


def _firsts(titles: list[list[Title]]) -> list[Title]:
    """Return the first title of each list that names a report's agency."""
    firsts = (next((title for title in each if title.is_report and title.agency), None) for each in titles)
    return [title for title in firsts if title]


def _is_title(text: str) -> bool:
    """Tell a title from what a link or a program says instead: 附件1.docx, 下载, Microsoft Word - 1."""
    return not _NO_TITLE.fullmatch(text.strip())


def _own_title(titles: list[Title], declared: list[Title]) -> Title:
    """Choose the document's title: a column's name or a report it mentions is not its own.

    A report's title names an agency or a year; one that names neither is only the best there is.
    """
    whole = [title for title in titles if title.is_report and (title.agency or title.year)]
    other = next((title for title in declared if title.is_other), None)
    if other and not any(title in whole for title in declared):
        return other
    bare = [title for title in titles if title.is_report]
    return next(iter((*whole, *bare, *declared, *titles)), parse_title(""))


def _without_site(document: Document, capture: Capture) -> str:
    """Return the page's title without the site's name, with nothing but space or with a mark beside it."""
    title = document.title
    for site in (document.meta.get("sitename", ""), capture.context.portal_title):
        if site:
            title = re.sub(rf"^{re.escape(site)}\s+(?=\S)", "", title)
    return SITE_MARKS.split(title)[0]


def _title_texts(document: Document, headed: tuple[list[str], list[str]], capture: Capture) -> Iterator[str]:
    """Yield what may be the title, most trusted first; `headed` are headings and opening lines."""
    yield from (document.meta[key] for key in ("articletitle", "title") if document.meta.get(key))
    yield from (text for texts in headed for text in texts)
    context = capture.context
    yield from (
        text
        for text in (_without_site(document, capture), context.link_text, context.page_title)
        if _is_title(text)
    )


def _opening(document: Document) -> list[str]:
    """Return the lines before section 一 (bounded)."""
    lines: list[str] = []
    for block in document.lines[:_OPENING_LINES]:
        if _SECTION.match(block.text) and lines:
            break
        lines.append(block.text)
    return lines


def _opening_titles(document: Document) -> Iterator[str]:
    """Yield the opening lines that may be titles, joined with those before where a title is broken."""
    short = (line for line in _opening(document) if len(line) <= LONGEST and not is_breadcrumb(line))
    lines = [_LABEL.sub("", line) for line in short]
    for index, line in enumerate(lines):
        if "报告" in line or "年报" in line:
            before = takewhile(lambda text: not is_labelled(text), reversed(lines[max(0, index - 2) : index]))
            joined = accumulate((line, *before), lambda text, above: above + text)
            titles = (text for text in joined if len(text) <= LONGEST and parse_title(text).agency)
            yield next(titles, line)


def _agency(
    title: Title, titles: list[Title], firsts: list[Title], document: Document, capture: Capture
) -> tuple[str | None, str | None]:
    """Return the agency, or what is unclear about it; `firsts` are the titles that name it beside its own."""
    opening = _opening(document)
    further = [one.agency for one in titles if one.is_report and one.agency]
    same_page = [one.agency for one in firsts if one.is_report and one.agency]
    named = [title.agency, *same_page] if title.is_report and title.agency else []
    place = Place(_place(capture), tuple(crumbs(opening)), capture.context.division)
    others = publishers(document, opening, [] if named else further, capture)
    agency, unclear = naming.decide(named, others, place)
    texts = (line.text for line in document.lines)
    return agency and naming.with_city(agency, texts), unclear


def _place(capture: Capture) -> str:
    """Return the newest name of the portal's division."""
    context = capture.context
    division = divisions.by_code(context.division) if context.division else None
    title = context.portal_title
    return division.name if division else title.removesuffix("人民政府") if title.endswith("人民政府") else ""


def _year(
    title: Title, declared: list[Title], titles: list[Title], document: Document, capture: Capture
) -> tuple[int | None, str | None]:
    """Return the year reported on, or what is unclear about it."""
    period = years.period_years(document)
    year = years.titled([title]) or years.titled(declared) or years.only(period)
    if year is None and len(period) < 2:
        year = years.titled(titles) or years.body_year(document)
    if year is None:
        return None, f"several years: {period}" if len(period) > 1 else "nothing names the year"
    fetched = capture.fetched_at[:4]
    latest = int(fetched) + 1 if fetched.isdigit() else year
    if not years.FIRST_YEAR <= year <= latest:
        return None, f"no report can be about the year {year}"
    return year, None


def _disagreements(
    year: int | None, title: Title, declared: list[Title], document: Document
) -> tuple[Finding, ...]:
    """Return a finding for each other year that a title, the period or the text names."""
    if year is None:
        return ()
    other = {one.year for one in (title, *declared) if one.is_report}
    other |= {*years.period_years(document), years.recycled_year(document, year)}
    return tuple(
        Finding("years_disagree", WARNING, AS_PRINTED, None, None, None, year, found)
        for found in sorted(one for one in other if one and one != year)
    )
