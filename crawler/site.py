"""What a page says of the site it belongs to: its name, and the code under which it is registered.

Source: 国办发〔2017〕47号《政府网站发展指引》 (SiteName, SiteIDCode); DOMAIN.md, metadata: the first six of
the code's ten digits are the GB/T 2260 code of the sponsor's division in all samples seen.
"""

import re
from dataclasses import dataclass

from bs4 import BeautifulSoup

_CODE = re.compile(r"\d{10}")
_SHOWN = re.compile(
    r"""网站标识码\s*[:：]?\s*(\d{10})(?!\d)|\bsitecode\s*=\s*["']?(\d{10})(?!\d)""", re.IGNORECASE
)
_GREETING = re.compile(r"^(欢迎(您|你)?(访问|来到|光临)?)+|(门户)?(网站|网)?(首页|主页|欢迎您)+$")
_PARTS = re.compile(r"\s*[-_|–—>»·]+\s*|\s{2,}")
_NAMELESS = {"", "首页", "主页", "网站首页", "null", "undefined", "index", "home"}


@dataclass(frozen=True, slots=True)
class Site:
    """A site's own name, empty where the page says none; its code of ten digits, likewise."""

    title: str = ""
    code: str = ""


def read_site(text: str) -> Site:
    """Read what a page says of its site.

    >>> read_site('<meta name="SiteName" content="样例市人民政府"><p>网站标识码：9901000012')
    Site(title='样例市人民政府', code='9901000012')
    """
    soup = BeautifulSoup(text, "lxml")
    metas = {str(tag.get("name")).lower(): str(tag.get("content") or "") for tag in soup.find_all("meta")}
    return Site(_name(metas.get("sitename", ""), soup), _code(metas.get("siteidcode", ""), text))


def _name(said: str, soup: BeautifulSoup) -> str:
    """Return the name in the page's own tag; else the last part of its title that is one."""
    title = soup.title.get_text(" ", strip=True) if soup.title else ""
    for part in (said, *reversed(_PARTS.split(title))):
        name = _GREETING.sub("", " ".join(part.split()))
        if name.lower() not in _NAMELESS and "{" not in name:
            return name
    return ""


def _code(said: str, text: str) -> str:
    if _CODE.fullmatch(said.strip()):
        return said.strip()
    shown = _SHOWN.search(text)
    return next(filter(None, shown.groups())) if shown else ""
