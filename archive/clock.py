"""The time of day: asked for here and nowhere else, so that one place can move it for a whole process.

All times are kept in UTC. The law's days are days in China, where each begins eight hours earlier.
"""

from datetime import UTC, date, datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8))


def now() -> datetime:
    """Return the time, UTC. Call it as `clock.now()`: a name that was imported could not be moved."""
    return datetime.now(UTC)


def china_day(at: datetime) -> date:
    """Return the day in China on which a time lies.

    >>> china_day(datetime(2026, 1, 31, 16, 30, tzinfo=UTC))
    datetime.date(2026, 2, 1)
    """
    return at.astimezone(CHINA).date()


def china_day_of(text: str) -> str:
    """Return the day in China on which a time of the archive lies; what is no time as it stands.

    >>> china_day_of("2026-01-31T16:30:00Z"), china_day_of("2026-01-31T15:30:00Z"), china_day_of("")
    ('2026-02-01', '2026-01-31', '')
    """
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return text[:10]
    return china_day(at if at.tzinfo else at.replace(tzinfo=UTC)).isoformat()
