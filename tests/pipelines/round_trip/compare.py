"""A reading against what was printed: never another number, never a cell left out in silence."""

from collections.abc import Iterator

from pipelines.reading import Problem, Reading
from tests.pipelines.round_trip.reports import Report
from tests.pipelines.template import Key

# These say what a document is, not what of its tables could not be read.
_OTHER_KINDS = {"unclear_identity"}
# Printed in one row or in three: where none can be read, the form does not show which.
_PARTS = {"other_handling": "other_misc"}


def faults(report: Report, reading: Reading) -> list[str]:
    """Return what is wrong: numbers that differ, and cells left out that no problem names.

    Where the report is certain, a cell left out is wrong with a problem too.
    """
    return [*_wrong(report, reading), *_left_out(report, reading)]


def _wrong(report: Report, reading: Reading) -> Iterator[str]:
    for cell in reading.cells:
        wanted = report.printed.get(cell.key)
        if wanted is None:
            if cell.state != "blank":
                yield f"{cell.key} is not printed, read as {cell.text!r}"
        elif (cell.state, cell.value) != (wanted.state, wanted.value) and not _refused(
            report, reading, cell.key
        ):
            yield f"{cell.key} {wanted.text!r}: {wanted.value} wanted, {cell.state} {cell.value} read"


def _refused(report: Report, reading: Reading, key: Key) -> bool:
    (cell,) = (cell for cell in reading.cells if cell.key == key)
    return (
        cell.state == "unreadable" and not report.certain and any(names(one, key) for one in reading.problems)
    )


def _left_out(report: Report, reading: Reading) -> Iterator[str]:
    there = {cell.key for cell in reading.cells}
    for key, one in report.printed.items():
        named = any(names(problem, key) for problem in reading.problems)
        if key not in there and (report.certain or not named):
            yield f"{key} {one.text!r} is left out{' with' if named else ' without'} a problem"


def names(problem: Problem, key: Key) -> bool:
    """Tell whether a problem says that this cell could not be read."""
    if problem.kind in _OTHER_KINDS or problem.table not in (None, key[0]):
        return False
    if problem.row is None and problem.column is None:
        return problem.table is None or problem.kind == "no_tables"
    return problem.row in (None, key[1], _PARTS.get(key[1])) and problem.column in (None, key[2])
