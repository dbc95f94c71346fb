"""The full-text indexes of the site's search, made when a publication is built.

A report's row in them is its number in `site_report`, so the newest come first without sorting, and a page
of results is done when it is full, however frequent the word. What reports are filtered by stands in them
too, as words that nobody can type: a filter is one more word that is looked up.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from itertools import groupby
from operator import itemgetter

from archive.pairs import paired
from archive.tables import fields_of

TITLES, WORDS, NAMES = "site_title_words", "site_words", "site_name_words"
"""The indexes: of titles and agencies of reports; of these with all sections; of what `site_name` lists."""

FILTERS = ("year", "level", "division", "form", "status")
"""What reports are filtered by, all fields of `site_report`."""

_FIELDS = {TITLES: ("words", "facts"), WORDS: ("words", "facts"), NAMES: ("words", "path", "facts")}
"""`path` is the name of a division behind the names of those above it."""

_MARK = "="

_REPORTS = f"""
SELECT s.number, {", ".join(f"s.{name}" for name in FILTERS)}, r.title, a.name, c.heading, c.text
FROM main.site_report s JOIN main.report r ON r.id = s.report LEFT JOIN main.agency a ON a.id = r.agency
LEFT JOIN main.section c ON c.revision = r.revision
ORDER BY s.number, c.number
"""

_FORMER = """
SELECT division, group_concat(name, ' ') FROM (SELECT * FROM main.division_name ORDER BY from_year, code)
GROUP BY division
"""

Upper = Mapping[str, str | None]


def fact(field: str, value: object) -> str:
    """Return the word that stands for a value of a field; no text holds it, for it has a mark in it.

    >>> fact("year", 2022)
    'year=32303232'
    """
    return f"{field}{_MARK}{str(value).encode('utf-8', 'surrogatepass').hex()}"


def write(db: sqlite3.Connection) -> None:
    """Make and fill the indexes, once `site_report` and `site_name` are there."""
    for index, fields in _FIELDS.items():
        # Contentless: nothing is stored twice. The prefixes are for words of one character.
        db.execute(
            f"CREATE VIRTUAL TABLE main.{index} USING fts5 ({', '.join(fields)}, content='', prefix='1',"
            f" tokenize=\"unicode61 tokenchars '{_MARK}'\")"
        )
        # Written in few large pieces, which are put together once, at the end.
        db.execute(f"INSERT INTO main.{index} ({index}, rank) VALUES ('hashsize', {1 << 26})")
    upper: Upper = dict(db.execute("SELECT id, parent FROM main.division").fetchall())
    insert = "INSERT INTO main.{} (rowid, words, facts) VALUES (?, ?, ?)"
    for number, head, text, facts in _reports(db, upper):
        db.execute(insert.format(TITLES), (number, head, facts))
        db.execute(insert.format(WORDS), (number, f"{head} {text}", facts))
    insert = f"INSERT INTO main.{NAMES} (rowid, words, path, facts) VALUES (?, ?, ?, ?)"
    db.executemany(insert, _names(db, upper))
    for index in _FIELDS:
        db.execute(f"INSERT INTO main.{index} ({index}) VALUES ('optimize')")


def complete(db: sqlite3.Connection) -> bool:
    """Tell whether a publication has them as they are now."""
    return all(fields_of(db, index) == list(fields) for index, fields in _FIELDS.items())


def _reports(db: sqlite3.Connection, upper: Upper) -> Iterator[tuple[int, str, str, str]]:
    """Yield each report's number, the words of its title and agency, those of its sections, its facts."""
    for number, rows in groupby(db.execute(_REPORTS), key=itemgetter(0)):
        sections = list(rows)
        _, *values, title, agency, _, _ = sections[0]
        said = dict(zip(FILTERS, values, strict=True))
        facts = [fact("division", each) for each in _lineage(said.pop("division"), upper)]
        facts += [fact(field, value) for field, value in said.items() if value is not None]
        text = (part for section in sections for part in section[-2:])
        yield number, f"{paired(title)} {paired(agency)}", " ".join(map(paired, text)), " ".join(facts)


def _names(db: sqlite3.Connection, upper: Upper) -> Iterator[tuple[int, str, str, str]]:
    """Yield the number, words, path and facts of each name; among a division's words are its former names."""
    name_of = dict(db.execute("SELECT id, name FROM main.division").fetchall())
    former = dict(db.execute(_FORMER).fetchall())
    query = "SELECT number, kind, name, division FROM main.site_name"
    for number, kind, name, division in db.execute(query).fetchall():
        lineage, is_division = _lineage(division, upper), kind == "division"
        names = [name, former.get(division)] if is_division else [name]
        path = "".join(name_of[each] or "" for each in reversed(lineage)) if is_division else ""
        facts = [fact("kind", kind), *(fact("division", each) for each in lineage)]
        yield number, " ".join(map(paired, names)), paired(path), " ".join(facts)


def _lineage(division: str | None, upper: Upper) -> list[str]:
    """Return a division and those above it, the nearest first."""
    found: list[str] = []
    while division is not None and division in upper and division not in found:
        found.append(division)
        division = upper[division]
    return found
