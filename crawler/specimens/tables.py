"""The three tables of a report, as grids of boxes and as HTML in four flavours of markup."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape

from crawler.specimens.printing import NESTED, UNCLOSED, WORD, Markup
from crawler.specimens.statute import (
    APPLICANTS,
    BLOCKS,
    CARRIED_IN,
    CARRIED_OUT,
    DISCLOSURE,
    OTHER_2019,
    OTHER_2021,
    OUTCOMES,
    RECEIVED,
    REQUESTS,
    RESULT_TOTAL,
    RESULTS,
    REVIEW,
    REVIEW_GROUPS,
    REVIEW_RESULTS,
    RULE_NOTE,
    SUITS,
    TOTAL,
    Key,
)

Texts = Mapping[Key, str]


@dataclass(frozen=True, slots=True)
class Box:
    """One printed cell of a table and how many columns and rows it spans."""

    text: str
    colspan: int = 1
    rowspan: int = 1


Row = tuple[Box, ...]
Rows = tuple[Row, ...]


def disclosure(form: str, texts: Texts, markup: Markup) -> Rows:
    """Return table two: four columns; a short row's last box spans the rest."""
    rows: list[Row] = []
    for block in BLOCKS[form]:
        rows.append((Box(block.article if markup.articles else block.item, 4),))
        headings = [_with_unit(code, label, markup) for code, label in block.headings]
        rows.append(_spread("信息内容", headings))
        for code, label in block.rows:
            rows.append(_spread(label, [texts[DISCLOSURE, code, heading] for heading, _ in block.headings]))
    return tuple(rows)


def _with_unit(code: str, label: str, markup: Markup) -> str:
    """Name the unit of purchases in the heading where the cells do not."""
    plain = code == "amount_wan" and label == "采购总金额"
    return f"{label}（单位：万元，保留4位小数）" if plain and markup.articles and not markup.yuan else label


def _spread(label: str, values: list[str]) -> Row:
    *most, last = values
    return (Box(label), *map(Box, most), Box(last, 4 - len(values)))


def requests(texts: Texts) -> Rows:
    """Return table three: ten columns, the first three for labels."""
    one_row = (REQUESTS, "other_handling", "total") in texts
    groups = (*OUTCOMES, OTHER_2019 if one_row else OTHER_2021, (RESULT_TOTAL[1], ((RESULT_TOTAL[0], ""),)))
    rows = [
        (Box(RULE_NOTE, 3, 3), Box("申请人情况", 7)),
        (Box(APPLICANTS[0][1], 1, 2), Box("法人或其他组织", 5), Box(TOTAL[1], 1, 2)),
        tuple(Box(label) for _, label in APPLICANTS[1:]),
        *((Box(label, 3), *_counts(code, texts)) for code, label in (RECEIVED, CARRIED_IN)),
    ]
    results = [row for label, members in groups for row in _group(label, members, texts)]
    rows += [(Box(RESULTS, 1, len(results)), *results[0]), *results[1:]]
    rows.append((Box(CARRIED_OUT[1], 3), *_counts(CARRIED_OUT[0], texts)))
    return tuple(rows)


def _group(label: str, members: tuple[tuple[str, str], ...], texts: Texts) -> Iterator[Row]:
    for index, (code, name) in enumerate(members):
        counts = _counts(code, texts)
        if not name:
            yield (Box(label, 2), *counts)
        elif index == 0:
            yield (Box(label, 1, len(members)), Box(name), *counts)
        else:
            yield (Box(name), *counts)


def _counts(row: str, texts: Texts) -> Row:
    return tuple(Box(texts[REQUESTS, row, column]) for column, _ in (*APPLICANTS, TOTAL))


def review(texts: Texts) -> Rows:
    """Return table four: one row of fifteen counts under three rows of headings."""
    results = (*REVIEW_RESULTS, TOTAL)
    reviews, *suits = REVIEW_GROUPS
    return (
        (Box(reviews[1], 5), Box(SUITS, 10)),
        (*(Box(label, 1, 2) for _, label in results), *(Box(label, 5) for _, label in suits)),
        tuple(Box(label) for _ in suits for _, label in results),
        tuple(Box(texts[REVIEW, group, result]) for group, _ in REVIEW_GROUPS for result, _ in results),
    )


def as_html(rows: Rows, flavour: str) -> str:
    """Return a table in one flavour of markup."""
    if flavour == WORD:
        return _word(rows)
    if flavour == UNCLOSED:
        return _unclosed(rows)
    plain = _plain(rows)
    if flavour == NESTED:
        return (
            '<table width="100%" border="0" cellspacing="0"><tr><td width="1%"></td>'
            f'<td><table width="100%"><tr><td align="center">\n{plain}</td></tr></table></td></tr></table>\n'
        )
    return plain


def _spans(box: Box) -> str:
    colspan = f' colspan="{box.colspan}"' if box.colspan > 1 else ""
    return colspan + (f' rowspan="{box.rowspan}"' if box.rowspan > 1 else "")


def _plain(rows: Rows) -> str:
    lines = (
        "<tr>" + "".join(f"<td{_spans(box)}>{escape(box.text)}</td>" for box in row) + "</tr>\n"
        for row in rows
    )
    return f'<table border="1" cellspacing="0" cellpadding="4">\n<tbody>\n{"".join(lines)}</tbody></table>\n'


def _unclosed(rows: Rows) -> str:
    """No end tag of row or cell, upper-case names, attributes without quotes."""
    lines = (
        "<TR>\n" + "".join(f"<TD{_spans(box).replace(chr(34), '')}>{escape(box.text)}\n" for box in row)
        for row in rows
    )
    return f"<TABLE BORDER=1 CELLSPACING=0>\n{''.join(lines)}</TABLE>\n"


def _word(rows: Rows) -> str:
    lines = (
        '<tr style="mso-yfti-irow:1;height:20.25pt">'
        + "".join(
            f'<td{_spans(box)} style="border:solid windowtext 1.0pt;mso-border-alt:solid windowtext .5pt;\n'
            f'padding:0cm 5.4pt 0cm 5.4pt">{_word_text(box.text)}</td>'
            for box in row
        )
        + "</tr>\n"
        for row in rows
    )
    return (
        '<table class="MsoNormalTable" border="1" cellspacing="0" cellpadding="0"\n'
        f' style="border-collapse:collapse;mso-yfti-tbllook:1184">{"".join(lines)}</table>\n'
    )


def _word_text(text: str) -> str:
    """Return text as Word pastes it: two runs for one number, nbsp for padding and for nothing."""
    middle = len(text) // 2
    runs = (text[:middle], text[middle:]) if len(text) > 1 else ("&nbsp;", text)
    if not text:
        runs = ("&nbsp;&nbsp;&nbsp;", "&nbsp;")
    spans = "".join(
        f'<span lang="EN-US" style="font-size:12.0pt;font-family:仿宋_GB2312;mso-hansi-font-family:宋体">'
        f"{run if run.startswith('&nbsp;') else escape(run)}</span>"
        for run in runs
    )
    return f'<p class="MsoNormal" align="center" style="mso-line-height-rule:exactly">{spans}<o:p></o:p></p>'
