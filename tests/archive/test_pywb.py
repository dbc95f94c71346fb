"""pywb, the web archives' own replay software, plays back what we have archived."""

import gzip
import subprocess
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from archive import runs
from archive.captures import DETAIL, LIST, Context
from archive.exchanges import Exchange
from tests import replaying
from tests.replaying import PYWB

pytestmark = pytest.mark.slow

FIRST, LATER = "2026-01-31T08:00:00Z", "2026-02-28T08:00:00Z"
PAGE = "<!doctype html><meta charset=gb18030><title>样例市㕑体育局</title><p>2025年度报告".encode("gb18030")
PACKED = gzip.compress("<p>样例市灯塔局</p>".encode() * 100, mtime=0)
VERDICT = {**dict.fromkeys(runs.ENDED_FIELDS, 0), "outcome": "ok", "skips": [], "asked": []}


def exchange(path: str, body: bytes, date: str = FIRST, **headers: str) -> Exchange:
    pairs = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    context = Context(role=LIST if path == "/" else DETAIL, portal="p")
    return Exchange(
        f"http://h.example{path}", "GET", (("Host", "h.example"),), b"", 200, "", pairs, body, date, path, context
    )  # fmt: skip


def write_archive(data: Path) -> list[Path]:
    """Archive two runs; in the second, one page is unchanged (304) and one came again as it was."""
    html = {"Content_Type": "text/html; charset=gb18030"}
    written = []
    stored = {}
    for name, date in (("20260131T080000Z", FIRST), ("20260228T080000Z", LATER)):
        writer = runs.RunWriter(data / "warc", "p", name, {"date": date})
        writer.tell(runs.STARTED, date, {"portal": {}})
        for path, body, status in (("/", PAGE, 304), ("/same", PAGE[::-1], 200)):
            asked = exchange(path, body, date, **html)
            if path in stored:
                asked = replace(
                    asked, status=status, body=b"" if status == 304 else body, repeats=stored[path]
                )
            stored[path] = writer.store(asked)
        if date == FIRST:
            writer.store(exchange("/packed", PACKED, date, Content_Encoding="gzip", Content_Type="text/html"))
        writer.tell(runs.ENDED, date, VERDICT)
        written.append(writer.seal())
    return written


@pytest.fixture(scope="module")
def wayback(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Let pywb index our sealed files and serve them; yield its address."""
    folder = tmp_path_factory.mktemp("pywb")
    files = write_archive(folder)
    for arguments in (["init", "c"], ["add", "c", *files]):
        subprocess.run([PYWB / "wb-manager", *arguments], cwd=folder, check=True, capture_output=True)
    with replaying.wayback(folder) as address:
        yield address


def replay(wayback: str, moment: str, path: str) -> tuple[bytes, str]:
    """Return the body that pywb has for an address at a moment, unchanged (`id_`), and its type."""
    address = f"{wayback}/{moment}id_/http://h.example{path}"
    request = urllib.request.Request(address, headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return answer.read(), answer.headers.get("Content-Type", "")


def test_a_gb18030_page_comes_back_byte_for_byte(wayback: str) -> None:
    assert replay(wayback, "20260131080000", "/") == (PAGE, "text/html; charset=gb18030")


def test_a_compressed_page_comes_back_as_it_was_sent(wayback: str) -> None:
    body, _ = replay(wayback, "20260131080000", "/packed")
    assert body == PACKED


@pytest.mark.parametrize(("path", "page"), [("/", PAGE), ("/same", PAGE[::-1])])
def test_a_revisit_is_replayed_with_the_body_it_stands_for(wayback: str, path: str, page: bytes) -> None:
    assert replay(wayback, "20260228080000", path)[0] == page
