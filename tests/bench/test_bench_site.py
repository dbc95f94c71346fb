"""The bench of the site: it measures every kind of page that is there, and says which are not."""

import sqlite3
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from archive.publish import DATABASE
from tests.bench.bench_site import Measured, measure, table
from tests.bench.site_pages import KINDS, PAGE, ROW, Kind, addresses
from tests.bench.synthetic.publishing import publish_synthetic
from tests.bench.synthetic.runs import TODAY
from tests.bench.synthetic.writing import write
from tests.serving import serving

NOT_THERE = Kind("no such page", "/no/such/page")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a small synthetic publication."""
    data = tmp_path_factory.mktemp("site")
    write(data, 100, 1)
    return publish_synthetic(data, TODAY, downloads=False)


@pytest.mark.slow
def test_each_kind_of_page_is_measured_or_said_to_be_missing(folder: Path) -> None:
    with serving(folder.parent) as site:
        found, left_out = measure(site, folder / DATABASE, (*KINDS, NOT_THERE), times=3)
    assert len(found) + len(left_out) == len(KINDS) + 1
    assert "not there, so not measured: no such page (/no/such/page)" in left_out
    assert {"home", "report", "downloads", ROW} <= {each.kind.name for each in found}
    assert {each.kind.name: each.failed for each in found if each.failed} == {}
    assert all(len(each.times) == 3 and min(each.times) > 0 for each in found)


@pytest.mark.slow
def test_each_kind_has_addresses_in_an_archive_with_something_of_everything(folder: Path) -> None:
    with closing(sqlite3.connect(folder / DATABASE)) as db:
        for kind in KINDS:
            found = addresses(db, kind, 20, Random(1))
            assert len(found) == 20, kind.name
            assert all(each.startswith("/") and "{" not in each for each in found), kind.name


def test_what_is_too_slow_or_fails_is_said_to_miss_its_goal() -> None:
    def taking(name: str, time: float, failed: int = 0) -> Measured:
        return Measured(Kind(name, "/", most=PAGE), (time,) * 20, 1000, failed)

    lines = table(
        [taking(ROW, 10), taking("good", 29), taking("slow", 31), taking("bad", 5, 2)], ["and so on"]
    )
    row, good, slow, bad = lines.splitlines()[2:6]
    assert "| 1.00 |" in row and "missed" not in row + good
    assert "| 3.10 **missed** |" in slow
    assert "| 0.50 **missed** (2 of 20 failed) |" in bad
    assert lines.endswith("\n* and so on")
