"""The portals that come with the program: declared without a fault, and with nothing that is guessed."""

import re
from pathlib import Path

import pytest

from crawler.portal import Portal, read_portals
from crawler.registry import REGISTRY, read_registry
from pipelines import divisions

FILES = sorted(REGISTRY.glob("*.toml"))
PORTALS = tuple(portal for file in FILES for portal in read_portals(file))

NOW = 9999
"""Years after the newest that is known are read as that one."""

ZONES = {"pingtan": "a zone has no code of its own; it covers 平潭县, whose reports stand on its site"}
"""Portals whose title does not name the division of their code, each with the reason."""

each_portal = pytest.mark.parametrize("portal", PORTALS, ids=lambda portal: portal.name)


def test_every_file_is_read_and_no_name_is_declared_twice() -> None:
    assert tuple(read_registry().values()) == tuple(read_registry()[portal.name] for portal in PORTALS)
    assert len({portal.name for portal in PORTALS}) == len(PORTALS) > 0


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_file_holds_one_province_and_says_that_nothing_was_reached(file: Path) -> None:
    (province,) = {portal.division[:2] for portal in read_portals(file)}
    others = {portal.division[:2] for other in FILES if other != file for portal in read_portals(other)}
    assert province not in others
    assert file.read_text(encoding="utf-8").startswith("# No portal was reached when this was written")


@each_portal
def test_a_portal_bears_the_code_of_the_division_that_its_title_names(portal: Portal) -> None:
    division = divisions.by_code(portal.division)
    assert division is not None, "the code is known"
    newest = max(name.to_year for name in division.names)
    assert portal.division in {name.code for name in division.names if name.to_year == newest}
    named = division.name in portal.title and divisions.find(portal.title, NOW) == division
    assert named != (portal.name in ZONES)


@each_portal
def test_a_portal_is_seen_on_a_date_and_not_yet_checked(portal: Portal) -> None:
    assert re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])(-\d\d)?, \S.*", portal.seen)
    assert portal.checked == ""
    assert not portal.local


@each_portal
def test_a_portal_owns_its_home_and_its_columns_on_one_host(portal: Portal) -> None:
    assert portal.home.endswith("/")
    assert all(map(portal.owns, (portal.home, *portal.columns)))
    (host,) = portal.hosts
    assert portal.home in {f"{scheme}://{www}{host}/" for scheme in ("http", "https") for www in ("www.", "")}


def test_no_two_portals_are_one_site() -> None:
    hosts = [host for portal in PORTALS for host in portal.hosts]
    assert len(set(hosts)) == len(hosts)


def test_what_is_said_not_to_be_declared_is_not() -> None:
    left_out = (REGISTRY / "README.md").read_text(encoding="utf-8").partition("## Known, but not declared")[2]
    sites = re.findall(r"^\| `([^`]+)`", left_out, re.MULTILINE)
    assert sites
    assert not [site for site in sites if any(portal.owns(f"http://{site}/") for portal in PORTALS)]


def test_every_exception_is_a_portal() -> None:
    assert set(ZONES) <= {portal.name for portal in PORTALS}
