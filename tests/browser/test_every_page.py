"""Every page in a real browser, in both languages, on a phone and on a desk: it fits, asks nobody, is accessible."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page

from archive.publish import DATABASE, newest
from tests.serving import ROOT, Site

pytestmark = pytest.mark.browser

AXE = ROOT / ".venv" / "axe" / "node_modules" / "axe-core" / "axe.min.js"

# Frames hold copies of originals, which are shown as they are.
RULES = """async () => (await axe.run({exclude: [["iframe"]]}, {iframes: false})).violations.map(
    each => `${each.id}: ${each.help}: ${each.nodes.slice(0, 3).map(node => node.html).join(" | ")}`)"""

FIXED = (
    "/",
    "/search",
    "/search?q=%E5%85%AC%E5%BC%80",
    "/search?q=%E5%85%AC%E5%BC%80&year=2020",
    "/search?q=zzzz",
    "/coverage",
    "/coverage?state=on_time",
    "/changes",
    "/quality",
    "/runs",
    "/politeness",
    "/downloads",
    "/about",
    "/nothing/here",
    "/report/none",
    "/capture/none",
)

OF_ROWS = {
    "/report/{}": "SELECT report FROM finding JOIN report r ON r.revision = finding.revision JOIN revision ON"
    " revision.id = r.revision JOIN source ON source.id = revision.source LIMIT 1",
    "/agency/{}": "SELECT agency FROM report GROUP BY agency ORDER BY count(*) DESC LIMIT 1",
    "/division/{}": "SELECT division FROM agency JOIN report ON report.agency = agency.id LIMIT 1",
    "/coverage?division={}": "SELECT division FROM agency JOIN report ON report.agency = agency.id LIMIT 1",
    "/capture/{}": "SELECT capture FROM revision LIMIT 1",
    "/capture/{}?cell=": "SELECT v.capture || '?cell=' || v.id || ',' || c.item FROM revision v"
    " JOIN cell c ON c.revision = v.id WHERE c.value > 0 LIMIT 1",
}
"""Pages of rows, by their address, and which row is looked at."""

OF_DATASETTE = (
    "/gongkai",
    "/gongkai/report",
    "/gongkai/report?_facet=year&_sort=title",
    "/gongkai/cell?state__exact=1",
    "/gongkai/form_item/1",
    "/gongkai?sql=select+1",
    "/gongkai?sql=selec",
    "/gongkai/nothing",
    "/-/versions",
)
"""Pages that Datasette makes; what they say in words is its own, in English."""

SHAPES = [("zh", 390, "light"), ("zh", 1280, "dark"), ("en", 390, "dark"), ("en", 1280, "light")]


@pytest.fixture(scope="session")
def paths(demonstrated: Path) -> list[str]:
    """Return the addresses of all kinds of pages, without their language."""
    folder = newest(demonstrated / "public")
    assert folder is not None
    with closing(sqlite3.connect(folder / DATABASE)) as db:
        found = [(path, db.execute(query).fetchone()[0]) for path, query in OF_ROWS.items()]
    of_rows = [path.removesuffix("?cell=").format(quote(str(key), safe="?=,-")) for path, key in found]
    return [*FIXED, *of_rows]


@contextmanager
def watched(browser: Browser, site: Site, width: int, scheme: Any) -> Iterator[Page]:
    """Yield a page; see afterwards that it asked only the site itself, and that nothing was complained of."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, base_url=site.address, color_scheme=scheme
    )
    page = context.new_page()
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert asked and all(url.startswith(site.address) for url in asked), asked
    # The browser itself says so of each page that answers 400 or 404.
    assert [each for each in complaints if "status of 40" not in each] == []


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


@pytest.mark.parametrize(("language", "width", "scheme"), SHAPES)
def test_every_page_fits_asks_nobody_else_and_is_accessible(
    browser: Browser, demo: Site, paths: list[str], language: str, width: int, scheme: str
) -> None:
    axe = AXE.read_text("utf-8")
    troubles = []
    with watched(browser, demo, width, scheme) as page:
        for path in paths:
            page.goto(f"/{language}{path}")
            if not fits(page):
                troubles.append(f"{path} is wider than the page")
            page.evaluate(axe)
            troubles += [f"{path}: {each}" for each in page.evaluate(RULES)]
            assert page.locator("html").get_attribute("lang") == {"zh": "zh-Hans", "en": "en"}[language]
            assert page.locator("h1").count() == 1, path
    assert not troubles, "\n".join(troubles)


@pytest.mark.parametrize("width", [390, 1280])
def test_the_pages_of_datasette_fit_and_are_accessible_too(browser: Browser, demo: Site, width: int) -> None:
    axe = AXE.read_text("utf-8")
    with watched(browser, demo, width, "light") as page:
        for path in OF_DATASETTE:
            page.goto(path)
            # Its editor is put in by a script.
            page.wait_for_load_state("networkidle")
            assert fits(page), path
            page.evaluate(axe)
            assert page.evaluate(RULES) == [], path


@pytest.mark.parametrize(("language", "width", "scheme"), SHAPES)
def test_a_reader_goes_from_a_search_to_the_marked_original_and_takes_it(
    browser: Browser, demo: Site, language: str, width: int, scheme: str
) -> None:
    with watched(browser, demo, width, scheme) as page:
        page.goto(f"/{language}/")
        page.get_by_role("searchbox").first.fill("年度")
        page.get_by_role("searchbox").first.press("Enter")
        page.wait_for_url(f"**/{language}/search?q=*")
        assert page.locator("mark").count() > 0
        page.locator(".results a[href*='/report/']").first.click()
        page.wait_for_url(f"**/{language}/report/*")
        cell = page.locator("td.number a[href*='?cell=']").first
        text = cell.inner_text().split()[0]
        cell.click()
        page.wait_for_url(f"**/{language}/capture/*")
        mark = page.frame_locator("iframe.copy").locator("#cell")
        assert mark.inner_text().split()[0] == text
        assert fits(page)
        with page.expect_download() as download:
            page.locator("a[href$='record.warc.gz']").click()
        assert Path(download.value.path()).read_bytes()[:2] == b"\x1f\x8b"
        with page.expect_download() as download:
            page.locator("a[href$='archive.wacz']").click()
        assert Path(download.value.path()).read_bytes()[:2] == b"PK"


def test_a_reader_changes_the_language_and_stays_where_they_are(
    browser: Browser, demo: Site, paths: list[str]
) -> None:
    with watched(browser, demo, 1280, "light") as page:
        for path in paths:
            page.goto(f"/zh{path}")
            page.locator("a.language").click()
            page.wait_for_url("**/en/**")
            assert page.url.removeprefix(demo.address.rstrip("/")) == f"/en{path}"


def test_everything_is_there_without_javascript(browser: Browser, demo: Site, paths: list[str]) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=demo.address)
    page = context.new_page()
    for path in paths:
        page.goto(f"/en{path}")
        assert page.locator("main").inner_text().strip(), path
    context.close()


def test_the_keyboard_reaches_the_content_and_the_search(browser: Browser, demo: Site) -> None:
    with watched(browser, demo, 1280, "light") as page:
        page.goto("/en/")
        page.keyboard.press("Tab")
        skip = page.locator(":focus")
        assert skip.inner_text() == "Skip to content" and skip.is_visible()
        page.keyboard.press("Enter")
        assert page.url.endswith("#main")
        page.keyboard.press("Tab")
        assert page.locator("main :focus").count() == 1
