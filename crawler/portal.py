"""A portal: what must be known of a site to crawl it. Declared as data, one TOML table each."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from math import isfinite
from pathlib import Path
from typing import Any

from crawler.errors import NoContact, PortalError
from crawler.platforms import PLATFORMS

_NAME = re.compile(r"[a-z][a-z0-9_]{1,39}")
_DIVISION = re.compile(r"\d{6}")

# An authority that urllib, w3lib, Twisted and browsers read alike: no user, no brackets, no
# backslash, no escape, nothing that is stripped or folded; what is left must begin as a path does.
_ADDRESS = re.compile(
    r"(https?)://([a-z0-9_-]+(?:\.[a-z0-9_-]+)*)(?::([0-9]{1,5}))?(?=[/?#]|\Z)", re.IGNORECASE | re.ASCII
)
_OWN_PORT = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Portal:
    """One portal as declared (DESIGN.md, portals and platforms).

    Attributes:
        name: key of the portal everywhere; lower-case, never changed.
        title, division: the publisher's own name; GB/T 2260 code, six digits.
        home, columns: addresses; without columns they are looked for from the home page.
        hosts: host names (suffixes) that belong to it; nothing else is ever fetched.
        platform: fingerprint of the site software; None means recognise it.
        first_year: oldest report to expect; `delay`: seconds between requests.
        tls: `verified`, or `unverified: <reason>`.
        seen, checked: when and where the address was learnt; when a crawl last confirmed it.
        local: a specimen on loopback; a host is then name:port.
    """

    name: str
    title: str
    division: str
    home: str
    hosts: tuple[str, ...]
    seen: str
    columns: tuple[str, ...] = ()
    platform: str | None = None
    first_year: int = 2008
    delay: float = 2.0
    tls: str = "verified"
    checked: str = ""
    local: bool = False

    def owns(self, url: str) -> bool:
        """Tell whether an address is http(s) on one of the portal's hosts.

        A port must be the scheme's own, or stand beside that host in `home` or `columns`. IDN
        addresses are owned in their xn-- form.
        """
        place = _place(url)
        if place is None:
            return False
        scheme, host, port = place
        if self.local:
            return f"{host}:{port}" in self.hosts
        if not any(host == own or host.endswith("." + own) for own in self.hosts):
            return False
        return port == _OWN_PORT[scheme] or (host, port) in self._declared_places()

    def _declared_places(self) -> set[tuple[str, int]]:
        return {place[1:] for place in map(_place, (self.home, *self.columns)) if place}

    def declaration(self) -> dict[str, Any]:
        """Return the declaration as it is written into the run's WARC."""
        return asdict(self)


def _place(url: str) -> tuple[str, str, int] | None:
    """Return scheme, host and port of an address, or None where parsers could disagree on them."""
    found = _ADDRESS.match(url)
    if found is None:
        return None
    scheme, host = found[1].lower(), found[2].lower()
    return scheme, host, int(found[3] or _OWN_PORT[scheme])


_TYPES: Mapping[str, tuple[type, ...]] = {
    "title": (str,),
    "division": (str,),
    "home": (str,),
    "hosts": (list,),
    "seen": (str,),
    "columns": (list,),
    "platform": (str,),
    "first_year": (int,),
    "delay": (int, float),
    "tls": (str,),
    "checked": (str,),
    "local": (bool,),
}
_REQUIRED = ("title", "division", "home", "hosts", "seen")


def read_portals(path: Path) -> tuple[Portal, ...]:
    """Read a file of portals.

    Raises:
        PortalError: The file cannot be read, is no TOML, or fields are missing, unknown or
            wrong: one line for each.
    """
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise PortalError(f"{path}: cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PortalError(f"{path}: is no TOML: {error}") from error
    faults = [
        f"{path}: portal {name!r}: {fault}"
        for name, table in tables.items()
        for fault in _faults(name, table)
    ]
    if faults:
        raise PortalError("\n".join(faults))
    return tuple(_portal(name, table) for name, table in tables.items())


def _portal(name: str, table: Mapping[str, Any]) -> Portal:
    values: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in table.items()
    }
    return Portal(name=name, **values)


def _faults(name: str, table: Any) -> list[str]:
    """Return all that is wrong with a table; values are looked at where every field is in order."""
    if not isinstance(table, dict):
        return [f"must be a table [{name}]"]
    faults = [f"field {field!r} is missing" for field in _REQUIRED if field not in table]
    faults += [fault for field, value in table.items() if (fault := _wrong_type(field, value))]
    if not _NAME.fullmatch(name):
        faults.append("a name is 2 to 40 lower-case letters, digits and _, a letter first")
    return faults or list(_wrong_values(_portal(name, table)))


def _wrong_type(field: str, value: Any) -> str:
    if field not in _TYPES:
        return f"field {field!r} is unknown; known are {', '.join(_TYPES)}"
    kinds = _TYPES[field]
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        return f"field {field!r} is {value!r}, not a {kinds[0].__name__}"
    if isinstance(value, list) and not all(isinstance(item, str) and item for item in value):
        return f"field {field!r} must list texts, not {value!r}"
    return ""


def _wrong_values(portal: Portal) -> Iterator[str]:
    complaints = (
        (not portal.title.strip(), "title", "is empty"),
        (not _DIVISION.fullmatch(portal.division), "division", f"{portal.division!r} is not six digits"),
        (not portal.hosts, "hosts", "is empty"),
        (not portal.seen.strip(), "seen", "is empty"),
        (
            portal.platform not in (None, *PLATFORMS),
            "platform",
            f"{portal.platform!r} is not one of {list(PLATFORMS)}",
        ),
        (not isfinite(portal.delay), "delay", f"{portal.delay} is no time"),
        (not 1990 <= portal.first_year <= 2100, "first_year", f"{portal.first_year} is no year"),
        (portal.delay < (0 if portal.local else 1), "delay", f"{portal.delay} is under a second"),
        (
            portal.tls != "verified" and not re.fullmatch(r"unverified: \S.*", portal.tls),
            "tls",
            f"{portal.tls!r} is neither 'verified' nor 'unverified: <reason>'",
        ),
    )
    for wrong, field, complaint in complaints:
        if wrong:
            yield f"field {field!r} {complaint}"
    yield from _wrong_hosts(portal)
    for field, url in (("home", portal.home), *(("columns", column) for column in portal.columns)):
        if not portal.owns(url):
            yield f"field {field!r} holds {url!r}, not an address on its hosts"


def _wrong_hosts(portal: Portal) -> Iterator[str]:
    for host in portal.hosts:
        if not re.fullmatch(r"[a-z0-9.-]+(:\d+)?", host) or (":" in host) != portal.local:
            yield f"field 'hosts' holds {host!r}, not a host name in lower case"
        elif portal.local and not re.match(r"(127\.\d+\.\d+\.\d+|localhost):", host):
            yield f"field 'local' is for loopback only, not {host!r}"


def is_contact(text: str) -> bool:
    """Tell whether a text holds a mail or web address."""
    return re.search(r"\S@\S+\.\S|https?://\S", text) is not None


def require_contact(portals: Iterable[Portal], contact: str) -> None:
    """Refuse to ask public hosts without saying who asks.

    Raises:
        NoContact: A portal is public and the contact is no mail or web address.
    """
    public = [portal.name for portal in portals if not portal.local]
    if public and not is_contact(contact):
        raise NoContact(
            f"{', '.join(public)}: public hosts are asked only by someone they can write to: set "
            "GONGKAI_CONTACT to a mail or web address, e.g. GONGKAI_CONTACT=crawl@example.org"
        )
