"""What an answer is instead of the page that was asked for, told from its bytes.

Shields answer a script to be run in the page's place (DOMAIN.md, blocking): recorded as a
challenge, never solved. Servers answer an error, the home page or a list with status 200.
A page that holds a table or some prose is never judged: over-collecting loses nothing.
"""

import re
from dataclasses import dataclass
from functools import cached_property

from bs4 import BeautifulSoup

from archive import captures
from archive.captures import Capture
from archive.errors import ArchiveError
from archive.index import DOCUMENTS
from crawler import platforms
from crawler.brought import find_parts
from crawler.files import file_name
from crawler.platforms.lists import Ask

LED = "led to "
"""How a word begins that says where an address led instead."""

CHALLENGE, CUT, SOFT_404, HOME_PAGE, LIST_PAGE = "challenge", "cut", "soft_404", "home_page", "list_page"
HTML, PDF, PICTURE, PACKED, JSON = "html", "pdf", "picture", "packed", "json"

WORDS = {
    CUT: "the body was cut short",
    SOFT_404: "a page that says there is none",
    HOME_PAGE: "the home page instead",
    LIST_PAGE: "a list instead of a document",
    HTML: "a web page instead of a file",
    PDF: "a PDF instead of a web page",
    PICTURE: "a picture instead of a web page",
    PACKED: "an office file or archive instead of a web page",
    JSON: "JSON instead of a web page",
}
"""Judgements in words, for reasons; what is not here speaks for itself."""

BLOCKED = {403, 405, 412, 512, 521}
"""Statuses with which portals' shields answer instead of the page."""

_CHALLENGED = {412, 512, 521}
_SIGNATURES = ("__jsl_clearance", "__jsluid_", "acw_sc__v2", "$_ts", "CT6T")

SIZE = 65_536
"""Bytes: what is larger is a page. Challenges and errors are stubs."""

STUB = 4_096
"""Bytes of a page that is nothing but a script: the largest seen has some 1,100."""

PROSE = 200
"""Chinese characters outside links that make a page worth reading."""

_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_SCRIPTED = re.compile(r"document\.cookie|eval\(|fromCharCode|atob\(|\.reload\(")
_NO_PAGE = re.compile(
    r"(页面|网页|信息|文章|内容|文件)[^，。；！]{0,8}(不存在|找不到|未找到|被删除|已删除|失效)"
    r"|(找不到|未找到|没有找到|无法找到|不存在)[^，。；！]{0,8}(页面|网页|信息|文章|内容|文件)"
    r"|\b404\b\W{0,8}(not\s*found|error|错误|页面)|(http|error|错误)\W{0,3}404\b|\bpage not found\b",
    re.IGNORECASE,
)
# Older Word, Excel and WPS files may be HTML by another name; these never are.
_NEVER_HTML = re.compile(r"\.(pdf|docx|xlsx|zip|rar|ofd)$", re.IGNORECASE)

_MAGIC = (
    (b"%PDF-", PDF),
    (b"\x89PNG\r\n", PICTURE),
    (b"\xff\xd8\xff", PICTURE),
    (b"GIF8", PICTURE),
    (b"PK\x03\x04", PACKED),
    (b"Rar!", PACKED),
    (b"\xd0\xcf\x11\xe0", PACKED),
)
_JSON = re.compile(rb"""\s*(\{\s*["}]|\[\s*[\[{"\]\d])""")


@dataclass(frozen=True, slots=True)
class Home:
    """The home page as it answered in this run: its address, what it says, its length in characters."""

    url: str
    says: str
    length: int


def says(text: str) -> str:
    """Return what a page says, without the dates and counters that change from hour to hour."""
    return _Page(text).says


class _Page:
    """The text of an answer that may be a stub, parsed once however much is asked of it."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def soup(self) -> BeautifulSoup:
        return BeautifulSoup(self.text, "lxml")

    @cached_property
    def words(self) -> str:
        """What a reader sees: text in scripts and styles is none of it."""
        return self.soup.get_text()

    @property
    def says(self) -> str:
        return re.sub(r"[\d\s]+", "", self.words)


def judge(capture: Capture, home: Home | None = None) -> str:
    """Return what an answer is instead of the page, or an empty string.

    Args:
        capture: The answer, whole, body as received.
        home: The home page, to know it again in the place of a document.
    """
    if capture.status in _CHALLENGED or _is_cookie_loop(capture):
        return CHALLENGE
    if capture.status not in (200, 202, 403):
        return ""
    page = _Page(_small_text(capture))
    if _is_challenge(page):
        return CHALLENGE
    if capture.status != 200:
        return ""
    if capture.context.role in DOCUMENTS:
        return _judge_document(capture, page, home)
    return _judge_kind(capture.context.role, kind(capture.body))


def kind(body: bytes) -> str:
    """Return what a body is by its first bytes, whatever its Content-Type says; empty if unknown.

    >>> kind(b"%PDF-1.7"), kind(b"  <!doctype html>"), kind(b'{"code": 404}'), kind(b"")
    ('pdf', 'html', 'json', '')
    """
    for magic, name in _MAGIC:
        if body.startswith(magic):
            return name
    if _JSON.match(body):
        return JSON
    return HTML if body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") else ""


def _small_text(capture: Capture) -> str:
    """Return the text of a body that may be a stub; empty for one that is large, decoded too, or binary."""
    if len(capture.body) > SIZE or kind(capture.body) in (PDF, PICTURE, PACKED):
        return ""
    try:
        captures.content(capture, limit=SIZE)
        return captures.text(capture)
    except ArchiveError:
        return ""


def _is_cookie_loop(capture: Capture) -> bool:
    """Tell whether an answer sets a shield's cookie and asks for the same page again."""
    cookies = " ".join(value for name, value in capture.headers if name.lower() == "set-cookie")
    signed = any(signature in cookies for signature in _SIGNATURES)
    return signed and capture.leads_to == capture.url


def _is_challenge(page: _Page) -> bool:
    """Tell whether a page is a shield's script and nothing to read."""
    signed = any(signature in page.text for signature in _SIGNATURES)
    if "<script" not in page.text.lower() or not (signed or len(page.text) <= STUB):
        return False
    scripts = page.soup.find_all("script")
    code = "".join(script.get_text() for script in scripts)
    if any(signature in code for signature in _SIGNATURES):
        return len(_CHINESE.findall(page.words)) < PROSE
    # No text at all, no script from elsewhere that could fetch it: only one that sets a cookie.
    loads = any(script.get("src") for script in scripts)
    return not page.words.strip() and not loads and _SCRIPTED.search(code) is not None


def _judge_kind(role: str, found: str) -> str:
    """Return the kind of the bytes where it is the wrong one for what is neither page nor file."""
    if role in (captures.ROBOTS, captures.LIST) and found == JSON:
        return ""  # some platforms answer lists as JSON; `Lists` knows which
    wrong = (HTML, JSON) if role == captures.PICTURE else (PDF, PICTURE, PACKED, JSON)
    return found if found in wrong and role != captures.ROBOTS else ""


def _judge_document(capture: Capture, page: _Page, home: Home | None) -> str:
    if home and (capture.url == home.url or _is_home(page, home)):
        return HOME_PAGE
    if not page.text or _holds_document(page):
        return ""
    if _is_never_html(capture) and page.text.lstrip("\ufeff \t\r\n").startswith("<"):
        return HTML
    if _is_soft_404(capture.url, page):
        return SOFT_404
    name = platforms.recognise(page.text)
    if name and platforms.PLATFORMS[name].read_list(Ask(capture.url), page.text).entries:
        return LIST_PAGE
    return ""


def _is_never_html(capture: Capture) -> bool:
    """Tell whether a document is named as a file that is no page, by its address or its link."""
    names = (file_name(capture.url), capture.context.link_text)
    return any(map(_NEVER_HTML.search, names[: 2 if capture.context.role == captures.ATTACHMENT else 1]))


def _is_home(page: _Page, home: Home) -> bool:
    # A shell that a script fills says as little wherever it stands.
    told = len(home.says) >= PROSE // 10
    return told and abs(len(page.text) - home.length) < PROSE and page.says == home.says


def _holds_document(page: _Page) -> bool:
    """Tell whether a page holds a table, or prose that is not the text of links."""
    if "<table" in page.text.lower():
        return True
    beside = [tag for tag in page.soup.find_all(["title", "a"]) if not tag.find_parent(["title", "a"])]
    prose = len(_CHINESE.findall(page.words))
    return prose - sum(len(_CHINESE.findall(tag.get_text())) for tag in beside) >= PROSE


def _is_soft_404(url: str, page: _Page) -> bool:
    """Tell whether a page that holds no document, and brings no file, says that there is none."""
    if not _NO_PAGE.search(" ".join(page.soup.get_text(" ").split())):
        return False
    return all(part.role != captures.ATTACHMENT for part in find_parts(url, page.text))
