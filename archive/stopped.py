"""A publication that the gate has stopped: kept in `stopped.json` until one is made, lest it be forgotten.

What was published before stands meanwhile, and looks as it always did.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from archive import disk

FILE = "stopped.json"


@dataclass(frozen=True, slots=True)
class Stop:
    """Since when nothing is published, and what the gate said last."""

    since: str
    reasons: Sequence[str] = ()


def note(data: Path, reasons: Sequence[str], now: datetime) -> None:
    """Note that the gate has stopped a publication; the first of several in a row says since when."""
    earlier = read(data)
    stop = Stop(earlier.since if earlier else f"{now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}", reasons)
    disk.replace_file(data / FILE, json.dumps(asdict(stop), ensure_ascii=False, indent=1) + "\n")


def clear(data: Path) -> None:
    """Note that what was loaded is published."""
    (data / FILE).unlink(missing_ok=True)


def read(data: Path) -> Stop | None:
    """Return how a publication is stopped, or None; what is damaged says that much."""
    try:
        told = json.loads((data / FILE).read_bytes())
        return Stop(str(told["since"]), tuple(map(str, told["reasons"])))
    except FileNotFoundError:
        return None
    except (ValueError, TypeError, KeyError):
        return Stop("", (f"{FILE} is damaged",))
