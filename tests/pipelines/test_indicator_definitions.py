"""Each indicator says what it is of which cells, and how far its series may be joined."""

import pytest

from pipelines.forms import FORM_2019, FORM_2021, FORM_KEYS, FORMS
from pipelines.indicators import DEFINITIONS


def test_terms_are_cells_of_the_form_they_are_of() -> None:
    for definition in DEFINITIONS:
        terms = list(definition.terms())
        assert all(each.key in FORM_KEYS[each.form] and abs(each.factor) == 1 for _, each in terms)
        assert len({(part, each.form, each.key) for part, each in terms}) == len(terms)
    summed = {"days_late", "quality_score", "blank_cells", "placeholder_cells"}
    assert {each.id for each in DEFINITIONS if not list(each.terms())} == summed


def test_every_cell_of_tables_two_and_four_and_every_total_of_table_three_is_a_series() -> None:
    levels = [each for each in DEFINITIONS if each.kind == "level"]
    for form in (FORM_2019, FORM_2021):
        shown = {each.key for level in levels for _, each in level.terms() if each.form == form.code}
        assert shown == {key for key in FORM_KEYS[form.code] if key[0] != "requests" or key[2] == "total"}


def test_every_definition_is_described_in_both_languages() -> None:
    codes = [each.id for each in DEFINITIONS]
    assert len(set(codes)) == len(codes)
    for each in DEFINITIONS:
        sides = [each.numerator, each.denominator] if each.denominator else [each.numerator]
        assert bool(each.note_zh) == bool(each.note_en)
        assert (each.kind in ("rate", "share")) == (each.minimum == 30)
        for zh, en in [(each.zh, each.en), *((side.zh, side.en) for side in sides)]:
            assert any("一" <= sign <= "鿿" for sign in zh) and en.isascii(), each.id


def test_each_step_between_forms_has_its_reason() -> None:
    known = {form.code for form in FORMS}
    for each in DEFINITIONS:
        steps = [(join.from_form, join.to_form) for join in each.joins]
        assert steps == [("annex_2014", "form_2019"), ("form_2019", "form_2021")]
        for join in each.joins:
            assert {join.from_form, join.to_form} <= known
            assert join.comparability in ("exact", "approximate", "none")
            assert any("一" <= sign <= "鿿" for sign in join.zh) and join.en
            forms = {operand.form for _, operand in each.terms()}
            if forms:  # a series that one of the forms does not know cannot be joined to it
                assert (join.comparability == "none") == (not {join.from_form, join.to_form} <= forms), (
                    each.id
                )


@pytest.mark.parametrize(
    ("indicator", "before", "after"),
    [
        ("received_new", "approximate", "exact"),
        ("refused_law_prohibited", "approximate", "exact"),
        ("refused_internal_affairs", "none", "exact"),
        ("not_processed_petition", "none", "exact"),
        ("other_handling", "none", "exact"),
        ("other_misc", "none", "none"),
        ("refused_total", "none", "exact"),
        ("review_total", "approximate", "exact"),
        ("review_pending", "none", "exact"),
        ("suit_total", "approximate", "exact"),
        ("suit_direct_total", "none", "exact"),
        ("licensing_decisions", "none", "approximate"),
        ("normative_documents_made", "none", "approximate"),
        ("normative_documents_total_disclosed", "none", "none"),
        ("normative_documents_in_force", "none", "none"),
        ("normative_documents_newly_disclosed", "none", "none"),
        ("rules_repealed", "none", "none"),
        ("penalty_items_change", "none", "none"),
        ("fees_items_change", "none", "none"),
        ("fees_amount", "none", "none"),
        ("other_services_decisions", "none", "none"),
        ("procurement_amount", "none", "none"),
        ("disclosure_rate", "none", "exact"),
        ("days_late", "approximate", "exact"),
    ],
)
def test_series_break_where_the_forms_count_otherwise(indicator: str, before: str, after: str) -> None:
    joins = next(each.joins for each in DEFINITIONS if each.id == indicator)
    assert [join.comparability for join in joins] == [before, after]
