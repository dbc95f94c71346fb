"""Site softwares, one module each, named by fingerprint: how to walk a list of reports.

A platform is pure: it turns the text of a list page (or of an answer to a list request) into
entries and further requests. Adding one is one module here and its name in `PLATFORMS`. A module has

    FINGERPRINT  what every list page of it shows: words for it -> its pattern
    TRACES       a pattern of what its other pages show, the home page too
    read_list    the reading of what answered a request
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType, ModuleType

from crawler.platforms import (
    annualreport,
    createpagehtml,
    epoint,
    general,
    gkmlpt,
    irs,
    jpaas,
    jpage,
    lonsun,
    prefixed,
    sitesources,
    truecms,
    vsb,
    xxgk,
)
from crawler.platforms.lists import Ask, ListPage

GENERAL = "general"
"""The platform of lists of which no software is known."""


@dataclass(frozen=True, slots=True)
class Platform:
    """One site software: how it is recognised, and how a list page of it is read."""

    read_list: Callable[[Ask, str], ListPage]
    fingerprint: Mapping[str, re.Pattern[str]]
    traces: re.Pattern[str] | None = None

    def matches(self, text: str) -> bool:
        """Tell whether a page carries the fingerprint of a list."""
        return bool(self.fingerprint) and not self.missing(text)

    def missing(self, text: str) -> list[str]:
        """Return the words for the parts of the fingerprint that a page does not show."""
        return [words for words, pattern in self.fingerprint.items() if not pattern.search(text)]


def _platform(module: ModuleType) -> Platform:
    return Platform(module.read_list, module.FINGERPRINT, module.TRACES)


# The first whose fingerprint is there reads a page: lists that scripts fetch go before static ones.
_MODULES = (
    *(annualreport, gkmlpt, irs, epoint, jpaas, truecms, jpage, xxgk),
    *(prefixed, createpagehtml, lonsun, sitesources, vsb),
)

PLATFORMS: Mapping[str, Platform] = MappingProxyType(
    {module.__name__.rpartition(".")[2]: _platform(module) for module in _MODULES}
    | {GENERAL: Platform(general.read_list, {})}
)


def recognise(text: str) -> str | None:
    """Return the name of the platform whose fingerprint a list page carries, or None."""
    return next((name for name, platform in PLATFORMS.items() if platform.matches(text)), None)


def recognise_list(text: str) -> str | None:
    """Return the name of the platform that can read a list page: the general one where none is known."""
    return recognise(text) or (GENERAL if general.is_list(text) else None)


def recognise_site(text: str) -> str | None:
    """Return the name of the platform of which any page of a site, the home page too, shows most traces."""
    counts = {
        name: len(platform.traces.findall(text)) for name, platform in PLATFORMS.items() if platform.traces
    }
    most = max(counts, key=lambda name: counts[name])
    return most if counts[most] else None
