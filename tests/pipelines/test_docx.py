"""Word documents: what is printed is read, what is hidden is not, and nothing is joined that was apart."""

import pytest

from archive.captures import Capture
from pipelines.documents import Document, Grid, Paragraph, read_document
from pipelines.errors import UnreadableDocument
from pipelines.read import read_capture
from tests.pipelines.office_files import NAMES, members_of, word, word_report, zipped
from tests.pipelines.template import Habits, keys_of


def read(body: str, styles: str = "", numbering: str = "") -> Document:
    return read_document(Capture(body=word(body, styles, numbering)))


def run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def p(inner: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{inner}</w:p>"


def tc(inner: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>"


def cell(text: str, properties: str = "") -> str:
    return tc(p(run(text) if text else ""), properties)


def tr(*cells: str, properties: str = "") -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def tbl(*rows: str) -> str:
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


def texts(grid: Grid) -> list[list[str]]:
    return [[slot.text for slot in row] for row in grid.rows]


def line(paragraph: str) -> str:
    return "|".join(block.text for block in read(paragraph).lines)


DOWN, ON = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
BOX = "<w:txbxContent>{}</w:txbxContent>"
SHAPE = (
    "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx>{0}</wps:txbx></w:drawing>"
    "</mc:Choice><mc:Fallback><w:pict><v:textbox>{0}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
)
PICTURE = "<w:r><w:drawing><a:blip/></w:drawing></w:r>"
FIELD = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'


@pytest.mark.parametrize(
    ("form", "habits"),
    [
        ("form_2019", Habits()),
        ("form_2021", Habits()),
        ("form_2019", Habits(results_label=False)),
        ("form_2021", Habits(spare=True)),
    ],
)
def test_every_cell_of_a_report_is_read(form: str, habits: Habits) -> None:
    printed = {key: str(number) for number, key in enumerate(keys_of(form, habits), 1000)}
    reading = read_capture(Capture(body=word_report(form, printed, habits)))
    assert {cell.key: cell.text for cell in reading.cells} == printed
    assert (reading.agency, reading.form, reading.is_report) == ("某某市样本局", form, True)
    assert [section.number for section in reading.sections] == [1, 2, 3, 4, 5, 6]
    assert reading.problems == ()


def test_merged_cells_are_one_and_skipped_slots_are_blank() -> None:
    (grid,) = read(
        tbl(
            tr(cell("a", DOWN), cell("b", '<w:gridSpan w:val="2"/>')),
            tr(cell("", ON), cell("c"), cell("d")),
            tr(cell("e"), properties='<w:gridBefore w:val="1"/><w:gridAfter w:val="1"/>'),
        )
    ).grids
    assert texts(grid) == [["a", "b", "b"], ["a", "c", "d"], ["", "e", ""]]
    assert grid.rows[0][0] is grid.rows[1][0]
    assert (grid.rows[1][2].place.table, grid.rows[1][2].place.row, grid.rows[1][2].place.column) == (1, 2, 3)


def test_a_cell_that_goes_on_beside_the_one_above_is_a_cell_of_its_own() -> None:
    (grid,) = read(
        tbl(
            tr(cell("a", '<w:gridSpan w:val="2"/>' + DOWN), cell("b")),
            tr(cell("1"), cell("2", ON), cell("3")),
        )
    ).grids
    assert texts(grid) == [["a", "a", "b"], ["1", "2", "3"]]


def test_text_that_a_merge_covers_is_kept_beside_what_is_seen() -> None:
    (grid,) = read(tbl(tr(cell("5", DOWN), cell("x")), tr(cell("6", ON), cell("y")))).grids
    assert grid.rows[0][0].text == "5\n6"


def test_a_cell_merged_into_its_left_neighbour_widens_it() -> None:
    (grid,) = read(
        tbl(
            tr(cell("a", '<w:hMerge w:val="restart"/>'), cell("", "<w:hMerge/>"), cell("b")),
            tr(cell("1"), cell("2"), cell("3")),
        )
    ).grids
    assert texts(grid) == [["a", "a", "b"], ["1", "2", "3"]]


def test_rows_and_cells_that_were_deleted_or_hidden_are_not_printed() -> None:
    (grid,) = read(
        tbl(
            tr(cell("1"), cell("2", "<w:cellDel/>"), cell("3")),
            tr(cell("4"), cell("5"), properties="<w:del/>"),
            tr(cell("6"), cell("7"), properties="<w:hidden/>"),
            tr(cell("8"), cell("9"), properties='<w:hidden w:val="0"/>'),
        )
    ).grids
    assert texts(grid) == [["1", "3"], ["8", "9"]]


def test_a_table_in_a_cell_is_read_for_itself_and_one_cell_is_part_of_its_cell() -> None:
    inner = tbl(tr(cell("1"), cell("2")))
    blocks = read(tbl(tr(cell("n"), tc(p(run("before")) + inner + p(run("after")))))).blocks
    assert [texts(block) for block in blocks if isinstance(block, Grid) and not block.flows] == [[["1", "2"]]]
    assert [block.text for block in blocks if isinstance(block, Paragraph)] == ["n", "before", "after"]
    (grid,) = read(tbl(tr(tc(p(run("5")) + tbl(tr(cell("6")))), cell("7")))).grids
    assert texts(grid) == [["5\n6", "7"]]


def test_a_frame_around_everything_is_no_table() -> None:
    read_ = read(tbl(tr(tc(p(run("题")) + tbl(tr(cell("1"), cell("2")))))))
    assert [texts(grid) for grid in read_.grids] == [[["1", "2"]]]
    assert [block.text for block in read_.lines] == ["题"]
    assert read_.grids[0].rows[0][0].place.table == 1


@pytest.mark.parametrize(
    ("runs", "text"),
    [
        (run("2") + run("1"), "21"),
        (run("1") + "<w:del><w:r><w:delText>2</w:delText></w:r></w:del><w:ins>" + run("3") + "</w:ins>", "13"),
        ("<w:moveFrom>" + run("9") + "</w:moveFrom><w:moveTo>" + run("4") + "</w:moveTo>", "4"),
        (run("1") + run("2", "<w:vanish/>"), "1"),
        (run("2", '<w:vanish w:val="0"/>'), "2"),
        (run("2", '<w:rStyle w:val="unseen"/>') + run("3", '<w:rStyle w:val="seen"/>'), "3"),
        (run("12") + run("1", '<w:vertAlign w:val="superscript"/>') + run("件"), "12 1 件"),
        (run("5", "<w:strike/>") + run("6"), "5 6"),
        ("<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t></w:r>", "a b|c"),
        ("<w:r><w:noBreakHyphen/><w:t>5</w:t></w:r>", "-5"),
        ('<w:r><w:t>1</w:t><w:sym w:font="Wingdings" w:char="F031"/></w:r>', "1\ufffd"),
        ("<w:hyperlink>" + run("a") + "</w:hyperlink><w:smartTag>" + run("b") + "</w:smartTag>", "ab"),
        ("<w:sdt><w:sdtPr/><w:sdtContent>" + run("7") + "</w:sdtContent></w:sdt>", "7"),
        ("<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>" + run("7") + "</w:sdtContent></w:sdt>", ""),
        (run("3") + '<w:r><w:footnoteReference w:id="2"/></w:r>', "3"),
        ("<m:oMath><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f></m:oMath>", "1 2"),
        (
            FIELD.format("begin") + "<w:r><w:instrText>=SUM(LEFT)</w:instrText></w:r>" + run("8")
            + FIELD.format("separate") + run("9") + FIELD.format("end") + run("件"),
            "9件",
        ),
    ],
)  # fmt: skip
def test_a_paragraph_is_what_is_printed(runs: str, text: str) -> None:
    styles = (
        '<w:style w:styleId="unseen"><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:styleId="seen"><w:basedOn w:val="unseen"/><w:rPr><w:vanish w:val="0"/></w:rPr></w:style>'
    )
    assert "|".join(block.text for block in read(p(runs), styles).lines) == text


def test_a_field_left_open_ends_with_its_paragraph() -> None:
    assert line(p(FIELD.format("begin") + run("1")) + p(run("2"))) == "2"


def test_a_text_box_is_read_once_behind_its_paragraph() -> None:
    box = SHAPE.format(BOX.format(p(run("盒")) + tbl(tr(cell("1"), cell("2")))))
    read_ = read(p(run("文") + box) + p(run("尾")))
    assert [block.text for block in read_.lines] == ["文", "盒", "尾"]
    assert [texts(grid) for grid in read_.grids] == [[["1", "2"]]]


def test_a_text_box_in_a_cell_is_its_text_and_a_picture_makes_it_neither_blank_nor_a_number() -> None:
    (grid,) = read(
        tbl(tr(tc(p(SHAPE.format(BOX.format(p(run("5")))))), tc(p(PICTURE)), tc(p(PICTURE + run("标")))))
    ).grids
    assert texts(grid) == [["5", "\ufffc", "标"]]


def test_a_number_given_as_a_picture_is_a_problem() -> None:
    printed = dict.fromkeys(keys_of("form_2021"), "5") | {("requests", "granted_full", "business"): "图"}
    body = members_of(word_report("form_2021", printed))
    xml = (
        body["word/document.xml"]
        .decode()
        .replace("<w:t>图</w:t>", "<w:drawing><a:blip xmlns:a='" + NAMES["a"] + "'/></w:drawing>")
    )
    reading = read_capture(Capture(body=zipped({**body, "word/document.xml": xml})))
    assert [(problem.kind, problem.row, problem.column) for problem in reading.problems] == [
        ("bad_number", "granted_full", "business")
    ]


def test_a_document_of_pictures_says_so() -> None:
    with pytest.raises(UnreadableDocument, match="holds 2 pictures and no text"):
        read(p(PICTURE) + tbl(tr(tc(p(PICTURE)), cell(""))))


def test_pictures_beside_text_are_counted() -> None:
    assert read(p(run("题")) + p(PICTURE)).pictures == 1


def test_a_document_inside_the_document_is_a_problem() -> None:
    (problem,) = read('<w:altChunk w:id="a"/>' + p(run("1"))).problems
    assert problem.kind == "unreadable_document"
