"""Portals are data: a fault in one is named by file, portal and field."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scrapy import Request
from twisted.web.client import URI

from crawler.errors import NoContact, PortalError, UnknownPortal
from crawler.portal import Portal, read_portals, require_contact
from crawler.registry import choose, read_registry

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


def test_all_faults_of_all_files_are_told_at_once_each_on_its_line(tmp_path: Path) -> None:
    wrong = GOOD.replace("990100", "9901").replace('["yangli.example"]', '["Yangli", "b.example:1"]')
    (tmp_path / "a.toml").write_text(wrong + GOOD.replace("[yangli]", "[other]").replace("seen", "sen"))
    (tmp_path / "b.toml").write_text("[")
    (tmp_path / "c.toml").write_text(GOOD)
    with pytest.raises(PortalError) as caught:
        read_registry([tmp_path / f"{name}.toml" for name in "abc"])
    lines = str(caught.value).splitlines()
    told = [("a.toml", "yangli", "division"), ("a.toml", "yangli", "hosts"), ("a.toml", "yangli", "hosts")]
    told += [
        ("a.toml", "yangli", "home"),
        ("a.toml", "other", "'seen' is missing"),
        ("a.toml", "other", "'sen'"),
    ]
    for line, parts in zip(lines, [*told, ("b.toml", "no TOML")], strict=True):
        assert all(part in line for part in parts), line


def test_a_name_may_be_declared_once(tmp_path: Path) -> None:
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).write_text(GOOD)
    with pytest.raises(PortalError, match="twice"):
        read_registry([tmp_path / "a.toml", tmp_path / "b.toml"])


@pytest.mark.parametrize(
    ("url", "own"),
    [
        ("https://zfxxgk.yangli.example/a?b", True),
        ("http://yangli.example", True),
        ("http://yangli.example?a", True),
        ("http://yangli.example#a", True),
        ("HTTP://WWW.Yangli.EXAMPLE/", True),
        ("http://www.yangli.example/公开 年报.html", True),
        ("http://yangli.example:80/", True),
        ("https://yangli.example:443/", True),
        ("http://yangli.example:443/", False),
        ("http://yangli.example:22/", False),
        ("http://yangli.example:8080/", False),
        ("http://yangli.example:/", False),
        ("http://yangli.example:８０/", False),
        ("http://user:pw@yangli.example/", False),
        ("http://yangli.example:80@evil.example/", False),
        ("http://yangli.example\\@evil.example/", False),
        ("http://evil.example\\@yangli.example/", False),
        ("http://evil.example\\.yangli.example/", False),
        ("http:\\\\yangli.example/", False),
        ("http:/yangli.example/", False),
        ("http:///yangli.example/", False),
        ("http://yangli.example\t.evil.example/", False),
        ("http://yangli.example\n", False),
        ("ht\ntp://yangli.example/", False),
        (" http://yangli.example/", False),
        ("\x00http://yangli.example/", False),
        ("http://yangli.example./", False),
        ("http://yangli..example/", False),
        ("http://.yangli.example/", False),
        ("http://yangli%2eexample/", False),
        ("http://yangli。example/", False),
        ("http://yangli.example\u2100evil.example/", False),
        ("http://yangli.example\u2024evil/", False),
        ("http://yang\u0131i.example/", False),
        ("http:\u2044/yangli.example/", False),
        ("http://[yangli.example]/", False),
        ("http://[::1]/", False),
        ("httpſ://yangli.example/", False),
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


def test_an_odd_port_is_owned_where_it_is_declared(tmp_path: Path) -> None:
    toml = GOOD.replace("http://www.yangli.example/", "http://www.yangli.example:8080/")
    (portal,) = read(tmp_path, toml + 'columns = ["https://yangli.example:8443/nb/"]\n')
    assert portal.owns("https://www.yangli.example:8080/x")
    assert portal.owns("https://yangli.example:8443/nb/index_1.html")
    assert portal.owns("http://yangli.example/")
    assert not portal.owns("http://yangli.example:8080/")
    assert not portal.owns("http://www.yangli.example:8443/")


def test_a_local_portal_owns_its_port_only(tmp_path: Path) -> None:
    local = GOOD.replace("www.yangli.example", "127.0.0.1:8000").replace("yangli.example", "127.0.0.1:8000")
    (portal,) = read(tmp_path, local + "local = true\n")
    assert portal.owns("http://127.0.0.1:8000/x")
    assert not portal.owns("http://127.0.0.1:8001/x")
    assert not portal.owns("http://127.0.0.1:8000@127.0.0.1:8001/x")
    assert not portal.owns("http://127.0.0.1/x")


@pytest.mark.parametrize("name", ["../x", "a/b", "/etc", "x.y", "..", "x\\n"])
def test_a_name_that_is_a_path_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(PortalError, match="a name is"):
        read(tmp_path, GOOD.replace("[yangli]", f'["{name}"]'))


ODD_PORT = Portal("p", "t", "990100", "http://www.own.example:8080/", ("own.example",), "s")
PIECES = st.sampled_from([
    "http://", "https://", "HTTP://", "http:", "//", "/", "\\", "@", ":", "#", "?", ".", "%2e", "%00", "[", "]", "::1",
    "own.example", "www.own.example", "OWN.example", "evil.example", "127.0.0.1", "user:pw@", ":80", ":443", ":8080", ":22", ":080",
    "\t", "\n", "\r", " ", "\x00", "\x1f", "\x7f", "\u3002", "\uff0e", "\u2100", "\u017f", "\u212a", "\u0131", "\u00df", "\u200d", "\ufeff", "xn--",
])  # fmt: skip
ADDRESSES = st.builds(
    "".join,
    st.tuples(
        st.sampled_from(["http://", "https://", "HTTPS://", ""]),
        st.sampled_from(["own.example", "www.own.example:8080", "a.own.example", ""]),
        st.sampled_from(["", "/", "?", "#"]),
        st.lists(st.one_of(PIECES, st.text(max_size=3)), max_size=6).map("".join),
    ),
)


@settings(max_examples=400, deadline=None)
@given(ADDRESSES)
@example("http://own.example\\@evil.example/")
@example("http://own.example\t.evil.example/")
@example("http://own.example:8080#@evil.example/")
@example("http://www.own.example:8080\\@evil.example")
def test_what_is_owned_leads_there_in_every_reading(url: str) -> None:
    if not ODD_PORT.owns(url):
        return
    sent = Request(url).url
    parts, asked = urlsplit(url), URI.fromBytes(sent.encode("ascii"))
    read_as = {
        (parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}[parts.scheme]),
        (asked.scheme.decode(), asked.host.decode(), asked.port),
    }
    ((scheme, host, port),) = read_as
    assert scheme in ("http", "https")
    assert host == "own.example" or host.endswith(".own.example")
    assert (scheme, port) in (("http", 80), ("https", 443)) or (host, port) == ("www.own.example", 8080)
    assert "@" not in parts.netloc
    assert ODD_PORT.owns(sent), "what Scrapy makes of it is owned too"
