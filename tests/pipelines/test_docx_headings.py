"""Headings of Word documents, and the numbers that Word itself counts."""

from archive.captures import Capture
from pipelines.documents import Heading, Paragraph
from pipelines.read import read_capture
from tests.pipelines.office_files import word
from tests.pipelines.test_docx import cell, p, read, run, tbl, tc, tr


def test_headings_are_told_by_style_or_level_and_are_one_line() -> None:
    styles = (
        '<w:style w:styleId="1"><w:name w:val="heading 1"/></w:style>'
        '<w:style w:styleId="own"><w:basedOn w:val="1"/></w:style>'
        '<w:style w:styleId="t"><w:name w:val="Title"/></w:style>'
        '<w:style w:styleId="loop"><w:basedOn w:val="loop"/></w:style>'
    )
    body = (
        p("<w:r><w:t>题</w:t><w:br/><w:t>目</w:t></w:r>", '<w:pStyle w:val="t"/>')
        + p(run("一"), '<w:pStyle w:val="own"/>')
        + p(run("二"), '<w:outlineLvl w:val="2"/>')
        + p(run("三"), '<w:pStyle w:val="own"/><w:outlineLvl w:val="9"/>')
        + p(run("四"), '<w:pStyle w:val="loop"/>')
    )
    assert [(type(block), block.text, getattr(block, "level", 0)) for block in read(body, styles).lines] == [
        (Heading, "题 目", 1),
        (Heading, "一", 1),
        (Heading, "二", 3),
        (Paragraph, "三", 0),
        (Paragraph, "四", 0),
    ]


LISTS = """
<w:abstractNum w:abstractNumId="0">
 <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:lvlText w:val="%1、"/></w:lvl>
 <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="（%2）"/></w:lvl>
 <w:lvl w:ilvl="2"><w:start w:val="3"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%3"/></w:lvl>
 <w:lvl w:ilvl="3"><w:numFmt w:val="bullet"/><w:lvlText w:val="·"/></w:lvl>
 <w:lvl w:ilvl="4"><w:numFmt w:val="hebrew1"/><w:lvlText w:val="%5"/></w:lvl>
</w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>
"""


def item(text: str, level: int, listed: int = 1) -> str:
    return p(run(text), f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{listed}"/></w:numPr>')


def test_numbers_that_word_counts_are_printed_before_their_paragraphs() -> None:
    body = (
        item("a", 0) + item("b", 1) + item("c", 1) + item("d", 0) + item("e", 1)
        + item("f", 2) + item("g", 3) + item("h", 4) + item("i", 0, 2) + item("j", 0, 0) + item("k", 0, 7)
    )  # fmt: skip
    found = [block.text for block in read(body, numbering=LISTS).lines]
    assert found == ["一、a", "（一）b", "（二）c", "二、d", "（一）e", "二.3 f", "g", "h", "一、i", "j", "k"]


def test_section_headings_that_word_counts_are_found() -> None:
    body = "".join(item(text, 0) + p(run("样本。")) for text in ("总体情况", "主动公开政府信息情况"))
    reading = read_capture(Capture(body=word(body, numbering=LISTS)))
    assert [section.heading for section in reading.sections] == ["一、总体情况", "二、主动公开政府信息情况"]


def test_a_counted_number_never_joins_the_number_in_its_cell() -> None:
    listed = item("0", 2)
    (grid,) = read(tbl(tr(tc(listed), cell("x"))), numbering=LISTS).grids
    assert grid.rows[0][0].text == "一.3 0"
