"""Whatever is printed in a report, in whichever format, is read from it or said not to be.

The short forms take a report from Hypothesis; the long one (`make soak`) 2,000 by number, of which
each that fails is kept in the test's folder.
"""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from archive.captures import Capture
from pipelines.read import read_capture
from pipelines.reading import Problem, Reading
from tests.pipelines.round_trip import convert, markup, office, pdf
from tests.pipelines.round_trip.compare import faults
from tests.pipelines.round_trip.reports import Report, make

Renderer = Callable[[Report, Random], bytes]

PRINTED: dict[str, Renderer] = {
    "html": markup.html,
    "text": markup.text,
    "markdown": markup.markdown,
    "docx": office.docx,
    "xlsx": office.xlsx,
    "pdf": pdf.pdf,
}
FIXED = ("xlsx", "pdf")
CONVERTED = (
    ("html", "docx"),
    ("docx", "pdf"),
    ("xlsx", "xls"),
    ("docx", "doc"),
    ("html", "doc"),
    ("docx", "rtf"),
    ("html", "rtf"),
)
"""Formats that LibreOffice makes: source, target."""

SEEDS = st.integers(0, 2**32 - 1)
SHORT = settings(
    max_examples=5,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],  # a smaller seed is no simpler report
    suppress_health_check=list(HealthCheck),
)


def read(body: bytes) -> Reading:
    return read_capture(Capture(body=body))


@pytest.mark.parametrize("name", PRINTED)
@SHORT
@given(seed=SEEDS)
def test_every_cell_is_read_as_it_was_printed(name: str, seed: int) -> None:
    random = Random(seed)
    report = make(random, fixed=name in FIXED)
    assert faults(report, read(PRINTED[name](report, random))) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", PRINTED)
@SHORT
@given(seed=SEEDS)
def test_a_table_broken_past_telling_loses_cells_to_problems_and_gives_no_other_number(
    name: str, seed: int
) -> None:
    random = Random(seed)
    report = make(random, certain=False, fixed=name in FIXED)
    assert faults(report, read(PRINTED[name](report, random))) == []


def test_the_comparison_sees_another_number_another_state_and_a_cell_left_out() -> None:
    random = Random(1)
    report = make(random)
    reading = read(markup.html(report, random))
    number = next(cell for cell in reading.cells if cell.state == "number")
    others = tuple(cell for cell in reading.cells if cell is not number)
    for cells in (
        others,
        (*others, number._replace(value=12_345_678_901)),
        (*others, number._replace(state="blank", value=None)),
        (*others, number._replace(state="unreadable", value=None)),
    ):
        for certain in (True, False):
            altered = replace(reading, cells=cells)
            assert len(faults(replace(report, certain=certain), altered)) == 1
    named = replace(reading, cells=others, problems=(Problem("bad_number", "", *number.key),))
    assert faults(replace(report, certain=False), named) == []
    assert len(faults(report, named)) == 1


def converted(source: str, target: str, numbers: range, folder: Path) -> dict[str, tuple[Report, bytes]]:
    """Print reports in the format `source` and have them converted.

    Every second one has broken tables, of which a conversion may leave too little to tell columns
    by; on a page of PDF a number may be broken into two lines.
    """
    reports: dict[str, Report] = {}
    documents: dict[str, bytes] = {}
    for number in numbers:
        random = Random(f"{source} {target} {number}")
        whole = number % 2 == 0
        reports[str(number)] = make(random, certain=whole and target != "pdf", fixed=True, whole=whole)
        documents[str(number)] = PRINTED[source](reports[str(number)], random)
    folder.mkdir()
    bodies = convert.libreoffice(documents, source, target, folder)
    return {name: (reports[name], bodies.get(name, b"")) for name in reports}


@pytest.mark.slow
@pytest.mark.parametrize(("source", "target"), CONVERTED)
def test_what_libreoffice_saves_is_read_too(source: str, target: str, tmp_path: Path) -> None:
    for report, body in converted(source, target, range(2), tmp_path / "made").values():
        assert faults(report, read(body)) == []


LONG = {"html": 400, "text": 300, "markdown": 200, "docx": 250, "xlsx": 250, "pdf": 250}


@pytest.mark.soak
def test_two_thousand_reports(tmp_path: Path) -> None:
    printed = [(name, number, tmp_path) for name, many in LONG.items() for number in range(many)]
    batches = [(*pair, first, tmp_path) for pair in CONVERTED for first in range(0, 50, 25)]
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        several = pool.map(faults_of_batch, batches)
        found = [*pool.map(faults_of, printed, chunksize=20), *(one for batch in several for one in batch)]
    assert [one for one in found if one] == []


def faults_of(case: tuple[str, int, Path]) -> str:
    """Return what is wrong with one printed report, or nothing."""
    name, number, folder = case
    random = Random(f"{name} {number}")
    report = make(random, certain=number % 2 == 0, fixed=name in FIXED)
    return verdict(report, PRINTED[name](report, random), folder / f"{number}.{name}")


def faults_of_batch(case: tuple[str, str, int, Path]) -> list[str]:
    """Return what is wrong with the reports of one conversion."""
    source, target, first, folder = case
    made = converted(source, target, range(first, first + 25), folder / f"{source}-{target}-{first}")
    return [
        verdict(report, body, folder / f"{source}-{name}.{target}") for name, (report, body) in made.items()
    ]


def verdict(report: Report, body: bytes, kept: Path) -> str:
    found = faults(report, read(body))
    if not found:
        return ""
    kept.write_bytes(body)
    return f"{kept}: {len(found)} cells: {found[:3]}"
