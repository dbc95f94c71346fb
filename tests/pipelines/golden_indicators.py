"""The indicators of three golden reports, worked out by hand from what they print.

A ratio is (numerator, denominator, value to six places), any other indicator one number, with
the sum beside it. Only what is 0 everywhere in a table is told in one go.
"""

from collections.abc import Iterable

Figure = float | tuple[float, float, float | None]
Figures = dict[str, Figure]

GROUNDS = (
    "state_secret", "law_prohibited", "security_stability", "third_party", "internal_affairs",
    "deliberative", "enforcement_file", "admin_query",
)  # fmt: skip
ENDINGS = ("upheld", "corrected", "other", "pending", "total")


def _shares(parts: Iterable[float], whole: float, values: Iterable[float]) -> Figures:
    """Return the shares of the eight grounds: parts and values in the order of the form."""
    each = zip(GROUNDS, parts, values, strict=True)
    return {f"refused_{ground}_share": (part, whole, value) for ground, part, value in each}


def _grounds(*counts: float) -> Figures:
    return {f"refused_{ground}": count for ground, count in zip(GROUNDS, counts, strict=True)}


def _endings(route: str, *counts: float) -> Figures:
    return {f"{route}_{ending}": count for ending, count in zip(ENDINGS, counts, strict=True)}


TABBED_TEXT_2020: Figures = {
    "workload": 152,  # 149 + 3
    "zero_requests": 0,  # 152 is not 0
    # K1 7, K2 7, K3 23, K4 3 make 40; two blanks in 总计 of the results spoil 2 of K1, 2 of K2, 1 of K3
    "quality_score": (35, 35, 1),
    "blank_cells": 2,
    "placeholder_cells": 0,
    "full_grant_rate": (22, 152, 0.144737),
    "disclosure_rate": (22, 152, 0.144737),  # 22 + 0
    "decision_disclosure_rate": (22, 99, 0.222222),  # (22 + 0) / (22 + 0 + 77)
    "refusal_rate": (77, 152, 0.506579),  # 5 + 0 + 0 + 21 + 13 + 22 + 16 + 0
    "unable_rate": (0, 152, 0),
    "not_processed_rate": (50, 152, 0.328947),  # 28 + 22
    "no_information_rate": (130, 152, 0.855263),  # 152 - 22 - 0
    "carry_over_rate": (0, 152, 0),  # below: 149 + 3
    **_shares((5, 0, 0, 21, 13, 22, 16, 0), 77, (0.064935, 0, 0, 0.272727, 0.168831, 0.285714, 0.207792, 0)),
    "not_processed_petition_share": (28, 50, 0.56),  # 28 / (28 + 22)
    "natural_person_share": (48, 149, 0.322148),
    "business_share": (101, 149, 0.677852),
    "research_institute_share": (0, 149, 0),
    "public_welfare_share": (0, 149, 0),
    "legal_service_share": (0, 149, 0),
    "other_organisation_share": (0, 149, 0),
    "review_rate": (2, 152, 0.013158),
    "suit_rate": (0, 152, 0),
    "review_correction_rate": (0, 0, None),  # 2 - 2: the two are pending
    "review_correction_rate_of_all": (0, 2, 0),
    "suit_correction_rate": (0, 0, None),
    "received_new": 149,
    "carried_in": 3,
    "granted_full": 22,
    "granted_partial": 0,
    **_grounds(5, 0, 0, 21, 13, 22, 16, 0),
    "refused_total": 77,
    **dict.fromkeys(("unable_not_held", "unable_needs_creation", "unable_unclear", "unable_total"), 0),
    "not_processed_petition": 28,
    "not_processed_duplicate": 22,
    "not_processed_publication": 0,
    "not_processed_excessive": 0,
    "not_processed_reissue": 0,
    "not_processed_total": 50,
    "other_handling": 3,  # printed as one row
    "result_total": 152,
    "carried_out": 0,
    **_endings("review", 0, 0, 0, 2, 2),
    **_endings("suit_direct", 0, 0, 0, 0, 0),
    **_endings("suit_after_review", 0, 0, 0, 0, 0),
    **_endings("suit", 0, 0, 0, 0, 0),
    "rules_made": 0,
    "rules_newly_disclosed": 264,
    "rules_total_disclosed": 0,
    "normative_documents_made": 174,
    "normative_documents_newly_disclosed": 234,
    "normative_documents_total_disclosed": 0,
    "licensing_items_previous": 86,
    "licensing_items_change": 282,
    "licensing_decisions": 0,
    "other_services_items_previous": 0,
    "other_services_items_change": 138,
    "other_services_decisions": 0,
    "penalty_items_previous": 0,
    "penalty_items_change": 0,
    "penalty_decisions": 0,
    "coercion_items_previous": 13,
    "coercion_items_change": 0,
    "coercion_decisions": 118,
    "fees_items_previous": 251,
    "fees_items_change": 135,
    "procurement_projects": 84,
    "procurement_amount": 0,
}

ADDED_ROW_2022: Figures = {
    "workload": 200,  # 196 + 4
    "zero_requests": 0,
    "normative_documents_net_change": 22,  # 22 - /
    # "/" stands in nearly all cells: only K1 of 自然人 (95 + 4 = 95 + 4) and of 总计 (196 + 4) can be tried
    "quality_score": (2, 2, 1),
    "blank_cells": 0,
    "placeholder_cells": 155,  # 143 in table three, 8 in four, 4 in two
    "full_grant_rate": (0, 196, 0),
    "disclosure_rate": (0, 196, 0),
    "decision_disclosure_rate": (0, 87, 0),  # below: / + / + 87
    "refusal_rate": (87, 196, 0.443878),  # 24 + 22 + 19 + 22
    "unable_rate": (6, 196, 0.030612),  # / + / + 6
    "not_processed_rate": (60, 196, 0.306122),  # / + 14 + / + 18 + 28
    "no_information_rate": (196, 196, 1),  # 196 - / - /
    "carry_over_rate": (4, 200, 0.02),  # below: 196 + 4
    **_shares((24, 22, 19, 22, 0, 0, 0, 0), 87, (0.275862, 0.252874, 0.218391, 0.252874, 0, 0, 0, 0)),
    "not_processed_petition_share": (0, 60, 0),
    "natural_person_share": (95, 196, 0.484694),
    "business_share": (101, 196, 0.515306),
    "research_institute_share": (0, 196, 0),
    "public_welfare_share": (0, 196, 0),
    "legal_service_share": (0, 196, 0),
    "other_organisation_share": (0, 196, 0),
    "review_rate": (4, 196, 0.020408),
    "suit_rate": (10, 196, 0.051020),  # 7 + 3
    "review_correction_rate": (0, 4, 0),  # / over 4 - /
    "review_correction_rate_of_all": (0, 4, 0),
    "suit_correction_rate": (4, 10, 0.4),  # (4 + /) / (7 + 3 - / - /)
    "received_new": 196,
    "carried_in": 4,
    "granted_full": 0,
    "granted_partial": 0,
    **_grounds(24, 22, 19, 22, 0, 0, 0, 0),
    "refused_total": 87,
    "unable_not_held": 0,
    "unable_needs_creation": 0,
    "unable_unclear": 6,
    "unable_total": 6,
    "not_processed_petition": 0,
    "not_processed_duplicate": 14,
    "not_processed_publication": 0,
    "not_processed_excessive": 18,
    "not_processed_reissue": 28,
    "not_processed_total": 60,
    "other_handling": 43,  # 29 + 14 + /
    "other_no_correction": 29,
    "other_fee_unpaid": 14,
    "other_misc": 0,
    "result_total": 196,
    "carried_out": 4,
    **_endings("review", 0, 0, 4, 0, 4),
    **_endings("suit_direct", 0, 4, 3, 0, 7),
    **_endings("suit_after_review", 0, 0, 3, 0, 3),
    **_endings("suit", 0, 4, 6, 0, 10),
    "rules_made": 242,
    "rules_repealed": 183,
    "rules_in_force": 0,
    "normative_documents_made": 22,
    "normative_documents_repealed": 0,
    "normative_documents_in_force": 1055,
    "licensing_decisions": 0,
    "penalty_decisions": 0,
    "coercion_decisions": 1,
    "fees_amount": 268,
}
AS_PRINTED_IN_ADDED_ROW = {
    "workload", "zero_requests", "quality_score", "blank_cells", "placeholder_cells",
    "carry_over_rate", "natural_person_share", "business_share", "review_rate", "suit_rate",
    "received_new", "carried_in", "refused_state_secret", "refused_law_prohibited",
    "refused_security_stability", "refused_third_party", "unable_unclear", "not_processed_duplicate",
    "not_processed_excessive", "not_processed_reissue", "other_no_correction", "other_fee_unpaid",
    "result_total", "carried_out", "review_other", "review_total", "suit_direct_corrected",
    "suit_direct_other", "suit_direct_total", "suit_after_review_other", "suit_after_review_total",
    "suit_other", "suit_total", "rules_made", "rules_repealed", "normative_documents_made",
    "normative_documents_in_force", "coercion_decisions", "fees_amount",
}  # fmt: skip
"""Every other indicator of that report counts at least one "/" as 0."""

ONE_ROW_OTHER_2022: Figures = {
    "workload": 141,  # 138 + 3
    "zero_requests": 0,
    "normative_documents_net_change": 90,  # 184 - 94
    "quality_score": (39, 40, 0.975),  # of 7 + 7 + 23 + 3 only K4 of 行政复议 fails: 10 + 0 + 0 + 0 is not 0
    "blank_cells": 0,
    "placeholder_cells": 0,
    "full_grant_rate": (0, 139, 0),
    "disclosure_rate": (0, 139, 0),
    "decision_disclosure_rate": (0, 39, 0),  # below: 0 + 0 + 39
    "refusal_rate": (39, 139, 0.280576),  # 23 + 15 + 1
    "unable_rate": (19, 139, 0.136691),
    "not_processed_rate": (67, 139, 0.482014),  # 27 + 24 + 16
    "no_information_rate": (139, 139, 1),
    "carry_over_rate": (2, 141, 0.014184),  # below: 138 + 3
    **_shares((23, 0, 15, 0, 0, 0, 0, 1), 39, (0.589744, 0, 0.384615, 0, 0, 0, 0, 0.025641)),
    "not_processed_petition_share": (27, 67, 0.402985),
    "natural_person_share": (67, 138, 0.485507),
    "business_share": (71, 138, 0.514493),
    "research_institute_share": (0, 138, 0),
    "public_welfare_share": (0, 138, 0),
    "legal_service_share": (0, 138, 0),
    "other_organisation_share": (0, 138, 0),
    "review_rate": (0, 139, 0),
    "suit_rate": (13, 139, 0.093525),  # 6 + 7
    "review_correction_rate": (0, 0, None),  # 0 - 0
    "review_correction_rate_of_all": (0, 0, None),
    "suit_correction_rate": (2, 4, 0.5),  # (0 + 2) / (6 + 7 - 4 - 5)
    "received_new": 138,
    "carried_in": 3,
    "granted_full": 0,
    "granted_partial": 0,
    **_grounds(23, 0, 15, 0, 0, 0, 0, 1),
    "refused_total": 39,
    "unable_not_held": 0,
    "unable_needs_creation": 0,
    "unable_unclear": 19,
    "unable_total": 19,
    "not_processed_petition": 27,
    "not_processed_duplicate": 24,
    "not_processed_publication": 0,
    "not_processed_excessive": 0,
    "not_processed_reissue": 16,
    "not_processed_total": 67,
    "other_handling": 14,  # printed as one row, in a report on 2022
    "result_total": 139,
    "carried_out": 2,
    **_endings("review", 10, 0, 0, 0, 0),
    **_endings("suit_direct", 0, 0, 2, 4, 6),
    **_endings("suit_after_review", 0, 2, 0, 5, 7),
    **_endings("suit", 0, 2, 2, 9, 13),
    "rules_made": 0,
    "rules_repealed": 0,
    "rules_in_force": 0,
    "normative_documents_made": 184,
    "normative_documents_repealed": 94,
    "normative_documents_in_force": 0,
    "licensing_decisions": 0,
    "penalty_decisions": 0,
    "coercion_decisions": 36,
    "fees_amount": 77.123456,
}
