"""Lists of the module `/module/xxgk/`: a form is posted to search.jsp, which answers rows of a table.

The answer may hold entries of other columns: where some bear the column's number, only they are its own
(DOMAIN.md, CMS families: xxgk).
"""

import re
from dataclasses import replace
from urllib.parse import urlsplit

from crawler.platforms.lists import Ask, ListPage, dated_links, declared_total, join
from crawler.platforms.pagers import pages_after

FORM = (
    *("divid", "infotypeId", "jdid", "area", "vc_title", "vc_number", "sortfield", "currpage"),
    *("vc_filenumber", "vc_all", "texttype", "fbtime", "standardXxgk", "isAllList"),
)
"""The fields of the form, in its order."""

_VALUE = re.compile(
    r"""\b(divid|infotypeId|jdid|area|sortfield|texttype|fbtime|standardXxgk|isAllList)\b"""
    r"""["']?\s*(?:[:=]|["']?\s*value\s*=)\s*["']?([^"'&<>\s;}]{0,120})""",
    re.IGNORECASE,
)
_PAGES = re.compile(r"共(?:\s|&nbsp;)*(\d{1,5})(?:\s|&nbsp;)*页")
_COLUMN = re.compile(r"/col/col(\d+)/")

FINGERPRINT = {"the address of /module/xxgk/search.jsp": re.compile(r"/module/xxgk/(search|tree)\.jsp")}
TRACES = re.compile(r"/module/xxgk/")


def read_list(asked: Ask, text: str) -> ListPage:
    """Read the column's page, whose list is asked for, or an answer of search.jsp."""
    if not urlsplit(asked.url).path.endswith("search.jsp"):
        said = {name.lower(): value for name, value in reversed(_VALUE.findall(text))}
        form = {name: said.get(name.lower(), "") for name in FORM}
        column = _COLUMN.search(asked.url)
        known = f"art_{column[1]}_" if column else ""
        url = join(asked.url, "/module/xxgk/search.jsp")
        return ListPage(lists=(Ask(url, {**form, "currpage": "1"}, note=known),))
    listed = dated_links(text, asked.url)
    own = tuple(entry for entry in listed if asked.note and asked.note in entry.url) or listed
    found = _PAGES.search(text)
    pages, current = int(found[1]) if found else 1, int(asked.form.get("currpage") or 1)
    ahead, first = pages_after(current, pages)
    more = tuple(replace(asked, form={**asked.form, "currpage": str(number)}) for number in ahead)
    beyond = f"{asked.url}#currpage={first}" if first else ""
    return ListPage(own, more, declared_total(text) if own == listed else None, beyond)
