"""A report as HTML, as text with tabs, and as Markdown."""

from html import escape
from random import Random

from tests.pipelines.round_trip.quirks import Table, placed, width
from tests.pipelines.round_trip.reports import HEADINGS, Part, Report
from tests.pipelines.template import Habits, table_html


def html(report: Report, random: Random) -> bytes:
    """Print a page, marked up in one of the ways of real ones."""
    habits = Habits(end_tags=random.random() < 0.8, word=random.random() < 0.4, nested=random.random() < 0.2)
    title, *_ = report.parts
    body = "".join(_element(part, habits) for part in report.parts)
    markup = f"<html><head><meta charset={{}}><title>{title}</title></head><body>{body}</body></html>"
    charset = random.choice(("utf-8", "gb18030"))
    return markup.format(charset).encode(charset)


def _element(part: Part, habits: Habits) -> str:
    if isinstance(part, str):
        tag = "h3" if part in HEADINGS else "p"
        return f"<{tag}>{escape(part)}</{tag}>"
    return table_html(part, habits).replace("\n", "<br>")


def text(report: Report, random: Random) -> bytes:
    """Print lines with tabs; a cell that spans is followed by empty fields."""
    end = random.choice(("\n", "\r\n"))
    parts = [
        part if isinstance(part, str) else end.join("\t".join(row) for row in slots(part))
        for part in report.parts
    ]
    return (end * 2).join(parts).encode()


def markdown(report: Report, random: Random) -> bytes:
    """Print tables with bars, the first line underlined as Markdown asks."""
    return "\n\n".join(
        part if isinstance(part, str) else _bars(part, random.choice(("---", ":--:", " --- ")))
        for part in report.parts
    ).encode()


def _bars(rows: Table, rule: str) -> str:
    lines = ["|" + "|".join(row) + "|" for row in slots(rows)]
    return "\n".join([lines[0], "|" + "|".join([rule] * width(rows)) + "|", *lines[1:]])


def slots(rows: Table) -> list[list[str]]:
    """Return the texts of all slots of each row, each cell's in its upper left one."""
    grid: list[dict[int, str]] = [{} for _ in rows]
    for number, row in enumerate(placed(rows)):
        for column, (text, columns, high) in row:
            for line in grid[number : number + high]:
                line.update(dict.fromkeys(range(column, column + columns), ""))
            grid[number][column] = text.replace("\n", " ")
    return [[line.get(column, "") for column in range(max(line) + 1)] for line in grid]
