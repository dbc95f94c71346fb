"""LibreOffice asks no server for what a document refers to, and runs no macro."""

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from pipelines.documents import libreoffice, programs
from pipelines.errors import LimitExceeded
from tests.pipelines.open_document import MACRO, PICTURE, open_document

pytestmark = pytest.mark.slow


@pytest.fixture
def server() -> Iterator[tuple[str, list[str]]]:
    """Yield the address of a server and what it was asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        do_HEAD = do_OPTIONS = do_PROPFIND = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}", asked
        running.shutdown()


def unguarded(monkeypatch: pytest.MonkeyPatch, settings: tuple[tuple[str, str, str], ...]) -> None:
    """Leave programs the network, and LibreOffice these settings alone."""
    bare = programs._environment
    monkeypatch.setattr(programs, "_CLONE_NEWNET", 0)
    monkeypatch.setattr(programs, "_DEAD", "")
    monkeypatch.setattr(programs, "_environment", lambda folder: {k: v for k, v in bare(folder).items() if v})
    monkeypatch.setattr(libreoffice, "_SETTINGS", settings)


def convert(body: bytes) -> None:
    with programs.own_folder() as folder:
        source = folder / "document.odt"
        source.write_bytes(body)
        libreoffice._convert(source, folder)


def test_no_server_is_asked_for_what_a_document_refers_to(
    soffice: Path, server: tuple[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    address, asked = server
    document = open_document(PICTURE.format(address=address))
    convert(document)
    assert asked == []
    settings = libreoffice._SETTINGS
    unguarded(monkeypatch, settings)
    convert(document)
    assert asked == []
    unguarded(monkeypatch, ())
    convert(document)
    assert "/picture.png" in asked


def opened(body: bytes, folder: Path, seconds: float) -> float:
    """Open a document as a reader would, without converting it; return how long that was open."""
    source = folder / "document.odt"
    source.write_bytes(body)
    before = time.monotonic()
    while time.monotonic() - before < seconds and not (folder / "ran").exists():
        try:
            programs.run(
                [*libreoffice._command(folder), source], folder, seconds=seconds - time.monotonic() + before
            )
        except LimitExceeded:
            break
    return time.monotonic() - before


def test_no_macro_runs(soffice: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # A conversion runs none whatever the settings; so the settings are tried on documents that are opened.
    allowed, ours = tmp_path / "allowed", tmp_path / "ours"
    with monkeypatch.context() as patch:
        patch.setattr(
            libreoffice, "_SETTINGS", (("Office.Common/Security/Scripting", "MacroSecurityLevel", "0"),)
        )
        allowed.mkdir()
        took = opened(open_document("", MACRO.format(file=allowed / "ran")), allowed, 60)
    assert (allowed / "ran").exists()
    ours.mkdir()
    opened(open_document("", MACRO.format(file=ours / "ran")), ours, 2 * took)
    assert not (ours / "ran").exists()
