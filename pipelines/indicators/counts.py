"""What is counted or measured in one report and divided by no cases: loads, dates, blanks, identities.

Source: 政府信息公开条例 (2019) 第四十九条 (dates); the form's own note for K1, the meaning of 总计 for
K2 to K4 (`pipelines.checks`).
"""

from collections.abc import Iterator

from pipelines.forms import APPROXIMATE, EXACT, FORM_2021, NONE
from pipelines.indicators import reasons
from pipelines.indicators.definition import COUNT, DAYS, FLAG, SCORE, Definition, Reason, Sum, in_form, joins
from pipelines.indicators.sums import WORKLOAD


def _counts() -> Iterator[Definition]:
    yield Definition(
        "workload", "受理总量", "Workload", COUNT, "件", WORKLOAD, None,
        joins(reasons.NOT_IN_ANNEX, reasons.SAME_SUM),
    )  # fmt: skip
    yield Definition(
        "zero_requests", "零申请", "No request at all", FLAG, "", WORKLOAD, None,
        joins(reasons.NOT_IN_ANNEX, reasons.SAME_SUM),
        note_zh="1为没有新收也没有结转的申请，0为有。",
        note_en="1 where no request was received or carried in, else 0.",
    )  # fmt: skip
    made = in_form(FORM_2021, ("disclosure", "normative_documents", "made"))
    repealed = in_form(FORM_2021, ("disclosure", "normative_documents", "repealed"), factor=-1)
    net = Sum("本年制发减去本年废止", "Made in the year less those repealed", made + repealed)
    yield Definition(
        "normative_documents_net_change", "规范性文件净增数", "Normative documents, net change", COUNT, "件",
        net, None, joins(reasons.NOT_IN_ANNEX, reasons.ADDED),
    )  # fmt: skip


_NEW_DATES: Reason = (
    APPROXIMATE,
    "2018年及以前各机关的期限都是次年3月31日；2019年起部门的期限改为1月31日。",
    "To 2018 every report was due on 31 March; from 2019 those of departments are due on 31 January.",
)
_SAME_DATES: Reason = (EXACT, "期限未变。", "The dates are the same.")
_NO_CHECKS: Reason = (NONE, "统计表没有这四种勾稽关系。", "The annex has none of these four identities.")
_OTHER_ROWS: Reason = (
    APPROXIMATE,
    "2021年表式的行数、格数与2019年表式略有不同，只能大致比较。",
    "The form of 2021 has slightly other rows and cells: roughly comparable.",
)
_OTHER_CELLS: Reason = (
    NONE,
    "统计表只有58格，与后来的表式不可比。",
    "The annex has 58 cells only: not comparable with the later forms.",
)


def _quality() -> Iterator[Definition]:
    yield Definition(
        "days_late", "逾期天数", "Days late", DAYS, "天",
        Sum("发布日期晚于法定期限的天数", "Days from the legal date to the publication"), None,
        joins(_NEW_DATES, _SAME_DATES),
        note_zh="按时为0；法律未定期限的机关没有此项。",
        note_en="0 if on time; agencies for which the law names no date have none.",
    )  # fmt: skip
    yield Definition(
        "quality_score", "勾稽相符率", "Share of identities that hold", SCORE, "",
        Sum("K1至K4中按所印数字相符的等式数", "Equations of K1 to K4 that hold as printed"),
        Sum("K1至K4中各项均印有数字的等式数", "Equations of K1 to K4 of which every number is printed"),
        joins(_NO_CHECKS, _OTHER_ROWS),
    )  # fmt: skip
    for code, zh, en in (
        ("blank", "空白格", "Blank cells"),
        ("placeholder", "以符号代数字的格", "Cells with a sign for a number"),
    ):
        yield Definition(
            f"{code}_cells", f"{zh}数", en, COUNT, "格", Sum(f"各表中的{zh}", f"{en} in all tables"), None,
            joins(_OTHER_CELLS, _OTHER_ROWS),
        )  # fmt: skip


COUNTS: tuple[Definition, ...] = (*_counts(), *_quality())
"""Every indicator that is neither a rate nor a level."""
