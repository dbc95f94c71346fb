"""The site in a real browser: what is on the page, and what it asks for."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from archive.publish import DATABASE, publish
from tests import published_files, sample_archive, sample_history
from tests.serving import Site, serving

pytestmark = pytest.mark.browser

WIDTHS = (390, 1280)


@pytest.fixture(scope="module")
def site(published: Path) -> Iterator[Site]:
    with serving(published.parent) as running:
        yield running


@pytest.fixture(params=WIDTHS)
def page(request: pytest.FixtureRequest, browser: Browser, site: Site) -> Iterator[Page]:
    """Yield a page at one width, and see afterwards what it asked for and complained of."""
    context = browser.new_context(viewport={"width": request.param, "height": 900}, base_url=site.address)
    page = context.new_page()
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert asked and all(url.startswith(site.address) for url in asked)
    assert complaints == []


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def test_home_leads_by_search_to_a_report(page: Page) -> None:
    page.goto("/")
    assert page.locator("h1").inner_text() == "The archive of China’s disclosure reports"
    page.locator(".language").click()
    assert page.locator("h1").inner_text() == "政府信息公开年度报告存档"
    assert page.locator(".specimen").first.inner_text().startswith("样本")
    assert fits(page)
    page.get_by_role("searchbox").fill("体育")
    page.get_by_role("searchbox").press("Enter")
    page.wait_for_url("**/zh/search?q=*")
    assert "找到 2 份报告" in page.get_by_role("status").inner_text()
    assert "体育" in page.locator("mark").all_inner_texts()
    assert fits(page)
    page.get_by_label("报告年度").select_option("2022")
    page.get_by_role("button", name="检索").click()
    page.wait_for_url("**/zh/search?q=*&year=2022")
    assert "找到 1 份报告" in page.get_by_role("status").inner_text()
    page.get_by_role("link", name="报告年度").click()
    page.wait_for_url("**/zh/search?q=%E4%BD%93%E8%82%B2")
    page.locator(".results li > a", has_text="展示局").click()
    assert page.locator("h1").inner_text() == "样本市展示局2022年政府信息公开工作年度报告"


def test_a_report_shows_its_tables_within_the_page(page: Page, published: Path) -> None:
    page.goto(f"/report/{sample_archive.report_id(published / DATABASE, 2022)}")
    assert page.locator("table.form").count() == 3
    assert page.locator("table.requests tbody tr").count() == 3 + 25
    received = page.get_by_role("row", name="一、本年新收政府信息公开申请数量")
    assert received.get_by_role("cell").all_inner_texts()[0].strip() == "17"
    assert page.locator("td.concerned").count() > 1
    assert page.locator("#findings").is_visible()
    assert fits(page)
    page.locator("table.requests sup a").first.click()
    assert "#finding-" in page.url


def test_a_cell_leads_to_its_row_and_back(page: Page, published: Path) -> None:
    page.goto(f"/report/{sample_archive.report_id(published / DATABASE, 2022)}")
    page.locator("td.number > a").first.click()
    assert "/capture/" in page.url
    page.locator(".asked a[href^='/gongkai/cell/']").click()
    assert "主动公开／规章" in page.locator(".in-words").inner_text()
    page.locator(".in-words ~ p a[href*='/report/']").click()
    assert "#item-" in page.url


def test_datasettes_own_pages_work_with_their_scripts(page: Page) -> None:
    page.goto("/gongkai/report")
    assert page.locator("table.rows-and-columns tbody tr").count() == 3
    page.goto("/gongkai?sql=select+count(*)+from+cell")
    assert "398" in page.locator("table.rows-and-columns").inner_text()
    assert page.locator(".CodeMirror").count() == 1


def test_everything_is_there_without_javascript_and_in_the_dark(browser: Browser, site: Site) -> None:
    context = browser.new_context(java_script_enabled=False, color_scheme="dark", base_url=site.address)
    page = context.new_page()
    page.goto("/search?q=公开")
    assert page.locator(".results > li").count() == 3
    background = page.locator("body").evaluate("body => getComputedStyle(body).backgroundColor")
    context.close()
    assert background == "rgb(23, 22, 19)"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, Path]]:
    folder = tmp_path_factory.mktemp("told")
    database = sample_history.load(folder / "gongkai.db")
    publish(database, folder / "public", now=datetime(2026, 11, 24, tzinfo=UTC))
    with serving(folder / "public") as running:
        yield running, database


@pytest.mark.parametrize("width", WIDTHS)
def test_the_map_of_coverage_scrolls_by_keyboard_and_not_the_page(
    browser: Browser, told: tuple[Site, Path], width: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, base_url=told[0].address)
    page = context.new_page()
    page.goto("/en/")
    region = page.get_by_role("region", name="Who published")
    assert fits(page)
    assert region.get_by_role("rowheader").count() == 1 and region.get_by_role("link").count() > 3
    region.evaluate("region => region.querySelector('table').style.width = '200rem'")
    region.focus()
    page.keyboard.press("ArrowRight")
    for _ in range(100):
        if page.evaluate("document.activeElement.scrollLeft"):
            break
        page.wait_for_timeout(50)
    assert page.evaluate("document.activeElement.scrollLeft") > 0
    assert fits(page)
    left = page.locator(".map tbody th").bounding_box()
    assert left is not None and left["x"] >= 0
    context.close()


@pytest.mark.parametrize("width", WIDTHS)
def test_changes_and_indicators_fit_the_page_without_javascript(
    browser: Browser, told: tuple[Site, Path], width: int
) -> None:
    site, database = told
    context = browser.new_context(
        viewport={"width": width, "height": 900}, java_script_enabled=False, base_url=site.address
    )
    page = context.new_page()
    page.goto("/")
    assert fits(page)
    page.locator(".changes-listed a", has_text="2022").first.click()
    page.goto(f"/report/{sample_archive.report_id(database, 2021)}")
    assert page.locator(".source .tombstone").is_visible()
    amounts = page.locator("table.indicators td.amount")
    assert "6.3%" in amounts.nth(1).inner_text()
    shown = sum(amount.is_visible() for amount in amounts.all())
    for summary in page.locator("summary").all():
        summary.click()
    assert shown == 10
    assert all(amount.is_visible() for amount in amounts.all())
    assert fits(page)
    context.close()


@pytest.fixture(scope="module")
def offered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("offered")
    database = sample_archive.load(folder / "gongkai.db")
    version = publish(database, folder / "public", now=datetime(2026, 11, 24, tzinfo=UTC))
    published_files.add(version, tables=("cell", "report", "a_table_with_a_rather_long_name_" * 2))
    with serving(folder / "public") as running:
        yield running


@pytest.mark.parametrize("width", WIDTHS)
def test_downloads_fit_the_page_and_come_whole_without_javascript(
    browser: Browser, offered: Site, width: int
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 900}, java_script_enabled=False, base_url=offered.address
    )
    page = context.new_page()
    page.goto("/")
    page.locator(".masthead a[href$='/downloads']").click()
    page.wait_for_url("**/downloads")
    assert fits(page)
    for summary in page.locator("summary").all():
        summary.click()
    assert page.locator(".files li a").first.is_visible()
    assert fits(page)
    with page.expect_download() as download:
        page.locator(".files li a").first.click()
    path = download.value.path()
    assert download.value.suggested_filename.startswith("gongkai-20261124T000000Z-")
    assert published_files.sha256(path.read_bytes()) == page.locator(".files .digest").first.inner_text()
    context.close()
