"""The forms as data: counted, sourced, and numbered for good."""

import pytest

from pipelines.forms import ENGLISH, FORM_2019, FORM_2021, FORMS, ITEMS, Form, form_cells


@pytest.mark.parametrize(("form", "count"), [(FORM_2019, 198), (FORM_2021, 200)])
def test_a_form_has_as_many_cells_as_the_notice_prints(form: Form, count: int) -> None:
    assert len(list(form_cells(form))) == count
    assert len({cell.key for cell in form_cells(form)}) == count


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.code)
def test_a_form_names_its_source_and_its_labels_are_unique(form: Form) -> None:
    assert "号" in form.source or "条" in form.source
    for table in form.tables:
        labels = [row.labels for block in table.blocks for row in block.rows]
        assert len(labels) == len(set(labels))


def test_item_ids_stay_what_they_were_published_as() -> None:
    published = {
        ("disclosure", "rules", "newly_made"): 1,
        ("disclosure", "procurement", "amount_wan"): 22,
        ("requests", "received_new", "natural_person"): 23,
        ("requests", "carried_out", "total"): 183,
        ("review", "suit_after_review", "total"): 198,
        ("disclosure", "rules", "made"): 199,
        ("disclosure", "fees", "amount_wan"): 205,
        ("requests", "other_no_correction", "natural_person"): 206,
        ("requests", "other_misc", "total"): 226,
        ("annex", "proactive_items", "count"): 227,
        ("annex", "train_people", "count"): 284,
    }
    assert {key: ITEMS[key].id for key in published} == published
    assert sorted(item.id for item in ITEMS.values()) == list(range(1, 285))


def test_labels_of_items_tell_them_apart() -> None:
    labels = [(item.label, item.unit, key[0]) for key, item in ITEMS.items()]
    assert len(set(labels)) == len(labels)


def test_series_are_comparable_as_the_forms_allow() -> None:
    assert ITEMS["requests", "granted_full", "total"].comparability == "exact"
    assert ITEMS["requests", "other_misc", "total"].comparability == "none"
    assert ITEMS["disclosure", "rules", "made"].comparability == "approximate"
    assert ITEMS["disclosure", "fees", "items_previous"].comparability == "none"
    assert ITEMS["disclosure", "fees", "amount_wan"].unit == "万元"


def printed(form: Form) -> set[str]:
    """Return every label that a form prints, each in its first wording."""
    texts = {form.name}
    for table in form.tables:
        texts |= {table.name, table.heading, table.corner}
        for block in table.blocks:
            lists = [each.labels for each in (*block.rows, *block.columns)]
            texts |= {block.caption, *(label for labels in lists for label in labels)}
    return texts - {""}


def test_every_printed_label_is_said_in_english_once_and_nothing_else_is() -> None:
    assert {label for form in FORMS for label in printed(form)} == ENGLISH.keys()
    told = [label for form in FORMS for label in form.english]
    assert len(told) == len(set(told))
    for form in FORMS:
        assert form.english.keys() <= printed(form), form.code
    assert all(
        words.strip() == words and not any("一" <= sign <= "鿿" for sign in words)
        for words in ENGLISH.values()
    )


def test_english_keeps_the_numbering_that_is_printed() -> None:
    roman = dict(
        zip("一二三四五六七八九", ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"), strict=True)
    )
    for label, words in ENGLISH.items():
        if label[1:2] == "、":
            assert words.startswith(f"{roman[label[0]]}. "), label
        elif label[:1] == "（" and label[2:3] == "）":
            assert words.startswith(f"({'一二三四五六七'.index(label[1]) + 1}) "), label
        elif label[1:2] == ".":
            assert words.startswith(f"{label[0]}. "), label


def test_labels_of_items_tell_them_apart_in_english_too() -> None:
    labels = [(item.label_en, item.unit, key[0]) for key, item in ITEMS.items()]
    assert len(set(labels)) == len(labels)
    label = "Requests / (3) Refused / 1. State secret / Legal persons and other organisations / Businesses"
    assert ITEMS["requests", "refused_state_secret", "business"].label_en == label
