"""Reports that are not in the page that a list names: in an attachment of it, or in its frame."""

from html import escape

from crawler.specimens.articles import SPECIMEN, report_body
from crawler.specimens.planted import ATTACHED, PlantedReport
from crawler.specimens.printing import texts_of
from crawler.specimens.statute import SECTIONS
from crawler.specimens.tables import Rows, disclosure, requests, review


def article_body(report: PlantedReport) -> str:
    """Return the body of the page that a list names: the report, or what leads to it."""
    name = escape(report.part.rpartition("/")[2])
    if not name:
        return report_body(report)
    if name.endswith(ATTACHED):
        return f'<p>附件：<a href="{name}">{escape(report.title)}{ATTACHED}</a></p>'
    return f'<iframe src="{name}" width="100%" height="900" frameborder="0"></iframe>'


def part(report: PlantedReport) -> tuple[str, str]:
    """Return what holds a report beside its page, and of what type it is: lines with tabs, or a page."""
    if report.part.endswith(ATTACHED):
        return "\n".join(_lines(report)) + "\n", "text/plain"
    head = f"<head><title>{escape(report.title)}</title></head>"
    body = f"<body><p>{SPECIMEN}</p>\n{report_body(report)}\n</body>"
    return f"<!DOCTYPE html>\n<html>{head}{body}</html>\n", "text/html"


def _lines(report: PlantedReport) -> list[str]:
    texts = texts_of(report.cells, report.markup)
    tables = {2: disclosure(report.form, texts, report.markup), 3: requests(texts), 4: review(texts)}
    lines = [report.title, SPECIMEN, report.note]
    for number, heading in enumerate(SECTIONS, start=1):
        lines += [heading, *(_rows(tables[number]) if number in tables else ["样本附件，此处不载叙述文字。"])]
    return lines


def _rows(rows: Rows) -> list[str]:
    """Return a table as lines of fields; the further fields of a box that spans some are empty."""
    taken: dict[tuple[int, int], str] = {}
    for down, row in enumerate(rows):
        across = 0
        for box in row:
            while (down, across) in taken:
                across += 1
            spanned = [(down + y, across + x) for y in range(box.rowspan) for x in range(box.colspan)]
            taken |= dict.fromkeys(spanned, "") | {(down, across): box.text}
    width = 1 + max(across for _, across in taken)
    return ["\t".join(taken[down, across] for across in range(width)) for down in range(len(rows))]
