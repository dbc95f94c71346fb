"""The place of a cell, as the database keeps it, shows what is printed in the cell.

Reports are made at random, loaded, and their places taken from the database; `showing` then looks
there into the document itself.
"""

import json
import re
from collections.abc import Callable, Mapping
from html import escape
from io import BytesIO
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from archive.captures import Capture
from pipelines import breaks, places
from pipelines.documents import GridCell
from pipelines.forms import ITEMS
from pipelines.load import Loader
from pipelines.read import read_capture
from pipelines.reading import Place
from tests.pipelines import pdf_files
from tests.pipelines.office_files import zipped
from tests.pipelines.pdf_strips import Look
from tests.pipelines.round_trip import convert, markup, office, pdf
from tests.pipelines.round_trip.reports import Report, make
from tests.pipelines.showing import show
from tests.pipelines.template import Key, keys_of
from tests.pipelines.test_mhtml import saved
from tests.pipelines.test_pdf import LOOKS
from tests.pipelines.test_text import as_csv

CELLS = 12
"""Cells of each document that are looked for."""

UTF_8 = '<html><meta charset="utf-8">'
SHEET = "it's 表三"
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


def misplaced(kind: str, body: bytes, found: Stored, printed: Texts, random: Random) -> list[str]:
    """Return which of some random cells are not shown at their places."""
    some = random.sample(sorted(printed), CELLS)
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


def html_with_lines(report: Report, random: Random) -> bytes:
    """Print a page with each cell on a line of its own."""
    return markup.html(report, random).replace(b"<td", b"\n<td")


def html_with_inline_tables(report: Report, random: Random) -> bytes:
    """Print a page in which every other number stands in a table of its own inside its cell."""
    body = markup.html(report, random)
    inline = rb"\1<table class=x><tr><td>\2</td></tr></table></td>"
    return re.sub(rb"(<td[^>]*>)(\d*[02468])</td>", inline, body)


def html_in_odd_elements(report: Report, random: Random) -> bytes:
    """Print a page whose tables stand in elements that XPath has no name for."""
    body = markup.html(report, random)
    return body.replace(b"<table>", b"<o:p></o:p><o:p><st1:a.b><table>").replace(
        b"</table>", b"</table></st1:a.b></o:p>"
    )


def html_in_a_script(report: Report, random: Random) -> bytes:
    """Print a page that a script writes, in a string."""
    text = json.dumps(whole(report, random)).replace("/", "\\/")
    return f"{UTF_8}<title>{report.parts[0]}</title><body>\n<p>x\n<script>var a = {text};</script>".encode()


def html_in_a_frame(report: Report, random: Random) -> bytes:
    """Print a page that stands in the attribute of a frame."""
    title = report.parts[0]
    return f"{UTF_8}<title>{title}</title><body>\n\n<p>x<p>y{_frame(whole(report, random))}".encode()


def html_in_a_script_in_a_frame(report: Report, random: Random) -> bytes:
    inner = html_in_a_script(report, random).decode()
    return f"{UTF_8}<title>{report.parts[0]}</title><body>\n{_frame(inner)}".encode()


def _frame(page: str) -> str:
    line = escape(page).replace("\n", "&#10;")
    return f'<iframe srcdoc="{line}"></iframe>'


def as_json(report: Report, random: Random) -> bytes:
    """Print what an address for programs gives."""
    return json.dumps({"title": report.parts[0], "content": whole(report, random)}).encode()


def as_mhtml(report: Report, random: Random) -> bytes:
    return saved(whole(report, random).replace("<td", "\n<td"), charset="utf-8")


def whole(report: Report, random: Random) -> str:
    """Print a page as text."""
    body = markup.html(report, random)
    return body.decode("gb18030" if b"charset=gb18030" in body else "utf-8")


def csv_lines(report: Report, random: Random) -> bytes:
    tables = [markup.slots(part) for part in report.parts if not isinstance(part, str)]
    text = as_csv(tables).replace("\xa0", " ")
    return "\n".join([f"{report.parts[0]},,,,,,,,,,,,,,", *text.splitlines()]).encode()


def xlsx_off_the_corner(report: Report, random: Random) -> bytes:
    """Print a workbook whose sheets begin in C4, with a hidden row and a hidden column before."""
    book = load_workbook(BytesIO(office.xlsx(report, random, corner=(4, 3))))
    for number, sheet in enumerate(book.worksheets):
        sheet.title = f"{SHEET} {number}"
        sheet.row_dimensions[2].hidden = True
        sheet.column_dimensions["A"].hidden = True
    body = BytesIO()
    book.save(body)
    return body.getvalue()


def pdf_sideways(report: Report, random: Random) -> bytes:
    """Print a PDF file whose text runs upward on pages that are not turned."""
    for number in range(100):
        body = pdf.pdf(report, Random(f"{random.random()} {number}"))
        if b"/Rotate 90" in body:
            return body.replace(b"/Rotate 90", b"/Rotate 0 ")
    raise AssertionError("none of the pages is turned")


def in_an_archive(kind: str) -> Callable[[Report, Random], bytes]:
    """Return what puts a document into an archive, behind one that has a table of its own."""
    other = "<table><tr><td>样本<td>无</table>"
    render = {"html": html_with_lines, "xlsx": office.xlsx, "docx": office.docx, "pdf": pdf.pdf}[kind]
    return lambda report, random: zipped({"1.html": other, f"it's 样本/2.{kind}": render(report, random)})


PRINTED: dict[str, tuple[str, Callable[[Report, Random], bytes]]] = {
    "html": ("html", html_with_lines),
    "inline tables": ("html", html_with_inline_tables),
    "elements without a name": ("html", html_in_odd_elements),
    "script": ("html", html_in_a_script),
    "frame": ("html", html_in_a_frame),
    "script in a frame": ("html", html_in_a_script_in_a_frame),
    "json": ("json", as_json),
    "mhtml": ("mhtml", as_mhtml),
    "text": ("text", markup.text),
    "markdown": ("markdown", markup.markdown),
    "csv": ("csv", csv_lines),
    "docx": ("docx", office.docx),
    "xlsx": ("xlsx", office.xlsx),
    "xlsx off the corner": ("xlsx", xlsx_off_the_corner),
    "pdf": ("pdf", pdf.pdf),
    "pdf sideways": ("pdf", pdf_sideways),
    **{f"{kind} in an archive": ("zip", in_an_archive(kind)) for kind in ("html", "xlsx", "docx", "pdf")},
}
"""What is printed: the kind of document, and how it is made."""

FIXED = ("xlsx", "pdf", "zip")


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("name", PRINTED)
def test_a_place_shows_what_is_printed_in_the_cell(name: str, seed: int, tmp_path: Path) -> None:
    kind, render = PRINTED[name]
    random = Random(f"{name} {seed}")
    report = make(random, fixed=kind in FIXED, whole=kind == "csv")
    body = render(report, random)
    assert misplaced(kind, body, stored(tmp_path, body), texts_of(report), random) == []


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_a_place_in_a_pdf_shows_the_number_however_pages_are_turned_and_cut(
    look: Look, tmp_path: Path
) -> None:
    random = Random(str(look))
    wanted = {key: random.choice(("0", "7", "23", "4567", "", "/")) for key in keys_of("form_2021")}
    body = pdf_files.pdf("form_2021", wanted, look)
    assert misplaced("pdf", body, stored(tmp_path, body), wanted, random) == []


@pytest.mark.parametrize(("half", "page"), [("upper", 1), ("lower", 2)])
def test_the_place_in_a_row_that_a_page_cuts_is_the_half_that_holds_the_number(half: str, page: int) -> None:
    upper = GridCell("12" if half == "upper" else "", Place(page=1, table=1, row=9, column=2))
    lower = GridCell("" if half == "upper" else "12", Place(page=2, table=2, row=1, column=2))
    joined = breaks._cell(upper, lower)
    assert (joined.text, joined.text_place.page, joined.place) == ("12", page, upper.place)


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
