"""The way to the column: its parts, menus that scripts build, titles that are cut."""

import pytest

from crawler.discover import find_links, find_subcolumns
from crawler.documents import may_be_report


def test_parts_of_a_column_are_its_years_and_groups_and_never_its_reports() -> None:
    text = """<a href="2022n/list1.html">2022年</a><a href="/col/col9/index.html">2021年度政府信息公开年报</a>
    <a href="bm/">区政府部门</a><a href="/other/bm/">市政府部门</a><a href="http://other.invalid/">2020年</a>
    <a href="202301/t20230105_1.html">2022年年度报告</a><a href="./list1.html">2019年</a><a href="x/">2019</a>"""
    assert find_subcolumns("http://h/nb/list1.html", text) == (
        "http://h/nb/2022n/list1.html",
        "http://h/col/col9/index.html",
        "http://h/nb/bm/",
    )
    assert find_subcolumns("http://h/nb.htm", "<a href='nb/bm.htm'>部门年报</a><a href='zc/'>部门</a>") == (
        "http://h/nb/bm.htm",
    )


def test_a_menu_that_a_script_builds_leads_to_the_column_too() -> None:
    text = """<script>var t=[{"name":"政府信息公开","url":"\\/zfxxgk\\/","children":[{"id":2,"text":'政府信息公开年报',
    href: '/nb/'},{"name":"2022年政府信息公开年报","url":"/nb/2022/"}]}];</script>"""
    assert find_links("http://h/", text) == (("http://h/nb/",), ("http://h/zfxxgk/",))


@pytest.mark.parametrize(
    ("title", "cut"),
    [
        ("样例局2021年…", True),
        ("样例局2021年政府信...", True),
        ("样例市人民政府信息公…", True),
        ("样例局2021年工作总…", False),
        ("样例局关于开展…", False),
    ],
)
def test_a_title_that_is_cut_before_it_could_say_so_is_followed(title: str, *, cut: bool) -> None:
    assert may_be_report(title) is cut
