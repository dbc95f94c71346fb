"""Files beside a publication, as its manifest names them."""

import gzip
import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from archive import manifest as manifests
from archive.publish import DATABASE, publish
from tests import sample_archive

NOW = datetime(2026, 11, 24, 20, 15, 55, tzinfo=UTC)
VERSION = "20261124T201555Z"
CELLS = "files/cell-2022-form_2021.csv.gz"


def make(folder: Path) -> tuple[Path, dict[str, bytes]]:
    """Publish the sample archive with files; return the version's folder and its files' bytes by name."""
    version = publish(sample_archive.load(folder / "gongkai.db"), folder / "public", now=NOW)
    return version, add(version)


def add(folder: Path, *, rows: int = 3, tables: tuple[str, ...] = ("cell", "report")) -> dict[str, bytes]:
    """Write files, manifest and sums into a version's folder; return the files' bytes by name."""
    files: dict[str, bytes] = {}
    listed: list[dict[str, Any]] = []
    for table in tables:
        for year in (2021, 2022):
            name = f"files/{table}-{year}-form_2021.csv.gz"
            text = "".join(f"{table},{year},{row},样本\n" for row in range(rows))
            files[name] = gzip.compress(text.encode(), mtime=0)
            listed.append(
                {"path": name, "bytes": len(files[name]), "sha256": sha256(files[name]), "rows": rows}
                | {"table": table, "year": year, "form": "form_2021", "format": "csv.gz"}
            )
    for name, body in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(body)
    manifest = {"version": folder.name, "made_at": "2026-11-24T20:15:55Z", "content": "x", "files": listed}
    beside = {
        "manifest.json": json.dumps(manifest).encode(),
        "datapackage.json": b"{}",
        "SHA256SUMS.sig": b"\0sig",
    }
    named = {**files, DATABASE: (folder / DATABASE).read_bytes(), "datapackage.json": b"{}"}
    beside["SHA256SUMS"] = "".join(f"{sha256(body)}  {name}\n" for name, body in named.items()).encode()
    for name, body in beside.items():
        (folder / name).write_bytes(body)
    return {**named, **beside}


def reseal(folder: Path) -> None:
    """Have a version's manifest and sums name its database as it is now, as if it had been published so."""
    told = json.loads((folder / manifests.MANIFEST).read_bytes())
    del told["files"]
    files = manifests.read(folder)
    files[DATABASE] = manifests.describe(folder, DATABASE, format="sqlite")
    manifests.write(folder, told, list(files.values()))


def sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
