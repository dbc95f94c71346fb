"""The sums that indicators have in common, by name."""

from pipelines.forms import FORM_2021
from pipelines.indicators.definition import Sum, in_both, rows_of

RESULTS = Sum("办理结果总计", "All results", in_both("requests", "result_total"))
GRANTED_FULL = Sum("予以公开数", "Granted in full", in_both("requests", "granted_full"))
GRANTED = Sum(
    "予以公开与部分公开之和",
    "Granted in full or in part",
    in_both("requests", "granted_full", "granted_partial"),
)
REFUSALS, _UNABLE, _NOT_PROCESSED = (
    rows_of(FORM_2021, "requests", beginning) for beginning in ("refused", "unable", "not_processed")
)
REFUSED = Sum("各项不予公开之和", "Refused on any ground", in_both("requests", *REFUSALS))
UNABLE = Sum("各项无法提供之和", "Unable to provide, for any reason", in_both("requests", *_UNABLE))
NOT_PROCESSED = Sum("各项不予处理之和", "Not processed, for any reason", in_both("requests", *_NOT_PROCESSED))
WORKLOAD = Sum(
    "本年新收与上年结转之和",
    "Requests received and carried in",
    in_both("requests", "received_new", "carried_in"),
)
DECIDED = Sum(
    "予以公开、部分公开与各项不予公开之和",
    "Granted in full, granted in part, or refused",
    GRANTED.operands + REFUSED.operands,
)
NOT_GRANTED = Sum(
    "办理结果总计减去予以公开与部分公开",
    "All results less those granted in full or in part",
    RESULTS.operands + in_both("requests", "granted_full", "granted_partial", factor=-1),
)
SUITS = ("suit_direct", "suit_after_review")


def closed(zh: str, en: str, *rows: str) -> Sum:
    """Return the cases that have ended: those not pending."""
    pending = in_both("review", *rows, column="pending", factor=-1)
    return Sum(zh, en, in_both("review", *rows) + pending)
