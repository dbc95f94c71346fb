"""A real browser, and the archive of the demonstration served for it: crawled, stored, read and published."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.serving import ROOT, Site, serving

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Yield a Chromium that is shared by the tests of a module.

    While it runs its loop does too, and no test of the process could run one of its own.
    """
    if not CHROMIUM.exists():
        # CI installs it, so there it never skips (.ci/run).
        pytest.skip(f"{CHROMIUM} is not there: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def demonstrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the data folder of a demonstration."""
    data = tmp_path_factory.mktemp("demo") / "data"
    command = [sys.executable, "-m", "gongkai", "demo", "--no-serve", "--data", str(data)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return data


@pytest.fixture(scope="session")
def demo(demonstrated: Path) -> Iterator[Site]:
    """Yield the site of the demonstration."""
    with serving(demonstrated / "public") as running:
        yield running
