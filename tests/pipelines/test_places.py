"""The place of a cell, as the database keeps it, shows what is printed in the cell.

Reports are made at random, loaded, and their places taken from the database; `showing` then looks
there into the document itself.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.captures import Capture
from pipelines import places
from pipelines.documents.pdf_lattices import Lattice
from pipelines.documents.pdf_rules import Rule, Rules
from pipelines.documents.pdf_tables import PrintedPage, rows_of
from pipelines.documents.pdf_text import Glyph
from pipelines.forms import ITEMS
from pipelines.load import Loader
from pipelines.read import read_capture
from pipelines.reading import Place
from tests.pipelines import pdf_files
from tests.pipelines.pdf_strips import Look
from tests.pipelines.placed_documents import PRINTED, UTF_8, xlsx_off_the_corner
from tests.pipelines.round_trip import convert, markup, office
from tests.pipelines.round_trip.reports import Report, make
from tests.pipelines.showing import show
from tests.pipelines.template import Habits, Key, keys_of, page, requests_rows, table_html
from tests.pipelines.test_pdf import LOOKS

CELLS = 12
"""Cells of each document that are looked for."""

Texts = Mapping[Key, str]
Stored = dict[Key, Place]


def stored(folder: Path, body: bytes) -> Stored:
    """Load a document; return the place of each of its cells as the database tells it."""
    capture = Capture(id="a", url="http://127.0.0.1/a", body=body)
    reading = read_capture(capture)
    with Loader(folder / "gongkai.db", "1") as loader:
        assert loader.load_reading(capture, reading).cells == len(reading.cells)
        roots = {(page, number): path for _, page, number, path in loader.db.execute("SELECT * FROM grid")}
        texts = dict(loader.db.execute("SELECT item, place FROM cell").fetchall())
    found = {cell.key: places.parse(texts[ITEMS[cell.key].id], roots) for cell in reading.cells}
    assert found == {cell.key: cell.place for cell in reading.cells}
    return found


def misplaced(
    kind: str, body: bytes, found: Stored, printed: Texts, random: Random, most: int = CELLS
) -> list[str]:
    """Return which of some random cells are not shown at their places."""
    some = random.sample(sorted(printed), min(most, len(printed)))
    shown = {key: show(kind, body, found[key]) for key in some}
    return [
        f"{key} at {found[key]}: {shown[key]!r}, not {printed[key]!r}"
        for key in some
        if not same(shown[key], printed[key])
    ]


def same(one: str, other: str) -> bool:
    """Tell whether two texts differ in white space only; a workbook keeps 0.50 as 0.5."""
    one, other = ("".join(text.split()) for text in (one, other))
    bare = all(re.fullmatch(r"\d+(\.\d+)?", text, re.ASCII) for text in (one, other))
    return one == other or (bare and float(one) == float(other))


def texts_of(report: Report) -> Texts:
    return {key: one.text for key, one in report.printed.items()}


FIXED = ("xlsx", "pdf", "zip")


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("name", PRINTED)
def test_a_place_shows_what_is_printed_in_the_cell(name: str, seed: int, tmp_path: Path) -> None:
    kind, render = PRINTED[name]
    random = Random(f"{name} {seed}")
    report = make(random, fixed=kind in FIXED, whole=kind == "csv")
    body = render(report, random)
    assert misplaced(kind, body, stored(tmp_path, body), texts_of(report), random) == []


@pytest.mark.slow
@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_a_place_in_a_pdf_shows_the_number_however_pages_are_turned_and_cut(
    look: Look, tmp_path: Path
) -> None:
    random = Random(str(look))
    wanted = {key: random.choice(("0", "7", "23", "4567", "", "/")) for key in keys_of("form_2021")}
    body = pdf_files.pdf("form_2021", wanted, look)
    most = CELLS if look.whole_rows else len(wanted)
    assert misplaced("pdf", body, stored(tmp_path, body), wanted, random, most) == []


@pytest.mark.parametrize("half", ["upper", "lower"])
def test_the_place_in_a_row_that_a_page_cuts_is_the_half_that_holds_the_number(
    half: str, tmp_path: Path
) -> None:
    wanted = {key: str(1000 + number) for number, key in enumerate(keys_of("form_2021"))}
    rows = requests_rows("form_2021", wanted, Habits())
    (label, *size), *values = rows[4]
    blank = [("", 1, 1)] * len(values)
    upper = [(label[:9], *size), *(values if half == "upper" else blank)]
    lower = [(label[9:], *size), *(values if half == "lower" else blank)]
    cut = table_html([*rows[:4], upper], Habits()) + table_html([lower, *rows[5:]], Habits())
    whole_page = page("form_2021", wanted).replace(table_html(rows, Habits()), cut)
    body = f"{UTF_8}{whole_page.removeprefix('<html>')}".encode()
    found = stored(tmp_path, body)
    torn = {key: text for key, text in wanted.items() if key[1] == "carried_in"}
    assert misplaced("html", body, found, torn, Random(1)) == []
    assert {found[key].table for key in torn} == {2 if half == "upper" else 3}


def test_the_box_of_a_last_row_holds_the_line_that_hangs_below_its_rules() -> None:
    rules = Rules((Rule(0, 0, 100), Rule(20, 0, 100)), (Rule(0, 0, 26), Rule(50, 0, 26), Rule(100, 0, 26)))
    lattice = Lattice(rules, (0, 50, 100), (0, 20), open_bottom=True, overhang=6)
    glyphs = [Glyph("7", 60, 18, 65, 25.5)]
    turned = PrintedPage(3, 200, glyphs, [lattice], False, lambda box: (box[1], box[0], box[3], box[2]))
    ((_, cell),) = rows_of(lattice, glyphs, turned)
    assert (cell.text, cell.page, cell.box) == ("7", 3, (0, 50, 26, 100))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("source", "target", "shown"),
    [
        ("xlsx", "xls", "xlsx"),
        ("docx", "doc", "docx"),
        ("docx", "rtf", "docx"),
        ("html", "doc", "docx"),
        ("docx", "pdf", "pdf"),
    ],
)
@pytest.mark.usefixtures("soffice")
def test_a_place_in_what_libreoffice_saves_shows_what_is_printed(
    source: str, target: str, shown: str, tmp_path: Path
) -> None:
    random = Random(f"{source} {target}")
    render = {"xlsx": xlsx_off_the_corner, "docx": office.docx, "html": markup.html}[source]
    report = make(random, fixed=True, whole=target != "pdf")
    (body,) = convert.libreoffice({"a": render(report, random)}, source, target, folder(tmp_path)).values()
    looked_at = body
    if shown != target:
        (looked_at,) = convert.libreoffice({"b": body}, target, shown, folder(tmp_path)).values()
    found, printed = stored(tmp_path, body), texts_of(report)
    assert found.keys() == printed.keys() or target == "pdf"  # whose pages break some rows past telling
    there = {key: printed[key] for key in found if key in printed}
    assert misplaced(shown, looked_at, found, there, random) == []


def folder(within: Path) -> Path:
    made = within / f"made{len(list(within.iterdir()))}"
    made.mkdir()
    return made


NUMBERS = st.none() | st.integers(0, 10**6)
STEPS = st.lists(
    st.sampled_from(["div", "table", "td", "*[name()='o:p']"]).flatmap(
        lambda tag: st.integers(1, 99).map(lambda number: f"/{tag}[{number}]")
    ),
    min_size=1,
)
ELEMENTS = STEPS.map(lambda steps: "/html/body" + "".join(steps))
QUOTED = st.text(max_size=8).map(lambda name: "'{}'".format(name.replace("'", "''")))
SHEET_CELLS = st.builds("{}!{}{}".format, QUOTED, st.sampled_from(["A", "Z", "BC"]), st.integers(1, 999))
WITHIN = st.lists(QUOTED | ELEMENTS | st.just("$"), max_size=2)
PATHS = st.builds(lambda within, path: " ".join([*within, path]), WITHIN, ELEMENTS | SHEET_CELLS | QUOTED)
POINTS = st.integers(-9999, 99999).map(lambda tenths: tenths / 10)
BOXES = st.none() | st.tuples(POINTS, POINTS, POINTS, POINTS)
PLACES = st.builds(Place, NUMBERS, NUMBERS, NUMBERS, NUMBERS, st.none() | PATHS, BOXES, NUMBERS)

IN_TABLES = st.builds(lambda table, path: Place(table=table, path=path), st.integers(1, 2), PATHS)


@given(st.lists(PLACES | IN_TABLES, min_size=1))
def test_a_place_is_parsed_as_it_was_written(some: list[Place]) -> None:
    roots = places.roots(some)
    assert [places.parse(places.write(one, roots), roots) for one in some] == some
    assert [places.parse(places.write(one)) for one in some] == some


@given(BOXES)
def test_a_box_is_kept_to_a_tenth_of_a_point(box: tuple[float, float, float, float] | None) -> None:
    moved = box and tuple(value + 0.04 for value in box)
    assert places.parse(places.write(Place(box=moved))).box == box  # type: ignore[arg-type]


def test_a_place_of_an_earlier_database_is_understood() -> None:
    assert places.parse("p3t2r4c3l38") == Place(3, 2, 4, 3, None, None, 38)
    assert places.parse(None) == Place()


@pytest.mark.parametrize("text", ["x", "t2r4x", "t2r4c3l38b1,2", "t2 r4"])
def test_what_is_no_place_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no place"):
        places.parse(text, {(0, 2): "'表三'"} if text == "x" else {})


def test_a_path_that_does_not_begin_with_its_root_is_not_written() -> None:
    with pytest.raises(ValueError, match="does not begin"):
        places.write(Place(table=1, path="/html/body/p[1]"), {(0, 1): "/html/body/table[1]"})
