"""The declaration that a look at a portal leads to, as TOML with a comment for what is not certain."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from urllib.parse import urlsplit

from crawler.platforms import GENERAL
from crawler.portal import Portal
from crawler.probing import Column, Look

NameOf = Callable[[str], str | None]
"""From the GB/T 2260 code of a division to its name, None where there is none."""

UNKNOWN = "000000"
"""A division that was not found out."""

ANSWERS, MOVED, CHANGED, EMPTY, GONE = "answers", "moved", "changed", "empty", "gone"
"""What may have become of a declared portal (`compare`)."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_COMMON = {"www", "gov", "cn", "com", "net", "org"}


def provisional(url: str) -> Portal:
    """Return the portal that an address stands for as long as nothing else is known.

    Raises:
        ValueError: The address is no http(s) one that every parser reads alike.
    """
    parts = urlsplit(url if "://" in url else f"http://{url}")
    host, port = parts.hostname or "", parts.port
    local = host in ("localhost", "127.0.0.1")
    home = parts._replace(path=parts.path or "/", query="", fragment="").geturl()
    labels = [re.sub(r"[^a-z0-9]", "_", label) for label in host.split(".") if label not in _COMMON]
    name = "_".join(labels)[:40].strip("_")
    portal = Portal(
        name=name if re.match(r"[a-z]", name) else f"portal_{port or name}",
        title=host,
        division=UNKNOWN,
        home=home,
        hosts=(f"{host}:{port}",) if local else (host.removeprefix("www."),),
        seen="",
        delay=0 if local else 2.0,
        local=local,
    )
    if not portal.owns(home):
        raise ValueError(f"{url!r} is no address of a site")
    return portal


def draft(look: Look, known: Mapping[str, Portal], name_of: NameOf, seen: str, today: date) -> str:
    """Return the declaration of a portal that was looked at.

    Args:
        look: What was found.
        known: The portals that are declared, to check the division by.
        name_of: Names divisions.
        seen: When and where the address was learnt.
        today: The day of the look.
    """
    portal = look.portal
    title = look.site.title or portal.title
    lines = [f"[{portal.name}]", f"title = {_text(title)}{'' if look.site.title else _NO_TITLE}"]
    lines += [*_division(look, title, known, name_of), f"home = {_text(look.home or portal.home)}"]
    lines += [*_columns(look), f"hosts = {_list((*portal.hosts, *_near(look)))}", *_platform(look)]
    lines += [f"delay = {portal.delay:g}"] if portal.local or portal.delay != 2.0 else []
    lines += [f"tls = {_text(portal.tls)}"] if portal.tls != "verified" else []
    lines += [f"seen = {_text(seen)}"]
    lines += [f'checked = "{today}"' if look.filled else "# not checked: no column that lists reports"]
    lines += ["local = true"] if portal.local else []
    # Whatever a site says of itself stays in its line.
    return "\n".join(_CONTROL.sub(" ", line) for line in (*lines, *_remarks(look))) + "\n"


_NO_TITLE = "  # not found out: the page names no site"


def _division(look: Look, title: str, known: Mapping[str, Portal], name_of: NameOf) -> Iterator[str]:
    """Yield the division, and what speaks against it."""
    code, declared = look.site.code[:6], look.portal.division
    if declared != UNKNOWN:
        other = f"  # its SiteIDCode is {look.site.code}" if code and code != declared else ""
        yield f'division = "{declared}"{other}'
        return
    if not code:
        yield f'division = "{UNKNOWN}"  # not found out: no SiteIDCode'
        return
    doubts = "; ".join(_doubts(look.portal, code, title, known, name_of))
    yield f'division = "{code}"  # SiteIDCode {look.site.code}{f"; {doubts}: look at it" if doubts else ""}'


def _doubts(
    portal: Portal, code: str, title: str, known: Mapping[str, Portal], name_of: NameOf
) -> Iterator[str]:
    """Yield what speaks against a code: the title, and portals on hosts nearby."""
    name = name_of(code)
    if name is None:
        yield f"{code} is no division that is known"
    elif name not in title and name[:-1] not in title:
        yield f"{code} is {name}, which the title does not name"
    domains = {_domain(host) for host in portal.hosts}
    for other in known.values():
        near = any(_domain(host) in domains for host in other.hosts)
        if near and not other.local and other.division[:4] != code[:4]:
            yield f"{other.name}, on a host nearby, has {other.division}"


def _columns(look: Look) -> Iterator[str]:
    if not look.filled:
        yield "columns = []"
        return
    yield "columns = ["
    for url, column in look.filled.items():
        yield f"    {_text(url)},  # {_seen_in(column)}"
    yield "]"


def _seen_in(column: Column) -> str:
    lists = column.platforms.total()
    newest = f", the newest of {column.newest}" if column.newest else ""
    return (
        f"{'1 list' if lists == 1 else f'{lists} lists'}; on first pages {column.entries} entries, "
        f"{column.reports} may be reports{newest}"
    )


def _platform(look: Look) -> Iterator[str]:
    found = {name for column in look.filled.values() for name in column.platforms}
    if len(found) == 1 and GENERAL not in found:
        yield f"platform = {_text(*found)}"
    elif found:
        yield f"# platform: not declared, lists are read as {', '.join(sorted(found))}"
    elif look.traces:
        yield f"# platform: the home page shows traces of {look.traces}"
    else:
        yield "# platform: not found out"


def _near(look: Look) -> tuple[str, ...]:
    """Return other hosts of the portal's own domain: its department for files, as a rule."""
    domains = {_domain(host) for host in look.portal.hosts}
    return tuple(sorted(host for host in look.foreign if _domain(host) in domains and ":" not in host))


def _remarks(look: Look) -> Iterator[str]:
    for host, (answer, closed) in look.robots.items():
        shown = f"{', '.join(closed[:5])}{' …' if len(closed) > 5 else ''}"
        yield f"# robots.txt of {host} {answer}{f' and closes {shown} to somebody' if closed else ''}"
    near = _near(look)
    for host, count in look.foreign.most_common():
        if host not in near:
            yield f"# {count} links to {host}: add it to hosts if it is the portal's own"
    for url, column in look.columns.items():
        if not column.reports:
            yield f"# {url} lists {column.entries} entries, none of them like a report"
    for url, fault in look.faults.items():
        yield f"# {url}: {fault}"


def _domain(host: str) -> str:
    """Return the part of a host that one sponsor holds: the last three names (`x.gov.cn`)."""
    return ".".join(host.partition(":")[0].split(".")[-3:])


def _text(text: str) -> str:
    """Return a basic string of TOML, which JSON's strings are."""
    return json.dumps(text, ensure_ascii=False)


def _list(texts: Iterable[str]) -> str:
    return f"[{', '.join(map(_text, dict.fromkeys(texts)))}]"


def compare(look: Look) -> tuple[str, str]:
    """Return what became of a declared portal, as a word and in words.

    `ANSWERS`: its columns list reports. `MOVED`: they stand elsewhere now. `CHANGED`: another platform
    reads them. `EMPTY`: they list none. `GONE`: nothing answers.
    """
    portal, filled = look.portal, look.filled
    if not look.home and not filled:
        return GONE, look.reason
    if not filled:
        return EMPTY, "no column that lists reports was found: " + look.reason
    lost = [url for url in portal.columns if url not in filled]
    if lost:
        found = ", ".join(url for url in filled if url not in portal.columns) or "no other page"
        return MOVED, f"{', '.join(lost)} lists no reports; {found} does"
    platforms = {name for column in filled.values() for name in column.platforms}
    if portal.platform and portal.platform not in platforms:
        return CHANGED, f"declared as {portal.platform}, read as {', '.join(sorted(platforms))}"
    return ANSWERS, f"{sum(column.reports for column in filled.values())} may be reports on first pages"
