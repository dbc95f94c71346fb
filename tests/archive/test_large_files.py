"""Downloads of large tables come complete, and are written without being held in memory."""

import gzip
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet
import pytest

from archive import formats
from archive.publish import DATABASE
from tests import sample_archive
from tests.archive.test_files import entries
from tests.archive.test_gate import change, rows
from tests.sample_archive import REPORTS


def grow(database: Path, reports: int) -> int:
    """Load a first report, and then as many more that are like it; return the number of cells."""
    sample_archive.load(database, REPORTS[:1])
    copies = f"WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < {reports})"
    change(
        database,
        f"{copies} INSERT INTO report (id, agency, year, title, revision)"
        " SELECT 'r' || n, agency, 2008 + n % 15, '年报' || n, n FROM c, (SELECT * FROM report LIMIT 1)",
        f"{copies} INSERT INTO source (id, report, portal) SELECT 's' || n, 'r' || n, 'specimen' FROM c",
        f"{copies} INSERT INTO revision (id, source, form) SELECT n, 's' || n, 'form_2021' FROM c",
        f"{copies} INSERT INTO cell (revision, item, value, state, text, place)"
        " SELECT n, item, value + n, state, text, place FROM c, (SELECT * FROM cell)",
    )
    return int(str(rows(database, "SELECT count(*) FROM cell")[0][0]))


MEASURED = """
import resource, sys
from datetime import UTC, datetime
from pathlib import Path
import pyarrow.parquet
from archive.publish import publish
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
publish(Path(sys.argv[1]), Path(sys.argv[2]), now=datetime(2026, 11, 24, tzinfo=UTC))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def published_large(tmp_path: Path, reports: int) -> float:
    """Publish a large table in a process of its own; check it; return the megabytes that took."""
    count = grow(tmp_path / "gongkai.db", reports)
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, str(tmp_path / "gongkai.db"), str(tmp_path / "public")],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode == 0, done.stderr
    folder = tmp_path / "public" / "20261124T000000Z"
    whole = rows(folder / DATABASE, "SELECT count(*), total(value) FROM cell")[0]
    assert whole[0] == count
    for ending in formats.FORMATS:
        assert sum(each.rows or 0 for each in entries(folder, table="cell", format=ending)) == count
    read = [
        pyarrow.parquet.read_table(folder / each.path, columns=["value"], partitioning=None)
        for each in entries(folder, table="cell", format="parquet")
    ]
    assert sum(each.num_rows for each in read) == count
    for each in entries(folder, table="cell", format="csv"):
        with (folder / each.path).open("rb") as lines:
            assert sum(1 for _ in lines) - 1 == each.rows
    for each in entries(folder, table="cell", format="jsonl.gz"):
        with gzip.open(folder / each.path) as file:
            assert sum(1 for _ in file) == each.rows
    assert subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=folder).returncode == 0
    return int(done.stdout) / 1024


@pytest.mark.slow
def test_a_large_table_comes_complete_without_being_held(tmp_path: Path) -> None:
    assert published_large(tmp_path, 1000) < 150


@pytest.mark.soak
def test_a_table_of_one_and_a_half_million_rows_comes_complete(tmp_path: Path) -> None:
    assert published_large(tmp_path, 7500) < 200
