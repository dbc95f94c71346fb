"""Which version of the form each table of a document follows: its headings and its rows tell."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import chain

from pipelines.forms import Form, form_named, forms_with, table_of
from pipelines.headings import Headings, headings
from pipelines.labels import stem
from pipelines.recognise import Segment
from pipelines.wordings import ROWS


def candidates(segments: Iterable[Segment]) -> dict[str, tuple[Form, ...]]:
    """Return for each table the forms that its printed headings fit best, in the order of `FORMS`.

    They are several where forms print the table's headings alike, or where none are printed.
    """
    printed: dict[str, list[Headings]] = {table: [] for table in ROWS}
    for segment in segments:
        if not _are_alike(segment.table):
            printed[segment.table].append(headings(segment.heading))
    return {table: _best(table, found) for table, found in printed.items()}


def followed(
    found: Mapping[str, Iterable[str]], candidates: Mapping[str, tuple[Form, ...]]
) -> dict[str, Form | None]:
    """Return the form of each table; None where more than one prints all of its rows.

    A table that could be of several forms is of the one that the tables before it follow.

    Args:
        found: table -> codes of the rows that the document prints.
        candidates: table -> forms that its headings fit.
    """
    forms: dict[str, Form | None] = {}
    before: Form | None = None
    for table, rows in found.items():
        fitting = [form for form in candidates[table] if _rows(table, form.code).issuperset(rows)]
        only = fitting[0] if len(fitting) == 1 else None
        forms[table] = before if before in fitting else only
        before = before or forms[table]
    return forms


@lru_cache(maxsize=1024)
def parts_of(table: str, row: str) -> frozenset[str]:
    """Return the rows that a form prints under this row, which stands for all of them in another form."""
    rows = [
        each for form in forms_with(table) for block in table_of(form, table).blocks for each in block.rows
    ]
    heads = {each.labels for each in rows if each.code == row}
    return frozenset(each.code for each in rows if each.labels[:-1] in heads)


@lru_cache(maxsize=64)
def _rows(table: str, form: str) -> frozenset[str]:
    found = (one for one in forms_with(table) if one.code == form)
    return frozenset(row.code for one in found for block in table_of(one, table).blocks for row in block.rows)


@lru_cache(maxsize=64)
def _are_alike(table: str) -> bool:
    """Tell whether all forms have the same columns in this table."""
    return (
        len({tuple(block.columns for block in table_of(form, table).blocks) for form in forms_with(table)})
        == 1
    )


def _best(table: str, printed: list[Headings]) -> tuple[Form, ...]:
    """Return the forms with most of the printed headings; a form's own wording counts double."""
    seen = [set(chain.from_iterable(map(one.stems, range(one.width)))) for one in printed]
    scores = {form: sum(_score(one, table, form.code) for one in seen) for form in forms_with(table)}
    return tuple(form for form, score in scores.items() if score == max(scores.values()))


def _score(seen: set[str], table: str, form: str) -> int:
    """Count the headings that the form prints: 2 in its own words, 1 in a variant."""
    own, other = _wordings(table, form)
    return 2 * len(seen & own) + len(seen & other)


@lru_cache(maxsize=64)
def _wordings(table: str, form: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the form's own words for its columns, and the variants that are none of them."""
    columns = [column for block in table_of(form_named(form), table).blocks for column in block.columns]
    own = frozenset(stem(column.labels[-1]) for column in columns)
    return own, frozenset(stem(wording) for column in columns for wording in column.variants) - own
