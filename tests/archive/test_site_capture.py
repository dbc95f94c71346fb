"""The page of one capture: what it is, what was read from it, and the original with a cell marked, or why not."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import BeautifulSoup

from archive.site.plugins.originals import POLICY
from tests.archive.test_site_originals import address, get
from tests.archive.test_site_replay import cell_of
from tests.browsing import words
from tests.stored_originals import HOST, NUMBER, SECRET, TEXTS, Archive, bodies

pytestmark = pytest.mark.slow

CHINESE = re.compile(r"[一-鿿]")
VALUE = TEXTS["requests", "granted_full", "total"]
"""What `cell_of` is about, where `TEXTS` was printed."""


def at(archive: Archive, path: str, query: str = "", language: str = "en") -> str:
    return f"/{language}/capture/{archive.captures[path].id}{query}"


def cell_query(archive: Archive, path: str) -> str:
    revision, item = cell_of(archive, path)
    return f"?cell={revision},{item}"


def shown(archive: Archive, where: str, warc: Path | None = None) -> BeautifulSoup:
    (answer,) = get(archive, where, warc=warc)
    assert answer.status_code == 200, where
    return BeautifulSoup(answer.text, "lxml")


def data(archive: Archive, path: str, query: str = "") -> dict[str, Any]:
    (answer,) = get(archive, f"/capture/{archive.captures[path].id}.json{query}")
    assert answer.status_code == 200
    told: dict[str, Any] = answer.json()
    return told


def asked(soup: BeautifulSoup) -> dict[str, str]:
    """Return what the page says of the cell that is asked for, by its name."""
    return {words(name): words(name.find_next("dd")) for name in soup.select("section.asked dt")}  # type: ignore[arg-type]


def leads(soup: BeautifulSoup) -> list[str]:
    """Return where the page leads on this site, and what its frame shows."""
    found = [str(each["href"]) for each in soup.select("main a[href]")]
    return [*(each for each in found if each.startswith("/")), *framed(soup)]


def framed(soup: BeautifulSoup) -> list[str]:
    return [str(each["src"]) for each in soup.select("iframe")]


def offered(soup: BeautifulSoup) -> list[str]:
    """Return the addresses of the original that the page gives, in whatever form."""
    return [each for each in leads(soup) if re.match(r"(/..)?/(capture|source)/", each)]


def in_frame(archive: Archive, soup: BeautifulSoup) -> BeautifulSoup:
    """Return what the frame of a page shows."""
    (source,) = framed(soup)
    return shown(archive, source.partition("#")[0])


def test_the_frame_shows_the_page_with_the_cell_marked_that_is_told_above_it(stored: Archive) -> None:
    soup = shown(stored, at(stored, "/page.html", cell_query(stored, "/page.html")))
    told = asked(soup)
    assert told["Cell"] == "申请办理／（一）予以公开／总计 Requests / (1) Granted / Total"
    assert told["Read as"] == f"{VALUE} items"
    assert told["Place"].endswith(" · /html/body/table[2]/tr[6]/td[9]")
    assert framed(soup)[0].endswith("#cell")
    assert words(in_frame(stored, soup).select_one("td > mark#cell")) == VALUE


def test_the_frame_shows_the_page_of_a_pdf_file_with_a_box(stored: Archive) -> None:
    soup = shown(stored, at(stored, "/report.pdf", cell_query(stored, "/report.pdf")))
    assert asked(soup)["Place"].startswith("page 1, table 2, row 6, column 10, box ")
    (picture,) = in_frame(stored, soup).select("main img")
    boxed, plain = get(stored, str(picture["src"]), address(stored, "/report.pdf", "page.png?page=1"))
    assert boxed.headers["content-type"] == "image/png"
    assert boxed.content != plain.content
    assert address(stored, "/report.pdf", "original") in leads(soup)


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/report.docx", "table 5, row 6, column 10"),
        ("/report.xlsx", "table 2, row 10, column 10, line 31 of the source · 'Sheet'!J31"),
    ],
)
def test_of_other_files_it_is_told_where_the_cell_stands_and_the_file_is_offered(
    stored: Archive, path: str, place: str
) -> None:
    soup = shown(stored, at(stored, path, cell_query(stored, path)))
    assert asked(soup)["Place"] == place
    assert place.partition(" · ")[0] in words(in_frame(stored, soup))
    file = address(stored, path, "original")
    assert file in leads(soup)
    assert get(stored, file)[0].content == bodies()[path][0]


def test_of_a_page_its_record_is_offered_and_not_the_page_itself(stored: Archive) -> None:
    led = leads(shown(stored, at(stored, "/page.html")))
    assert address(stored, "/page.html", "record.warc.gz") in led
    assert address(stored, "/page.html", "original") not in led


@pytest.mark.parametrize("path", ["/page.html", "again /page.html", "/report.docx", "/", "/more.rar"])
def test_every_link_of_the_page_answers(stored: Archive, path: str) -> None:
    led = {each.partition("#")[0] for each in leads(shown(stored, at(stored, path)))}
    assert f"/gongkai/capture/{stored.captures[path].id}" in led
    assert {answer.status_code for answer in get(stored, *sorted(led))} == {200}


def test_the_report_that_was_read_from_it_is_named_also_of_a_capture_that_repeats_it(stored: Archive) -> None:
    query = cell_query(stored, "/page.html")
    _, item = cell_of(stored, "/page.html")
    for path in ("/page.html", "again /page.html"):
        soup = shown(stored, at(stored, path, query))
        (report,) = soup.select("p.crumbs a")
        assert words(report) == "某某市样本局2022年政府信息公开工作年度报告"
        (answer,) = get(stored, str(report["href"]).partition("#")[0])
        cell = BeautifulSoup(answer.text, "lxml").find(id=urlsplit(str(report["href"])).fragment)
        assert cell is not None and cell["id"] == f"item-{item}"
        assert asked(soup)["Read as"] == f"{VALUE} items"


def test_the_page_tells_what_was_answered_and_where_it_is_kept(stored: Archive) -> None:
    told = words(shown(stored, at(stored, "again /page.html")).select_one("dl.told"))
    with closing(sqlite3.connect(stored.database)) as db:
        file, offset, length = db.execute(
            "SELECT file, offset, length FROM capture WHERE id = ?", (stored.captures["again /page.html"].id,)
        ).fetchone()
    for said in (
        f"{HOST}/page.html",
        "2026-02-28 08:00:00",
        "HTTP 304",
        stored.captures["/page.html"].digest,
        f"{file} , {length:,} bytes from byte {offset:,}",
        "样本市门户（样本）",
        "page of an entry",
    ):
        assert said in told


@pytest.mark.parametrize(
    ("path", "why", "en", "zh"),
    [
        ("/withheld.html", "withheld", "This original is withheld", "这份原件不予公开"),
        ("/masked.html", "masked", "holds personal data", "含有个人信息"),
        ("/aside.html", "masked", "holds personal data", "含有个人信息"),
        ("/more.rar", "unsearchable", "cannot be told", "无法检查"),
    ],
)
def test_of_what_is_not_shown_the_page_says_why_and_offers_nothing(
    stored: Archive, path: str, why: str, en: str, zh: str
) -> None:
    for language, said in (("en", en), ("zh", zh)):
        soup = shown(stored, at(stored, path, language=language))
        assert said in words(soup.select_one(".tombstone"))
        assert stored.captures[path].digest in words(soup)
        assert not framed(soup) and not offered(soup)
        assert SECRET not in str(soup) and NUMBER not in str(soup)
    told = data(stored, path)
    assert told["refused"]["why"] == why
    assert told["addresses"] == {"replay": "", "record": "", "original": "", "sources": []}
    assert SECRET not in str(told) and NUMBER not in str(told)


def test_a_tombstone_says_since_when_and_why(stored: Archive) -> None:
    ((decision),) = data(stored, "/withheld.html")["refused"]["decisions"]
    for language in ("en", "zh"):
        said = words(shown(stored, at(stored, "/withheld.html", language=language)).select_one(".tombstone"))
        assert decision["made_at"][:10] in said and "含申请人姓名" in said


def test_a_cell_of_what_is_masked_is_told_without_its_original(stored: Archive) -> None:
    soup = shown(stored, at(stored, "/masked.html", cell_query(stored, "/masked.html")))
    assert asked(soup)["Read as"] == f"{VALUE} items"
    assert not framed(soup)


def test_a_cell_of_what_is_withheld_is_not_told(stored: Archive) -> None:
    with closing(sqlite3.connect(stored.data / "gongkai.db")) as db:
        ((revision, item),) = db.execute(
            "SELECT cell.revision, cell.item FROM cell JOIN revision ON revision.id = cell.revision"
            " WHERE revision.capture = ? LIMIT 1",
            (stored.captures["/withheld.html"].id,),
        ).fetchall()
    query = f"?cell={revision},{item}"
    assert data(stored, "/withheld.html", query)["cell"] is None
    assert not asked(shown(stored, at(stored, "/withheld.html", query)))


def test_where_the_file_is_gone_the_page_stays_and_says_so(stored: Archive, tmp_path: Path) -> None:
    where = at(stored, "/page.html", cell_query(stored, "/page.html"))
    soup = shown(stored, where, warc=tmp_path)
    assert "not kept on the machine" in words(soup.select_one(".tombstone"))
    assert asked(soup)["Read as"] == f"{VALUE} items"
    assert not framed(soup) and not offered(soup)


@pytest.mark.parametrize(
    "query",
    [
        *("cell=1,2", "cell=", "cell=x", "cell=x,y", "cell={0}", "cell={0},{1},1", "cell={0},99999"),
        *("cell=9999999999999999999999,1", "cell=²,{1}", "cell={0},%00", "section=1", "x" * 4000),
    ],
)
def test_what_names_no_cell_of_it_marks_nothing(stored: Archive, query: str) -> None:
    made = "?" + query.format(*cell_of(stored, "/page.html"))
    soup = shown(stored, at(stored, "/page.html", made))
    assert not asked(soup)
    assert framed(soup) == [f"/en{address(stored, '/page.html', 'replay')}"]
    assert data(stored, "/page.html", made)["cell"] is None


def test_a_cell_is_not_told_on_the_page_of_another_capture(stored: Archive) -> None:
    query = cell_query(stored, "/page.html")
    assert not asked(shown(stored, at(stored, "/report.txt", query)))
    assert not asked(shown(stored, at(stored, "/withheld.html", query)))


@pytest.mark.parametrize(
    "identity", ["none", "%00", "%2e%2e", "0" * 32, "a" * 5000, "%F0%9F", "'--", "<b>x", "%3Cb%3Ex"]
)
def test_an_unknown_capture_is_said_to_be_none_and_not_kept(stored: Archive, identity: str) -> None:
    answers = get(stored, *(f"{language}/capture/{identity}" for language in ("/zh", "/en")))
    for answer, said in zip(answers, ("没有这份存档", "No such capture"), strict=True):
        assert (answer.status_code, answer.headers["cache-control"]) == (404, "no-store")
        soup = BeautifulSoup(answer.text, "lxml")
        assert words(soup.h1) == said
        assert soup.select_one("main b") is None
    (answer,) = get(stored, f"/capture/{identity}.json")
    assert (answer.status_code, set(answer.json())) == (404, {"id"})


def test_the_address_without_a_language_leads_to_the_readers_with_its_cell(stored: Archive) -> None:
    query = cell_query(stored, "/page.html")
    where = at(stored, "/page.html", query)
    for accepted, language in (("en-GB,zh;q=0.5", "en"), ("zh-CN", "zh")):
        (answer,) = get(stored, where.removeprefix("/en"), accept_language=accepted)
        assert answer.status_code == 302
        assert unquote(answer.headers["location"]) == at(stored, "/page.html", query, language)


def test_each_page_speaks_one_language_and_leads_to_the_other(stored: Archive) -> None:
    for path in ("/page.html", "/report.pdf", "/masked.html", "/withheld.html"):
        query = cell_query(stored, path) if path != "/withheld.html" else ""
        english, chinese = (shown(stored, at(stored, path, query, language)) for language in ("en", "zh"))
        assert at(stored, path, query, "zh") in [each["href"] for each in english.select("a[href]")]
        assert at(stored, path, query, "en") in [each["href"] for each in chinese.select("a[href]")]
        assert words(chinese.h1) == "2026-01-31 的存档"
        assert words(english.h1) == "Capture of 2026-01-31"
        for quoted in english.select("main [lang='zh-Hans']"):
            quoted.decompose()
        assert not CHINESE.findall(words(english.select_one("main")))


@pytest.mark.parametrize("path", ["/page.html", "/report.pdf", "/report.docx", "/withheld.html"])
def test_the_copy_speaks_the_language_of_its_address_else_that_of_the_browser(
    stored: Archive, path: str
) -> None:
    replay = address(stored, path, "replay")
    told = {"zh": "存档记录", "en": "Capture"}
    for language, other in (("zh", "en"), ("en", "zh")):
        (by_address,) = get(stored, f"/{language}{replay}", accept_language=other)
        (by_browser,) = get(stored, replay, accept_language=language)
        for answer in (by_address, by_browser):
            assert "accept-language" in answer.headers["vary"].lower()
            assert answer.headers["content-security-policy"] == POLICY
            assert "content-encoding" not in answer.headers, "packing a large copy keeps all others waiting"
            soup = BeautifulSoup(answer.text, "lxml")
            links = {words(each): each["href"] for each in soup.select(".links a")}
            assert links[told[language]] == at(stored, path, language=language)
            assert told[other] not in links
            assert soup.html is not None and str(soup.html["lang"]).startswith(language)


def test_an_english_copy_has_no_chinese_words_of_ours(stored: Archive) -> None:
    for path in ("/page.html", "/report.pdf", "/report.docx", "/withheld.html", "/masked.html"):
        query = cell_query(stored, path) if path not in ("/withheld.html", "/masked.html") else ""
        (answer,) = get(stored, f"/en{address(stored, path, 'replay')}{query}")
        soup = BeautifulSoup(answer.text, "lxml")
        for quoted in soup.select("[lang='zh-Hans']"):
            quoted.decompose()
        assert not CHINESE.findall(words(soup.body)), path


def test_the_data_tell_what_the_page_shows(stored: Archive) -> None:
    query = cell_query(stored, "/page.html")
    revision, item = cell_of(stored, "/page.html")
    told = data(stored, "/page.html", query)
    capture = stored.captures["/page.html"]
    assert (told["capture"]["id"], told["capture"]["digest"]) == (capture.id, capture.digest)
    cell = told["cell"]
    assert (cell["revision"], cell["item"], cell["value"], cell["state"]) == (
        *(revision, item),
        *(float(VALUE), "number"),
    )
    assert cell["path"] == "/html/body/table[2]/tr[6]/td[9]"
    assert [each["year"] for each in told["reports"]] == [2022]
    assert (told["refused"], told["problems"]) == (None, [])
    addresses = told["addresses"]
    assert f"/en{addresses['replay']}" in leads(shown(stored, at(stored, "/page.html", query)))
    led = [addresses["replay"].partition("#")[0], addresses["record"], *addresses["sources"]]
    assert [answer.status_code for answer in get(stored, *led)] == [200] * 3


def test_problems_in_reading_are_told_in_words_and_lead_to_their_rows(stored: Archive) -> None:
    (problem,) = data(stored, "/more.rar")["problems"]
    assert problem["kind"] == "unreadable_document"
    for language, said in (("en", "Unreadable document"), ("zh", "文件无法读取")):
        soup = shown(stored, at(stored, "/more.rar", language=language))
        (link,) = soup.select(f"a[href='/gongkai/problem/{problem['id']}']")
        assert words(link) == said
