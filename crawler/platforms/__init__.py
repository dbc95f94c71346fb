"""Site softwares, one module each, named by fingerprint: how to walk a list of reports.

A platform is pure: it turns the text of a list page (or of an answer to a list request) into
entries and further requests. Adding one is one module here and a line in `PLATFORMS`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from crawler.platforms import createpagehtml, jpage
from crawler.platforms.lists import ListPage


@dataclass(frozen=True, slots=True)
class Platform:
    """One site software: how it is recognised, and how a list page of it is read."""

    matches: Callable[[str], bool]
    read_list: Callable[[str, str], ListPage]


PLATFORMS: Mapping[str, Platform] = MappingProxyType(
    {
        "createpagehtml": Platform(createpagehtml.matches, createpagehtml.read_list),
        "jpage": Platform(jpage.matches, jpage.read_list),
    }
)


def recognise(text: str) -> str | None:
    """Return the name of the platform whose fingerprint a list page carries, or None."""
    return next((name for name, platform in PLATFORMS.items() if platform.matches(text)), None)
