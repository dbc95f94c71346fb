"""Lists are asked for only as far as something new can stand."""

import pytest

from crawler.listing import AFTER_END, SEEN, UNCHANGED, Listing
from crawler.platforms.lists import Ask, Entry, ListPage

LIST = "http://h/nb/index.html"
SEEN_BEFORE = frozenset("abcdef")


def page(entries: str, more: str = "", declared: int | None = None) -> ListPage:
    return ListPage(tuple(Entry(e, e) for e in entries), tuple(Ask(m) for m in more), declared)


def short() -> Listing:
    return Listing(LIST, seen=SEEN_BEFORE, whole=False)


def asked(asks: tuple[Ask, ...]) -> str:
    return "".join(ask.url for ask in asks)


def test_a_whole_walk_asks_for_every_page_once() -> None:
    listing = Listing(LIST)
    assert asked(listing.read(page("ab", "123"))) == "123"
    assert asked(listing.read(page("cd", "23"), number=1)) == ""
    assert asked(listing.read(page("cd", "4"), number=3)) == "4"
    assert [listing.number_of(Ask(name)) for name in "1234"] == [1, 2, 3, 4]


def test_behind_a_first_page_that_reads_as_it_did_nothing_is_asked_for() -> None:
    listing = short()
    assert listing.read(page("ab", "12"), page("ab", "12")) == ()
    assert listing.left == {"1": UNCHANGED, "2": UNCHANGED}
    assert not listing.whole


@pytest.mark.parametrize("more", ["123", ""])
def test_new_entries_are_followed_page_by_page_to_one_that_shows_none(more: str) -> None:
    listing = short()
    assert asked(listing.read(page("xa", "123"), page("ab", "123"))) == "1"
    assert asked(listing.read(page("yb", more and "23"), number=1)) == "2"
    assert asked(listing.read(page("cd", more and "3"), number=2)) == ""
    assert listing.left == {"3": SEEN}
    assert not listing.whole


@pytest.mark.parametrize(
    ("now", "before"),
    [
        (page("a", "123"), page("ab", "123")),
        (page("ab", "123", 8), page("ab", "123", 9)),
        (page("ba", "123"), page("ab", "123")),
        (page("ab", "123"), None),
    ],
)
def test_where_something_was_taken_away_or_may_have_been_the_list_is_walked_whole(
    now: ListPage, before: ListPage | None
) -> None:
    listing = short()
    assert asked(listing.read(now, before)) == "123"
    assert listing.whole


def test_a_total_that_did_not_grow_by_what_is_new_tells_of_a_loss_behind() -> None:
    listing = short()
    assert asked(listing.read(page("xa", "123", 9), page("ab", "123", 9))) == "1"
    assert asked(listing.read(page("bc"), number=1)) == "23"
    assert listing.whole


def test_a_short_walk_that_comes_to_the_end_was_a_whole_one() -> None:
    listing = short()
    assert listing.read(page("ab"), page("ab")) == ()
    assert listing.whole
    listing = short()
    listing.read(page("xa", "1"), page("ab", "1"))
    listing.read(page("b"), number=1)
    assert listing.whole


@pytest.mark.parametrize(
    ("declared", "word", "number", "lost"),
    [
        (2, "soft_404", 1, False),
        (2, 404, 1, False),
        (3, "soft_404", 1, True),
        (None, "soft_404", 1, False),
        (None, "soft_404", 0, True),
        (None, 404, 1, True),
    ],
)
def test_a_page_beyond_the_end_is_no_loss_and_one_that_is_missing_is(
    declared: int | None, word: int | str, number: int, lost: bool
) -> None:
    listing = Listing(LIST)
    listing.read(page("ab", "1", declared), number=1)
    listing.end("1", number + 1 if number else 0, word)
    assert listing.lost_pages() == ({"1": word} if lost else {})


def test_after_a_page_that_is_not_there_a_short_walk_asks_for_no_more() -> None:
    listing = short()
    listing.read(page("xa", "123"), page("ab", "123"))
    listing.end("1", 1, "soft_404")
    assert listing.left == {"2": AFTER_END, "3": AFTER_END}
