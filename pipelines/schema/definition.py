"""What a table and a field are: a name, a type, a description in both languages."""

from dataclasses import dataclass

TEXT, INTEGER, REAL = "TEXT", "INTEGER", "REAL"


@dataclass(frozen=True, slots=True)
class Field:
    """One field: name, SQLite type, description, and the table it refers to, if any."""

    name: str
    type: str
    zh: str
    en: str
    refers: str | None = None


@dataclass(frozen=True, slots=True)
class TableDef:
    """One table: its fields, primary key, and further indexes."""

    name: str
    zh: str
    en: str
    key: tuple[str, ...]
    fields: tuple[Field, ...]
    indexes: tuple[tuple[str, ...], ...] = ()
    without_rowid: bool = False


F = Field
"""Short, since the tables are long."""
