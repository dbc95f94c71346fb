"""How our pages are answered: languages, data, what may be kept, packing, files with hashed addresses."""

import asyncio
import hashlib
import re
from pathlib import Path

import httpx
import pytest
from bs4 import BeautifulSoup

from archive.publish import DATABASE
from archive.site import application


def ask(folder: Path, *requests: tuple[str, dict[str, str]]) -> list[httpx.Response]:
    """Return the answers to requests, each an address and its headers; no redirect is followed."""

    async def all_of_them() -> list[httpx.Response]:
        site = application(folder / DATABASE)
        await site.invoke_startup()
        answers = [await site.client.get(path, headers=headers) for path, headers in requests]
        site.executor.shutdown()
        return answers

    return asyncio.run(all_of_them())


def test_an_address_without_a_language_leads_to_the_readers(published: Path) -> None:
    english = {"accept-language": "en-GB"}
    home, search = ask(published, ("/", {}), ("/search?q=%E5%85%AC%E5%BC%80&page=2", english))
    assert (home.status_code, home.headers["location"]) == (302, "/zh/")
    assert search.headers["location"] == "/en/search?q=%E5%85%AC%E5%BC%80&page=2"
    assert "accept-language" in search.headers["vary"].lower()


def test_each_page_names_its_other_language_and_its_data(published: Path) -> None:
    (answer,) = ask(published, ("/en/search?q=%E5%85%AC%E5%BC%80", {}))
    soup = BeautifulSoup(answer.text, "lxml")
    assert soup.html is not None and soup.html["lang"] == "en"
    hrefs = [str(link["href"]) for link in soup.select("a.language, link[type='application/json']")]
    assert sorted(hrefs) == ["/search.json?q=%E5%85%AC%E5%BC%80", "/zh/search?q=%E5%85%AC%E5%BC%80"]
    for answer in ask(published, *((href, {}) for href in hrefs)):
        assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(("application/json", "text/html"))


def test_the_data_of_a_page_is_what_it_shows(published: Path) -> None:
    (answer,) = ask(published, ("/search.json?q=%E4%BD%93%E8%82%B2", {}))
    assert answer.headers["access-control-allow-origin"] == "*"
    told = answer.json()
    assert told["search"]["found"] == len(told["search"]["results"]) == 2


def test_a_page_that_is_known_is_not_sent_again(published: Path) -> None:
    (first,) = ask(published, ("/zh/", {}))
    again, other = ask(
        published, ("/zh/", {"if-none-match": first.headers["etag"]}), ("/zh/", {"if-none-match": 'W/"x"'})
    )
    assert (again.status_code, again.content) == (304, b"")
    assert other.status_code == 200
    assert published.name in first.headers["etag"]


def test_what_is_not_there_is_not_kept(published: Path) -> None:
    for answer in ask(published, ("/en/report/nope", {}), ("/report/nope.json", {}), ("/downloads/nope", {})):
        assert (answer.status_code, answer.headers["cache-control"]) == (404, "no-store")
        assert "etag" not in answer.headers


def test_pages_are_packed_for_those_who_can_unpack(published: Path) -> None:
    packed, plain = ask(published, ("/zh/", {}), ("/zh/", {"accept-encoding": "identity"}))
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.text == plain.text


def test_styles_have_addresses_that_name_their_content(published: Path) -> None:
    (home,) = ask(published, ("/zh/", {}))
    soup = BeautifulSoup(home.text, "lxml")
    for link in soup.select("link[rel='stylesheet'], link[rel='icon']"):
        (answer, plain) = ask(
            published, (str(link["href"]), {}), (str(link["href"]), {"accept-encoding": "identity"})
        )
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]
        assert hashlib.sha256(plain.content).hexdigest()[:12] in str(link["href"])
        assert answer.content == plain.content
    assert ask(published, ("/assets/gongkai.000000000000.css", {}))[0].status_code == 404


def test_an_address_without_a_page_is_told_in_the_readers_language(published: Path) -> None:
    zh, en, chosen, data, theirs = ask(
        published,
        ("/zh/nope", {}),
        ("/en/report/a/b", {}),
        ("/nope", {"accept-language": "en"}),
        ("/nope.json", {}),
        ("/gongkai/nope", {}),
    )
    assert {each.status_code for each in (zh, en, chosen, data, theirs)} == {404}
    assert "没有这个页面" in zh.text and "No such page" in en.text and "No such page" in chosen.text
    assert data.headers["content-type"].startswith("application/json")
    assert "No such page" not in theirs.text


def test_a_page_that_fails_says_so_and_tells_nothing_else(
    published: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(*asked: object) -> None:
        raise ValueError("a secret of the house")

    monkeypatch.setattr("archive.site.listing.newest", broken)
    (answer,) = ask(published, ("/en/", {}))
    assert answer.status_code == 500
    assert "Something went wrong" in answer.text and "secret" not in answer.text
    assert "a secret of the house" in caplog.text


def test_search_engines_are_told_every_page_in_both_languages(published: Path) -> None:
    robots, index = ask(published, ("/robots.txt", {}), ("/sitemap.xml", {}))
    assert "Sitemap: http://localhost/sitemap.xml" in robots.text
    files = re.findall(r"<loc>http://localhost(.*?)</loc>", index.text)
    assert len(files) >= 3
    found = [
        path
        for answer in ask(published, *((path, {}) for path in files))
        for path in re.findall(r"<loc>http://localhost(.*?)</loc>", answer.text)
    ]
    assert len(found) == len(set(found)) >= 2 * (9 + 3 + 2)
    for report in [path for path in found if "/report/" in path]:
        assert ask(published, (report, {}))[0].status_code == 200
    beyond = ask(
        published, ("/sitemap-report-2.xml", {}), ("/sitemap-pages-7.xml", {}), ("/sitemap-x.xml", {})
    )
    assert {each.status_code for each in beyond} == {404}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_archive_explains_itself(published: Path, language: str) -> None:
    (answer,) = ask(published, (f"/{language}/about", {}))
    soup = BeautifulSoup(answer.text, "lxml")
    for link in soup.select("main a[href^='#']"):
        assert soup.find(id=str(link["href"])[1:]), link
    assert len(soup.select("#check-requests_balance, #indicator-disclosure_rate")) == 2
    assert {"zh": "勾稽检查", "en": "The checks"}[language] in answer.text
    assert "国办公开办函〔2021〕30号" in answer.text


def test_the_digest_of_the_database_is_known_before_anybody_asks(
    published: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def reads_it_all(path: object) -> str:
        raise AssertionError("the whole database is read while everybody waits")

    monkeypatch.setattr("datasette.database.inspect_hash", reads_it_all)
    (answer,) = ask(published, ("/-/databases.json", {}))
    assert answer.json()[0]["hash"] == hashlib.sha256((published / DATABASE).read_bytes()).hexdigest()
