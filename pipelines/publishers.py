"""Who a page, its metadata and the crawl say publishes it, where the title does not.

A name is *strong* where it stands for the reporter itself (发布机构, the signature, the breadcrumb),
*weak* where it often names another body: the source line of an article, the site.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from archive.captures import Capture, Context
from pipelines.documents import Document
from pipelines.names import full_name, names_agency
from pipelines.signature import signatures
from pipelines.titles import LONGEST, parse_title

STRONG, SOURCE, SITE = 0, 1, 2
COLUMN, BREADCRUMB = "column", "breadcrumb"

_PUBLISHER = re.compile(r"(?:发布|发文|公开|制发|编制|责任)(?:机构|机关|部门|单位|主体)")
_SOURCE = re.compile(r"(?:信息|文章|稿件)?来源")
_OPENING = re.compile(
    r"(?:规定|要求|精神)[^，。]{0,6}，(?:现?由)?(?P<agency>[^，。、；]{3,40}?)(?:现?编制|特?向社会)"
)
_CRUMBS = re.compile(r"\s*(?:>+|＞+|»|/|›|→)\s*")
_PATH = re.compile(r"^[^一-龥]*(?:您?(?:当前|现在|所在)?的?(?:所在)?位置|首页)\s*[:：>\-—_|·]")
_PATH_MARKS = re.compile(r"\s*[>＞»/›→\-—_|·:：]+\s*")
SITE_MARKS = re.compile(r"\s*(?:[_|–—]|-{1,2}|\s-\s)\s*")
"""What stands between a page's title and the name of its site."""
_INNER_OFFICE = re.compile("(?<=[局厅])办公室$")
_TOWN = re.compile(r".[镇乡]$|.街道$")
_NO_CRUMB = re.compile(r"^.{0,4}(?:中心|办|会|部|社|站|所|院|馆|队|处|部委)$")

_SELF = re.compile(
    r"我(局|委(?!托)|镇|乡(?!村)|街道|街(?!道)|办(?!理|公|事|法)|厅|院|中心|校|馆|站|所|处(?!理))|"
    r"(?<![样基版成资日根标原])本(局|镇|乡|街道|厅|委)(?!员)"
)
_ENDS = {
    "局": "局",
    "委": "委|委员会",
    "镇": "镇人民政府(?:办公室)?",
    "乡": "乡人民政府(?:办公室)?",
    "街道": "街道办事处",
    "街": "街道?办事处",
    "办": "办|办公室|办公厅|办事处",
    "厅": "厅",
}


@dataclass(frozen=True, slots=True)
class Named:
    """A name of an agency in full or short form, where it stands, and how far it is trusted."""

    name: str
    where: str
    trust: int


def publishers(document: Document, opening: list[str], titled: list[str], capture: Capture) -> list[Named]:
    """Return every agency that is named beside the title and fits what the text calls itself.

    Args:
        document: The document.
        opening: Its lines before the first section.
        titled: The agencies that further titles in it name.
        capture: What it was read from.
    """
    fits = _fitting(_self_word(document))
    strong = (*((agency, "title") for agency in titled), *_strong(document, opening, capture.context))
    found = (
        *((text, where, STRONG) for text, where in strong),
        *((text, "source", SOURCE) for text in _sources(document)),
        *((text, "site", SITE) for text in _sites(document, capture.context)),
    )
    named = (Named(name, where, trust) for text, where, trust in found if (name := _reporter(text)))
    return [each for each in named if fits.search(each.name)]


def _reporter(text: str) -> str | None:
    """Return the agency of a name; a department's own office writes for the department."""
    name = full_name(text)
    return _INNER_OFFICE.sub("", name) if name else None


def _strong(document: Document, opening: list[str], context: Context) -> Iterator[tuple[str, str]]:
    yield from ((text, "publisher") for text in _labelled(document, _PUBLISHER))
    for line in opening:
        yield from ((match["agency"], "opening") for match in _OPENING.finditer(line))
    yield from ((signer, "signature") for signer, _ in signatures(document))
    links = ((context.link_text, "link"), (context.page_title, "page"), (context.column_title, COLUMN))
    yield from ((parse_title(text).agency or _as_it_stands(text), where) for text, where in links)
    yield _crumb(opening), BREADCRUMB


def _as_it_stands(text: str) -> str:
    return text if names_agency(text) else ""


def _sources(document: Document) -> Iterator[str]:
    yield from _labelled(document, _SOURCE)
    yield from (document.meta.get(key, "") for key in ("contentsource", "publisher"))


def _sites(document: Document, context: Context) -> Iterator[str]:
    yield from site_names(document.title)
    yield from (document.meta.get("sitename", ""), context.portal_title)


def site_names(title: str) -> list[str]:
    """Return what stands behind the title in a page's <title>: the names of columns and of the site."""
    return SITE_MARKS.split(title)[1:]


def crumbs(opening: list[str]) -> list[str]:
    """Return the parts of the breadcrumb, the outermost first."""
    line = next((line for line in opening if is_breadcrumb(line)), "")
    return [part for part in (_PATH_MARKS if _PATH.search(line) else _CRUMBS).split(line) if part]


def is_breadcrumb(line: str) -> bool:
    """Tell a line that leads from the home page to this one: 首页 > 信息公开 > …."""
    return len(line) <= LONGEST and bool(_PATH.search(line) or _CRUMBS.search(line))


def _crumb(opening: list[str]) -> str:
    """Return the innermost part of the breadcrumb that is an agency or a town."""
    parts = ("".join(part.split()) for part in reversed(crumbs(opening)))
    agencies = (part for part in parts if names_agency(part) or _TOWN.search(part))
    return next((part for part in agencies if not _NO_CRUMB.search(part)), "")


def is_labelled(line: str) -> bool:
    """Tell a line that says what stands in it (来源：…, 发布日期：…), which is no part of a title."""
    return bool(re.search(r"[:：]|来源", line))


def _labelled(document: Document, label: re.Pattern[str]) -> Iterator[str]:
    """Yield what stands behind a label, in lines and in the cells of a box."""
    for line in document.lines:
        text = "".join(line.text.split())
        match = label.match(text)
        if match and len(text) <= LONGEST:
            yield text[match.end() :].strip(":：")
    yield from (value.rstrip(":：") for name, value in document.boxes if label.fullmatch(name.rstrip(":：")))


def _self_word(document: Document) -> str | None:
    """Return what the text calls its agency most often: 局 where it says 我局."""
    words = Counter(match[1] or match[2] for line in document.lines for match in _SELF.finditer(line.text))
    return words.most_common(1)[0][0] if words else None


def _fitting(word: str | None) -> re.Pattern[str]:
    return re.compile(f"(?:{_ENDS.get(word, word)})$") if word else re.compile("")
