"""The program has one clock (`archive.clock`): a test that moves it moves all that the program does."""

import ast
import re
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path

import pytest

from archive import clock

ROOT = Path(__file__).parent.parent
ROOMS = ("archive", "crawler", "gongkai", "pipelines")
PROGRAM = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]
OTHER_CLOCKS = {
    ("archive/clock.py", "datetime.now"),
    # How old a file is: the file system has dated it by its own clock.
    ("pipelines/documents/programs.py", "time.time"),
}
ASKS = {
    *(f"{kind}.{name}" for kind in ("datetime", "date") for name in ("now", "utcnow", "today")),
    *(f"time.{name}" for name in ("time", "time_ns", "gmtime", "localtime", "ctime", "strftime")),
}
IN_SQL = re.compile(
    r"CURRENT_(TIME|DATE)|\b(date|time|datetime|julianday|strftime)\([^)]*'now'|unixepoch\(\)"
)


def asked(text: str) -> Iterator[str]:
    """Yield how a module asks for the time of day, other than from `clock`."""
    for node in ast.walk(ast.parse(text)):
        way = ast.unparse(node) if isinstance(node, ast.Attribute) else ""
        if {way, way.removeprefix("datetime.")} & ASKS:
            yield way
        elif isinstance(node, ast.ImportFrom):
            ways = (f"{node.module}.{alias.name}" for alias in node.names)
            yield from (each for each in ways if each in {*ASKS, "archive.clock.now"})
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and IN_SQL.search(node.value):
            yield node.value


def test_the_time_is_asked_for_in_one_place() -> None:
    found = {
        (str(path.relative_to(ROOT)), way)
        for path in PROGRAM
        for way in asked(path.read_text(encoding="utf-8"))
    }
    assert found == OTHER_CLOCKS


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ("datetime.now(UTC)", "datetime.now"),
        ("datetime.datetime.utcnow()", "datetime.datetime.utcnow"),
        ("date.today()", "date.today"),
        ("time.time()", "time.time"),
        ("from time import time", "time.time"),
        ("from archive.clock import now", "archive.clock.now"),
        ("db.execute('SELECT CURRENT_TIMESTAMP')", "SELECT CURRENT_TIMESTAMP"),
        ("db.execute(\"SELECT date('now')\")", "SELECT date('now')"),
    ],
)
def test_the_rule_is_seen_to_bite(text: str, way: str) -> None:
    assert list(asked(text)) == [way]
    assert not list(asked("clock.now(); time.monotonic(); moment.strftime('%Y')"))


def test_the_time_has_its_zone() -> None:
    assert clock.now().tzinfo is UTC
