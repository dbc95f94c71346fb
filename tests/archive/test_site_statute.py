"""The statutory tables are laid out as they are printed."""

import json
from typing import Any

from archive.site.statute import Table
from archive.site.statute import layout as lay_out
from pipelines.forms import ANNEX_2014, ENGLISH, FORM_2019, FORM_2021, Form, form_cells


def rows(form: Form, table: str) -> list[dict[str, Any]]:
    return [
        {
            "form": form.code,
            "item": number,
            "table": table,
            "row": cell.row.code,
            "column": cell.column.code,
            "unit": cell.unit,
            "block": cell.block_order,
            "block_label": cell.block.caption,
            "row_order": cell.row_order,
            "column_order": cell.column_order,
            "row_labels": json.dumps(cell.row.labels),
            "column_labels": json.dumps(cell.column.labels),
        }
        for number, cell in enumerate(form_cells(form))
        if cell.table.code == table
    ]


def about(across: int = 0) -> dict[str, Any]:
    return {"heading": "标题", "corner": "角", "section": 3, "across": across}


def layout(cells: list[dict[str, Any]], told: dict[str, Any] | None) -> Table:
    return lay_out(cells, told, ENGLISH)


def covered(table: Table) -> list[int]:
    """Return for each line, headings too, how many columns its own and spanning cells fill."""
    widths = []
    for block in table.blocks:
        hanging: list[tuple[int, int]] = [(len(block.headings), table.stub)] if table.stub else []
        lines = [(line, 0) for line in block.headings]
        lines += [(line.labels, len(line.cells)) for line in block.lines]
        for number, (labels, cells) in enumerate(lines):
            if number == len(block.headings):
                hanging = []
            hanging = [(left, wide) for left, wide in hanging if left > 0]
            hanging += [(label.down, label.across) for label in labels]
            widths.append(sum(wide for _, wide in hanging) + cells + block.blank)
            hanging = [(left - 1, wide) for left, wide in hanging]
    return widths


def test_table_three_has_the_groups_of_the_form() -> None:
    table = layout(rows(FORM_2021, "requests"), about())
    (block,) = table.blocks
    assert (table.stub, table.width) == (3, 7)
    assert [(label.text, label.across, label.down) for label in block.headings[0]] == [("申请人情况", 7, 1)]
    assert [(label.text, label.across, label.down) for label in block.headings[1]] == [
        ("自然人", 1, 2),
        ("法人或其他组织", 5, 1),
        ("总计", 1, 2),
    ]
    third = block.lines[2].labels
    assert [(label.text, label.across, label.down) for label in third] == [
        ("三、本年度办理结果", 1, 22),
        ("（一）予以公开", 2, 1),
    ]


def test_table_three_of_2019_prints_other_handling_as_one_row() -> None:
    (block,) = layout(rows(FORM_2019, "requests"), about()).blocks
    assert len(block.lines) == 23
    assert block.lines[2].labels[0].down == 20


def test_table_two_has_its_blocks_under_their_captions() -> None:
    table = layout(rows(FORM_2021, "disclosure"), about())
    assert [block.caption for block in table.blocks] == [f"第二十条第（{n}）项" for n in "一五六八"]
    assert [block.blank for block in table.blocks] == [0, 2, 2, 2]
    assert (table.unit, table.mixed) == ("件", True)


def test_table_four_is_one_line_across() -> None:
    table = layout(rows(FORM_2019, "review"), about(across=1))
    (block,) = table.blocks
    assert (table.stub, table.width, len(block.lines)) == (0, 15, 1)
    assert [(label.text, label.across, label.down) for label in block.headings[0]] == [
        ("行政复议", 5, 1),
        ("行政诉讼", 10, 1),
    ]
    assert [cell["column"] for cell in block.lines[0].cells if cell][:5] == [
        "upheld",
        "corrected",
        "other",
        "pending",
        "total",
    ]


def test_every_line_of_every_table_fills_the_whole_width() -> None:
    for form in (FORM_2019, FORM_2021):
        for name in ("disclosure", "requests", "review"):
            table = layout(rows(form, name), about(across=int(name == "review")))
            assert set(covered(table)) == {table.stub + table.width}, (form.code, name)


def test_a_table_that_no_row_describes_is_still_printed() -> None:
    table = layout(rows(FORM_2021, "review"), None)
    assert (table.heading, table.width, len(table.blocks[0].lines)) == ("review", 5, 3)


def test_every_line_of_the_annex_is_whole_and_a_row_that_heads_others_is_a_line_of_its_own() -> None:
    table = layout(rows(ANNEX_2014, "annex"), about())
    assert (table.stub, table.width, table.mixed) == (3, 1, True)
    assert set(covered(table)) == {4}
    lines = [[label.text for label in line.labels] for line in table.blocks[0].lines]
    place = lines.index(["四、行政复议数量"])
    assert lines[place + 1] == ["四、行政复议数量", "（一）维持具体行政行为数"]
    assert lines[place + 2] == ["（二）被依法纠错数"]


def test_every_label_has_its_english_and_stays_as_it_is_printed() -> None:
    for form, name in ((FORM_2021, "requests"), (FORM_2021, "review"), (ANNEX_2014, "annex")):
        table = layout(rows(form, name), about(across=int(name == "review")))
        labels = [label for block in table.blocks for line in block.headings for label in line]
        labels += [label for block in table.blocks for line in block.lines for label in line.labels]
        assert len(labels) > 15
        assert {(label.text, label.en) for label in labels} <= set(ENGLISH.items())
    captions = [
        (block.caption, block.caption_en) for block in layout(rows(FORM_2021, "disclosure"), about()).blocks
    ]
    assert captions[1] == (
        "第二十条第（五）项",
        "Article 20, item (5): administrative licences and other services",
    )


def test_a_label_that_nobody_has_put_into_english_has_none() -> None:
    table = lay_out(rows(FORM_2021, "requests"), about(), {"总计": "Total"})
    (block,) = table.blocks
    assert [label.en for label in block.headings[1]] == ["", "", "Total"]
    assert (table.heading_en, table.corner_en, block.caption_en) == ("", "", "")


def test_a_table_knows_its_cells_in_printed_order() -> None:
    table = layout(rows(FORM_2021, "review"), about(across=1))
    assert table.form == "form_2021"
    shown = [cell for block in table.blocks for line in block.lines for cell in line.cells]
    assert [cell["item"] for cell in table.cells] == [cell["item"] for cell in shown if cell]
