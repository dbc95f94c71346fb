"""Which softwares the specimens behave like: what stands at fixed paths, and what is answered."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from crawler.specimens import (
    createpagehtml,
    gkmlpt,
    jpage,
    lonsun,
    prefixed,
    scripted,
    sitesources,
    unseen,
    vsb,
)
from crawler.specimens.pages import Page
from crawler.specimens.planted import SpecimenPortal

Answer = Callable[[SpecimenPortal, str, Mapping[str, str]], Page | None]
"""From the portal, a path, and the fields of query and form (the whole body under the empty name) to the
page, None where nothing stands there."""


@dataclass(frozen=True, slots=True)
class Software:
    """One software.

    `charset` is that of its error pages; `compresses` whether it sends gzip if asked; `guarded` the path
    that answers only to those who come from one of its pages.
    """

    pages: Callable[[SpecimenPortal], dict[str, Page]]
    answer: Answer | None = None
    charset: str = "utf-8"
    compresses: bool = False
    guarded: str = ""


SOFTWARES: Mapping[str, Software] = MappingProxyType(
    {
        "createpagehtml": Software(createpagehtml.pages, compresses=True),
        "jpage": Software(jpage.pages, jpage.answer, "gb18030"),
        "gkmlpt": Software(gkmlpt.pages, gkmlpt.answer),
        "sitesources": Software(sitesources.pages),
        "vsb": Software(vsb.pages),
        "lonsun": Software(lonsun.pages, lonsun.answer),
        "prefixed": Software(prefixed.pages),
        "annualreport": Software(scripted.annual_pages, scripted.annual_answer),
        "xxgk": Software(scripted.xxgk_pages, scripted.xxgk_answer),
        "jpaas": Software(scripted.jpaas_pages, scripted.jpaas_answer),
        "irs": Software(scripted.irs_pages, scripted.irs_answer),
        "epoint": Software(scripted.epoint_pages, scripted.epoint_answer),
        "truecms": Software(scripted.truecms_pages, scripted.truecms_answer, guarded=scripted.TRUECMS_LIST),
        "general": Software(unseen.pages, unseen.answer),
    }
)
