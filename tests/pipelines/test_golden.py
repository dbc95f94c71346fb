"""Every document under `tests/reports` still reads as it was once approved.

A case is a folder: the document, `origin.toml`, and `expected.json`, which the first run writes;
that run fails, so that somebody compares it with the document before it is committed.
"""

import json
import tomllib
from pathlib import Path

import pytest

from archive.captures import Capture
from pipelines.read import read_capture

REPORTS = Path(__file__).parent.parent / "reports"
CASES = sorted(folder for folder in REPORTS.iterdir() if folder.is_dir())


def document_of(folder: Path) -> Path:
    (document,) = folder.glob("document.*")
    return document


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_a_document_reads_as_approved(folder: Path) -> None:
    document = document_of(folder)
    reading = read_capture(Capture(body=document.read_bytes()))
    found = {**reading.as_json(document.name), "is_report": reading.is_report, "reason": reading.reason}
    approved = folder / "expected.json"
    if not approved.exists():
        lines = json.dumps(found, ensure_ascii=False, indent=1).replace("\n   ", " ").replace("\n  }", " }")
        approved.write_text(lines + "\n", encoding="utf-8")
        pytest.fail(f"wrote {approved}: compare it with the document, then commit it")
    assert found == json.loads(approved.read_text(encoding="utf-8"))


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_a_document_says_where_it_comes_from_and_is_a_specimen(folder: Path) -> None:
    origin = tomllib.loads((folder / "origin.toml").read_text(encoding="utf-8"))
    assert set(origin) == {"kind", "figures", "shows"}
    assert origin["kind"] == "specimen"
    assert "样本" in read_capture(Capture(body=document_of(folder).read_bytes())).title
