"""Styles, pictures and scripts of the site, at addresses that name their content.

An address never gives anything else, so browsers keep it for good; a changed file has another address.
"""

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).parent / "static"
PREFIX = "/assets/"

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}


@dataclass(frozen=True, slots=True)
class Asset:
    """One file: `address` is its path on the site, `packed` its bytes as gzip."""

    address: str
    content_type: str
    body: bytes
    packed: bytes


@lru_cache(maxsize=1)
def assets() -> Mapping[str, Asset]:
    """Return all files by their names."""
    return {path.name: _asset(path) for path in sorted(FOLDER.iterdir()) if path.suffix in TYPES}


def address(name: str) -> str:
    """Return the path of a file on the site.

    Raises:
        KeyError: There is no such file.
    """
    return assets()[name].address


@lru_cache(maxsize=1)
def by_address() -> Mapping[str, Asset]:
    """Return all files by their addresses."""
    return {asset.address: asset for asset in assets().values()}


def _asset(path: Path) -> Asset:
    body = path.read_bytes()
    digest = hashlib.sha256(body).hexdigest()[:12]
    name = f"{path.stem}.{digest}{path.suffix}"
    return Asset(f"{PREFIX}{name}", TYPES[path.suffix], body, gzip.compress(body, mtime=0))
