"""The harmonised series: what the forms of all years count, one level an indicator.

A level is a printed number, or a sum of printed numbers where one form prints the parts of what
another prints whole. Where the forms count different things they are different indicators, so
that nobody joins them by accident.

Source: 国办公开办函〔2019〕60号, 国办公开办函〔2021〕30号, 国办发〔2014〕32号.
"""

from collections.abc import Iterator

from pipelines.forms import ANNEX_2014, FORM_2019, FORM_2021, FORM_KEYS, ITEMS
from pipelines.indicators import reasons
from pipelines.indicators.definition import (
    LEVEL,
    Definition,
    Operand,
    Reason,
    Sum,
    in_both,
    in_form,
    in_words,
    joins,
    rows_of,
)

_REQUESTS = (
    ("received_new", "本年新收申请数", "Requests received in the year"),
    ("carried_in", "上年结转申请数", "Requests carried in from the year before"),
    ("granted_full", "予以公开数", "Granted in full"),
    ("granted_partial", "部分公开数", "Granted in part"),
    ("refused_state_secret", "不予公开：属于国家秘密", "Refused: state secret"),
    ("refused_law_prohibited", "不予公开：其他法律行政法规禁止公开", "Refused: prohibited by another law"),
    (
        "refused_security_stability",
        "不予公开：危及“三安全一稳定”",
        "Refused: endangers security or stability",
    ),
    ("refused_third_party", "不予公开：保护第三方合法权益", "Refused: rights of a third party"),
    ("refused_internal_affairs", "不予公开：属于三类内部事务信息", "Refused: internal affairs"),
    ("refused_deliberative", "不予公开：属于四类过程性信息", "Refused: deliberative information"),
    ("refused_enforcement_file", "不予公开：属于行政执法案卷", "Refused: law-enforcement file"),
    ("refused_admin_query", "不予公开：属于行政查询事项", "Refused: matter of an administrative query"),
    ("unable_not_held", "无法提供：本机关不掌握", "Unable: not held by the agency"),
    ("unable_needs_creation", "无法提供：需要另行制作", "Unable: would have to be created"),
    ("unable_unclear", "无法提供：补正后仍不明确", "Unable: still unclear after correction"),
    ("not_processed_petition", "不予处理：信访举报投诉类申请", "Not processed: petition or complaint"),
    ("not_processed_duplicate", "不予处理：重复申请", "Not processed: duplicate"),
    ("not_processed_publication", "不予处理：要求提供公开出版物", "Not processed: asks for a publication"),
    ("not_processed_excessive", "不予处理：无正当理由大量反复申请", "Not processed: excessive requests"),
    ("not_processed_reissue", "不予处理：要求确认或重新出具", "Not processed: asks to confirm or reissue"),
    ("result_total", "办理结果总计", "All results"),
    ("carried_out", "结转下年度数", "Requests carried over to the next year"),
)
_PARTS_OF_OTHER = (
    ("other_no_correction", "其他处理：逾期不补正", "Closed otherwise: not corrected in time"),
    ("other_fee_unpaid", "其他处理：逾期未缴费", "Closed otherwise: fee not paid in time"),
    ("other_misc", "其他处理：其他", "Closed otherwise: other"),
)
_GROUPS = (
    ("refused", "不予公开合计", "Refused, all grounds"),
    ("unable", "无法提供合计", "Unable to provide, all reasons"),
    ("not_processed", "不予处理合计", "Not processed, all reasons"),
)
_ROUTES = (
    ("review", ("review",), "行政复议", "Administrative reviews"),
    ("suit_direct", ("suit_direct",), "未经复议直接起诉", "Suits brought directly"),
    ("suit_after_review", ("suit_after_review",), "复议后起诉", "Suits after review"),
    ("suit", ("suit_direct", "suit_after_review"), "行政诉讼", "Administrative suits"),
)
_ENDINGS = (
    ("upheld", "结果维持", "upheld"),
    ("corrected", "结果纠正", "corrected"),
    ("other", "其他结果", "other result"),
    ("pending", "尚未审结", "pending"),
    ("total", "总计", "total"),
)
_FROM_ANNEX = {
    "received_new": ("req_received",),
    "granted_full": ("ans_already_public", "ans_granted"),
    "granted_partial": ("ans_partial",),
    "refused_state_secret": ("ref_secret",),
    "refused_law_prohibited": ("ref_other_law",),
    "refused_security_stability": ("ref_stability",),
    "refused_third_party": ("ref_business", "ref_privacy"),
    "unable_not_held": ("ans_not_this_agency", "ans_not_exist"),
}
_LOOSELY = "refused_law_prohibited"
_SPLIT = ("not_processed_petition", "refused_admin_query")

_SUBJECTS = {
    "rules": ("规章", "Rules"),
    "normative_documents": ("规范性文件", "Normative documents"),
    "licensing": ("行政许可", "Licensing"),
    "other_services": ("其他对外管理服务事项", "Other services"),
    "penalty": ("行政处罚", "Penalties"),
    "coercion": ("行政强制", "Coercive measures"),
    "fees": ("行政事业性收费", "Administrative fees"),
    "procurement": ("政府集中采购", "Central procurement"),
}
_MEASURES = {
    "made": ("本年制发", "made in the year"),
    "newly_disclosed": ("本年新公开", "newly disclosed"),
    "total_disclosed": ("对外公开总数", "disclosed in all"),
    "repealed": ("本年废止", "repealed in the year"),
    "in_force": ("现行有效", "in force"),
    "decisions": ("处理决定", "decisions"),
    "items_previous": ("上一年项目数", "items of the year before"),
    "items_change": ("本年增减项目数", "change of items"),
    "projects": ("采购项目数", "projects"),
    "amount_wan": ("金额", "amount of money"),
}


def _level(
    code: str, zh: str, en: str, operands: tuple[Operand, ...], before: Reason, after: Reason
) -> Definition:
    unit = ITEMS[operands[-1].key].unit
    return Definition(
        code, zh, en, LEVEL, unit, Sum(*in_words(operands), operands), None, joins(before, after)
    )


def _requests() -> Iterator[Definition]:
    for code, zh, en in _REQUESTS:
        annex = in_form(ANNEX_2014, *(("annex", row, "count") for row in _FROM_ANNEX.get(code, ())))
        before = reasons.SPLIT_LATER if code in _SPLIT else reasons.NOT_IN_ANNEX
        if annex:
            answers = reasons.nearest(annex, loose=code == _LOOSELY)
            before = reasons.RECEIVED if code == "received_new" else answers
        yield _level(code, zh, en, annex + in_both("requests", code), before, reasons.SAME)
    for beginning, zh, en in _GROUPS:
        parts = in_both("requests", *rows_of(FORM_2021, "requests", beginning))
        yield _level(f"{beginning}_total", zh, en, parts, reasons.NOT_IN_ANNEX, reasons.SAME_SUM)
    parts = in_form(FORM_2019, ("requests", "other_handling", "total"))
    parts += in_form(FORM_2021, *(("requests", code, "total") for code, *_ in _PARTS_OF_OTHER))
    yield _level(
        "other_handling", "其他处理数", "Closed otherwise", parts, reasons.NOT_IN_ANNEX, reasons.OTHER
    )
    for code, zh, en in _PARTS_OF_OTHER:
        operand = in_form(FORM_2021, ("requests", code, "total"))
        yield _level(code, zh, en, operand, reasons.NOT_IN_ANNEX, reasons.ADDED)


def _reviews() -> Iterator[Definition]:
    for route, rows, zh, en in _ROUTES:
        for ending, ending_zh, ending_en in _ENDINGS:
            operands = in_both("review", *rows, column=ending)
            code, before = f"{route}_{ending}", reasons.NOT_IN_ANNEX
            annex = ("annex", code, "count")
            if annex in FORM_KEYS[ANNEX_2014.code]:
                operands = in_form(ANNEX_2014, annex) + operands
                before = reasons.NO_PENDING if route == "review" else reasons.NO_ROUTES
            after = reasons.SAME if len(rows) == 1 else reasons.SAME_SUM
            yield _level(code, f"{zh}：{ending_zh}", f"{en}: {ending_en}", operands, before, after)


def _disclosures() -> Iterator[Definition]:
    """Yield a level for each cell of table two; 新制作 and 制发 are one series, roughly."""
    forms = [(form, key) for form in (FORM_2019, FORM_2021) for key in ITEMS if key in FORM_KEYS[form.code]]
    found: dict[str, tuple[Operand, ...]] = {}
    for form, key in forms:
        table, row, column = key
        if table == "disclosure":
            measure = {"newly_made": "made", "amount_wan": "amount"}.get(column, column)
            found[f"{row}_{measure}"] = found.get(f"{row}_{measure}", ()) + in_form(form, key)
    for code, operands in found.items():
        _, row, column = operands[-1].key
        (subject, subject_en), (measure_zh, measure_en) = _SUBJECTS[row], _MEASURES[column]
        after = _comparable(row, column, [part.form for part in operands])
        zh, en = f"{subject}：{measure_zh}", f"{subject_en}: {measure_en}"
        yield _level(code, zh, en, operands, reasons.NOT_IN_ANNEX, after)


def _comparable(row: str, column: str, forms: list[str]) -> Reason:
    """Return how a series of table two goes on after the form of 2019."""
    if column == "made":
        return reasons.RULES if row == "rules" else reasons.DOCUMENTS
    if column in ("total_disclosed", "in_force"):
        return reasons.STOCK
    if row == "fees":
        return reasons.FEES
    if len(forms) > 1:
        return reasons.DECISIONS
    return reasons.DROPPED if forms == [FORM_2019.code] else reasons.ADDED


SERIES: tuple[Definition, ...] = (*_requests(), *_reviews(), *_disclosures())
"""Every level, in the order of the tables."""
