"""Titles taken apart: whose report, on which year, and whether it claims to be one at all."""

import re
from dataclasses import dataclass

_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")
_DIGITS = str.maketrans("〇○零OＯ一二三四五六七八九", "00000123456789")
_YEAR = re.compile(r"(?<!\d)(20\d\d|19\d\d|二[〇○零OＯ][〇○零OＯ一二三四五六七八九]{2})\s*年\s*度?")
_SUBJECT = re.compile(r"政府信息(?:主动)?公开|政务信息公开|信息公开|政务公开")
_REPORT = re.compile(
    r"(?:政府|政务)?信息公开[^，。；]{0,12}?(?:年度报告|年报|工作报告|情况的?报告|年度工作报告|报告)"
)
_OTHER = re.compile(
    r"通知|通报|公告|工作总结|工作要点|政府工作报告|法治政府|实施方案|工作方案|办法|指南|目录|规定|制度|培训|会议|"
    r"解读|名单|考核|评估|填报说明|格式|模板|样表|汇编|批复|答复|招标|中标|预算|决算"
)
_LEAD = re.compile(r"^(?:关于)?(?:公布|发布|公开|印发)?(?:关于)?")
_MARKS = re.compile(r"[《》〈〉<>“”\"'‘’\[\]【】（）()\s　:：,，、\-—_|]")

_ENDINGS = (
    *("人民政府办公厅", "人民政府办公室", "人民政府", "管理委员会", "管委会", "委员会", "办事处", "办公厅"),
    *("办公室", "局", "厅", "委", "办", "署", "部", "院", "所", "站", "中心", "总队", "支队", "大队", "海关"),
    *(
        "联合会",
        "协会",
        "学校",
        "大学",
        "学院",
        "中学",
        "医院",
        "集团",
        "公司",
        "银行",
        "馆",
        "社",
        "会",
        "队",
    ),
)
# Utilities publish reports of their own; they are no administrative agencies.
_ENTERPRISES = ("公司", "集团")
_PLACES = re.compile(r"(?:省|自治区|市|自治州|州|盟|地区|县|自治县|区|旗|镇|乡)$")
_ZONES = re.compile(r"(?:开发区|示范区|高新区|实验区|新区|园区|保税区|合作区|度假区|风景区|景区)$")

LONGEST = 80
"""Characters of the longest title; more is a sentence."""


@dataclass(frozen=True, slots=True)
class Title:
    """A title taken apart; `agency` and `year` are None where it does not name them.

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
    plain = " ".join(text.translate(_WIDTH).split())
    joined = plain.replace(" ", "")
    report = _REPORT.search(joined)
    rest = joined[report.end() :] if report else joined
    other = _OTHER.search(rest if report else joined)
    agency = _agency_before(joined) if report and len(joined) <= LONGEST else None
    is_other = bool(other) or (agency or "").endswith(_ENTERPRISES)
    return Title(plain, agency, parse_year(plain), bool(report) and not is_other, is_other)


def parse_year(text: str) -> int | None:
    """Return the first year that a text names with 年.

    >>> parse_year("二〇二一年度报告"), parse_year("报告（2019年）"), parse_year("第2020号")
    (2021, 2019, None)
    """
    match = _YEAR.search(text.translate(_WIDTH))
    return int(match[1].translate(_DIGITS).replace("二", "2")) if match else None


def _agency_before(joined: str) -> str | None:
    """Return the agency that a title names before its subject."""
    subject = _SUBJECT.search(joined)
    if subject is None:
        return None
    head = _MARKS.sub("", _YEAR.sub("", joined[: subject.start()]))
    head = re.sub(r"(?:关于|的|年度|工作|本级|部门|开展|做好|推进)+$", "", _LEAD.sub("", head))
    if subject[0].startswith("政府") and head.endswith("人民"):
        head += "政府"
    return full_name(head)


def full_name(name: str) -> str | None:
    """Return an agency's official name, or None when this names none.

    A bare place is its government, a bare street its office, a bare zone its committee.

    >>> full_name("某某市体育局"), full_name("某某镇"), full_name("某某街道"), full_name("我局")
    ('某某市体育局', '某某镇人民政府', '某某街道办事处', None)
    """
    name = _MARKS.sub("", name)
    if not 2 < len(name) <= 40 or name.startswith(("我", "本", "全")):
        return None
    if name.endswith("政府") and not name.endswith("人民政府"):
        return f"{name[:-2]}人民政府"
    if name.endswith(_ENDINGS):
        return name
    if name.endswith("街道"):
        return f"{name}办事处"
    if _ZONES.search(name):
        return f"{name}管理委员会"
    return f"{name}人民政府" if _PLACES.search(name) else None


def names_agency(name: str) -> bool:
    """Tell whether a name is an agency's as it stands."""
    bare = _MARKS.sub("", name)
    return 2 < len(bare) <= 40 and bare.endswith(_ENDINGS) and not bare.startswith(("我", "本"))
