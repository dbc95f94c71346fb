"""What a reader types becomes a harmless query and honest passages."""

import doctest
import sqlite3
from contextlib import closing

import pytest

from archive.site import phrase
from pipelines.search import spaced

ATTACKS = (
    "",
    " ",
    '"',
    '""',
    '"""公开',
    '公开"',
    "AND",
    "公 OR",
    "NEAR(公 开)",
    "title:公开",
    "-公开",
    "^公*",
    "(((",
    "{公}",
    "公开'; DROP TABLE report; --",
    "\0公",
    "😀",
    "😀公",
    "\ud800",
    "%_",
    "a" * 5000,
    "公 " * 5000,
)


@pytest.fixture
def index() -> sqlite3.Connection:
    db = sqlite3.connect(":memory:")
    db.execute("CREATE VIRTUAL TABLE words USING FTS5 (text, content='')")
    for number, text in enumerate(("政府信息公开", "公示开放", "Annual report 2020年", "体育局"), 1):
        db.execute("INSERT INTO words (rowid, text) VALUES (?, ?)", (number, spaced(text)))
    return db


def found(db: sqlite3.Connection, query: str) -> list[int]:
    with closing(db):
        asked = phrase.match(*phrase.phrases(query))
        return [row[0] for row in db.execute("SELECT rowid FROM words WHERE words MATCH ?", (asked,))]


def test_the_examples_in_the_docstrings_hold() -> None:
    assert doctest.testmod(phrase).failed == 0


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("公开", [1]),
        ("公", [1, 2]),
        ("公 开", [1, 2]),
        ("“公开”", [1]),
        ("公，开", [1]),
        ("体育", [4]),
        ("局", [4]),
        ("REPORT", [3]),
        ('"annual report"', [3]),
        ("2020年", [3]),
        ("2020", [3]),
        ("开公", []),
        ("体育　局", [4]),
        ("😀 体育", [4]),
    ],
)
def test_a_word_of_any_length_is_found(index: sqlite3.Connection, query: str, rows: list[int]) -> None:
    assert found(index, query) == rows


@pytest.mark.parametrize("query", ATTACKS)
def test_nothing_a_reader_types_is_syntax(index: sqlite3.Connection, query: str) -> None:
    assert isinstance(found(index, query), list)


def test_a_query_without_words_finds_nothing(index: sqlite3.Connection) -> None:
    assert found(index, "?!，。😀") == []


def test_the_loader_and_the_site_agree_what_a_chinese_character_is() -> None:
    everything = "".join(map(chr, [*range(0x20, 0xD800), *range(0xE000, 0x2FA20)]))
    cut = {word for word in spaced(everything).split() if len(word) == 1}
    ours = {token for token in phrase.TOKEN.findall(everything) if len(token) == 1}
    assert {c for c in cut if c.isalnum() or c == "〇"} <= ours


def test_a_passage_shows_the_first_hit_in_its_surroundings() -> None:
    pieces = phrase.passage("前" * 500 + "依法公\n开" + "后" * 500, "公开", around=5)
    assert [(piece.text, piece.hit) for piece in pieces] == [
        ("…", False),
        ("前前前依法", False),
        ("公 开", True),
        ("后" * 7, False),
        ("…", False),
    ]


def test_a_passage_without_a_hit_is_the_beginning_of_the_text() -> None:
    assert phrase.passage("甲乙丙", "丁") == (phrase.Piece("甲乙丙", hit=False),)
