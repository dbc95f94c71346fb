"""Scrapy's spider loader: every declared portal is a spider, with no file of its own."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Self

from scrapy import Request, Spider
from scrapy.settings import BaseSettings

from crawler.portal import Portal
from crawler.registry import read_registry

if TYPE_CHECKING:
    from crawler.spider import PortalSpider


class PortalLoader:
    """Makes spiders of the registry and of the files that settings name."""

    def __init__(self, portals: Mapping[str, Portal]) -> None:
        self._portals = portals

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> Self:
        """Read the registry, the data folder's specimens, and the files that settings name."""
        extra = [Path(path) for path in settings.getlist("GONGKAI_PORTALS")]
        specimens = Path(settings["GONGKAI_DATA"]) / "specimens.toml"
        if specimens.exists() and specimens not in extra:
            extra.append(specimens)
        return cls(read_registry(extra))

    def load(self, spider_name: str) -> type[Spider]:
        """Return the spider of a portal.

        Raises:
            KeyError: No portal of that name is declared; Scrapy's commands expect this one.
        """
        if spider_name not in self._portals:
            raise KeyError(f"Spider not found: {spider_name}")
        return spider_for(self._portals[spider_name])

    def find_by_request(self, request: Request) -> list[str]:
        """Return the portals whose hosts an address is on."""
        return [name for name, portal in self._portals.items() if portal.owns(request.url)]

    def list(self) -> list[str]:
        """Return the names of all portals."""
        return sorted(self._portals)


def spider_for(portal: Portal) -> "type[PortalSpider]":
    """Return the spider class of a portal."""
    # Only now: `scrapy list` needs no spider, and a third of its time would go to what one imports.
    from crawler.spider import PortalSpider

    return type("PortalSpider_" + portal.name, (PortalSpider,), {"name": portal.name, "portal": portal})
