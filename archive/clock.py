"""The time of day: asked for here and nowhere else, so that one place can move it for a whole process."""

from datetime import UTC, datetime


def now() -> datetime:
    """Return the time, UTC. Call it as `clock.now()`: a name that was imported could not be moved."""
    return datetime.now(UTC)
