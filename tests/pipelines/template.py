"""Reports printed by the tests themselves: labels written out here, not taken from the forms.

A table is a list of rows of (text, colspan, rowspan); `Habits` says how it is marked up.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape

Key = tuple[str, str, str]
Texts = Mapping[Key, str]
Box = tuple[str, int, int]

WHO = ("natural_person", "business", "research_institute", "public_welfare", "legal_service")
WHO_CODES = (*WHO, "other_organisation", "total")
LEGAL = ("商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他")
ENDS = (
    ("upheld", "结果维持"),
    ("corrected", "结果纠正"),
    ("other", "其他结果"),
    ("pending", "尚未审结"),
    ("total", "总计"),
)
GROUPS = ("review", "suit_direct", "suit_after_review")

CHANGES = (("items_previous", "上一年项目数量"), ("items_change", "本年增/减"))
DISCLOSURE = {
    "form_2019": (
        (
            "第二十条第（一）项",
            (
                ("newly_made", "本年新制作数量"),
                ("newly_disclosed", "本年新公开数量"),
                ("total_disclosed", "对外公开总数量"),
            ),
            (("rules", "规章"), ("normative_documents", "规范性文件")),
        ),
        (
            "第二十条第（五）项",
            (*CHANGES, ("decisions", "处理决定数量")),
            (("licensing", "行政许可"), ("other_services", "其他对外管理服务事项")),
        ),
        (
            "第二十条第（六）项",
            (*CHANGES, ("decisions", "处理决定数量")),
            (("penalty", "行政处罚"), ("coercion", "行政强制")),
        ),
        ("第二十条第（八）项", CHANGES, (("fees", "行政事业性收费"),)),
        (
            "第二十条第（九）项",
            (("projects", "采购项目数量"), ("amount_wan", "采购总金额")),
            (("procurement", "政府集中采购"),),
        ),
    ),
    "form_2021": (
        (
            "第二十条第（一）项",
            (("made", "本年制发件数"), ("repealed", "本年废止件数"), ("in_force", "现行有效件数")),
            (("rules", "规章"), ("normative_documents", "行政规范性文件")),
        ),
        ("第二十条第（五）项", (("decisions", "本年处理决定数量"),), (("licensing", "行政许可"),)),
        (
            "第二十条第（六）项",
            (("decisions", "本年处理决定数量"),),
            (("penalty", "行政处罚"), ("coercion", "行政强制")),
        ),
        (
            "第二十条第（八）项",
            (("amount_wan", "本年收费金额（单位：万元）"),),
            (("fees", "行政事业性收费"),),
        ),
    ),
}

RECEIVED = (
    ("received_new", "一、本年新收政府信息公开申请数量"),
    ("carried_in", "二、上年结转政府信息公开申请数量"),
)
RESULTS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    ("（一）予以公开", (("granted_full", ""),)),
    ("（二）部分公开（区分处理的，只计这一情形，不计其他情形）", (("granted_partial", ""),)),
    (
        "（三）不予公开",
        (
            ("refused_state_secret", "1.属于国家秘密"),
            ("refused_law_prohibited", "2.其他法律行政法规禁止公开"),
            ("refused_security_stability", "3.危及“三安全一稳定”"),
            ("refused_third_party", "4.保护第三方合法权益"),
            ("refused_internal_affairs", "5.属于三类内部事务信息"),
            ("refused_deliberative", "6.属于四类过程性信息"),
            ("refused_enforcement_file", "7.属于行政执法案卷"),
            ("refused_admin_query", "8.属于行政查询事项"),
        ),
    ),
    (
        "（四）无法提供",
        (
            ("unable_not_held", "1.本机关不掌握相关政府信息"),
            ("unable_needs_creation", "2.没有现成信息需要另行制作"),
            ("unable_unclear", "3.补正后申请内容仍不明确"),
        ),
    ),
    (
        "（五）不予处理",
        (
            ("not_processed_petition", "1.信访举报投诉类申请"),
            ("not_processed_duplicate", "2.重复申请"),
            ("not_processed_publication", "3.要求提供公开出版物"),
            ("not_processed_excessive", "4.无正当理由大量反复申请"),
            ("not_processed_reissue", "5.要求行政机关确认或重新出具已获取信息"),
        ),
    ),
)
OTHER = {
    "form_2019": ("（六）其他处理", (("other_handling", ""),)),
    "form_2021": (
        "（六）其他处理",
        (
            ("other_no_correction", "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请"),
            ("other_fee_unpaid", "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请"),
            ("other_misc", "3.其他"),
        ),
    ),
}
TOTAL = ("（七）总计", (("result_total", ""),))
CARRIED_OUT = ("carried_out", "四、结转下年度继续办理")


@dataclass(frozen=True, slots=True)
class Habits:
    """How somebody marks a report up.

    Attributes:
        end_tags: rows and cells are closed.
        word: paragraphs and spans in each cell, one number over two spans, nbsp for nothing.
        one_table: the three tables are one.
        nested: each table stands in a cell of a table that only arranges.
        broken: labels are broken by <br> and padded.
        results_label: 三、本年度办理结果 is printed.
        spare: every line of table three ends in one more empty cell.
        split: table three is broken into two tables after so many lines of values.
        other_form: whose （六）其他处理 is printed; that of the form if empty.
    """

    end_tags: bool = True
    word: bool = False
    one_table: bool = False
    nested: bool = False
    broken: bool = False
    results_label: bool = True
    spare: bool = False
    split: int = 0
    other_form: str = ""


def keys_of(form: str, habits: Habits = Habits()) -> tuple[Key, ...]:
    """Return the codes of every cell that is printed, in printed order."""
    disclosure = [
        ("disclosure", row, column)
        for _, columns, rows in DISCLOSURE[form]
        for row, _ in rows
        for column, _ in columns
    ]
    groups = (*RESULTS, OTHER[habits.other_form or form], TOTAL)
    rows = [
        *(code for code, _ in RECEIVED),
        *(code for _, leaves in groups for code, _ in leaves),
        CARRIED_OUT[0],
    ]
    requests = [("requests", row, column) for row in rows for column in WHO_CODES]
    review = [("review", group, end) for group in GROUPS for end, _ in ENDS]
    return (*disclosure, *requests, *review)


def disclosure_rows(form: str, texts: Texts) -> list[list[Box]]:
    rows: list[list[Box]] = []
    for caption, columns, members in DISCLOSURE[form]:
        rows.append([(caption, 4, 1)])
        lines = [("信息内容", [label for _, label in columns])]
        lines += [(label, [texts["disclosure", row, code] for code, _ in columns]) for row, label in members]
        rows += [
            [(first, 1, 1), *((text, 1, 1) for text in rest[:-1]), (rest[-1], 4 - len(rest), 1)]
            for first, rest in lines
        ]
    return rows


def requests_rows(form: str, texts: Texts, habits: Habits) -> list[list[Box]]:
    note = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
    rows: list[list[Box]] = [
        [(note, 3, 3), ("申请人情况", 7, 1)],
        [("自然人", 1, 2), ("法人或其他组织", 5, 1), ("总计", 1, 2)],
        [(label, 1, 1) for label in LEGAL],
        *([(label, 3, 1), *_counts(code, texts)] for code, label in RECEIVED),
    ]
    results = [
        row for group in (*RESULTS, OTHER[habits.other_form or form], TOTAL) for row in _group(group, texts)
    ]
    if habits.results_label:
        results[0].insert(0, ("三、本年度办理结果", 1, len(results)))
    rows += results
    rows.append([(CARRIED_OUT[1], 3, 1), *_counts(CARRIED_OUT[0], texts)])
    return [[*row, ("", 1, 1)] for row in rows] if habits.spare else rows


def _group(group: tuple[str, tuple[tuple[str, str], ...]], texts: Texts) -> Iterator[list[Box]]:
    label, leaves = group
    for index, (code, name) in enumerate(leaves):
        if not name:
            yield [(label, 2, 1), *_counts(code, texts)]
        else:
            head = [(label, 1, len(leaves))] if index == 0 else []
            yield [*head, (name, 1, 1), *_counts(code, texts)]


def _counts(row: str, texts: Texts) -> list[Box]:
    return [(texts["requests", row, column], 1, 1) for column in WHO_CODES]


def review_rows(texts: Texts) -> list[list[Box]]:
    ends = [(label, 1, 2) for _, label in ENDS]
    return [
        [("行政复议", 5, 1), ("行政诉讼", 10, 1)],
        [*ends, ("未经复议直接起诉", 5, 1), ("复议后起诉", 5, 1)],
        [(label, 1, 1) for _ in GROUPS[1:] for _, label in ENDS],
        [(texts["review", group, end], 1, 1) for group in GROUPS for end, _ in ENDS],
    ]


def cell_html(text: str, habits: Habits) -> str:
    if habits.word:
        middle = len(text) // 2
        runs = (text[:middle], text[middle:]) if len(text) > 1 else (text, "\xa0")
        spans = "".join(f'<span style="mso-font-kerning:0">{escape(run)}</span>' for run in runs)
        return f'<p class="MsoNormal">{spans}<o:p></o:p></p>'
    if habits.broken and len(text) > 3 and not any(character.isdecimal() for character in text):
        return f" {escape(text[:3])}<br>\n {escape(text[3:])}\xa0"
    return escape(text)


def table_html(rows: list[list[Box]], habits: Habits) -> str:
    row_end, cell_end = ("</tr>", "</td>") if habits.end_tags else ("", "")
    lines = [
        "<tr>"
        + "".join(
            f'<td colspan="{columns}" rowspan="{high}">{cell_html(text, habits)}{cell_end}'
            for text, columns, high in row
        )
        + row_end
        for row in rows
    ]
    table = f"<table>{''.join(lines)}</table>"
    return f"<table><tr><td></td><td>{table}</td></tr></table>" if habits.nested else table


def page(form: str, texts: Texts, habits: Habits = Habits()) -> str:
    """Return a whole report of 某某市样本局 on 2020 or 2022."""
    year = {"form_2019": 2020, "form_2021": 2022}[form]
    two, three, four = disclosure_rows(form, texts), requests_rows(form, texts, habits), review_rows(texts)
    if habits.one_table:
        parts = [table_html([*two, *three, *four], habits), "", ""]
    elif habits.split:
        parts = [table_html(two, habits), _split(three, habits), table_html(four, habits)]
    else:
        parts = [table_html(rows, habits) for rows in (two, three, four)]
    return (
        f"<html><head><title>某某市样本局{year}年政府信息公开工作年度报告</title></head><body>"
        "<h3>一、总体情况</h3><p>样本。</p>"
        f"<h3>二、主动公开政府信息情况</h3>{parts[0]}"
        f"<h3>三、收到和处理政府信息公开申请情况</h3>{parts[1]}"
        f"<h3>四、政府信息公开行政复议、行政诉讼情况</h3>{parts[2]}"
        "<h3>五、存在的主要问题及改进情况</h3><p>样本。</p><h3>六、其他需要报告的事项</h3><p>无。</p></body></html>"
    )


def _split(rows: list[list[Box]], habits: Habits) -> str:
    """Break a table after some lines of values, as a page break does: spans end there, groups are lost."""
    at = 3 + habits.split
    upper = [
        [(text, columns, min(high, at - number)) for text, columns, high in row]
        for number, row in enumerate(rows[:at])
    ]
    return table_html(upper, habits) + table_html(rows[at:], habits)
