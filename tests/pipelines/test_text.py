"""Text with tables in it: fields where they are certain, and a problem where they are not."""

import csv
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.captures import Capture
from pipelines.documents import Document, read_document
from pipelines.read import read_capture
from pipelines.reading import Reading
from tests.pipelines.template import Box, Habits, Key, disclosure_rows, keys_of, requests_rows, review_rows

FORM = "form_2021"
TEXTS = {key: str(1000 + index) for index, key in enumerate(keys_of(FORM))}
PRINTED = {key: int(text) for key, text in TEXTS.items()}
TITLE = "某某市样本局2022年政府信息公开工作年度报告"
TABLES = (disclosure_rows(FORM, TEXTS), requests_rows(FORM, TEXTS, Habits()), review_rows(TEXTS))


def document(text: str) -> Document:
    return read_document(Capture(body=text.encode()))


def read(text: str) -> Reading:
    return read_capture(Capture(body=text.encode()))


def expanded(rows: list[list[Box]]) -> list[list[str]]:
    """Return a table as a conversion prints it: a label stands in the first of the slots it covers."""
    taken: dict[tuple[int, int], str] = {}
    for number, row in enumerate(rows):
        column = 0
        for text, wide, high in row:
            while (number, column) in taken:
                column += 1
            slots = [(number + down, column + right) for down in range(high) for right in range(wide)]
            taken |= dict.fromkeys(slots, "") | {(number, column): text}
            column += wide
    width = max(column for _, column in taken) + 1
    return [[taken.get((number, column), "") for column in range(width)] for number in range(len(rows))]


def as_markdown(rows: list[list[str]]) -> str:
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([lines[0], "|" + ":---:|" * len(rows[0]), *lines[1:]])


def as_csv(tables: list[list[list[str]]]) -> str:
    width = max(len(row) for rows in tables for row in rows)
    lines = [[TITLE], *(row for rows in tables for row in rows)]
    output = io.StringIO()
    csv.writer(output).writerows([row + [""] * (width - len(row)) for row in lines])
    return output.getvalue()


def values(reading: Reading) -> dict[tuple[str, str, str], float | None]:
    return {cell.key: cell.value for cell in reading.cells}


def report(write: object) -> str:
    """Return a report whose tables `write` prints."""
    parts = [write(expanded(rows)) for rows in TABLES]  # type: ignore[operator]
    heads = ("# 二、主动公开政府信息情况", "# 三、收到和处理政府信息公开申请情况", "# 四、复议、诉讼情况")
    return "\n\n".join([TITLE, *(text for pair in zip(heads, parts, strict=True) for text in pair)])


def repeated(rows: list[list[str]]) -> list[list[str]]:
    """Return the rows with every heading again in each slot that it covers, as some conversions do."""
    return [[text or (row[at - 1] if at else "") for at, text in enumerate(row)] for row in rows]


def test_lines_between_bars_are_rows_whose_fields_keep_escaped_bars_and_breaks() -> None:
    (grid,) = document("|甲|1|\n|:--|--:|\n| 乙\\|丙 | 1<br/>2 |\n||**3**|").grids
    assert [[cell.text for cell in row] for row in grid.rows] == [["甲", "1"], ["乙|丙", "1\n2"], ["", "3"]]


def test_a_page_number_or_a_rule_does_not_end_a_table() -> None:
    text = "| 甲 | 1 |\n\n— 4 —\n\n|---|---|\n| 乙 | 2 |\n第 5 页 共 6 页\n丙\t3\n末行"
    (grid,) = document(text).grids
    assert [row[0].text for row in grid.rows] == ["甲", "乙", "丙"]
    assert [row[0].place.line for row in grid.rows] == [1, 6, 8]
    assert [line.text for line in document("— 4 —\n末行").lines] == ["— 4 —", "末行"]


def test_bars_in_a_breadcrumb_and_commas_in_a_sentence_are_text() -> None:
    lines = ["首页 | 公开 | 年报", *(f"样本,第{number}句,有,逗号" for number in range(7)), "末行"]
    read_lines = document("\n".join(lines))
    assert read_lines.grids == ()
    assert len(read_lines.lines) == 9


def test_a_line_longer_than_any_field_of_csv_is_text() -> None:
    (line,) = document("某" * 200_000).lines
    assert len(line.text) == 200_000


@pytest.mark.parametrize("kind", ["markdown", "tabs", "csv"])
def test_every_cell_of_a_converted_report_is_read(kind: str) -> None:
    text = {
        "markdown": lambda: report(as_markdown),
        "tabs": lambda: report(lambda rows: "\n".join("\t".join(row) for row in rows)),
        "csv": lambda: as_csv([expanded(rows) for rows in TABLES]),
    }[kind]()
    reading = read(text)
    assert values(reading) == PRINTED
    assert (reading.agency, reading.year, reading.problems) == ("某某市样本局", 2022, ())


BLANK_OR_LOST = st.lists(
    st.tuples(st.sampled_from(sorted(TEXTS)), st.sampled_from(["blank", "lost"])), max_size=2
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(damages=BLANK_OR_LOST, kind=st.sampled_from(["|", "\t", ","]))
def test_a_field_that_is_blank_or_lost_moves_no_number(damages: list[tuple[Key, str]], kind: str) -> None:
    text = report(lambda rows: "\n".join(kind + kind.join(row) + kind for row in rows))
    for key, damage in damages:
        text = text.replace(f"{kind}{TEXTS[key]}{kind}", kind * (2 if damage == "blank" else 1))
    for key, value in values(read(text)).items():
        assert value in (None, PRINTED[key])


def test_columns_held_apart_by_spaces_are_refused_with_a_problem() -> None:
    reading = read(report(lambda rows: "\n".join("   ".join(row) for row in rows)))
    assert reading.cells == ()
    assert "no_tables" in {problem.kind for problem in reading.problems}


def test_lines_that_lost_a_field_are_not_believed_because_they_are_alike() -> None:
    rows = [
        ["", "", "", "自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"],
        *(
            [label, "", "1", "2", "4", "5", "6", "7"]  # of seven values the third is lost
            for label in ("（一）予以公开", "1.属于国家秘密", "7.属于行政执法案卷", "2.重复申请")
        ),
    ]
    reading = read("\n".join("\t".join(row) for row in rows))
    assert not [cell for cell in reading.cells if cell.value is not None]
    assert len([one for one in reading.problems if one.kind == "unattributed_number"]) == 4
