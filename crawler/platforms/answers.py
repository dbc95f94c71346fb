"""What list scripts are answered: JSON, bare or in the call of a function (JSONP), and the days in it."""

import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from crawler.platforms.lists import find_date

_CALL = re.compile(r"[\w.$]{1,80}\s*\(")
_BEIJING = timedelta(hours=8)


def read_json(text: str) -> Any:
    """Return what an answer holds, None where it is no JSON.

    >>> read_json('cb({"result": 1});'), read_json("<html>")
    ({'result': 1}, None)
    """
    text = text.strip("\ufeff \t\r\n;")
    call = _CALL.match(text)
    if call and text.endswith(")"):
        text = text[call.end() : -1]
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def member(value: Any, *path: str) -> Any:
    """Return what stands at a path in nested objects, None where the path leads nowhere.

    >>> member({"data": {"list": [1]}}, "data", "list"), member([], "data")
    ([1], None)
    """
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def json_at(text: str, start: int) -> Any:
    """Return what a script writes at a place, None where it is no JSON."""
    try:
        return json.JSONDecoder().raw_decode(text, start)[0]
    except (ValueError, RecursionError):
        return None


def count(value: Any) -> int | None:
    """Return a number of entries, written as a number or in digits, else None."""
    if isinstance(value, str) and value.isdecimal():
        value = int(value[:9])
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def day(value: Any) -> str:
    """Return a day as YYYY-MM-DD: of a date in words, or of (milli)seconds since 1970, as in Beijing.

    >>> day(1675123200), day(1675123200000), day("2023年1月31日"), day(None)
    ('2023-01-31', '2023-01-31', '2023-01-31', '')
    """
    if isinstance(value, str):
        if not value.isdecimal():
            return find_date(value)
        value = int(value[:20])
    if not isinstance(value, int):
        return ""
    seconds = value / 1000 if value > 2**33 else value
    return (datetime.fromtimestamp(seconds, UTC) + _BEIJING).date().isoformat() if 0 < seconds < 2**33 else ""


def first_day(value: Any, keys: Iterable[str]) -> str:
    """Return the first day that stands under one of the keys of an entry."""
    return next(filter(None, (day(member(value, key)) for key in keys)), "")
