"""`specimens.toml`: the portals file that declares the specimens and keeps their ports."""

import os
import re
from collections.abc import Sequence
from pathlib import Path

from crawler.specimens.huanhu import HUANHU
from crawler.specimens.plan import PORTALS, SpecimenPortal

SEEN = "2026-11-24, crawler/specimens"


def kept_ports(portals_file: Path) -> list[int]:
    """Return the ports of an earlier start, none if the file is not there or not ours."""
    try:
        text = portals_file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return []
    ports = [
        int(port) for port in re.findall(r'^home = "http://127\.0\.0\.1:(\d{1,5})/"$', text, re.MULTILINE)
    ]
    return ports if len(ports) == len(PORTALS) else []


def write_portals(portals_file: Path, ports: Sequence[int]) -> None:
    """Write the declaration of every portal, in one piece, if it says anything new."""
    tables = (_table(portal, port) for portal, port in zip(PORTALS, ports, strict=True))
    text = "# Portals of our own on loopback; rewritten when a port changes.\n\n" + "\n".join(tables)
    if portals_file.exists() and portals_file.read_text(encoding="utf-8") == text:
        return
    draft = portals_file.with_suffix(f".{os.getpid()}")
    draft.write_text(text, encoding="utf-8")
    draft.replace(portals_file)


def _table(portal: SpecimenPortal, port: int) -> str:
    """Return one portal's table; the county's column and platform are left to be discovered."""
    home = f"http://127.0.0.1:{port}"
    declared = portal is HUANHU
    lines = [
        f"[{portal.name}]",
        f'title = "{portal.title}"',
        f'division = "{portal.division}"',
        f'home = "{home}/"',
        f'columns = ["{home}{portal.column}"]' if declared else "columns = []",
        f'hosts = ["127.0.0.1:{port}"]',
        *(['platform = "createpagehtml"'] if declared else []),
        "first_year = 2019",
        "delay = 0",
        f'seen = "{SEEN}"',
        "local = true",
    ]
    return "\n".join(lines) + "\n"
