"""When a report that is archived is looked at again: often while it is young, then ever more rarely.

Most silent edits come soon after publication (a corrected table, a new attachment); the rest is
found by a look a year.
"""

from datetime import datetime, timedelta

SHORTEST, LONGEST = timedelta(days=7), timedelta(days=365)

FULL_WALK = timedelta(days=30)
"""How old the last walk through whole lists may be before the next one must be whole again."""


def due(first_seen: datetime, last_seen: datetime, now: datetime) -> bool:
    """Tell whether a report is to be looked at again.

    It is when as much time has passed since the last look as it had been known at that look,
    at least 7 and at most 365 days: after 7, 14, 28, 56, 112, 224 and 448 days, then yearly.

    >>> published = datetime(2026, 1, 1)
    >>> looks = [published]
    >>> for day in range(1500):
    ...     if due(published, looks[-1], published + timedelta(days=day)):
    ...         looks.append(published + timedelta(days=day))
    >>> [(look - published).days for look in looks]
    [0, 7, 14, 28, 56, 112, 224, 448, 813, 1178]
    """
    return now - last_seen >= min(max(last_seen - first_seen, SHORTEST), LONGEST)
