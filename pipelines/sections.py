"""The six sections of a report: 一 to 六, found by their headings.

Source: 国办公开办函〔2019〕60号 and 〔2021〕30号 name the six; agencies vary their wording.
Reports before that number their sections as they like.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from pipelines.documents import Block, Document, Grid
from pipelines.reading import Place, Section
from pipelines.traditional import simplified

_WORDINGS = {
    1: r"(?:政府信息公开(?:工作)?)?(?:总体|基本|工作)情况|概述|概况",
    2: r"(?:政府信息)?主动公开(?:政府信息)?(?:工作)?(?:的)?情况",
    3: r"(?:收到和处理政府信息公开申请|(?:政府信息)?依申请公开(?:政府信息)?(?:工作)?)(?:的)?情况",
    4: r"(?:因)?政府信息公开(?:工作)?(?:被)?(?:申请)?行政法?复议、?\s*(?:和|提起)?行政诉讼(?:的)?情况",
    5: r"(?:政府信息公开)?(?:工作)?(?:中)?(?:存在的?|主要)(?:主要)?(?:问题|困难)[^，。；\s]{0,14}",
    6: r"其他(?:需要|应当)?(?:报告|说明)的?(?:事项|情况|内容)|需要(?:报告|说明)的其他(?:事项|情况)",
}
_NUMERALS = "一二三四五六七八九十"
_HEADING = re.compile(
    rf"(?P<numeral>[{_NUMERALS}])\s*[、.．]\s*(?:"
    + "|".join(f"(?P<s{number}>{wording})" for number, wording in _WORDINGS.items())
    + ")"
)
_NUMBERED = re.compile(rf"(?P<numeral>[{_NUMERALS}])\s*[、.．]\s*\S.{{1,38}}")
_PAGE_END = re.compile(
    r"附件下载|分享到|扫一扫|打印本页|【?\s*(?:打印|关闭)|关闭窗口|上一篇|下一篇|相关链接|版权所有|主办单位|"
    r"网站地图|责任编辑|返回顶部|您访问的链接"
)
_LISTED = 200
"""Characters between headings that are only listed, as in a preamble or a table of contents."""


@dataclass(slots=True)
class _Open:
    """A section whose end is not reached yet; `path` is the element its heading stands in."""

    number: int
    heading: str
    path: str | None
    parts: list[str] = field(default_factory=list)

    def close(self) -> Section:
        return Section(self.number, self.heading, "\n".join(part for part in self.parts if part))


def find_sections(
    document: Document, statutory: frozenset[int], *, numbered: bool = False
) -> tuple[Section, ...]:
    """Return the sections of a document, each at most once, in order.

    Args:
        document: the document.
        statutory: indexes (among the grids) of the statutory tables, which are left out.
        numbered: take any short numbered line as a heading, as before the form of 2019.
    """
    found: list[_Open] = []
    for path, text in _texts(document.blocks, statutory):
        pieces = list(_pieces(text, numbered=numbered))
        if found and pieces[0][0] == 0 and _is_over(found, path, text):
            break
        for number, heading, rest in pieces:
            _take(found, number, heading, rest, path)
    return tuple(section.close() for section in found)


def _texts(blocks: tuple[Block, ...], statutory: frozenset[int]) -> Iterator[tuple[str | None, str]]:
    """Yield (element path, text) of everything but statutory tables and tables that only arrange."""
    grid = -1
    for block in blocks:
        if not isinstance(block, Grid):
            yield _path_in_page(block.place), block.text
            continue
        grid += 1
        if grid in statutory or block.flows:
            continue
        for number, row in enumerate(block.rows):
            cells = {id(cell): cell for cell in row if cell.text and cell.starts_in(number)}
            if cells:
                first = next(iter(cells.values()))
                yield _path_in_page(first.place), " ".join(cell.text for cell in cells.values())


def _path_in_page(place: Place) -> str | None:
    """Return the path to an element; of a sheet, or a file in an archive, there is no outline to be in."""
    path = place.path or ""
    return path if path.startswith("/") or " /" in path else None


def _pieces(text: str, *, numbered: bool) -> Iterator[tuple[int, str, str]]:
    """Cut a text at the headings in it: (section number, heading, text behind it); number 0 is none."""
    whole = _NUMBERED.fullmatch(text) if numbered else None
    if whole:
        yield _NUMERALS.index(whole["numeral"]) + 1, text, ""
        return
    matches = list(_HEADING.finditer(simplified(text)))
    start = matches[0].start() if matches else len(text)
    if start or not matches:
        yield 0, "", text[:start].strip()
    stops = [*(match.start() for match in matches[1:]), len(text)]
    for match, stop in zip(matches, stops, strict=False):
        number = int((match.lastgroup or "s0")[1:])
        rest = text[match.end() : stop].strip()
        short = len(text) <= 60 and len(matches) == 1
        yield (
            (number, text[match.start() :], "")
            if short
            else (number, text[match.start() : match.end()], rest)
        )


def _take(found: list[_Open], number: int, heading: str, rest: str, path: str | None) -> None:
    """Open a section, or add to the open one where the heading comes out of order."""
    last = found[-1].number if found else 0
    if number == 1 and last and sum(len(part) for section in found for part in section.parts) < _LISTED:
        found.clear()
        last = 0
    if number > last:
        found.append(_Open(number, heading, path, [rest]))
    elif found:
        found[-1].parts.append(f"{heading}{rest}" if number else rest)


def _is_over(found: list[_Open], path: str | None, text: str) -> bool:
    """Tell whether the report has ended: the page's own furniture, or another part of the page."""
    if len(found) < 2:
        return False
    if len(text) < 60 and _PAGE_END.match(text):
        return True
    home = _common([section.path for section in found])
    return found[-1].number >= 6 and bool(home) and path is not None and not path.startswith(home)


def _common(paths: list[str | None]) -> str:
    """Return the path of the innermost element that holds all headings, or an empty string."""
    if any(path is None for path in paths):
        return ""
    parts = [(path or "").split("/")[:-1] for path in paths]
    shared = []
    for level in zip(*parts, strict=False):
        if len(set(level)) > 1:
            break
        shared.append(level[0])
    return "/".join(shared) + "/" if len(shared) > 1 else ""
