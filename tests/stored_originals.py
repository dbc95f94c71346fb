"""A small archive with its WARC files, loaded and published the way every archive is, to show originals from."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from random import Random

from click.testing import CliRunner

from archive import runs
from archive.captures import ATTACHMENT, DETAIL, LIST, PICTURE, Capture, Context
from archive.exchanges import Exchange
from archive.originals import Originals
from archive.publish import DATABASE, publish
from pipelines.pending import load_pending
from pipelines.withhold_command import withhold
from tests.pipelines import pdf_files
from tests.pipelines.round_trip import markup, office
from tests.pipelines.round_trip.reports import make
from tests.pipelines.template import keys_of, page

NOW = datetime(2026, 11, 24, 20, 15, 55, tzinfo=UTC)
FIRST, LATER = "2026-01-31T08:00:00Z", "2026-02-28T08:00:00Z"
HOST = "http://specimen.localhost"
NUMBER = "13812345678"
SECRET = "绝密之言"

DECLARED = {
    "title": "样本市门户（样本）",
    "division": "990100",
    "home": f"{HOST}/",
    "platform": None,
    "local": True,
}
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63606060000000"
    "040001f61738550000000049454e44ae426082"
)
TEXTS = {key: str(1000 + number) for number, key in enumerate(keys_of("form_2021"))}
PAGE = page("form_2021", TEXTS)


def _of(agency: str, text: str) -> str:
    """Return the report of another agency, with a text in its first section."""
    return PAGE.replace("某某市样本局", agency).replace("<p>样本。", f"<p>{text}。", 1)


@cache
def bodies() -> dict[str, tuple[bytes, str, str]]:
    """Return what is archived: by path its body, type and role."""
    random = Random(1)
    html = "text/html; charset=utf-8"
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    return {
        "/page.html": (PAGE.encode("gb18030"), "text/html; charset=gb2312", DETAIL),
        "/report.pdf": (pdf_files.pdf("form_2021", TEXTS), "application/pdf", DETAIL),
        "/report.docx": (office.docx(make(random, fixed=True), random), word, DETAIL),
        "/report.xlsx": (office.xlsx(make(random, fixed=True), random), "application/zip", DETAIL),
        "/report.txt": (markup.text(make(random), random), "text/plain", DETAIL),
        "/masked.html": (_of("某某市灯塔局", f"请致电{NUMBER}").encode(), html, DETAIL),
        "/withheld.html": (_of("某某市茶叶局", SECRET).encode(), html, DETAIL),
        "/aside.html": (f"<p>通知</p><!-- 经办人 {NUMBER} --><p>无".encode(), html, DETAIL),
        "/": (b"<a href=/page.html>2022</a>", html, LIST),
        "/seal.png": (PNG, "image/png", PICTURE),
        "/more.rar": (b"Rar!\x1a\x07\x00" + bytes(range(256)), "application/rar", ATTACHMENT),
    }


@dataclass(frozen=True, slots=True)
class Archive:
    """A data folder: the captures by path (of the second run with `again` before it), and the publication."""

    data: Path
    captures: Mapping[str, Capture]
    published: Path

    @property
    def database(self) -> Path:
        """Return the publication's database."""
        return self.published / DATABASE

    @property
    def originals(self) -> Originals:
        """Return the originals of the publication, asked as the site asks."""
        return Originals(self.database, self.data / "warc")


def exchange(path: str, body: bytes, media_type: str, role: str, date: str = FIRST, **named: str) -> Exchange:
    """Return the exchange in which a body came."""
    asked = (("Host", "specimen.localhost"), ("User-Agent", "Gongkai (+mailto:operator@example.org)"))
    headers = (
        ("Content-Type", media_type),
        *((name.replace("_", "-"), text) for name, text in named.items()),
    )
    referer = f"{HOST}/page.html" if role in (PICTURE, ATTACHMENT) else ""
    known = {
        "portal": "specimen",
        "portal_title": DECLARED["title"],
        "division": "990100",
        "referer": referer,
    }
    context = Context(role=role, link_text=f"样本 {path}", **known)  # type: ignore[arg-type]
    return Exchange(f"{HOST}{path}", "GET", asked, b"", 200, "OK", headers, body, date, path, context)


def begin(data: Path, date: str) -> runs.RunWriter:
    """Return the writer of a run that began at a time."""
    name = date.replace("-", "").replace(":", "")
    writer = runs.RunWriter(data / "warc", "specimen", name, {"software": "gongkai/0.1", "date": date})
    writer.tell(runs.STARTED, date, {"portal": DECLARED})
    return writer


def build(data: Path, *, sealed: bool = True) -> Archive:
    """Archive everything in one run, repeat some of it in a second, read, withhold, and publish."""
    stored: dict[str, Capture] = {}
    writer = begin(data, FIRST)
    for path, (body, media_type, role) in bodies().items():
        stored[path] = writer.store(exchange(path, body, media_type, role))
    _end(writer, FIRST, sealed=True)
    writer = begin(data, LATER)
    for path, status in (("/page.html", 304), ("/report.pdf", 200), ("/withheld.html", 304)):
        body, media_type, role = bodies()[path]
        asked = exchange(path, b"" if status == 304 else body, media_type, role, LATER)
        stored[f"again {path}"] = writer.store(replace(asked, status=status, repeats=stored[path]))
    _end(writer, LATER, sealed=sealed)
    load_pending(data, NOW)
    decide(data, stored["/withheld.html"].id)
    return Archive(data, stored, publish(data / "gongkai.db", data / "public", now=NOW))


def _end(writer: runs.RunWriter, date: str, *, sealed: bool) -> None:
    verdict = {**dict.fromkeys(runs.ENDED_FIELDS, 0), "outcome": "ok", "skips": [], "asked": []}
    if sealed:
        writer.tell(runs.ENDED, date, verdict)
        writer.seal()
    else:
        writer.sync()
        writer.close()


def decide(data: Path, capture: str) -> None:
    """Withhold a capture, as the operator does."""
    words = [capture, "--by", "李明", "--reason", "含申请人姓名", "--data", str(data)]
    done = CliRunner().invoke(withhold, words, standalone_mode=False)
    if done.exception:
        raise done.exception
