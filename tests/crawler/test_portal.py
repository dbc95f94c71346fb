"""Portals are data: a fault in one is named by file, portal and field."""

from pathlib import Path

import pytest

from crawler.errors import NoContact, PortalError, UnknownPortal
from crawler.portal import Portal, choose, read_portals, read_registry, require_contact

GOOD = """
[yangli]
title = "样例市人民政府"
division = "990100"
home = "http://www.yangli.example/"
hosts = ["yangli.example"]
seen = "2026-11-01, specimen"
"""


def read(tmp_path: Path, toml: str) -> tuple[Portal, ...]:
    path = tmp_path / "x.toml"
    path.write_text(toml)
    return read_portals(path)


def test_six_lines_make_a_portal(tmp_path: Path) -> None:
    (portal,) = read(tmp_path, GOOD)
    assert (portal.name, portal.delay, portal.columns, portal.platform) == ("yangli", 2.0, (), None)


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ('title = "样例市人民政府"\n', "", "title"),
        ('"样例市人民政府"', '" "', "title"),
        ('"990100"', '"99010"', "division"),
        ('"990100"', "990100", "division"),
        ('["yangli.example"]', '"yangli.example"', "hosts"),
        ('["yangli.example"]', "[]", "hosts"),
        ('["yangli.example"]', '["http://yangli.example"]', "hosts"),
        ("http://www.yangli.example/", "http://elsewhere.example/", "home"),
        ("http://www.yangli.example/", "ftp://www.yangli.example/", "home"),
        ("seen =", 'columns = ["http://other.example/col"]\nseen =', "columns"),
        ("seen =", "delay = 0.2\nseen =", "delay"),
        ("seen =", "delay = true\nseen =", "delay"),
        ("seen =", "first_year = 20\nseen =", "first_year"),
        ("seen =", 'tls = "off"\nseen =', "tls"),
        ("seen =", "delay = nan\nseen =", "delay"),
        ("seen =", 'platform = "nope"\nseen =', "platform"),
        ("seen =", 'colour = "red"\nseen =', "colour"),
    ],
)
def test_a_wrong_field_is_named_with_file_and_portal(tmp_path: Path, old: str, new: str, field: str) -> None:
    with pytest.raises(PortalError) as caught:
        read(tmp_path, GOOD.replace(old, new))
    message = str(caught.value)
    assert "x.toml" in message
    assert "'yangli'" in message
    assert repr(field) in message


@pytest.mark.parametrize("toml", ["[Bad-Name]\ntitle='x'", "yangli = 3", "[yangli", "\x00"])
def test_what_is_no_table_of_portals_is_one_clear_error(tmp_path: Path, toml: str) -> None:
    with pytest.raises(PortalError, match="x.toml"):
        read(tmp_path, toml)


def test_a_name_may_be_declared_once(tmp_path: Path) -> None:
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).write_text(GOOD)
    with pytest.raises(PortalError, match="twice"):
        read_registry([tmp_path / "a.toml", tmp_path / "b.toml"])


@pytest.mark.parametrize(
    ("url", "own"),
    [
        ("https://zfxxgk.yangli.example/a?b", True),
        ("http://yangli.example:8080/", True),
        ("http://notyangli.example/", False),
        ("http://yangli.example.evil.example/", False),
        ("http://yangli.example@evil.example/", False),
        ("file:///etc/passwd", False),
        ("data:text/html,x", False),
        ("http://[::1", False),
        ("//yangli.example/", False),
    ],
)
def test_a_portal_owns_its_hosts_and_nothing_that_looks_like_them(
    tmp_path: Path, url: str, own: bool
) -> None:
    (portal,) = read(tmp_path, GOOD)
    assert portal.owns(url) is own


def test_public_hosts_are_asked_only_with_a_contact(tmp_path: Path) -> None:
    portals = read(tmp_path, GOOD)
    with pytest.raises(NoContact, match="GONGKAI_CONTACT"):
        require_contact(portals, "me")
    require_contact(portals, "me@example.org")


def test_an_unknown_name_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    portals = {portal.name: portal for portal in read(tmp_path, GOOD)}
    with pytest.raises(UnknownPortal, match="yangli"):
        choose(portals, ["nowhere"])
    assert choose(portals, ["yangli", "yangli"]) == tuple(portals.values())
