"""Titles that may be those of wanted reports: told loosely, as what is asked for is read afterwards."""

import re
from collections.abc import Iterator

from archive.wanted import Wanted

NO, NOBODY, NAMED = 0, 1, 2
"""What a title says of wanted reports: it is none's; it names a wanted year and no agency; it names both."""

_REPORT = re.compile("报告|年报")
# Nobody reports on disclosure under these; they fill the lists in which little is said.
_OTHER = re.compile("通知|预算|决算|审计|法治政府|政府工作报告|国民经济|可行性|环境影响")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|二[〇○零OＯ0][〇○零OＯ0一二三四五六七八九]{2}")
_DIGITS = str.maketrans("０１２３４５６７８９〇○零OＯ一二三四五六七八九", "012345678900000123456789")
_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")
_AGENCY = re.compile(
    "[局厅署]|委员会|[委工]委|管委|(?<!人民)政府(?!信息|网|门户)|人民政府|办公[室厅]|政府办|中心|街道|[镇乡](?!村)|"
    "[法医学]院|检察院|公司|大学|学校|海关|银行|[协商学]会|联合会|总队|支队|管理[处站所]|[科残妇文侨]联|[科贸]协"
)
_LEVEL = re.compile("[省市州盟县区旗镇乡本我]$")
_NAME_ENDS = re.compile("[\u4e00-\u9fff]$")
_BEFORE_NAME = re.compile("(?:年|年度|关于|的)$")
_GOVERNMENT = "人民政府"


class Titles:
    """Compares titles with what is wanted of a portal."""

    def __init__(self, wanted: Wanted) -> None:
        self._names: dict[int, list[tuple[str, str]]] = {}
        for agency, year in sorted(wanted.reports):
            self._names.setdefault(year, []).append((agency, wanted.places.get(agency, "")))

    def names(self, title: str) -> int:
        """Return what a title says of wanted reports: `NO`, `NOBODY` or `NAMED`."""
        title = re.sub(r"\s", "", title.translate(_WIDTH))
        if not _REPORT.search(title) or _OTHER.search(title):
            return NO
        agencies = [each for year in _years(title) for each in self._names.get(year, ())]
        if any(_is_named(title, *each) for each in agencies):
            return NAMED
        return NOBODY if agencies and not _AGENCY.search(title) else NO


def _years(title: str) -> Iterator[int]:
    for found in dict.fromkeys(_YEAR.findall(title)):
        yield int(found.translate(_DIGITS))


def _is_named(title: str, agency: str, place: str) -> bool:
    """Tell whether a title names an agency: in full, short without its place, or a government by its place.

    >>> titles = "样例市体育局年报", "市体育局年报", "2022年体育局年报", "老体育局年报"
    >>> [_is_named(title, "样例市体育局", "样例市") for title in titles]
    [True, True, True, False]
    >>> _is_named("样例市2022年报告", "样例市人民政府", "样例市")
    True
    """
    if agency in title:
        return True
    if agency.endswith(_GOVERNMENT):
        bare = re.escape(agency.removesuffix(_GOVERNMENT))
        return re.search(rf"{bare}(?=政府(?!办)|[\d（(二]|信息公开)", title) is not None
    short = agency.partition(place)[2] if place else ""
    if len(short) < 2:
        return False
    return any(_stands_alone(title[: found.start()], place) for found in re.finditer(re.escape(short), title))


def _stands_alone(head: str, place: str) -> bool:
    """Tell whether what stands before a short name is no further part of a name."""
    head = head.removesuffix(place) if head.endswith(place) else _LEVEL.sub("", head)
    return not _NAME_ENDS.search(head) or _BEFORE_NAME.search(head) is not None
