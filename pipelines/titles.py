"""Titles taken apart: whose report, on which year, and whether it claims to be one at all."""

import re
from dataclasses import dataclass

from pipelines.names import BRACKETED, MARKS, full_name
from pipelines.traditional import simplified

_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")
_DIGITS = str.maketrans("〇○零OＯ一二三四五六七八九", "00000123456789")
_FIGURES = r"(?:20\d\d|19\d\d|二[〇○零OＯ0][〇○零OＯ0一二三四五六七八九]{2})"
# Followed by a month it is a date, followed by another year it begins a span.
_YEAR = re.compile(
    rf"(?<![\d第])(?:({_FIGURES})\s*[-—–~至、]\s*)?({_FIGURES})\s*年(?!\s*\d+\s*月)\s*(度?)",
)
_BARE_YEAR = re.compile(r"(?<![\d第])(20\d\d)(?![\d号])(?!\s*[-./]\s*\d)(?!\s*年)(?![〕\]]\s*\d)")
_BEFORE_SUBJECT = r"(?:政府|政务)?信息(?:主动)?公开"
_REPORT = re.compile(
    rf"{_BEFORE_SUBJECT}(?:(?!信息公开)[^，。；]){{0,12}}?"
    r"(?:年度报告|年报|工作报告|情况的?报告|年度工作报告|报告)"
)
_OTHER = re.compile(
    r"通知|通报|公告|工作总结|工作要点|政府工作报告|法治政府|实施方案|工作方案|办法|指南|目录|规定|制度|培训|会议|"
    r"解读|名单|考核|评估|填报说明|格式|模板|样表|汇编|批复|答复|招标|中标|预算|决算"
)
_LEAD = re.compile(
    r"^(?:附件?\s*\d*\s*[:：.、]?|\d+\s*[.、]|[【\[][^】\]]{1,8}[】\]]|[(（]\d+[)）]|一图(?:读懂|看懂)[:：]?|图解[:：|]?)*"
    r"(?:关于)?(?:公布|发布|公开|印发|转发)?(?:关于)?"
)
_TAIL = re.compile(
    r"(?:关于|的|年度|工作|本级|部门|开展|做好|推进|报送|上报|呈报|公布|发布|印发|公开|编制|撰写|网站|本年)+$"
)
_GAP = re.compile(r"[\s>＞»|_\-—–:：]+")
_PLACE_BEFORE = re.compile(r"[省市州盟县区旗镇乡]$|街道$")
_JOINT = re.compile(r"[局委厅室府会处部院站]、|[局厅](?:和|与|及)")
# Utilities publish reports of their own; they are no administrative agencies.
_ENTERPRISES = ("公司", "集团")
_CUT = re.compile(r"(?:\.{3}|…+)$")
_FILE = re.compile(r"\.(?:docx?|pdf|xlsx?|wps|rtf|zip|html?|txt|ofd)$", re.IGNORECASE)

LONGEST = 80
"""Characters of the longest title; more is a sentence."""


@dataclass(frozen=True, slots=True)
class Title:
    """A title taken apart; `agency` and `year` are None where it does not name them, or names several.

    Attributes:
        is_report: it names an annual report on disclosure.
        is_other: it names something else (a notice, a summary, a plan).
    """

    text: str
    agency: str | None
    year: int | None
    is_report: bool
    is_other: bool


def parse_title(text: str) -> Title:
    """Take a title apart.

    >>> title = parse_title("2020年度某某市体育局政府信息公开工作年度报告")
    >>> title.agency, title.year, title.is_report
    ('某某市体育局', 2020, True)
    >>> parse_title("关于做好2020年政府信息公开工作年度报告编制工作的通知").is_other
    True
    """
    plain = _FILE.sub("", " ".join(plain_digits(text).split()))
    known = simplified(plain)
    joined = known.replace(" ", "")
    report = _REPORT.search(joined)
    rest = joined[report.end() :] if report else joined
    other = _OTHER.search(rest if report else joined)
    agency = _agency_before(known) if report and len(joined) <= LONGEST else None
    is_other = bool(other) or (agency or "").endswith(_ENTERPRISES)
    year = parse_year(plain) or parse_year(joined) or (_bare_year(joined) if report else None)
    return Title(plain, agency, year, bool(report) and not is_other, is_other)


def plain_digits(text: str) -> str:
    """Return a text with its full-width digits as ASCII."""
    return text.translate(_WIDTH)


def parse_year(text: str) -> int | None:
    """Return the year that a text names with 年, None where it names none or several.

    Of several the one with 年度 is meant.

    >>> parse_year("二〇二一年度报告"), parse_year("报告（2019年）"), parse_year("第2020号")
    (2021, 2019, None)
    >>> parse_year("2021年某局2020年度报告"), parse_year("2019-2020年报告"), parse_year("2021年1月5日")
    (2020, None, None)
    """
    found = list(_YEAR.finditer(plain_digits(text)))
    if any(match[1] for match in found):
        return None
    marked = [match for match in found if match[3]]
    years = {_figure(match[2]) for match in found}
    if len(years) > 1:
        years = {_figure(match[2]) for match in marked}
    return years.pop() if len(years) == 1 else None


def _figure(digits: str) -> int:
    return int(digits.translate(_DIGITS))


def _bare_year(joined: str) -> int | None:
    """Return the only number of a title that can be its year though no 年 follows: 报告（2020）."""
    if _YEAR.search(joined):
        return None
    years = {int(match[1]) for match in _BARE_YEAR.finditer(joined)}
    return years.pop() if len(years) == 1 else None


def _agency_before(plain: str) -> str | None:
    """Return the agency that a title names before its subject."""
    plain = _LEAD.sub("", _CUT.sub("", plain))
    subject = _REPORT.search(plain.replace(" ", ""))
    if subject is None:
        return None
    head = _before(plain, subject.start())
    head = BRACKETED.sub("", _BARE_YEAR.sub(" ", _YEAR.sub(" ", head)))
    if _JOINT.search(head):
        return None
    head = _last_name(re.sub(r"[《〈<“\"]", " ", head))
    head = _LEAD.sub("", _TAIL.sub("", head))
    if subject[0].startswith("政府") and head.endswith("人民"):
        head += "政府"
    return full_name(head)


def _before(text: str, count: int) -> str:
    """Return the beginning of a text that holds this many characters besides spaces."""
    for index, character in enumerate(text):
        if count == 0:
            return text[:index]
        count -= character != " "
    return text


def _last_name(head: str) -> str:
    """Return the agency from what stands before the subject: the site's name goes, a place stays."""
    parts = [part for part in map(_clean, _GAP.split(head)) if part]
    for index in range(1, len(parts)):
        before, rest = parts[index - 1], "".join(parts[index:])
        # Spaced letters (某 某 市) and 办公室 behind its government are parts of one name.
        whole = len(before) == 1 or rest in ("办公室", "办公厅") or _PLACE_BEFORE.search(before)
        if full_name(rest) and not whole:
            return _last_name(" ".join(parts[index:]))
    return "".join(parts)


def _clean(part: str) -> str:
    return _TAIL.sub("", MARKS.sub("", part))
