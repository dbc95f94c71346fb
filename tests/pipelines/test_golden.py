"""Every document under `tests/reports` still reads as it was once approved.

A case is a folder: the document, `origin.toml`, and `expected.json`, which the first run writes;
that run fails, so that somebody compares it with the document before it is committed.
"""

import json
import shutil
import tomllib
from pathlib import Path

import pytest

from archive.captures import Capture
from pipelines.read import read_capture

REPORTS = Path(__file__).parent.parent / "reports"
BY_LIBREOFFICE = (
    pytest.mark.slow,
    pytest.mark.skipif(
        not (shutil.which("soffice") and shutil.which("antiword")),
        # CI installs them, so there it never skips (.ci/run).
        reason="LibreOffice or antiword is not there: apt install libreoffice-writer-nogui antiword",
    ),
)


def document_of(folder: Path) -> Path:
    (document,) = folder.glob("document.*")
    return document


CASES = [
    pytest.param(
        folder, id=folder.name, marks=BY_LIBREOFFICE if document_of(folder).suffix in (".doc", ".rtf") else ()
    )
    for folder in sorted(REPORTS.iterdir())
    if folder.is_dir()
]


@pytest.mark.parametrize("folder", CASES)
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


@pytest.mark.parametrize("folder", CASES)
def test_a_document_says_where_it_comes_from_and_is_a_specimen(folder: Path) -> None:
    origin = tomllib.loads((folder / "origin.toml").read_text(encoding="utf-8"))
    assert set(origin) == {"kind", "figures", "shows"}
    assert origin["kind"] == "specimen"
    assert "样本" in read_capture(Capture(body=document_of(folder).read_bytes())).title
