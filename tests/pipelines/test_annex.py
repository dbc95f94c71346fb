"""The list of indicators of 2014 to 2018 is read row by row, or it is said what is not certain."""

import random
from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.captures import Capture
from pipelines.forms import ANNEX_2014, form_cells
from pipelines.read import read_capture
from pipelines.reading import Reading

ROWS = [cell.row for cell in form_cells(ANNEX_2014)]
UNITS = {cell.row.code: cell.unit for cell in form_cells(ANNEX_2014)}
Line = tuple[str, ...]
HEAD: Line = ("统计指标", "单位", "统计数")


def lines(values: dict[str, str]) -> list[Line]:
    """Return the printed lines: headings of sections once, then label, unit and value."""
    own = {row.labels[-1] for row in ROWS}
    found: list[Line] = []
    for row in ROWS:
        for outer in row.labels[:-1]:
            if outer not in own and all(outer != line[0] for line in found):
                found.append((outer, "——", "——"))
        found.append((row.labels[-1], UNITS[row.code], values[row.code]))
    return found


def numbered() -> dict[str, str]:
    return {row.code: str(1000 + number) for number, row in enumerate(ROWS)}


def html(printed: list[Line], year: int = 2016) -> str:
    rows = "".join(
        "<tr>" + "".join(f"<td>{escape(text)}</td>" for text in line) + "</tr>" for line in printed
    )
    prose = "".join(f"<h3>{number}、样本</h3><p>样本。</p>" for number in "一二三四")
    return (
        f"<html><head><title>某某市样本局{year}年政府信息公开工作年度报告</title></head>"
        f"<body>{prose}<table>{rows}</table></body></html>"
    )


def read(printed: list[Line], year: int = 2016) -> Reading:
    return read_capture(Capture(body=html(printed, year).encode()))


def values(reading: Reading) -> dict[str, float | None]:
    return {cell.row: cell.value for cell in reading.cells}


WHOLE = {code: int(text) for code, text in numbered().items()}


def test_every_row_is_read_with_its_unit_and_the_report_stands_in_prose() -> None:
    reading = read([HEAD, *lines(numbered())])
    assert values(reading) == WHOLE
    assert reading.problems == reading.findings == ()
    assert (reading.form, reading.is_report, len(reading.sections)) == ("annex_2014", True, 4)


@pytest.mark.parametrize(
    "printed",
    [
        lines(numbered()),
        [("序号", *HEAD), *((str(n), *line) for n, line in enumerate(lines(numbered()), 1))],
        [("统计指标", "统计数"), *((a, c) for a, _, c in lines(numbered()))],
        [("指标名称", "计量单位", "代码", "2016年"), *((a, b, "07", c) for a, b, c in lines(numbered()))],
        [(*HEAD[:2], "2016年度", "历年累计"), *((*line, "9") for line in lines(numbered()))],
        [HEAD, *lines(numbered())[:30], HEAD, *lines(numbered())[30:]],
    ],
    ids=["no heading", "ordinals", "no units", "codes", "two columns", "heading again"],
)
def test_columns_of_other_things_are_told_from_the_years_numbers(printed: list[Line]) -> None:
    assert values(read(printed)) == WHOLE


@pytest.mark.parametrize("heads", [("", ""), ("2015年", "2016年"), ("本期实际", "本年累计")])
def test_two_columns_of_numbers_that_cannot_be_told_apart_give_none(heads: tuple[str, str]) -> None:
    reading = read([(*HEAD[:2], *heads), *((*line, "9") for line in lines(numbered()))])
    assert reading.cells == ()
    assert {problem.kind for problem in reading.problems} >= {"unattributed_number", "missing_row"}


@pytest.mark.parametrize("down", [True, False])
def test_lists_side_by_side_are_read(down: bool) -> None:
    printed = lines(numbered())
    half = (len(printed) + 1) // 2
    printed += [("", "", "")] * (2 * half - len(printed))
    pairs = (
        zip(printed[:half], printed[half:], strict=True)
        if down
        else zip(printed[::2], printed[1::2], strict=True)
    )
    reading = read([(*HEAD, *HEAD), *((*left, *right) for left, right in pairs)])
    assert {code: value for code, value in values(reading).items() if WHOLE[code] != value} == {}
    assert not down or values(reading) == WHOLE


def test_a_local_row_is_kept_as_a_problem_and_moves_no_other() -> None:
    printed = lines(numbered())
    printed.insert(9, ("6.政务头条公开政府信息数", "条", "77"))
    reading = read([HEAD, *printed])
    assert values(reading) == WHOLE
    (problem,) = reading.problems
    assert problem.kind == "unknown_row" and "77" in problem.detail and "政务头条" in problem.detail


def test_a_row_of_money_in_yuan_is_read_in_wan() -> None:
    printed = [(a, "元" if b == "万元" else b, c) for a, b, c in lines(numbered())]
    assert values(read([HEAD, *printed]))["fees_wan"] == WHOLE["fees_wan"] / 10_000


def test_a_table_of_an_unknown_form_is_said_to_be_there() -> None:
    local = [("指标名称", "计量单位", "2016年度"), ("主动公开文件数", "条", "12"), ("当面申请数", "条", "3")]
    reading = read(local)
    assert (reading.form, reading.cells) == ("prose", ())
    assert [problem.kind for problem in reading.problems] == ["unattributed_number"]
    run_together = html([]).replace("</body>", "<p>指标名称计量单位2016年度主动公开文件数条12</p></body>")
    (problem,) = read_capture(Capture(body=run_together.encode())).problems
    assert problem.kind == "unattributed_number" and "lost its cells" in problem.detail


def test_the_annex_of_a_later_year_is_a_form_no_longer_in_force() -> None:
    (finding,) = read([HEAD, *lines(numbered())], 2019).findings
    assert (finding.check, finding.expected, finding.found) == ("superseded_form", 2019, 2014)


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    lost=st.integers(0, 40),
    damage=st.sampled_from(["lost", "swapped", "renamed"]),
)
def test_whatever_lines_are_lost_moved_or_renamed_no_number_is_in_a_wrong_row(
    seed: int, lost: int, damage: str
) -> None:
    chance = random.Random(seed)
    printed = lines(numbered())
    for number in sorted(chance.sample(range(len(printed)), lost), reverse=True):
        if damage == "lost":
            del printed[number]
        elif damage == "renamed":
            printed[number] = ("样本" + printed[number][0][-3:], *printed[number][1:])
        elif number and "、" not in printed[number - 1][0][1:2] + printed[number][0][1:2]:
            # Never over the heading of a section: there it would be a line of that section.
            printed[number - 1 : number + 1] = printed[number - 1 : number + 1][::-1]
    reading = read([HEAD, *printed])
    wrong = {code: value for code, value in values(reading).items() if value != WHOLE[code]}
    assert wrong == {}
