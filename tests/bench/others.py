"""What a careful script reads from a report: with pandas.read_html, and with regular expressions.

Both know the wordings of the forms, look up rows by label and columns by heading, forgive white
space and numbering, and take a value as a number with its thousands separators.
"""

import re
from collections.abc import Iterator
from html import unescape
from io import StringIO

import pandas

from tests.pipelines.template import (
    CARRIED_OUT,
    DISCLOSURE,
    ENDS,
    GROUPS,
    LEGAL,
    OTHER,
    RECEIVED,
    RESULTS,
    TOTAL,
    WHO_CODES,
    Key,
)

Values = dict[Key, float]

_GROUPS = (*RESULTS, *OTHER.values(), TOTAL)
ROWS = [
    *RECEIVED,
    *((code, name or label) for label, leaves in _GROUPS for code, name in leaves),
    CARRIED_OUT,
]
WHO = dict(zip(WHO_CODES, ("自然人", *LEGAL, "总计"), strict=True))
REVIEW = [("review", group, end) for group in GROUPS for end, _ in ENDS]
_NUMBER = re.compile(r"[+-]?\d[\d,]*(?:\.\d+)?")


def bare(text: object) -> str:
    """Return a label without white space, numbering and notes in brackets."""
    label = re.sub(r"\s", "", str(text))
    return re.sub(r"^(?:（.）|.、|\d\.)|（[^（）]*）", "", label)


def number(text: object) -> float | None:
    """Return the number a cell begins with."""
    match = _NUMBER.match(str(text).strip())
    return float(match[0].replace(",", "")) if match else None


def by_pandas(page: str) -> Values:
    """Read the tables of a page as data frames, spans filled in."""
    try:
        frames = pandas.read_html(StringIO(page), header=None, keep_default_na=False, flavor="lxml")
    except ValueError:  # no table in it
        return {}
    found: Values = {}
    for frame in frames:
        rows = [[str(cell) for cell in row] for row in frame.to_numpy()]
        cells = (*_disclosure(rows), *_requests(rows), *_review(rows))
        found |= {key: value for key, text in cells if (value := number(text)) is not None}
    return found


def _disclosure(rows: list[list[str]]) -> Iterator[tuple[Key, str]]:
    """Yield cells below the last line of headings that begins with 信息内容."""
    headings: list[str] = []
    labels = {bare(label): row for form in DISCLOSURE.values() for _, _, rows in form for row, label in rows}
    columns = {
        bare(label): code for form in DISCLOSURE.values() for _, heads, _ in form for code, label in heads
    }
    for row in rows:
        if bare(row[0]) == "信息内容":
            headings = [columns.get(bare(text), "") for text in row]
        elif bare(row[0]) in labels:
            for column, text in zip(headings, row, strict=False):
                if column:
                    yield ("disclosure", labels[bare(row[0])], column), text


def _requests(rows: list[list[str]]) -> Iterator[tuple[Key, str]]:
    """Yield cells of lines with a label in one of their first three columns."""
    labels = {bare(label): code for code, label in ROWS}
    at = {
        code: index
        for row in rows[:3]
        for index, text in enumerate(row)
        for code, heading in WHO.items()
        if bare(text) == bare(heading) and index > 1
    }
    for row in rows:
        code = next((labels[bare(text)] for text in row[2::-1] if bare(text) in labels), None)
        if code:
            yield from ((("requests", code, who), row[column]) for who, column in at.items())


def _review(rows: list[list[str]]) -> Iterator[tuple[Key, str]]:
    """Yield the fifteen cells of the line below the headings of outcomes."""
    lines = iter(rows)
    if any("结果维持" in "".join(row) for row in lines):
        values = next((row for row in lines if number(row[0]) is not None), [])
        yield from zip(REVIEW, values[-15:], strict=False)


def by_regular_expressions(page: str) -> Values:
    """Take the text of a page, and after each label the numbers that follow it."""
    page = re.sub(r"<(?:script|style).*?</(?:script|style)>", "", page, flags=re.DOTALL)
    page = re.sub(r"</?(?:td|tr|p|br|table|h\d)\b[^>]*>", "\n", page)
    text = unescape(re.sub(r"<[^>]*>", "", page))
    found: Values = {}
    for form in DISCLOSURE.values():
        for _, columns, rows in form:
            for row, label in rows:
                found |= _after(text, label, [("disclosure", row, code) for code, _ in columns])
    for row, label in ROWS:
        found |= _after(text, label, [("requests", row, who) for who in WHO])
    return found | _after(text, "总计", REVIEW)


def _after(text: str, label: str, keys: list[Key]) -> Values:
    """Return the numbers behind the last place where a label is followed by as many as its row has."""
    letters = r"\s*".join(re.escape(letter) for letter in label)
    value = r"(?:[\d,.]+|[/—-])"
    matches = re.findall(rf"{letters}\s+({value}(?:\s+{value}){{{len(keys) - 1}}})\s", text)
    texts = matches[-1].split() if matches else []
    return {key: one for key, text in zip(keys, texts, strict=False) if (one := number(text)) is not None}
