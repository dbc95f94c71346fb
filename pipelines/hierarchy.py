"""A government's summary report is not below any report that it sums up: K11.

What a summary covers (the government's own offices, or every department and place below it) is
known only where its text says so; where it does not, or could be understood otherwise, nothing is
compared. That the parts sum up to the whole is no rule here: whether all of them are in the
archive is never known.

Source: 政府信息公开条例 (2019) 第四十九条第二款: the department in charge publishes the report of its
government. Bodies under national systems are led by these (第三条第四款) and are left out.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pipelines.consecutive import Report, plain, written
from pipelines.duties import DEPARTMENT, GOVERNMENT, TOWNSHIP, ZONE
from pipelines.forms import Key
from pipelines.reading import AS_PRINTED, ASSUMED_ZERO, NOTICE, NUMBER, UNREADABLE, Compared, Finding

LOWER = "lower"
"""The kind of part that is the summary of a division below."""

KEYS: tuple[Key, ...] = (
    ("requests", "received_new", "total"),
    ("requests", "result_total", "total"),
    ("review", "review", "total"),
    ("review", "suit_direct", "total"),
    ("review", "suit_after_review", "total"),
)
"""The cells that are compared."""

_DEPARTMENTS = frozenset((DEPARTMENT, GOVERNMENT, ZONE))
_COVERED = (
    (
        re.compile("(?<![安健完齐保])全(?:省|市|县|区|州|盟|旗|自治区)(?!域)"),
        _DEPARTMENTS | {TOWNSHIP, LOWER},
    ),
    (
        re.compile("各[^各，、]{0,6}(?:部门|单位|委办局)|[省市县区]直|(?:组成|所属|工作|政府)部门"),
        _DEPARTMENTS,
    ),
    (re.compile("乡镇|镇街|街道|各[乡镇]"), frozenset({TOWNSHIP})),
    (
        re.compile("各(?:市|州|县|区|旗|盟)(?!直|级|属|政府|有关|相关)|县[（(]?市|县区|区县|市县"),
        frozenset({LOWER}),
    ),
)
_WORDS = "|".join(pattern.pattern for pattern, _ in _COVERED)
_OF_ITSELF = re.compile(
    "[本此](?:年度|年|份)?(?:政府信息公开)?(?:工作)?(?:年度)?报告(?!期|年度)|(?:以上|上述|以下|下列)(?:各项|统计)*(?:数据|数字)"
    "|统计范围|统计口径|数据范围|数据口径"
)
_SUMS_UP = re.compile(
    f"(?:{_WORDS}).{{0,40}}(?:汇总|汇编)|汇总.{{0,20}}(?:{_WORDS})"
    f"|(?:数据|数字|统计|范围|口径).{{0,8}}(?:包括|包含|涵盖|覆盖|为|是).{{0,20}}(?:{_WORDS})"
)
_DOUBTFUL = re.compile(
    "[不未无]|除|仅|只|本级|本机关|本单位|组织|指导|督促|要求|培训|定期|及时|审核|检查|考核|梳理|推动|推进|加强"
)
"""Words of sentences that leave something out, or tell what was done and not what the numbers are."""
_OWN = re.compile(
    "(?:数据|数字|统计|汇总|范围|口径).{0,20}(?:本级|本机关|本单位)|(?:本级|本机关|本单位)的?(?:统计)?数据"
)
_SENTENCE = re.compile(r"[。；;！!？?\n]")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Part:
    """A report that a summary may cover: its agency's name and kind (`lower` for another division's)."""

    name: str
    kind: str
    report: Report


def scope(text: str) -> frozenset[str]:
    """Return the kinds of agencies whose numbers a summary says it holds; none where it does not say.

    Args:
        text: The sections of the summary in which it may speak of its own numbers.

    >>> sorted(scope("本报告所列数据为全市各部门、各乡镇汇总数据。"))
    ['department', 'government', 'lower', 'township', 'zone']
    >>> scope("本报告所列数据为市本级数据。"), scope("指导全市各部门编制本年度报告，汇总数据。")
    (frozenset(), frozenset())
    """
    covered: set[str] = set()
    for sentence in _SENTENCE.split(text):
        bare = _SPACE.sub("", sentence)
        if not _OF_ITSELF.search(bare):
            continue
        if _OWN.search(bare):
            return frozenset()
        if _SUMS_UP.search(bare) and not _DOUBTFUL.search(bare):
            covered |= {kind for pattern, kinds in _COVERED if pattern.search(bare) for kind in kinds}
    return frozenset(covered)


def hierarchy_sum(name: str, summary: Report, parts: Iterable[Part]) -> Iterator[Compared]:
    """A government's summary, where its scope is known, is not below any report that it sums up.

    Of several parts that are above the summary the greatest is named, since it is what the summary
    must reach at least.

    Args:
        name: The government's name.
        summary: Its report.
        parts: Reports on the same year that the summary covers.
    """
    known = sorted(parts, key=lambda part: part.report.id)
    for key in KEYS:
        own = summary.values.get(key)
        printed = [part for part in known if key in part.report.values]
        greatest = max(printed, key=lambda part: part.report.values[key].exact, default=None)
        if own is None or own.state == UNREADABLE or greatest is None:
            continue
        least = greatest.report.values[key]
        if own.exact < least.exact:
            pass_ = AS_PRINTED if own.state == NUMBER else ASSUMED_ZERO
            finding = Finding("hierarchy_sum", NOTICE, pass_, *key, plain(least.exact), plain(own.exact))
            year = summary.year
            arithmetic = f"{greatest.name} {year}: {written(least)}; {name} {year}: {written(own)}"
            yield Compared(finding, arithmetic, greatest.report.id)
