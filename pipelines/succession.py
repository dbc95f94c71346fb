"""Which agency's reports go on under another agency's name: pure, over the agencies of one division.

Nothing is asserted of an agency that has no report, nor where both report on one year, nor of
agencies of two divisions. Where a name could go on as two others, it goes on as the next in time.

Source: the names of divisions by year (`pipelines.divisions`), and the reforms of `REFORMS`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from pipelines.divisions import Name
from pipelines.reforms import MERGED, NEW_NAMES, OLD_NAMES, REFORMS, RENAMED, Reform

COUNTY_TO_CITY = "county_to_city"
JOINING = (RENAMED, COUNTY_TO_CITY)
"""The kinds that join two series of numbers; after a merger another one begins."""

_NATIONAL = "国家税务总局"
"""What stands before the division in the name of a tax office since 2018."""


@dataclass(frozen=True, slots=True)
class Office:
    """An agency: its id, its full name, and the first and last year that its reports are about."""

    agency: str
    name: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Succession:
    """An agency, its successor, and the first year reported on by that, with kind and basis."""

    agency: str
    successor: str
    from_year: int
    kind: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class _Named:
    """An agency's name in two: the division's own name, if it is in it, and the office without it."""

    office: Office
    place: str
    rest: str


@dataclass(frozen=True, slots=True)
class _Pair:
    before: _Named
    after: _Named
    kind: str
    zh: str
    en: str


def may_take_part(name: str, names: Sequence[Name]) -> bool:
    """Tell quickly whether an agency of this name can be in any succession of its division.

    Args:
        name: The agency's full name.
        names: All names that its division bore.
    """
    return len({each.name for each in names}) > 1 or name.endswith((*OLD_NAMES, *NEW_NAMES, "税务局"))


def successions(offices: Iterable[Office], names: Sequence[Name]) -> tuple[Succession, ...]:
    """Return the successions among the agencies of one division.

    Args:
        offices: Agencies that have reports.
        names: All names that the division bore; none where no table knows it.
    """
    by_rest: dict[str, list[_Named]] = {}
    for office in offices:
        each = _named(office, names)
        by_rest.setdefault(each.rest, []).append(each)
    named = [each for group in by_rest.values() for each in group]
    nearest = [pair for each in named for pair in _nearest(_pairs(each, by_rest, names))]
    ordered = sorted(nearest, key=lambda pair: (pair.after.office.agency, pair.before.office.agency))
    found: list[Succession] = []
    for _, group in groupby(ordered, key=lambda pair: pair.after.office.agency):
        pairs = list(group)
        several = len(pairs) > 1
        found.extend(_succession(replace(pair, kind=MERGED) if several else pair) for pair in pairs)
    return tuple(found)


def _named(office: Office, names: Sequence[Name]) -> _Named:
    own = max((each.name for each in names if each.name in office.name), key=len, default="")
    if not own:
        return _Named(office, "", office.name)
    before, _, after = office.name.partition(own)
    return _Named(office, own, f"{_NATIONAL}{after}" if before == _NATIONAL else after)


def _nearest(pairs: Iterator[_Pair]) -> Iterator[_Pair]:
    """Yield those of an agency's successors that come first; two that a name could go on as are none."""
    found = sorted(pairs, key=lambda pair: pair.after.office.first)
    first = [pair for pair in found if pair.after.office.first == found[0].after.office.first]
    if len(first) == 1:
        yield first[0]


def _pairs(before: _Named, by_rest: Mapping[str, list[_Named]], names: Sequence[Name]) -> Iterator[_Pair]:
    """Yield every successor that an agency may have, whose reports begin after its own have ended."""
    for after in by_rest[before.rest]:
        moved = _moved(before.place, after.place, names)
        if moved and before.office.last < after.office.first:
            yield _Pair(before, after, *moved)
    for reform, rest in _reformed(before.rest):
        for after in by_rest.get(rest, ()):
            moved = _moved(before.place, after.place, names)
            follows = max(before.office.last + 1, reform.since) <= after.office.first
            if follows and (moved or before.place == after.place):
                kind = MERGED if moved and moved[0] == MERGED else reform.kind
                yield _Pair(before, after, kind, reform.zh, reform.en)


def _reformed(before: str) -> Iterator[tuple[Reform, str]]:
    """Yield what reforms may have made of an office; what stands before its name stays there."""
    for reform in REFORMS:
        for old in reform.before:
            if before.endswith(old):
                yield from ((reform, before.removesuffix(old) + new) for new in reform.after)


def _moved(before: str, after: str, names: Sequence[Name]) -> tuple[str, str, str] | None:
    """Return kind and basis where the division gave up the one name and then took the other."""
    if not before or not after or before == after:
        return None
    last = max(each.to_year for each in names if each.name == before)
    first = min(each.from_year for each in names if each.name == after)
    if last >= first:
        return None
    if all(len(_borne(year, names)) < 2 for year in range(last, first)):
        en = f"From {first} the division {before} is called {after}."
        return COUNTY_TO_CITY, f"行政区划“{before}”自{first}年起为“{after}”。", en
    en = f"From {first} the division {before} is part of {after}."
    return MERGED, f"行政区划“{before}”自{first}年起并入“{after}”。", en


def _borne(year: int, names: Sequence[Name]) -> set[str]:
    """Return the names of a year: several where divisions that were merged later share the id."""
    return {each.name for each in names if each.from_year <= year <= each.to_year}


def _succession(pair: _Pair) -> Succession:
    first = pair.after.office.first
    return Succession(pair.before.office.agency, pair.after.office.agency, first, pair.kind, pair.zh, pair.en)
