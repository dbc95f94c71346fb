"""A report is looked at again ever more rarely."""

from datetime import datetime, timedelta

import pytest

from crawler.schedule import due

FIRST = datetime(2026, 1, 1)


@pytest.mark.parametrize(
    ("known_for", "since", "wanted"),
    [
        (0, 6, False),
        (0, 7, True),
        (3, 6, False),
        (7, 6, False),
        (7, 7, True),
        (14, 13, False),
        (14, 14, True),
        (364, 363, False),
        (800, 364, False),
        (800, 365, True),
        (0, -5, False),
    ],
)
def test_a_report_is_due_when_it_was_unseen_as_long_as_it_had_been_known(
    known_for: int, since: int, wanted: bool
) -> None:
    last = FIRST + timedelta(days=known_for)
    assert due(FIRST, last, last + timedelta(days=since)) is wanted
