"""How many of the planted reports were found: the crawl of the specimens, judged."""

from collections.abc import Iterator, Set

from crawler.specimens.plan import PORTALS

Report = tuple[str, int]
"""Agency and year."""


def recall(found: Set[Report]) -> tuple[str, list[str]]:
    """Compare the reports that are in the database with those that were planted.

    Args:
        found: Agency and year of each report in the database.

    Returns:
        The count in words, and a line for each report that was missed or is none of ours.
    """
    planted = {(report.agency, report.year) for portal in PORTALS for report in portal.reports}
    missed = planted - found
    count = f"{len(planted)} planted, {len(planted & found)} found, {len(missed)} missed"
    return count, [*_named("missed", missed), *_named("not planted", found - planted)]


def _named(word: str, reports: Set[Report]) -> Iterator[str]:
    for agency, year in sorted(reports):
        yield f"{word}: {agency} {year}"
