"""`specimens.toml`: the portals file that declares the specimens and keeps their ports."""

import os
import re
from collections.abc import Sequence
from pathlib import Path

from crawler.specimens.planted import SpecimenPortal

SEEN = "2026-11-24, crawler/specimens"


def kept_ports(portals_file: Path, portals: Sequence[SpecimenPortal]) -> list[int]:
    """Return the ports of an earlier start, none if the file is not there or not of these portals."""
    try:
        text = portals_file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return []
    ports = [
        int(port) for port in re.findall(r'^home = "http://127\.0\.0\.1:(\d{1,5})/"$', text, re.MULTILINE)
    ]
    return ports if len(ports) == len(portals) else []


def write_portals(portals_file: Path, portals: Sequence[SpecimenPortal], ports: Sequence[int]) -> None:
    """Write the declaration of every portal, in one piece, if it says anything new."""
    tables = (_table(portal, port) for portal, port in zip(portals, ports, strict=True))
    text = "# Portals of our own on loopback; rewritten when a port changes.\n\n" + "\n".join(tables)
    if portals_file.exists() and portals_file.read_text(encoding="utf-8") == text:
        return
    draft = portals_file.with_suffix(f".{os.getpid()}")
    draft.write_text(text, encoding="utf-8")
    draft.replace(portals_file)


def _table(portal: SpecimenPortal, port: int) -> str:
    """Return one portal's table; of most, column and platform are left to be discovered."""
    home = f"http://127.0.0.1:{port}"
    lines = [
        f"[{portal.name}]",
        f'title = "{portal.title}"',
        f'division = "{portal.division}"',
        f'home = "{home}/"',
        f'columns = ["{home}{portal.column}"]' if portal.declared else "columns = []",
        f'hosts = ["127.0.0.1:{port}"]',
        *([f'platform = "{portal.software}"'] if portal.declared else []),
        "first_year = 2019",
        "delay = 0",
        f'seen = "{SEEN}"',
        "local = true",
    ]
    return "\n".join(lines) + "\n"
