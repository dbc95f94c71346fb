"""What real pages do to a table, each quirk with figures of its own: read exactly or said."""

import json
import time

import pytest

from archive.captures import Capture
from archive.markup import element_at, parse
from pipelines.documents import Document, read_document
from pipelines.documents.blocks import Paragraph
from pipelines.read import read_capture
from pipelines.reading import Reading
from tests.pipelines.template import Habits, Key, keys_of, page

FORM = "form_2021"
FIRST: Key = ("requests", "received_new", "natural_person")
SECOND: Key = ("requests", "received_new", "business")
TEXTS = {key: str(1000 + index) for index, key in enumerate(keys_of(FORM))}
PRINTED = {key: int(text) for key, text in TEXTS.items()}
PAGE = page(FORM, TEXTS)
CELL = f'<td colspan="1" rowspan="1">{TEXTS[SECOND]}</td>'


def read(markup: str) -> Reading:
    return read_capture(Capture(body=markup.encode()))


def values(reading: Reading) -> dict[Key, float | None]:
    return {cell.key: cell.value for cell in reading.cells}


def document(markup: str) -> Document:
    return read_document(Capture(body=markup.encode()))


def rows(markup: str) -> list[list[str]]:
    (grid,) = document(markup).grids
    return [[cell.text for cell in row] for row in grid.rows]


def cell(inside: str) -> str:
    """Return the text of a cell with this markup in it."""
    ((text, _),) = rows(f"<table><tr><td>{inside}</td><td>x</td></tr></table>")
    return text


def test_notes_are_kept_apart_in_a_table_that_holds_another() -> None:
    other = "<table><tr><td>甲</td><td>乙</td></tr></table>"
    grid = document(f"<table><tr><td>22<sup>2</sup></td><td><s>5</s>6{other}</td></tr></table>").grids[0]
    assert [cell.text for cell in grid.rows[0]] == ["22（2）", "~~5~~6"]


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        ("22<sup>①</sup>", "22（①）"),
        ("22<sup>1</sup>", "22（1）"),
        ("22<SPAN STYLE='VERTICAL-ALIGN: SUPER'>(1)</SPAN>", "22（1）"),
        ("<s>12</s>15", "~~12~~15"),
        ("<span style='text-decoration: line-through'>1<b>2</b></span>", "~~12~~"),
        ("1<!-- 2 -->3", "13"),
        ("1<?xml:namespace prefix = o />3<o:p></o:p>", "13"),
        ("1<br>3", "1\n3"),
        ("<span style='display:none'>9</span>13", "13"),
        ("<span style='font-size:0px'>9<b style='font-size:9pt'>1</b></span>3", "13"),
        ("<span style='font-size:0.9em'>1</span>3", "13"),
        ("<ruby>13<rt>9</rt></ruby>", "13"),
        ("<details><summary>1</summary>3</details>", "1\n3"),
        ("<svg><text>13</text></svg>", "〈图片〉"),
        ("<object>13</object>", "〈图片〉"),
        ("<img src='12.png'>", "〈图片〉"),
        ("12<img src='note.png'>", "12"),
        ("<img src='dot.gif' width='1' height='1'>", ""),
        ("<input value='12'>件", "12件"),
        ("<input type='hidden' value='12'>3", "3"),
        ("<select><option>12<option>13</select>", "〈选项〉"),
        ("<textarea>12</textarea>", "12"),
        ("<font><font><b>1</b></font><i>2</i></font>", "12"),
        ("&nbsp12&nbsp", "12"),
        ("1<table><tr><td>2</table>", "1\n2"),
    ],
)
def test_a_cell_holds_what_is_printed_in_it(inside: str, text: str) -> None:
    assert cell(inside) == text


@pytest.mark.parametrize(
    ("inside", "state", "value"),
    [
        ("22<sup>1</sup>", "number", 22),
        ("<sup>22</sup>", "unreadable", None),
        ("<s>12</s>15", "unreadable", None),
        ("<del>12</del>", "unreadable", None),
        ("2<br>1", "unreadable", None),
        ("<img src='12.png'>", "unreadable", None),
        ("<select><option>12</select>", "unreadable", None),
        ("<input value='12'>", "number", 12),
        ("12-->", "unreadable", None),
        ("<span>1</span><span>2</span>", "number", 12),
        ("&nbsp;" * 7, "blank", None),
    ],
)
def test_markup_in_a_cell_never_makes_another_number(inside: str, state: str, value: int | None) -> None:
    reading = read(PAGE.replace(CELL, f"<td>{inside}</td>"))
    (found,) = (one for one in reading.cells if one.key == SECOND)
    assert (found.state, found.value) == (state, value)
    assert [problem.kind for problem in reading.problems] == ["bad_number"] * (state == "unreadable")
    assert values(reading) | {SECOND: 0} == PRINTED | {SECOND: 0}


def test_what_is_hidden_takes_no_place_in_its_table() -> None:
    hidden = CELL.replace("<td", "<td style='DISPLAY: none'").replace(TEXTS[SECOND], "9")
    line = "<tr style='display:none'>" + "<td width=72></td>" * 10 + "</tr><![endif]></table>"
    markup = PAGE.replace(CELL, hidden + CELL).replace("</table>", "<![if supportMisalignedColumns]>" + line)
    reading = read(markup)
    assert values(reading) == PRINTED
    assert reading.problems == ()


def test_what_is_hidden_until_somebody_clicks_is_read() -> None:
    markup = PAGE.replace("<body>", "<body><div style='display:none'>").replace("</body>", "</div></body>")
    assert values(read(markup)) == PRINTED


def test_a_row_span_of_nothing_reaches_down_and_a_column_span_past_the_edge_is_cut() -> None:
    assert rows("<table><tr><th rowspan=0>a<td>1<tr><td>2<tr><td>3</table>") == [
        ["a", "1"],
        ["a", "2"],
        ["a", "3"],
    ]
    assert len(rows("<table><tr><td colspan=9999>a<td>1</table>")[0]) == 201


TWO, THREE = "<h3>二、主动公开政府信息情况</h3>", "<h3>三、收到和处理政府信息公开申请情况</h3>"


@pytest.mark.parametrize("habits", [Habits(), Habits(nested=True), Habits(split=2)], ids=str)
@pytest.mark.parametrize("heading", [TWO, THREE])
@pytest.mark.parametrize(
    "end",
    [
        *("</html>", "</body></html>", "</div></html>\n<!-- -->\n", "</body></html></html><p></html>"),
        "</body></html><html><head><title>其他</title></head><body>",
    ],
)
def test_what_stands_behind_a_premature_end_of_the_page_is_read(
    end: str, heading: str, habits: Habits
) -> None:
    whole = page(FORM, TEXTS, habits)
    markup = whole.replace(heading, f"{end}{heading}")
    there, read_whole = read(markup), read(whole)
    assert (values(there), there.problems, there.title) == (PRINTED, (), read_whole.title)
    root = parse(markup)
    for cell, as_whole in zip(there.cells, read_whole.cells, strict=True):
        element = element_at(root, cell.place.path or "")
        assert element is not None
        assert "".join(element.itertext()) == cell.text == as_whole.text
        before = heading == THREE and cell.key[0] == "disclosure"
        assert before == (cell.place.path == as_whole.place.path), "before the end nothing changes its place"


def test_markup_means_the_same_behind_a_premature_end_of_the_page() -> None:
    rows_there = "<tr hidden><td>1<td>2</tr><tr><td>22<sup>1</sup><td><s>5</s>6</tr><tr><td><img><td>a<p>b"
    there = document(
        "<p>甲</html><html><head><meta name=PubDate content=2023-01-31><title>年报</title></head>乙"
        f"<table>{rows_there}</table>"
        "<a href=a.pdf></a><img><script>x='<table><tr><td>3<td>4'</script>"
    )
    (grid,) = there.grids
    assert [[cell.text for cell in row] for row in grid.rows] == [
        ["22（1）", "~~5~~6"],
        ["〈图片〉", "a\nb"],
    ]
    assert [held.path for held in there.embedded] == ["/html[2]/script"]
    assert [each.text for each in there.blocks if isinstance(each, Paragraph)] == ["甲", "乙"]
    assert (there.title, there.meta, there.links) == ("年报", {"pubdate": "2023-01-31"}, ("a.pdf",))
    assert there.pictures == 2


def test_a_page_that_ends_many_times_takes_time_in_proportion() -> None:
    taken = []
    for number in (10_000, 40_000):
        began = time.process_time()
        read("<p>1</html>" * number)
        taken.append(time.process_time() - began)
    assert taken[1] < 10 * taken[0]


def test_a_title_in_angle_brackets_is_text() -> None:
    lines = document("<p><某某市样本局2020年报告></p><p><A市样本局2020年报告></p>&lt某&gt").lines
    assert [line.text for line in lines] == ["<某某市样本局2020年报告>", "<a市样本局2020年报告>", "<某>"]


def inside(what: str) -> str:
    return f"<html><head><title>某某市样本局2022年政府信息公开工作年度报告</title></head><body>{what}</body></html>"


def written(markup: str) -> str:
    """Return a script that writes a page in pieces, as old portals do."""
    pieces = [markup[at : at + 700] for at in range(0, len(markup), 700)]
    return "".join(f"document.write({json.dumps(piece)});\n" for piece in pieces)


BODY = PAGE.partition("<body>")[2].removesuffix("</body></html>")
ESCAPED = json.dumps(BODY).replace("/", r"\/")
UNICODE = ESCAPED.replace("<", r"\u003c")
SINGLE = "'" + BODY.replace("'", r"\'") + "'"
CONTAINERS = {
    "document.write": inside(f"<script>// don't\n{written(BODY)}</script>"),
    "a string": inside(f"<script>var content = {ESCAPED}; show(content);</script>"),
    "a single-quoted string": inside(f"<script>var a = 'x', content = {SINGLE};</script>"),
    "pieces put together": inside(
        f"<script>box.innerHTML = {json.dumps(BODY[:900])} +\n {json.dumps(BODY[900:])};</script>"
    ),
    "a template string": inside(f"<script>box.innerHTML = `{BODY}`</script>"),
    "JSON.parse": inside(
        f"<script>var page = JSON.parse({json.dumps(json.dumps({'content': BODY}))});</script>"
    ),
    "unicode escapes": inside(f"<script>var content = {UNICODE};</script>"),
    "a script of JSON": inside(
        f'<script type="application/json">{json.dumps({"data": [{"content": BODY}]})}</script>'
    ),
    "srcdoc": inside(f'<iframe srcdoc="{BODY.replace("&", "&amp;").replace(chr(34), "&quot;")}"></iframe>'),
    "textarea": inside(f"<textarea>{BODY.replace('<', '&lt;')}</textarea>"),
    "template": inside(f"<template>{BODY}</template>"),
    "xmp": inside(f"<xmp>{BODY}</xmp>"),
    "noscript": inside(f"<noscript>{BODY}</noscript>"),
    "escaped twice": inside(BODY.replace("<", "&lt;").replace(">", "&gt;")),
    "a body of JSON": json.dumps(
        {"code": 0, "data": {"title": "某某市样本局2022年政府信息公开工作年度报告", "content": BODY}}
    ),
    "a body of JSON with characters": json.dumps(
        {"title": "某某市样本局2022年政府信息公开工作年度报告", "text": BODY}, ensure_ascii=False
    ),
    "a body of JSONP": f"callback({json.dumps({'content': PAGE})});",
    "a body that is a script": written(PAGE),
}


@pytest.mark.parametrize("markup", CONTAINERS.values(), ids=CONTAINERS)
def test_a_report_that_a_page_holds_as_text_is_read(markup: str) -> None:
    reading = read(markup)
    assert values(reading) == PRINTED
    assert reading.problems == ()
    assert [section.number for section in reading.sections] == [1, 2, 3, 4, 5, 6]
    assert (reading.agency, reading.year) == ("某某市样本局", 2022)


@pytest.mark.parametrize(
    "computed", ['" + n + "', '");document.write(n);document.write("', '");document.write(n + "']
)
def test_a_number_that_a_script_computes_is_unreadable_not_blank(computed: str) -> None:
    script = json.dumps(BODY, ensure_ascii=False).replace(f">{TEXTS[FIRST]}<", f">{computed}<")
    reading = read(inside(f"<script>document.write({script});</script>"))
    (found,) = (one for one in reading.cells if one.key == FIRST)
    assert (found.state, found.text) == ("unreadable", "〈?〉")


def test_a_page_that_shows_its_tables_is_not_looked_through_for_others() -> None:
    other = page(FORM, dict.fromkeys(TEXTS, "7")).replace('"', "&quot;")
    assert values(read(PAGE.replace("</body>", f'<iframe srcdoc="{other}"></iframe></body>'))) == PRINTED


def test_a_report_of_pictures_says_so() -> None:
    reading = read(
        inside("<h1>某某市样本局2022年政府信息公开工作年度报告</h1><p><img src='1.png'></p><img src='2.png'>")
    )
    (problem,) = reading.problems
    assert problem.kind == "unreadable_document"
    assert "2 pictures" in problem.detail
    assert not reading.is_report


def test_pictures_that_are_links_or_small_are_no_report() -> None:
    decoration = "<a href='/'><img src='logo.png'></a><img src='icon.png' width='16px' height='16px'>"
    (problem,) = read(inside(decoration)).problems
    assert problem.kind == "no_tables"


@pytest.mark.parametrize(
    "markup",
    ["<frameset cols=1><frame src='a.html'></frameset>", "<body><iframe src='a.html'></iframe></body>"],
)
def test_a_page_of_frames_is_no_silent_success(markup: str) -> None:
    (problem,) = read(f"<html>{markup}</html>").problems
    assert problem.kind == "unreadable_document"
    assert "frames" in problem.detail


def test_tables_made_of_blocks_are_said_not_to_be_read() -> None:
    markup = PAGE.replace("<td", "<div style='display:table-cell'").replace("</td>", "</div>")
    for tag in ("table", "tr"):
        markup = markup.replace(f"<{tag}>", "<div>").replace(f"</{tag}>", "</div>")
    reading = read(markup)
    assert reading.cells == ()
    assert "no_tables" in {problem.kind for problem in reading.problems}


@pytest.mark.parametrize("piece", ["&lt;table", "/*", "'", "`", "\\", "${", "//"])
def test_scripts_and_escapes_that_never_end_take_no_time(piece: str) -> None:
    began = time.process_time()
    read(inside(f"<script>td{piece * 100_000}</script>{piece * 100_000}"))
    assert time.process_time() - began < 5
