"""Damaged and hostile files, read as a crawl reads them: one problem each, and never another number.

A bit that flips inside the digits of an uncompressed format makes another whole document, so bits
are flipped only where the format has checksums.
"""

import os
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from random import Random

import pytest

from archive.captures import Capture
from pipelines.reading import Reading
from pipelines.workers import read_all
from tests.pipelines.round_trip import markup, office, pdf
from tests.pipelines.round_trip.balanced import balanced
from tests.pipelines.round_trip.reports import Report, make
from tests.pipelines.test_workers import alive

pytestmark = pytest.mark.slow

Damaged = dict[str, bytes]

PRINTED = {
    "html": markup.html,
    "text": markup.text,
    "markdown": markup.markdown,
    "docx": office.docx,
    "xlsx": office.xlsx,
    "pdf": pdf.pdf,
}
CHECKED = ("docx", "xlsx", "pdf")


def truncated(body: bytes, random: Random) -> Iterator[bytes]:
    yield from (body[: len(body) * part // 12] for part in range(1, 12))
    yield from (body[: -random.randint(1, 200)] for _ in range(3))


def zeroed(body: bytes, random: Random) -> Iterator[bytes]:
    for _ in range(8):
        size = random.choice((64, 512, 4096))
        at = random.randrange(len(body))
        yield body[:at] + bytes(min(size, len(body) - at)) + body[at + size :]


def cut_out(body: bytes, random: Random) -> Iterator[bytes]:
    for _ in range(4):
        at = random.randrange(len(body))
        yield body[:at] + body[at + random.randint(1, len(body) // 10) :]


def flipped(body: bytes, random: Random) -> Iterator[bytes]:
    for _ in range(10):
        changed = bytearray(body)
        for _ in range(random.choice((1, 1, 20))):
            changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
        yield bytes(changed)


def without_members(body: bytes) -> Iterator[bytes]:
    with zipfile.ZipFile(BytesIO(body)) as whole:
        members = {name: whole.read(name) for name in whole.namelist()}
    for gone in members:
        yield zipped({name: content for name, content in members.items() if name != gone})


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def damaged(name: str, body: bytes, random: Random) -> Damaged:
    """Return description -> damaged document, all made of one that is good."""
    ways = {"cut": truncated, "zeroed": zeroed, "without": cut_out}
    if name in CHECKED:
        ways["flipped"] = flipped
    made = {f"{way} {at}": one for way, damage in ways.items() for at, one in enumerate(damage(body, random))}
    if body.startswith(b"PK"):
        made |= {f"member {at}": one for at, one in enumerate(without_members(body))}
    return made


def read_damaged(documents: Damaged, monkeypatch: pytest.MonkeyPatch) -> dict[str, Reading]:
    """Read documents through the worker pool, and see that no worker is left."""
    mark = os.getpid() * 10
    monkeypatch.setenv("marked", str(mark))
    captures = [Capture(id=name, body=body) for name, body in documents.items()]
    readings = {capture.id: reading for capture, reading in read_all(captures, processes=2, seconds=15)}
    assert alive(mark) == []
    assert list(readings) == list(documents)
    return readings


def told(reading: Reading) -> list[object]:
    """Return what a reading complains of; that a layout is an older one says nothing of its numbers."""
    findings = (one for one in reading.findings if one.check != "superseded_form")
    return [*reading.problems, *findings]


def silent(report: Report, reading: Reading) -> list[str]:
    """Return the cells that are not as printed, where nothing says so."""
    if told(reading):
        return []
    read = {cell.key: (cell.state, cell.value) for cell in reading.cells}
    return [
        f"{key}: {read.get(key)} for {one.value}"
        for key, one in report.printed.items()
        if read.get(key) != (one.state, one.value)
    ]


@pytest.mark.parametrize("name", PRINTED)
def test_a_damaged_document_is_read_whole_or_has_a_problem(
    name: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    random = Random(f"damaged {name}")
    report = make(random, fixed=True, fill=balanced)
    body = PRINTED[name](report, random)
    documents = {"good": body, **damaged(name, body, random)}
    readings = read_damaged(documents, monkeypatch)
    assert told(readings["good"]) == []
    assert {way: found for way, one in readings.items() if (found := silent(report, one))} == {}
    assert [way for way, one in readings.items() if not one.cells and not one.problems] == []
    assert "Traceback" not in capfd.readouterr().err


def hostile() -> Damaged:
    """Return documents that nobody made by mistake."""
    random = Random("hostile")
    report = make(random, fill=balanced)
    good = {name: render(report, random) for name, render in PRINTED.items()}
    bomb = zlib.compress(b"0" * (1 << 28), 9)
    entities = b"".join(b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10) for n in range(1, 10))
    laughs = b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY e0 "ha">' + entities + b"]><d>&e9;</d>"
    outside = b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><d>&x;</d>'
    word, excel = (zipfile.ZipFile(BytesIO(good[name])) for name in ("docx", "xlsx"))
    return {
        "nothing": b"",
        "only spaces": b" \r\n\t" * 1000,
        "zeros": bytes(100_000),
        "noise": random.randbytes(50_000),
        "a signature alone": b"%PDF-1.7",
        "an archive's signature alone": b"PK\x03\x04",
        "ole signature alone": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504),
        "ole of noise": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + random.randbytes(20_000),
        "rtf alone": b"{\\rtf1",
        "deep rtf": b"{\\rtf1" + b"{" * 100_000,
        "deep page": b"<html><body>" + b"<div>" * 10_000 + b"x",
        "deep tables": b"<html><body>" + b"<table><tr><td>" * 10_000 + b"x",
        "a million empty cells": b"<html><table>" + (b"<tr>" + b"<td>" * 1000) * 1000 + b"</table>",
        "wide spans": b"<html><table>" + b"<tr><td colspan=9999999 rowspan=9999999>1" * 3000 + b"</table>",
        "page loop": _pdf(b"<</Type/Pages/Kids[2 0 R]/Count 1>>"),
        "no pages": _pdf(b"<</Type/Pages/Kids[]/Count 0>>"),
        "many pages": _pdf(b"<</Type/Pages/Kids[" + b"3 0 R " * 200_000 + b"]/Count 200000>>"),
        "pdf bomb": _pdf(
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>",
            b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(bomb), bomb),
        ),
        "word bomb": _with(word, "word/document.xml", b"<w>" + b" " * (1 << 28) + b"</w>"),
        "word laughs": _with(word, "word/document.xml", laughs),
        "word outside": _with(word, "word/document.xml", outside),
        "excel laughs": _with(excel, "xl/worksheets/sheet1.xml", laughs),
        "excel outside": _with(excel, "xl/worksheets/sheet1.xml", outside),
        "deep word": _with(word, "word/document.xml", b"<w>" * 10_000),
        "archive of nothing": zipped({}),
        "archive of archives": _nested(20),
        "archive bomb": zipped({"a.txt": bytes(1 << 28)}),
    }


def _pdf(*objects: bytes) -> bytes:
    body = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    for number, one in enumerate(objects, 2):
        body += b"%d 0 obj%s endobj\n" % (number, one)
    return body + b"trailer<</Root 1 0 R>>\n%%EOF"


def _with(archive: zipfile.ZipFile, member: str, content: bytes) -> bytes:
    return zipped({name: archive.read(name) for name in archive.namelist()} | {member: content})


def _nested(depth: int) -> bytes:
    inner = b"x"
    for _ in range(depth):
        inner = zipped({"a.zip": inner})
    return inner


def test_a_hostile_document_is_one_problem(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    readings = read_damaged(hostile(), monkeypatch)
    told = {
        name: [(one.kind, one.detail[:100]) for one in reading.problems] for name, reading in readings.items()
    }
    assert {name: problems for name, problems in told.items() if len(problems) != 1} == {}
    assert "Traceback" not in capfd.readouterr().err
    assert [name for name, reading in readings.items() if reading.cells] == []
