"""What real reports do, each alone in a whole report of our own: the number of the collection of quirks."""

from collections.abc import Callable

import pytest

from pipelines.reading import Reading
from tests.pipelines.template import (
    Box,
    disclosure_rows,
    page,
    requests_rows,
    review_rows,
    table_html,
)
from tests.pipelines.test_extract import PLAIN, numbered, read

Rows = list[list[Box]]
FORM = "form_2021"
TEXTS = numbered(FORM)
TWO, THREE, FOUR = disclosure_rows(FORM, TEXTS), requests_rows(FORM, TEXTS, PLAIN), review_rows(TEXTS)
WHOLE = page(FORM, TEXTS)


def with_rows(rows: Rows, changed: Rows) -> str:
    """Return the report with one of its tables printed otherwise."""
    return with_table(rows, table_html(changed, PLAIN))


def with_table(rows: Rows, markup: str) -> str:
    table = table_html(rows, PLAIN)
    assert WHOLE.count(table) == 1
    return WHOLE.replace(table, markup)


def renamed(rows: Rows, names: dict[str, str]) -> Rows:
    """Return the rows with other texts; each of the old ones is there."""
    assert set(names) <= {text for row in rows for text, _, _ in row}
    return [[(names.get(text, text), *spans) for text, *spans in row] for row in rows]


def index_of(rows: Rows, label: str) -> int:
    return next(number for number, row in enumerate(rows) if any(text == label for text, _, _ in row))


def whole(reading: Reading) -> bool:
    """Tell whether every cell is read as it is printed, without a problem."""
    return {cell.key: cell.text for cell in reading.cells} == TEXTS and reading.problems == ()


def results_label_again() -> str:
    """Break table three within its results and print their label, and the headings, once more."""
    at = index_of(THREE, "（四）无法提供")
    results = ("三、本年度办理结果", 1, 30)
    upper = [
        [(text, columns, min(high, at - n)) for text, columns, high in r] for n, r in enumerate(THREE[:at])
    ]
    lower = [[results, *THREE[at]], *THREE[at + 1 :]]
    return with_table(
        THREE, table_html(upper, PLAIN) + table_html([*THREE[:3], *lower[:-1], THREE[-1]], PLAIN)
    )


def all_refusals_under_one_label() -> str:
    """Merge the group label with the label above it: （三） stands once, over all of its rows."""
    rows = [list(row) for row in THREE]
    at = index_of(rows, "（三）不予公开")
    rows[at][0] = ("（三）不予公开：", 1, 8)
    return with_rows(THREE, rows)


def suits_in_two_cells() -> str:
    return with_rows(FOUR, [[("行政复议", 5, 1), ("行政诉讼", 5, 1), ("行政诉讼", 5, 1)], *FOUR[1:]])


def total_a_row_too_high() -> str:
    """Print 总计 beside 申请人情况, over two lines of headings instead of one."""
    first = [THREE[0][0], ("申请人情况", 6, 1), ("总计", 1, 3)]
    return with_rows(THREE, [first, THREE[1][:-1], *THREE[2:]])


def cells_too_many() -> str:
    """Print an empty cell more beside （六）其他处理 and （七）总计."""
    rows = [list(row) for row in THREE]
    for label in ("（六）其他处理", "（七）总计"):
        rows[index_of(rows, label)].append(("", 1, 1))
    return with_rows(THREE, rows)


def explained_labels() -> str:
    names = {
        "行政规范性文件": "行政规范性文件（含自然失效）",
        "现行有效件数": "现行有效件数（历史累计）",
        "行政许可": "行政许可（含变更、延续）",
    }
    return with_rows(TWO, renamed(TWO, names))


def broken_words() -> str:
    names = {"1.属于国家秘密": "1.属于国家 秘密", "4.保护第三方合法权益": "4.保护第三 方\xa0合法权益"}
    markup = table_html(renamed(THREE, names), PLAIN).replace("商业企业", "<p>商业</p><p>企业</p>")
    return (
        with_table(THREE, markup)
        .replace("第二十条第（一）项", "第二十条 第（一）项")
        .replace("本年制发件数", "本年制发 件数\xa0\xa0")
    )


def heading_broken_over_two_rows() -> str:
    """Print 商业 and 企业 in two rows of headings."""
    third = [("商业", 1, 1), *((label, 1, 2) for label, _, _ in THREE[2][1:])]
    first, second = THREE[0], THREE[1]
    heads: Rows = [
        [(first[0][0], 3, 4), first[1]],
        [(second[0][0], 1, 3), second[1], (second[2][0], 1, 3)],
        third,
        [("企业", 1, 1)],
    ]
    return with_rows(THREE, [*heads, *THREE[3:]])


def vertical_labels() -> str:
    names = {
        "（五）不予处理": "（\n五\n）\n不\n予\n处\n理",
        "三、本年度办理结果": "三\n、\n本\n年\n度\n办\n理\n结\n果",
    }
    return with_table(THREE, table_html(renamed(THREE, names), PLAIN).replace("\n", "<br>"))


def instructions_left_standing() -> str:
    note = "（该部分以表格形式报告，无需文字说明）"
    marked = WHOLE.replace(
        "三、收到和处理政府信息公开申请情况</h3>", f"三、收到和处理政府信息公开申请情况</h3><p>{note}</p>"
    )
    return marked.replace("现行有效件数", "现行有效件数（填报数字，无则填0）").replace("<body>", "<body>-->")


def traditional_script() -> str:
    pairs = zip(
        "信息公开总计结果维纠审报处办请开条项数证规强",
        "信息公開總計結果維糾審報處辦請開條項數證規強",
        strict=True,
    )
    return WHOLE.translate(str.maketrans(dict(pairs))).replace("信息", "資訊")


QUIRKS: dict[str, Callable[[], str]] = {
    "10 行政诉讼 in two cells": suits_in_two_cells,
    "10 总计 a row too high": total_a_row_too_high,
    "10 empty cells beside （六） and （七）": cells_too_many,
    "11 三、本年度办理结果 twice": results_label_again,
    "11 all of （三） under one label": all_refusals_under_one_label,
    "13 explained labels and headings": explained_labels,
    "14 broken words": broken_words,
    "14 a heading over two rows": heading_broken_over_two_rows,
    "16 vertical labels": vertical_labels,
    "25 instructions left standing, a stray end of a comment": instructions_left_standing,
    "34 traditional script, with its own words": traditional_script,
}


@pytest.mark.parametrize("printed", QUIRKS.values(), ids=QUIRKS)
def test_a_quirk_changes_no_number(printed: Callable[[], str]) -> None:
    markup = printed()
    assert markup != WHOLE
    assert whole(read(markup))


def test_the_furniture_of_a_page_is_no_part_of_the_report() -> None:
    head = "<div>首页 > 信息公开 > 样本局</div><div>字号：大 中 小 分享到：</div><div>浏览次数：4711</div>"
    foot = "<div>附件下载：</div><div>【打印本页】【关闭窗口】</div><div>版权所有：某某市范本局</div>"
    reading = read(WHOLE.replace("<body>", f"<body>{head}").replace("</body>", f"{foot}</body>"))
    assert whole(reading)
    assert (reading.agency, reading.sections[-1].text) == ("某某市样本局", "无。")
    assert "4711" not in "".join(section.text for section in reading.sections)


def test_an_appendix_that_numbers_its_parts_anew_and_a_seventh_section_end_no_section_early() -> None:
    more = "<h3>七、附则</h3><p>样本七。</p><h3>附件</h3><p>一、说明</p><p>样本附件。</p>"
    reading = read(WHOLE.replace("</body>", f"{more}</body>"))
    assert whole(reading)
    assert [section.number for section in reading.sections] == [1, 2, 3, 4, 5, 6]
    assert "样本附件。" in reading.sections[-1].text


def test_headings_with_nothing_under_them_are_three_missing_tables() -> None:
    markup = WHOLE
    for rows in (TWO, THREE, FOUR):
        markup = markup.replace(table_html(rows, PLAIN), "")
    reading = read(markup)
    assert reading.cells == ()
    assert {problem.kind for problem in reading.problems} == {"no_tables"}


def test_the_year_before_in_a_table_that_looks_statutory_is_not_this_years_number() -> None:
    """Print the sum of both years, and their difference, in tables with the labels of the form."""
    before = [["项目", "2021年", "2022年", "增减"], ["本年新收政府信息公开申请数量", "31", "42", "11"]]
    compared: Rows = [[(text, 1, 1) for text in row] for row in before]
    reading = read(WHOLE.replace("<h3>五、", f"<p>两年对比：</p>{table_html(compared, PLAIN)}<h3>五、"))
    assert {cell.key: cell.text for cell in reading.cells} == TEXTS


def test_numbers_that_stand_loose_from_their_labels_are_refused() -> None:
    lines = ["某某市样本局2022年政府信息公开工作年度报告", "三、收到和处理政府信息公开申请情况", "申请人情况"]
    lines += [row[0][0] for row in THREE[3:6]] + ["— 4 —"]
    lines += ["\t".join(text for text, _, _ in row[1:]) for row in THREE[3:6]]
    reading = read("\n".join(lines))
    assert reading.cells == ()
    assert reading.problems


def test_a_title_without_year_and_agency_leaves_both_unclear_and_keeps_the_cells() -> None:
    title = "政府信息公开工作年度报告"
    reading = read(WHOLE.replace("某某市样本局2022年", "").replace("<title>", f"<title>{title}"))
    assert (reading.agency, reading.year) == (None, None)
    assert {problem.kind for problem in reading.problems} == {"unclear_identity"}
    assert {cell.key: cell.text for cell in reading.cells} == TEXTS
