"""Which of the names found is the agency's, or why none can be said to be.

A title names the agency for certain. Without one, names that stand for the reporter must agree
with one another; only where there are none do the source line and then the site count.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from pipelines import divisions, duties
from pipelines.names import alike, complete, is_short, official, same_agency
from pipelines.publishers import BREADCRUMB, COLUMN, SITE, SOURCE, STRONG, Named

_NEWEST = 9999
_SHORTEST_CITY, _LONGEST_CITY = 3, 11
_PROVINCE = re.compile(r".{2,8}?(?:省|自治区)")
_GOVERNMENT = re.compile(r"(?<![镇乡])人民政府$")
_OFFICE = re.compile(
    r"(?:人民政府|管理委员会|管委会)办公[室厅]$|(?:信息|网络|新闻|融媒体?|数据|服务|政务)中心$"
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a document stands: the name of its portal's division, the breadcrumb, and the six-digit code."""

    name: str
    crumbs: tuple[str, ...]
    code: str

    @property
    def innermost(self) -> str:
        """Return the division below the portal's own that the breadcrumb names, else the portal's own."""
        for crumb in reversed(self.crumbs):
            found = divisions.find(crumb, _NEWEST, self.code or None) if self.code else None
            if found and found.level != divisions.PROVINCE and crumb == found.name:
                return crumb
        return self.name


Decision = tuple[str | None, str | None]
"""The agency, or else what is unclear about it."""


def decide(titled: list[str], publishers: list[Named], place: Place) -> Decision:
    """Return the agency's full name, or else what is unclear.

    Args:
        titled: The agencies that titles of the document name, its own first.
        publishers: Names found elsewhere, most trusted first.
        place: Where the document stands.
    """
    if titled:
        if all(alike(titled[0], other) for other in titled):
            return _in_full(titled[0], [*titled, *(each.name for each in publishers)], place)
        return None, f"the titles name different agencies: {', '.join(map(repr, dict.fromkeys(titled)))}"
    for trust in (STRONG, SOURCE, SITE):
        found = [each for each in publishers if each.trust == trust and not _names_another(each, publishers)]
        if found:
            return _agreed(found, [each.name for each in publishers], place)
    rest = _listed(publishers)
    return None, f"nothing names the agency for certain{f': {rest}' if rest else ''}"


def _names_another(named: Named, publishers: list[Named]) -> bool:
    """Tell whether a name, though printed, may well be that of another body.

    An office or centre publishes for everybody, and a government's site and columns hold
    everybody's reports: such a name needs a second place that says the same of the document.
    """
    at_site = named.trust != STRONG or named.where in (COLUMN, BREADCRUMB)
    doubtful = _OFFICE.search(named.name) or (at_site and _GOVERNMENT.search(named.name))
    # Newspapers stand in source lines, and whatever else is no agency.
    if not doubtful and (named.trust != SOURCE or duties.kind(named.name) != duties.OTHER):
        return False
    others = (each for each in publishers if each.where not in (named.where, COLUMN, BREADCRUMB))
    return not any(each.trust == STRONG and same_agency(each.name, named.name) for each in others)


def _agreed(found: list[Named], names: list[str], place: Place) -> Decision:
    """Return the one agency that all of these name."""
    longest = max(found, key=lambda each: len(official(each.name)))
    if all(same_agency(each.name, longest.name) for each in found):
        return _in_full(longest.name, names, place)
    return None, f"the agency is named differently: {_listed(found)}"


def _in_full(name: str, names: list[str], place: Place) -> Decision:
    """Return a name with the place before it, as it is printed elsewhere or by the place of the document."""
    whole_already = not is_short(name)
    longer = {
        each
        for each in names
        if same_agency(each, name)
        and len(official(each)) >= len(official(name))
        # A city's or county's agency is not named by its province too.
        and not (whole_already and _PROVINCE.match(each) and not _PROVINCE.match(name))
    }
    whole = sorted((each for each in longer if not is_short(each)), key=lambda each: (len(each), each))
    if whole and all(same_agency(each, whole[-1]) for each in whole):
        return _committee(whole[-1], names), None
    if whole_already or divisions.begins_with_place(name):
        return _committee(name, names), None
    completed = None if whole else complete(name, place.innermost)
    return completed, None if completed else f"only a part of the agency's name is known: {name!r}"


def with_city(name: str, texts: Iterable[str]) -> str:
    """Return a district's agency with its city before it, where a text prints it so."""
    for text in texts:
        for match in re.finditer(re.escape(name), text):
            for length in range(_SHORTEST_CITY, _LONGEST_CITY + 1):
                city = text[max(0, match.start() - length) : match.start()]
                if _lies_in(name, city):
                    return f"{city}{name}"
    return name


def _lies_in(name: str, city: str) -> bool:
    above, below = divisions.find(city, _NEWEST), divisions.find(f"{city}{name}", _NEWEST)
    return bool(above and below and city == above.name and below.parent == above.id)


def _committee(name: str, names: list[str]) -> str:
    """Return a zone's committee as the page prints it: a title often names the zone alone."""
    short = name.replace("管理委员会", "管委会")
    return short if any(each.startswith(short) for each in names) else name


def _listed(named: list[Named]) -> str:
    return ", ".join(dict.fromkeys(f"{each.name!r} ({each.where})" for each in named))
