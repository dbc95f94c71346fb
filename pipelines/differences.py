"""Where two contents differ: cell by cell, section by section, in plain words.

Pure: whether a difference is the agency's edit or comes of another extractor is for the caller to know.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from pipelines.contents import Content, Figure, Key, bare, unspaced
from pipelines.forms import ITEMS
from pipelines.reading import BLANK, UNREADABLE
from pipelines.rows import plain

TITLE, PUBLISHED_ON = "title", "published_on"

BLANK_ZH, BLANK_EN = "空白", "blank"
UNREAD_ZH, UNREAD_EN = "未读出", "not read"
ABSENT_ZH, ABSENT_EN = "无", "absent"

SHOWN, AROUND = 120, 12
"""Characters of a text that are shown where it differs, and of what stands before it."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs: a cell (`item` is its id), a section, or another `part`.

    Attributes:
        before, after: as printed; None where it is not there, or could not be read.
        legible: both sides were read, so that the difference is one of what is printed.
        zh, en: in words.
    """

    item: int | None
    section: int | None
    part: str | None
    before: str | None
    after: str | None
    legible: bool
    zh: str
    en: str


def differences(before: Content, after: Content, year: int) -> tuple[Difference, ...]:
    """Return where two contents of reports on a year differ, in the order of the form.

    Args:
        before: the earlier one.
        after: the later one.
        year: the year reported on, for the words.
    """
    return (*_parts(before, after), *_cells(before, after, year), *_sections(before, after))


def _parts(before: Content, after: Content) -> Iterator[Difference]:
    if bare(before.title) != bare(after.title):
        yield _part(TITLE, "标题", before.title, after.title)
    if before.dates != after.dates:
        yield _part(PUBLISHED_ON, "发布日期", "、".join(before.dates), "、".join(after.dates))


def _part(part: str, zh: str, before: str, after: str) -> Difference:
    words = f"{before or ABSENT_ZH} → {after or ABSENT_ZH}"
    en = f"{before or ABSENT_EN} → {after or ABSENT_EN}"
    name = part.replace("_", " ")
    return Difference(
        None, None, part, before or None, after or None, True, f"{zh}：{words}", f"{name}: {en}"
    )


def _cells(before: Content, after: Content, year: int) -> Iterator[Difference]:
    keys = {**dict.fromkeys(before.cells), **dict.fromkeys(after.cells)}
    for key in sorted(keys, key=lambda key: ITEMS[key].id if key in ITEMS else len(ITEMS)):
        was, now = before.cells.get(key), after.cells.get(key)
        if was != now and key in ITEMS:
            yield _cell(key, was, now, year)


def _cell(key: Key, was: Figure | None, now: Figure | None, year: int) -> Difference:
    item = ITEMS[key]
    legible = all(each is not None and each.state != UNREADABLE for each in (was, now))
    zh = f"{year} 年{item.label}：{_words(was, zh=True)} → {_words(now, zh=True)}"
    name = ", ".join(code.replace("_", " ") for code in key)
    en = f"{year}, {name}: {_words(was)} → {_words(now)}"
    return Difference(item.id, None, None, _print(was), _print(now), legible, zh, en)


def _print(figure: Figure | None) -> str | None:
    return None if figure is None else figure.text or plain(figure.value)


def _words(figure: Figure | None, *, zh: bool = False) -> str:
    """Return what a cell prints, in words where it prints nothing."""
    if figure is None or figure.state == UNREADABLE:
        said = f"“{figure.text}”" if figure else ""
        return f"{said}（{UNREAD_ZH}）" if zh else f"{said} ({UNREAD_EN})".strip()
    if figure.state == BLANK:
        return BLANK_ZH if zh else BLANK_EN
    return _print(figure) or ""


def _sections(before: Content, after: Content) -> Iterator[Difference]:
    for number in sorted({*before.sections, *after.sections}):
        was, now = before.sections.get(number), after.sections.get(number)
        if list(map(bare, was or ())) == list(map(bare, now or ())):
            continue
        heading = (now or was or ("", ""))[0]
        same = was is not None and now is not None and bare(was[0]) == bare(now[0])
        old, new = changed_span(*(" ".join(map(unspaced, (each or ())[same:])) for each in (was, now)))
        zh = f"{heading}：{_quoted(old, ABSENT_ZH)} → {_quoted(new, ABSENT_ZH)}"
        en = f"section {number}: {_quoted(old, ABSENT_EN)} → {_quoted(new, ABSENT_EN)}"
        yield Difference(None, number, None, old or None, new or None, True, zh, en)


def _quoted(text: str, absent: str) -> str:
    return f"“{text}”" if text else absent


def changed_span(before: str, after: str) -> tuple[str, str]:
    """Return the stretch in which two texts differ, with a few characters before it, cut where it is long.

    >>> changed_span("全年收到申请41件，办结41件。", "全年收到申请14件，办结41件。")
    ('全年收到申请41件，办结41件。', '全年收到申请14件，办结41件。')
    >>> changed_span("", "新增一段。")
    ('', '新增一段。')
    """
    most = min(len(before), len(after))
    start = next((at for at in range(most) if before[at] != after[at]), most)
    rest = most - start
    end = next((at for at in range(rest) if before[-1 - at] != after[-1 - at]), rest)
    first = max(0, start - AROUND)
    return _cut(before, first, end), _cut(after, first, end)


def _cut(text: str, first: int, end: int) -> str:
    stop = min(len(text), len(text) - end + AROUND)
    shown = text[first:stop]
    shown = shown if len(shown) <= SHOWN else f"{shown[:SHOWN]}…"
    return f"{'…' if first and shown else ''}{shown}{'…' if stop < len(text) and shown[-1:] != '…' else ''}"
