"""The site's pages as a reader gets them, asked through Datasette itself."""

import asyncio
from pathlib import Path

import httpx
from bs4 import BeautifulSoup, Tag

from archive.publish import DATABASE
from archive.site import application


def get(folder: Path, *paths: str) -> list[httpx.Response]:
    """Return the answers of the site that serves a publication."""

    async def ask() -> list[httpx.Response]:
        site = application(folder / DATABASE)
        await site.invoke_startup()
        answers = [await site.client.get(path, follow_redirects=True) for path in paths]
        site.executor.shutdown()
        return answers

    return asyncio.run(ask())


def page(folder: Path, path: str) -> BeautifulSoup:
    """Return a page that must be there."""
    (answer,) = get(folder, path)
    assert answer.status_code == 200, path
    return BeautifulSoup(answer.text, "lxml")


def words(soup: BeautifulSoup | Tag | None) -> str:
    """Return what an element says, its white space made even."""
    assert soup is not None
    return " ".join(soup.get_text(" ").split())
