"""Loading against `executemany` of the same rows: run `python tests/bench/bench_load.py`.

Prints the median ratio over interleaved pairs, once against the cells alone and once against
the rows of every table that a document gives, each in one transaction and in the order in which
the documents come; and the bytes that a cell takes in a published (vacuumed) database.
"""

import sqlite3
import statistics
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from archive.captures import DETAIL, Capture, Context
from pipelines import divisions
from pipelines.forms import FORM_2019, form_cells
from pipelines.load import Loader
from pipelines.reading import NUMBER, Cell, Place, Reading, Section
from pipelines.search import spaced

CELLS, PAIRS = 200_000, 5
DOCUMENT_TABLES = (
    *("capture", "agency", "report", "source", "rendering", "revision", "grid", "cell", "section"),
    "indicator",
)


def reading(number: int) -> Reading:
    """Return a report of 198 cells, most of them 0, as reports are."""
    cells = tuple(
        Cell(*cell.key, value, NUMBER, str(value), place(2 + order // 70, 1 + order % 25, 1 + order % 8))
        for order, cell in enumerate(form_cells(FORM_2019))
        for value in (order % 11 * (order % 3),)
    )
    name = f"样例{number}号测试局"
    sections = (Section(1, "一、总体情况", "公开样例文字" * 30),)
    return Reading(f"{name}年度报告", name, 2020, "form_2019", True, cells=cells, sections=sections)


def place(table: int, row: int, column: int) -> Place:
    path = f"/html/body/div[3]/div[1]/div[2]/table[{table}]/tbody[1]/tr[{row}]/td[{column}]"
    return Place(None, table, row, column, path, line=200 + 12 * row + column)


def capture(number: int) -> Capture:
    context = Context(role=DETAIL, portal="sample", portal_title="样例门户", division="990100")
    url, body = f"http://127.0.0.1/{number}", str(number).encode()
    return Capture(id=f"{number:032x}", url=url, body=body, run="sample/1", context=context)


def load(path: Path, readings: list[Reading]) -> float:
    with Loader(path, "bench") as loader:
        pairs = [(capture(number), each) for number, each in enumerate(readings)]
        started = time.perf_counter()
        for _ in loader.load_readings(pairs):
            pass
        return time.perf_counter() - started


def rows_of(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return all rows a load wrote, those of `cell` in the order of their documents."""
    with closing(sqlite3.connect(path)) as db:
        rows = {table: db.execute(f"SELECT * FROM {table}").fetchall() for table in DOCUMENT_TABLES}
        rows["cell"] = db.execute(
            "SELECT c.* FROM cell c JOIN revision v ON v.id = c.revision ORDER BY v.capture, c.item"
        ).fetchall()
    rows["section_fts"] = [(row[4], spaced(row[2]), spaced(row[3])) for row in rows["section"]]
    return rows


def bare(path: Path, rows: dict[str, list[tuple[object, ...]]]) -> float:
    with Loader(path, "bench"), closing(sqlite3.connect(path, isolation_level=None)) as db:
        started = time.perf_counter()
        db.execute("BEGIN")
        for table, each in rows.items():
            names = "(rowid, heading, text)" if table == "section_fts" else ""
            db.executemany(f"INSERT INTO {table} {names} VALUES ({', '.join('?' * len(each[0]))})", each)
        db.execute("COMMIT")
        return time.perf_counter() - started


def bytes_of_a_cell(path: Path) -> float:
    with closing(sqlite3.connect(path)) as db:
        db.execute("VACUUM")
        size, count = db.execute(
            "SELECT (SELECT sum(pgsize) FROM dbstat WHERE name = 'cell'), (SELECT count(*) FROM cell)"
        ).fetchone()
        return size / count


def main() -> None:
    readings = [reading(number) for number in range(CELLS // 198 + 1)]
    divisions.find("样例", 2020)
    of_cells, of_all = [], []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for pair in range(PAIRS):
            loaded = load(folder / f"load{pair}.db", readings)
            rows = rows_of(folder / f"load{pair}.db")
            of_all.append(bare(folder / f"all{pair}.db", rows) / loaded)
            of_cells.append(bare(folder / f"cells{pair}.db", {"cell": rows["cell"]}) / loaded)
        size = bytes_of_a_cell(folder / "load0.db")
    sys.stdout.write(f"against executemany of all rows: {statistics.median(of_all):.2f}\n")
    sys.stdout.write(f"against executemany of the cells alone: {statistics.median(of_cells):.2f}\n")
    sys.stdout.write(f"bytes of a cell: {size:.1f}\n")


if __name__ == "__main__":
    main()
