"""Which portals there are: those that come with the program, and those of the operator's own files."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from crawler.errors import PortalError, UnknownPortal
from crawler.portal import Portal, read_portals

REGISTRY = Path(__file__).parent / "portals"
"""The portals that come with the program, one file a province."""


def read_registry(extra: Sequence[Path] = ()) -> dict[str, Portal]:
    """Read the registry and further files; return the portals by name.

    A further file may declare a portal of the registry anew: the operator knows better.

    Raises:
        PortalError: As `read_portals`, for all files together, or two further files, or two of the
            registry, declare one name.
    """
    shipped, own = _read_all(extra)
    return shipped | own


def _read_all(extra: Iterable[Path]) -> tuple[dict[str, Portal], dict[str, Portal]]:
    faults: list[str] = []
    shipped = _read(sorted(REGISTRY.glob("*.toml")), faults)
    own = _read(extra, faults)
    if faults:
        raise PortalError("\n".join(faults))
    return shipped, own


def _read(files: Iterable[Path], faults: list[str]) -> dict[str, Portal]:
    portals: dict[str, Portal] = {}
    for path in files:
        try:
            read = read_portals(path)
        except PortalError as error:
            faults.append(str(error))
            continue
        twice = [portal.name for portal in read if portal.name in portals]
        faults += [f"{path}: portal {name!r}: the name is declared twice" for name in twice]
        portals |= {portal.name: portal for portal in read}
    return portals


def choose(portals: Mapping[str, Portal], names: Iterable[str]) -> tuple[Portal, ...]:
    """Return the named portals, each once.

    Raises:
        UnknownPortal: A name is not declared.
    """
    wanted = tuple(dict.fromkeys(names))
    for name in wanted:
        if name not in portals:
            raise UnknownPortal(f"no portal is called {name!r}; declared are: {', '.join(portals) or 'none'}")
    return tuple(portals[name] for name in wanted)


def unnamed(extra: Sequence[Path] = ()) -> tuple[Portal, ...]:
    """Return the portals that are crawled when none is named.

    Those of the operator's files, and those that come with the program once they are `checked`: an
    address that was only seen somewhere is asked for the first time by somebody who looks on.

    Raises:
        PortalError: As `read_registry`.
    """
    shipped, own = _read_all(extra)
    checked = {name: portal for name, portal in shipped.items() if portal.checked}
    return tuple((checked | own).values())
