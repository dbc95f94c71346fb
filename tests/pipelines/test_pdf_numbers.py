"""Numbers as PDF pages draw them: what is drawn as one number is read as one, nothing else is."""

import pytest

from pipelines.reading import NUMBER, UNREADABLE
from tests.pipelines.pdf_files import printed, strip_of
from tests.pipelines.pdf_strips import Strip
from tests.pipelines.template import keys_of
from tests.pipelines.test_pdf import read

TEXTS = {key: str(2000 + number) for number, key in enumerate(keys_of("form_2021"))}
KEY = ("requests", "received_new", "business")
DRAWN = TEXTS[KEY]
WIDTH = 4.5  # of a digit of 9 points


def drawn_instead(*parts: tuple[float, float, float, str]) -> Strip:
    """Return a report in which these texts stand for one number: (x, y, size) are added to its own."""
    strip = strip_of("form_2021", TEXTS)
    at = next(index for index, text in enumerate(strip.texts) if text[3] == DRAWN)
    x, y, size, _ = strip.texts[at]
    strip.texts[at : at + 1] = [(x + dx, y + dy, size + ds, text) for dx, dy, ds, text in parts]
    return strip


def states(strip: Strip) -> dict[str, str]:
    """Return the states of the row's cells; all others are as they are printed."""
    cells = read(printed(strip)).cells
    assert all(cell.text == TEXTS[cell.key] for cell in cells if cell.row != KEY[1])
    return {cell.column: cell.state for cell in cells if cell.row == KEY[1]}


def test_a_number_drawn_in_pieces_is_one() -> None:
    reading = read(printed(drawn_instead((0, 0, 0, DRAWN[:2]), (2 * WIDTH, 0, 0, DRAWN[2:]))))
    assert {cell.key: cell.text for cell in reading.cells} == TEXTS


@pytest.mark.parametrize(
    "second",
    [
        (2 * WIDTH, 0, -1, DRAWN[2:]),
        (2 * WIDTH, -3, 0, DRAWN[2:]),
        (2 * WIDTH, -2, -2, DRAWN[2:]),
        (1 * WIDTH, 0, 0, DRAWN[2:]),
        (4 * WIDTH, 0, 0, DRAWN[2:]),
    ],
    ids=["smaller", "raised", "smaller and raised", "over another", "apart"],
)
def test_digits_that_are_not_of_one_number_are_none(second: tuple[float, float, float, str]) -> None:
    found = states(drawn_instead((0, 0, 0, DRAWN[:2]), second))
    assert found.pop("business") == UNREADABLE
    assert set(found.values()) == {NUMBER}


@pytest.mark.parametrize("half", [1.5, 2.5])
def test_a_number_over_a_rule_is_in_neither_of_its_cells(half: float) -> None:
    strip = strip_of("form_2021", TEXTS)
    x, y = next((x, y) for x, y, _, text in strip.texts if text == DRAWN)
    right = min(x1 for x0, y0, x1, y1 in strip.rules if x0 == x1 and x1 > x and y0 < y < y1 + 9)
    found = states(drawn_instead((right - half * WIDTH - x, 0, 0, DRAWN)))
    assert (found.pop("business"), found.pop("research_institute")) == (UNREADABLE, UNREADABLE)
    assert set(found.values()) == {NUMBER}
