"""Rates, and shares of a whole: what part of the cases of one report ended so, or came from whom.

Source: 政府信息公开条例 (2019) 第三十六条 (kinds of answers), 第五十条 (contents of the report); the rows
of tables three and four in 国办公开办函〔2019〕60号 and 〔2021〕30号.
"""

from collections.abc import Iterator

from pipelines.indicators import reasons
from pipelines.indicators.definition import MINIMUM, RATE, SHARE, Definition, Sum, in_both, joins
from pipelines.indicators.series import SERIES
from pipelines.indicators.sums import (
    DECIDED,
    GRANTED,
    GRANTED_FULL,
    NOT_GRANTED,
    NOT_PROCESSED,
    REFUSALS,
    REFUSED,
    RESULTS,
    SUITS,
    UNABLE,
    WORKLOAD,
    closed,
)

_APPLICANTS = (
    ("natural_person", "自然人", "natural persons"),
    ("business", "商业企业", "companies"),
    ("research_institute", "科研机构", "research institutes"),
    ("public_welfare", "社会公益组织", "public-welfare organisations"),
    ("legal_service", "法律服务机构", "legal-service organisations"),
    ("other_organisation", "其他法人或组织", "other organisations"),
)
_OTHER_YEARS = (
    "复议、诉讼针对的可能是以前年度的答复。",
    "Reviews and suits may be about answers of earlier years.",
)


def _ratio(
    code: str,
    zh: str,
    en: str,
    numerator: Sum,
    denominator: Sum,
    kind: str = RATE,
    note: tuple[str, str] = ("", ""),
) -> Definition:
    steps = joins(reasons.RATIO_NOT_IN_ANNEX, reasons.SAME_RATIO)
    return Definition(code, zh, en, kind, "", numerator, denominator, steps, MINIMUM, *note)


def _outcomes() -> Iterator[Definition]:
    yield _ratio("full_grant_rate", "予以公开率", "Full-grant rate", GRANTED_FULL, RESULTS)
    yield _ratio(
        "disclosure_rate",
        "公开率（含部分公开）",
        "Disclosure rate, in full or in part",
        GRANTED,
        RESULTS,
        note=("分母为全部办理结果。", "Of all results, whatever they are."),
    )
    yield _ratio(
        "decision_disclosure_rate",
        "实体决定公开率",
        "Disclosure rate of substantive decisions",
        GRANTED,
        DECIDED,
        note=(
            "不计无法提供、不予处理和其他处理。",
            "Leaves out what could not be provided or was not processed.",
        ),
    )
    yield _ratio(
        "refusal_rate",
        "不予公开率",
        "Refusal rate",
        REFUSED,
        RESULTS,
        note=("不等于1减公开率。", "Not the same as 1 less the disclosure rate."),
    )
    yield _ratio("unable_rate", "无法提供率", "Rate of requests that could not be met", UNABLE, RESULTS)
    yield _ratio("not_processed_rate", "不予处理率", "Rate of requests not processed", NOT_PROCESSED, RESULTS)
    yield _ratio(
        "no_information_rate",
        "未获信息率",
        "Rate of requests that brought no information",
        NOT_GRANTED,
        RESULTS,
    )
    carried_out = Sum("结转下年度数", "Carried over to the next year", in_both("requests", "carried_out"))
    yield _ratio("carry_over_rate", "结转率", "Carry-over rate", carried_out, WORKLOAD)


def _grounds() -> Iterator[Definition]:
    """Yield what part of the refusals each ground makes up, and petitions of what is not processed."""
    levels = {each.id: each for each in SERIES}
    petitions = Sum("信访举报投诉类申请", "Petitions", in_both("requests", "not_processed_petition"))
    for row in REFUSALS:
        level = levels[row]
        ground, ground_en = level.zh.partition("：")[2], level.en.partition(": ")[2]
        part = Sum(level.zh, level.en, in_both("requests", row))
        zh, en = f"不予公开理由比重：{ground}", f"Share of refusals: {ground_en}"
        yield _ratio(f"{row}_share", zh, en, part, REFUSED, SHARE)
    zh, en = "不予处理中信访举报投诉类比重", "Share of petitions among requests not processed"
    yield _ratio("not_processed_petition_share", zh, en, petitions, NOT_PROCESSED, SHARE)


def _applicants() -> Iterator[Definition]:
    received = Sum("本年新收申请，总计", "All requests received", in_both("requests", "received_new"))
    for code, zh, en in _APPLICANTS:
        operands = in_both("requests", "received_new", column=code)
        part = Sum(f"本年新收申请，{zh}", f"Requests received from {en}", operands)
        names = (f"申请人比重：{zh}", f"Share of requests from {en}")
        yield _ratio(f"{code}_share", *names, part, received, SHARE)


def _disputes() -> Iterator[Definition]:
    reviews = Sum("行政复议总计", "All administrative reviews", in_both("review", "review"))
    suits = Sum("两类行政诉讼总计之和", "All administrative suits, both routes", in_both("review", *SUITS))
    yield _ratio("review_rate", "复议率", "Review rate", reviews, RESULTS, note=_OTHER_YEARS)
    yield _ratio("suit_rate", "诉讼率", "Suit rate", suits, RESULTS, note=_OTHER_YEARS)
    corrected = Sum(
        "行政复议结果纠正数",
        "Reviews that corrected the answer",
        in_both("review", "review", column="corrected"),
    )
    yield _ratio(
        "review_correction_rate",
        "复议纠错率",
        "Review correction rate",
        corrected,
        closed("行政复议总计减去尚未审结", "All reviews less those pending", "review"),
    )
    yield _ratio(
        "review_correction_rate_of_all",
        "复议纠错率（分母含尚未审结）",
        "Review correction rate, of all reviews including those pending",
        corrected,
        reviews,
    )
    yield _ratio(
        "suit_correction_rate",
        "诉讼结果纠正率",
        "Suit correction rate",
        Sum(
            "两类行政诉讼结果纠正数之和",
            "Suits that corrected the answer",
            in_both("review", *SUITS, column="corrected"),
        ),
        closed("两类行政诉讼总计之和减去尚未审结", "All suits less those pending", *SUITS),
        note=("结果纠正不完全等于行政机关败诉。", "A corrected result is not strictly a case lost."),
    )


RATIOS: tuple[Definition, ...] = (*_outcomes(), *_grounds(), *_applicants(), *_disputes())
"""Every rate, and every share of a whole."""
