"""Whose report a document is, on which year, and when it was published.

The title goes first; what it leaves out is looked for in the page's metadata, its
publisher box, its opening sentences and breadcrumb, and in what the crawl knew. The same bytes
can belong to two agencies on two portals, so the capture's context is part of the question.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from archive.captures import Capture
from pipelines.documents import Document, Grid, Heading
from pipelines.reading import Problem
from pipelines.titles import LONGEST, Title, full_name, names_agency, parse_title, parse_year

_SECTION = re.compile(r"[一1]\s*[、.．]")
_LABEL = re.compile(r"^\s*(?:标题|题目|名称)\s*[:：]\s*")
_SITE_NAME = re.compile(r"\s*(?:[_|–—]|-{1,2}|\s-\s)\s*")
_PUBLISHER = re.compile(r"(?:发布|发文|公开|制发|编制)(?:机构|机关|部门|单位|主体)|信息来源|来源")
_OPENING = re.compile(
    r"(?:规定|要求|精神)[^，。]{0,6}，(?:现?由)?(?P<agency>[^，。、；]{3,40}?)(?:现?编制|特?向社会)"
)
_PERIOD = re.compile(r"(?:统计|数据)[^。]{0,12}(?:期限|时间|范围)[^。]{0,12}?(20\d\d)\s*年")
_CRUMBS = re.compile(r"\s*(?:>+|＞+|»|/|›|→)\s*")
_DATE = re.compile(r"(20\d\d)\s*[-年./]\s*(\d{1,2})\s*[-月./]\s*(\d{1,2})")
_DATE_LABEL = re.compile(r"(?:发布|公开|发文|成文|生成)(?:日期|时间)\s*[:：]?\s*(.{0,40})")
_ADDRESS_DATES = (
    re.compile(r"/t(20\d\d)(\d\d)(\d\d)_"),
    re.compile(r"/(20\d\d)/(\d{1,2})/(\d{1,2})/"),
    re.compile(r"/(20\d\d)-?(\d\d)-?(\d\d)/"),
)
_OPENING_LINES = 40


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose report, on which year, published when; None where nothing says so."""

    title: Title
    agency: str | None
    year: int | None
    published_on: str | None
    published_from: str | None
    problems: tuple[Problem, ...]


def identify(document: Document, capture: Capture) -> Identity:
    """Say whose report a document is.

    Args:
        document: the document.
        capture: the capture it was read from; its body is not looked at again.
    """
    titles = [parse_title(text) for text in dict.fromkeys(_title_texts(document, capture))]
    title = _own_title(titles, _declared(document, capture))
    named = next((one for one in (title, *titles) if one.is_report and one.agency), title)
    agency = _agency(named.agency, [*_publishers(document, capture)])
    year = _year([title, *titles], document)
    published_on, published_from = _published(document, capture)
    missing = [word for word, value in (("agency", agency), ("year", year)) if not value]
    problems = tuple(Problem("unclear_identity", f"nothing names the {word}") for word in missing)
    return Identity(title, agency, year, published_on, published_from, problems)


def _declared(document: Document, capture: Capture) -> list[Title]:
    """Return the titles that the page and the list declare, where they do."""
    texts = (document.meta.get("articletitle", ""), capture.context.link_text, _without_site(document.title))
    return [parse_title(text) for text in texts if text]


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


def _without_site(title: str) -> str:
    return _SITE_NAME.split(title)[0]


def _title_texts(document: Document, capture: Capture) -> Iterator[str]:
    """Yield what may be the title, most trusted first."""
    yield from (document.meta[key] for key in ("articletitle", "title") if document.meta.get(key))
    yield from (block.text for block in document.blocks if isinstance(block, Heading) and block.level < 4)
    yield from _opening_titles(document)
    yield _without_site(document.title)
    yield from (text for text in (capture.context.link_text,) if text)


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
    lines = [_LABEL.sub("", line) for line in _opening(document) if len(line) <= LONGEST]
    for index, line in enumerate(lines):
        if "报告" in line or "年报" in line:
            joined = ("".join(lines[start : index + 1]) for start in range(index, max(-1, index - 3), -1))
            titles = (text for text in joined if len(text) <= LONGEST and parse_title(text).agency)
            yield next(titles, line)


def _publishers(document: Document, capture: Capture) -> Iterator[str]:
    """Yield names that may be the agency's, most trusted first."""
    yield from _labelled(document)
    yield from (document.meta[key] for key in ("contentsource", "author") if document.meta.get(key))
    opening = _opening(document)
    yield from (match["agency"] for line in opening for match in _OPENING.finditer(line))
    for line in opening:
        if len(line) <= LONGEST and _CRUMBS.search(line):
            yield from reversed(_CRUMBS.split(line))
    link = parse_title(capture.context.link_text).agency
    yield from (name for name in (link, capture.context.portal_title) if name)


def _labelled(document: Document) -> Iterator[str]:
    """Yield what stands behind 发布机构 and its like, in lines and in the cells of a box."""
    for line in document.lines:
        text = "".join(line.text.split())
        match = _PUBLISHER.match(text)
        if match and len(text) <= LONGEST:
            yield text[match.end() :].strip(":：")
    for grid in document.grids[:4]:
        yield from _labelled_cells(grid)


def _labelled_cells(grid: Grid) -> Iterator[str]:
    for row in grid.rows[:20]:
        texts = ["".join(cell.text.split()) for cell in row]
        for label, value in pairwise(texts):
            if len(label) <= 8 and _PUBLISHER.match(label):
                yield value


def _agency(named: str | None, publishers: list[str]) -> str | None:
    """Return the title's agency in its longest form, else the first publisher that is an agency."""
    names = [name.strip() for name in publishers if names_agency(name.strip())]
    if named is None:
        return full_name(names[0]) if names else None
    longer = [name for name in names if name.endswith(named) and len(name) > len(named)]
    if longer:
        return longer[0]
    if named.endswith("管理委员会"):
        short = f"{named[:-5]}管委会"
        return next((name for name in names if name.endswith(short)), named)
    return named


def _year(titles: list[Title], document: Document) -> int | None:
    """Return the year reported on: from a title, else from the period of the statistics."""
    for title in titles:
        if title.is_report and title.year:
            return title.year
    texts = [line.text for line in document.lines]
    periods = (_PERIOD.search(text) for text in texts)
    period = next((int(match[1]) for match in periods if match), None)
    return period or next((year for text in texts if (year := _year_reported(text))), None)


def _year_reported(text: str) -> int | None:
    """Return the year with which a sentence of the report begins."""
    return parse_year(text[:12]) if re.match(r"\s*20\d\d\s*年", text) else None


def _published(document: Document, capture: Capture) -> tuple[str | None, str | None]:
    """Return the date of publication and where it stood: metadata, page, list or address."""
    date = _date(document.meta.get("pubdate", ""))
    if date:
        return date, "meta"
    for text in _dated_lines(document):
        date = _date(text)
        if date:
            return date, "page"
    if _date(capture.context.listed_on):
        return capture.context.listed_on, "list"
    for pattern in _ADDRESS_DATES:
        match = pattern.search(capture.url)
        date = _date("-".join(match.groups())) if match else None
        if date:
            return date, "address"
    return None, None


def _dated_lines(document: Document) -> Iterator[str]:
    for line in document.lines:
        yield from (match[1] for match in _DATE_LABEL.finditer(line.text[:200]))
    for grid in document.grids[:4]:
        for row in grid.rows[:20]:
            texts = ["".join(cell.text.split()) for cell in row]
            yield from (b for a, b in pairwise(texts) if _DATE_LABEL.match(a))


def _date(text: str) -> str | None:
    """Return the first real date in a text as YYYY-MM-DD."""
    match = _DATE.search(text)
    if not match:
        return None
    year, month, day = (int(part) for part in match.groups())
    return f"{year:04}-{month:02}-{day:02}" if 1 <= month <= 12 and 1 <= day <= 31 else None
