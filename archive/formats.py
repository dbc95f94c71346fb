"""The formats of the downloads: CSV, JSON Lines and Parquet, the same rows in the same bytes each time.

* CSV, plain, is for people: UTF-8 with a byte-order mark, without which Excel shows Chinese as
  gibberish, and uncompressed, so that a double click opens it. NULL is nothing between the commas, an
  empty text is `""`. Values are what the database holds: a text that begins with `=` is kept so.
* JSON Lines, gzip, is for programs that read row by row: each line names its fields.
* Parquet, zstd, is for analysis: typed, columnar, the smallest.
"""

import gzip
import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Any, Protocol

from archive.parts import INTEGER, NUMBER, Table

BATCH = 10_000
"""Rows held at once, and a row group in Parquet: some megabytes."""

ENCODING = "utf-8-sig"
_QUOTED = re.compile(r'[",\r\n]|^\s|\s$|^$')

Row = tuple[object, ...]


class Writer(Protocol):
    """Writes one file: batches of rows, then its end."""

    def write(self, rows: Sequence[Row]) -> None:
        """Write rows."""

    def close(self) -> None:
        """Write what is due at the end, and close the file."""


class Csv:
    """Writes CSV as RFC 4180 says, with a line feed at the end of each line."""

    def __init__(self, path: Path, table: Table) -> None:
        self._file: IO[str] = path.open("w", encoding=ENCODING, newline="")
        self.write([tuple(field.name for field in table.fields)])

    def write(self, rows: Sequence[Row]) -> None:
        """Write rows."""
        self._file.writelines(map(csv_line, rows))

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def csv_line(row: Row) -> str:
    """Return a row as a line of CSV.

    >>> csv_line((None, "", 17.0, "一,二"))
    ',"",17,"一,二"\\n'
    """
    return ",".join(map(_printed, row)) + "\n"


def _printed(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return '"' + value.replace('"', '""') + '"' if _QUOTED.search(value) else value
    # Counts are kept as REAL, since money is; 17 is how they are printed.
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return repr(value)


class JsonLines:
    """Writes one JSON object a line, compressed. The time that gzip would write is left out."""

    def __init__(self, path: Path, table: Table) -> None:
        self._names = [field.name for field in table.fields]
        self._raw = path.open("wb")
        self._file = gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=self._raw, mtime=0)

    def write(self, rows: Sequence[Row]) -> None:
        """Write rows."""
        self._file.write("".join(json_line(self._names, row) for row in rows).encode())

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        self._raw.close()


_dump = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


def json_line(names: Sequence[str], row: Row) -> str:
    """Return a row as a line of JSON.

    >>> json_line(("year", "title"), (2022, "年报"))
    '{"year":2022,"title":"年报"}\\n'
    """
    return _dump(dict(zip(names, row, strict=True))) + "\n"


class Parquet:
    """Writes Parquet."""

    def __init__(self, path: Path, table: Table) -> None:
        # Importing it takes as long as most commands do, which never write a Parquet file.
        import pyarrow
        import pyarrow.parquet

        types = {INTEGER: pyarrow.int64(), NUMBER: pyarrow.float64()}
        self._arrow: Any = pyarrow
        self._schema = pyarrow.schema(
            [(field.name, types.get(field.type, pyarrow.string())) for field in table.fields]
        )
        self._file = pyarrow.parquet.ParquetWriter(path, self._schema, compression="zstd")

    def write(self, rows: Sequence[Row]) -> None:
        """Write rows, as a row group."""
        columns = [
            self._arrow.array(values, type=field.type)
            for values, field in zip(zip(*rows, strict=True), self._schema, strict=True)
        ]
        self._file.write_table(self._arrow.Table.from_arrays(columns, schema=self._schema))

    def close(self) -> None:
        """Write the footer and close the file."""
        self._file.close()


FORMATS: dict[str, Callable[[Path, Table], Writer]] = {
    "csv": Csv,
    "jsonl.gz": JsonLines,
    "parquet": Parquet,
}
"""The formats by the ending of their files."""

VERSION = 1
"""Goes up when the same rows are to be written otherwise; until then an unchanged part keeps its bytes."""
