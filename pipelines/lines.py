"""The lines of one segment, read under its headings into rows of the form."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from pipelines.align import (
    AGREEING,
    Match,
    find_start,
    leading_labels,
    match_label,
    only_start,
    stands_under,
)
from pipelines.cells import Target, read_cells
from pipelines.documents import GridCell
from pipelines.forms import Block, Column, Row, form_named, table_of
from pipelines.headings import Columns, Headings, column_name, headings, place_columns, trusted
from pipelines.labels import stem, stems
from pipelines.numbers import money_unit
from pipelines.reading import BLANK, Cell, Place, Problem
from pipelines.recognise import Line, Segment
from pipelines.wordings import GROUPS

MONEY = "万元"
_NOTES = ("注", "备注", "说明", "填表说明")


@dataclass(frozen=True, slots=True)
class Found:
    """One printed line that was read as a row of the form; `exact` if no character of its label differs."""

    table: str
    row: str
    label: str
    exact: bool
    cells: tuple[Cell, ...]
    problems: tuple[Problem, ...]
    place: Place

    @property
    def values(self) -> tuple[tuple[str, str, int | float | None], ...]:
        """Return what the line says, without where it stands."""
        return tuple((cell.column, cell.state, cell.value) for cell in self.cells)

    @property
    def is_filled(self) -> bool:
        """Tell whether anything is printed in one of its cells."""
        return any(cell.state != BLANK for cell in self.cells)

    def as_problem(self, kind: str, detail: str, row: str | None = None) -> Problem:
        """Return a problem about this line."""
        return Problem(kind, detail, self.table, row, place=self.place)


@dataclass(frozen=True, eq=False, slots=True)
class Shared:
    """The columns that rows have in common: codes in order, wordings (stem -> code), those of money."""

    codes: tuple[str, ...]
    names: Mapping[str, str]
    money: tuple[str, ...]

    @classmethod
    def of(cls, columns: tuple[Column, ...]) -> "Shared":
        """Return the codes and the wordings of columns of the form."""
        names = stems((column.code, column.printed) for column in columns)
        money = tuple(column.code for column in columns if column.unit == MONEY)
        return cls(tuple(column.code for column in columns), names, money)


@dataclass(frozen=True, slots=True)
class Layout:
    """What a table prints.

    Attributes:
        table: its code.
        rows: their wordings (stem -> code).
        columns: row -> its columns, one object for all rows with the same ones.
        targets: row -> column -> cell of the form.
        corner: stems of what is printed over the labels.
    """

    table: str
    rows: Mapping[str, str]
    columns: Mapping[str, Shared]
    targets: Mapping[str, Mapping[str, Target]]
    corner: frozenset[str]

    @classmethod
    @lru_cache(maxsize=64)
    def of(cls, table: str, forms: tuple[str, ...]) -> "Layout":
        """Return the layout of a table with the rows of all forms of these codes.

        A row that several of them have has the columns of the first.
        """
        tables = [table_of(form_named(code), table) for code in forms]
        blocks = [block for one in tables for block in one.blocks]
        rows = stems((row.code, row.printed) for block in blocks for row in block.rows)
        shared = {block.columns: Shared.of(block.columns) for block in blocks}
        columns = {row.code: shared[block.columns] for block in reversed(blocks) for row in block.rows}
        targets = {row.code: _targets(table, row, block) for block in reversed(blocks) for row in block.rows}
        return cls(table, rows, columns, targets, frozenset(stem(one.corner) for one in tables if one.corner))


def _targets(table: str, row: Row, block: Block) -> dict[str, Target]:
    return {
        column.code: Target(table, row.code, column.code, column.unit == MONEY, signed=column.signed)
        for column in block.columns
    }


class SegmentReader:
    """Reads the lines of one segment into `found` and `problems`."""

    def __init__(self, segment: Segment, layout: Layout) -> None:
        self.found: list[Found] = []
        self.problems: list[Problem] = []
        self._segment = segment
        self._layout = layout
        self._headings: Headings = headings(segment.heading)
        self._placed: dict[Shared, Columns] = {}
        self._matched: list[tuple[Line, Match]] = []

    @property
    def is_ours(self) -> bool:
        """Tell whether any line is a row of the form, readable or not."""
        return bool(self._matched)

    def read(self) -> None:
        """Read every line; then say which headings fit nothing."""
        matched = self._matched
        for line in self._segment.lines:
            labels = leading_labels(line)
            match = match_label(labels, self._layout.rows)
            if len(labels) > 1 and not (match and match.exact):  # the last may be a word for a number
                match = self._match_under_headings(line) or match
            if match is None:
                self._refuse(line, labels)
            else:
                matched.append((line, match))
        for line, match in matched:
            self._read_line(line, match)
        self.problems.extend(self._column_problems())

    @cached_property
    def _built(self) -> dict[tuple[int, int], list[bool]]:
        """(slots of a line, start) -> of each line whose only start it is, whether both ends are filled."""
        built: dict[tuple[int, int], list[bool]] = {}
        for line, match in self._matched:
            columns = self._columns(match.row)
            start = only_start(line, columns, match.labels)
            if start is not None:
                first, last = line.slots[start], line.slots[start + columns.stop - columns.start - 1]
                built.setdefault((len(line.slots), start), []).append(bool(first.text and last.text))
        return built

    def _built_so(self, width: int, start: int) -> bool:
        alike = self._built.get((width, start), [])
        # A text that lost a field can look as if its blank label were the first value.
        return len(alike) >= AGREEING and (any(alike) or not self._segment.loose)

    def _read_line(self, line: Line, match: Match) -> None:
        columns = self._columns(match.row)
        if not columns.at:
            return  # said once for the headings
        start = find_start(line, columns, match.labels, self._built_so)
        if start is None:
            self._refuse_numbers(line, match)
            return
        cells, problems = read_cells(line, columns, start, self._targets(match.row, columns))
        label = " ".join(cell.text for cell in match.labels)
        place = match.labels[-1].place
        table = self._layout.table
        self.found.append(Found(table, match.row, label, match.exact, cells, problems, place))

    def _match_under_headings(self, line: Line) -> Match | None:
        """Match the label where a word stands for a number: then only exact headings tell them apart."""
        for wanted in dict.fromkeys(self._layout.columns.values()):
            columns = self._columns_of(wanted)
            match = match_label(leading_labels(line, columns.start), self._layout.rows)
            if match and self._layout.columns[match.row] is wanted and columns.at:
                return match if stands_under(line, columns, match.labels) else None
        return None

    def _columns(self, row: str) -> Columns:
        return self._columns_of(self._layout.columns[row])

    def _columns_of(self, wanted: Shared) -> Columns:
        if wanted not in self._placed:
            printed = self._headings
            columns = place_columns(
                printed, lambda column: column_name(printed, column, wanted.names), self._layout.corner
            )
            self._placed[wanted] = trusted(columns, wanted.codes)
        return self._placed[wanted]

    def _targets(self, row: str, columns: Columns) -> Mapping[str, Target]:
        wanted, targets = self._layout.columns[row], self._layout.targets[row]
        if not wanted.money and len(columns.at) == len(wanted.codes):
            return targets
        there = {code: target for code, target in targets.items() if code in columns.at}
        for code in (code for code in wanted.money if code in there):
            unit = money_unit(self._headings.printed(columns.at[code][0]))
            there[code] = there[code]._replace(heading_unit=unit)
        return there

    def _refuse_numbers(self, line: Line, match: Match) -> None:
        if line.has_values:
            detail = f"the numbers cannot be told apart: {describe(line)}"
            place = match.labels[-1].place
            self.problems.append(
                Problem("unattributed_number", detail, self._layout.table, match.row, place=place)
            )

    def _refuse(self, line: Line, labels: tuple[GridCell, ...]) -> None:
        printed = [cell.text for cell in line.printed]
        if not printed or all(stem(text) in GROUPS[self._layout.table] for text in printed):
            return
        if not line.has_values and (len(printed) == 1 or printed[0].startswith(_NOTES)):
            return
        kind = "unknown_row" if labels else "unattributed_number"
        place = line.printed[0].place
        detail = f"no row of the form: {describe(line)}"
        self.problems.append(Problem(kind, detail, self._layout.table, place=place))

    def _column_problems(self) -> Iterator[Problem]:
        """Yield headings that name no column, and columns without a heading, for the rows there."""
        first = self._segment.heading[0].printed[0].place
        for wanted in dict.fromkeys(self._layout.columns[match.row] for _, match in self._matched):
            yield from column_problems(self._layout.table, wanted.codes, self._columns_of(wanted), first)


def column_problems(table: str, wanted: Sequence[str], columns: Columns, place: Place) -> Iterator[Problem]:
    """Yield a problem for each heading that fits nothing and each wanted column without its own.

    A name `row/column` stands for one cell of a table whose rows are printed side by side.
    """
    for text in columns.unknown:
        yield Problem("unknown_column", f"no column of the form: {text!r}", table, place=place)
    for name in wanted:
        row, _, code = name.rpartition("/")
        if name in columns.twice:
            detail = "two headings name this column; its numbers were left out"
            yield Problem("unknown_column", detail, table, row or None, code, place)
        elif name not in columns.at:
            yield Problem("unknown_column", "no heading names this column", table, row or None, code, place)


def describe(line: Line) -> str:
    """Return what a line prints, cut to a length that can be read."""
    return repr(" | ".join(cell.text.replace("\n", " ") for cell in line.printed))[:300]
