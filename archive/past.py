"""What only earlier versions showed: kept, so that a citation gives the same rows years later.

Each row of a publication says since which version it stands just so (`from_version`, a number of
`publication_version`). A row that a new version changes or drops goes into `past_<table>`, with the number of
that version (`to_version`), and is carried from publication to publication from then on. So a version's rows
are those of the table with `from_version <= number`, and those past with
`from_version <= number AND to_version > number` (`cited`).

A field that a version did not have yet, or has no more, is NULL in its rows; a row is what it was where all
fields are. A field of another type is another field, and a table with another key has other rows.
"""

import sqlite3
from dataclasses import dataclass

from archive.tables import FROM, PAST, TO, content_names, past_names, types_of

_SINCE = ("自该版本起如此（publication_version.number）", "Version since which the row reads so: its number")
_UNTIL = ("至该版本不再如此（publication_version.number）", "Version that shows the row no more: its number")


@dataclass(frozen=True, slots=True)
class _Shape:
    """How a table is made: types of its fields by name, its key in order, whether it has rowids.

    A table that is not there has no fields.
    """

    fields: dict[str, str]
    key: tuple[str, ...]
    without_rowid: bool

    @property
    def own(self) -> list[str]:
        """Return its fields without the numbers of versions."""
        return [name for name in self.fields if name not in (FROM, TO)]


def keep(db: sqlite3.Connection, number: int) -> None:
    """Number the rows of a new snapshot, and keep those that the version before showed otherwise.

    Args:
        db: The snapshot as `main`, the publication before as `before`, if there is one (`gate.beside`).
            One that was made before rows had numbers counts as one version, `number - 1`.
        number: The number of the version that is being made.
    """
    if not any(name == "before" for _, name, _ in db.execute("PRAGMA database_list")):
        db.execute("ATTACH ':memory:' AS before")
    here = {*content_names(db), *content_names(db, "before")}
    for table in sorted(here | {name.removeprefix(PAST) for name in past_names(db, "before")}):
        _Keeper.of(db, table, number).keep()


@dataclass(frozen=True, slots=True)
class _Keeper:
    """Keeps one table: as it is `now`, as it was `then`, and its rows that were `past` then."""

    db: sqlite3.Connection
    table: str
    number: int
    now: _Shape
    then: _Shape
    past: _Shape

    @classmethod
    def of(cls, db: sqlite3.Connection, table: str, number: int) -> "_Keeper":
        places = ((table, "main"), (table, "before"), (PAST + table, "before"))
        return cls(db, table, number, *(_shape(db, name, schema) for name, schema in places))

    def keep(self) -> None:
        self._create()
        carried = _names([*self.past.own, FROM, TO])
        if self.past.fields:
            self._into_past(f"({carried}) SELECT {carried} FROM before.{self._past}")
        ended = 0
        if self.then.fields:
            own = _names(self.then.own)
            ended = self._into_past(
                f"({own}, {FROM}, {TO}) SELECT {own}, {self._since}, {self.number} FROM before.{self._name} b"
                f" WHERE {self._unless('main', 'n')}"
            )
        if self.now.fields:
            self._number(ended)
        self._describe()

    @property
    def _name(self) -> str:
        return f'"{self.table}"'

    @property
    def _past(self) -> str:
        return f'"{PAST}{self.table}"'

    @property
    def _since(self) -> str:
        return FROM if FROM in self.then.fields else str(self.number - 1)

    def _into_past(self, rows: str) -> int:
        return self.db.execute(f"INSERT INTO main.{self._past} {rows}").rowcount

    def _create(self) -> None:
        """Make the table of past rows: every field there ever was, without a type where that differed."""
        shapes = [shape for shape in (self.now, self.then, self.past) if shape.fields]
        columns = []
        for name in dict.fromkeys([*self.now.own, *self.then.own, *self.past.own]):
            types = {shape.fields[name] for shape in shapes if name in shape.fields}
            columns.append(f'"{name}" {types.pop() if len(types) == 1 else ""}')
        columns += [f"{name} INTEGER NOT NULL" for name in (FROM, TO)]
        keys = {tuple(name for name in shape.key if name != FROM) for shape in shapes}
        key = keys.pop() if len(keys) == 1 else ()
        if key:
            columns.append(f"PRIMARY KEY ({_names([*key, FROM])})")
        clustered = key and all(shape.without_rowid for shape in shapes)
        made = f"CREATE TABLE main.{self._past} ({', '.join(columns)})"
        self.db.execute(made + (" WITHOUT ROWID" if clustered else ""))

    def _unless(self, schema: str, alias: str) -> str:
        """Return the condition that the other database does not have the same row."""
        if not self.now.fields or not self.then.fields:
            return "1"
        return f"NOT EXISTS (SELECT 1 FROM {schema}.{self._name} {alias} WHERE {self._same})"

    @property
    def _same(self) -> str:
        """Return the condition that row `n` of `main` is row `b` of `before`."""
        now, then = self.now.fields, self.then.fields
        if self.now.key != self.then.key or any(now[name] != then[name] for name in self.now.key):
            return "0"
        terms = [f'n."{name}" IS b."{name}"' for name in self.now.key or ("rowid",)]
        for name in dict.fromkeys([*self.now.own, *self.then.own]):
            if name in self.now.key:
                continue
            if now.get(name) == then.get(name):
                terms.append(f'n."{name}" IS b."{name}"')
                # Without a type 1 and 1.0 are kept apart.
                terms += [] if now[name] else [f'typeof(n."{name}") = typeof(b."{name}")']
            else:
                terms += [
                    f'{row}."{name}" IS NULL' for row, held in (("n", now), ("b", then)) if name in held
                ]
        return " AND ".join(terms)

    def _number(self, ended: int) -> None:
        """Give each row its number. What most of them had at first is the default, which takes no room."""
        stayed = self._count("before") - ended if self.then.fields else 0
        new = self._count("main") - stayed
        usual = self._usual if stayed > new else self.number
        self.db.execute(f"ALTER TABLE main.{self._name} ADD COLUMN {FROM} INTEGER NOT NULL DEFAULT {usual}")
        if stayed:
            self.db.execute(
                f"UPDATE main.{self._name} AS n SET {FROM} = b.since"
                f" FROM (SELECT *, {self._rowid}{self._since} AS since FROM before.{self._name}) b"
                f" WHERE b.since <> ? AND {self._same}",
                (usual,),
            )
        if new and usual != self.number:
            self.db.execute(
                f"UPDATE main.{self._name} AS n SET {FROM} = ? WHERE {self._unless('before', 'b')}",
                (self.number,),
            )

    @property
    def _rowid(self) -> str:
        return "" if self.then.key else "rowid, "

    def _count(self, schema: str) -> int:
        return int(self.db.execute(f"SELECT count(*) FROM {schema}.{self._name}").fetchone()[0])

    @property
    def _usual(self) -> int:
        """Return the number that the rows had by default in the version before."""
        default = "SELECT dflt_value FROM pragma_table_info(?, 'before') WHERE name = ?"
        found = self.db.execute(default, (self.table, FROM)).fetchone()
        return int(found[0]) if found else self.number - 1

    def _describe(self) -> None:
        """Describe the new fields and the table of past rows, with the words of their own table."""
        told = [(PAST + self.table, FROM, *_SINCE), (PAST + self.table, TO, *_UNTIL)]
        if self.now.fields:
            told.append((self.table, FROM, *_SINCE))
        describe = 'INSERT OR REPLACE INTO main.description ("table", field, zh, en)'
        # Words of today's go before those of a field or table that is no more.
        for schema, table in (("before", PAST + self.table), ("before", self.table), ("main", self.table)):
            if types_of(self.db, "description", schema):
                past = PAST if table == self.table else ""
                self.db.execute(
                    f'{describe} SELECT ? || "table", field,'
                    " iif(field = '', zh || ?, zh), iif(field = '', ? || en, en)"
                    f' FROM {schema}.description WHERE "table" = ?',
                    (past, "（往版）" if past else "", "Rows of earlier versions. " if past else "", table),
                )
        self.db.executemany(f"{describe} VALUES (?, ?, ?, ?)", told)


def _shape(db: sqlite3.Connection, table: str, schema: str) -> _Shape:
    key = db.execute("SELECT name FROM pragma_table_info(?, ?) WHERE pk ORDER BY pk", (table, schema))
    without = db.execute("SELECT wr FROM pragma_table_list WHERE schema = ? AND name = ?", (schema, table))
    return _Shape(types_of(db, table, schema), tuple(name for (name,) in key), (1,) in without.fetchall())


def _names(fields: list[str]) -> str:
    return ", ".join(f'"{name}"' for name in fields)
