"""An original as it is shown: the cell that was read is the one that is marked, and nothing in it does anything."""

import io
import re
import time
from html.parser import HTMLParser
from pathlib import Path
from random import Random

import httpx
import pytest
from bs4 import BeautifulSoup, Tag
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree
from PIL import Image, ImageChops

from archive import copies, kinds, markup, pdf_page
from archive.captures import Capture
from archive.errors import ContentTooLarge, OriginalRefused, ProgramFailed
from archive.harmless import KEPT, MARK, harmless
from archive.originals import Original
from archive.site import replay
from archive.site.places import Place
from archive.site.replay import View
from archive.site.spots import Spot
from tests import hostile_page
from tests.archive.test_site_originals import address, get
from tests.pipelines import pdf_files
from tests.pipelines.placed_documents import PRINTED
from tests.pipelines.round_trip.reports import make
from tests.pipelines.showing import show
from tests.pipelines.template import keys_of
from tests.pipelines.test_pdf import LOOKS
from tests.pipelines.test_places import FIXED, same, stored, texts_of
from tests.stored_originals import HOST, PAGE, TEXTS, Archive

ROW = {"id": "a", "url": f"{HOST}/a", "status": 200, "size": 1}


def shown(body: bytes, spot: Spot | None = None) -> View:
    return replay.show(Original(ROW, Capture(id="a", body=body), ()), spot, 0)


def parsed(view: View) -> BeautifulSoup:
    return BeautifulSoup(view.markup, "lxml")


def marked(view: View) -> str:
    mark = parsed(view).select_one("#cell")
    assert mark is not None
    return mark.get_text()


# Kinds in which a cell is marked in what is shown; in the others its place is told in words.
IN_THE_COPY = ("html", "inline tables", "elements without a name", "mhtml", "text", "markdown", "csv")


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("name", IN_THE_COPY)
def test_the_cell_that_is_marked_is_the_one_that_was_read(name: str, seed: int, tmp_path: Path) -> None:
    kind, render = PRINTED[name]
    random = Random(f"{name} {seed}")
    report = make(random, fixed=kind in FIXED, whole=kind == "csv")
    body, printed = render(report, random), texts_of(report)
    for key, place in random.sample(sorted(stored(tmp_path, body).items()), 20):
        view = shown(body, Spot("", "", "", Place(*place[:4], place.line, place.box, place.path)))
        assert view.is_marked
        if kind in ("html", "mhtml"):
            assert same(marked(view), show(kind, body, place)), (key, place)
        else:
            assert "".join(printed[key].split()) in "".join(marked(view).split()), (key, place)


HELD = ("script", "frame", "script in a frame", "json")


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("name", HELD)
def test_a_cell_that_is_held_in_text_is_marked_in_the_markup_that_the_text_is(
    name: str, seed: int, tmp_path: Path
) -> None:
    random = Random(f"{name} {seed}")
    report = make(random)
    body, printed = PRINTED[name][1](report, random), texts_of(report)
    for key, place in random.sample(sorted(stored(tmp_path, body).items()), 20):
        whole = Place(*place[:4], place.line, place.box, place.path)
        view = shown(body, Spot("", "", "", whole, printed=printed[key]))
        assert (view.is_marked, view.is_held) == (True, True), (key, place)
        assert same(marked(view), printed[key])
        # Where it does not print what was read, it is another cell.
        view = shown(body, Spot("", "", "", whole, printed=printed[key] + "7"))
        assert (view.is_marked, view.is_held) == (False, False)
        assert ("<t" in view.raw or "&lt;t" in view.raw) and len(view.raw) <= copies.RAW


@pytest.mark.parametrize(
    "body",
    [
        "<p>x<script>var a = '<table><tr><td>1<td>2</table>';</script>",
        '<p>x<script>f("<table><tr><td>" + \'1\' + "<td>2" + `</table>`)</script>',
        '<p>x<script>var a = "{\\"b\\": [\\"<table><tr><td>1<td>2</table>\\"]}";</script>',
        "<p>x<script>a='<table><tr><td>3<td>3</table>'; b='<table><tr><td>1<td>\\u0032</table>'</script>",
    ],
)
def test_the_string_that_holds_the_cell_is_found_among_those_of_a_script(body: str) -> None:
    path = "/html/body/script[1] /html/body/table[1]/tr[1]/td[2]"
    path = path if "<body" in body else path.replace("/body/script[1]", "/body/p[1]/script[1]")
    view = shown(body.encode(), Spot("", "", "", Place(path=path, line=1), printed="2"))
    assert view.is_held and marked(view) == "2"


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ("<p>x<textarea>{}</textarea>", "/html/body/p[1]/textarea[1]"),
        ("<p>x</p><template>{}</template>", "/html/body/template[1]"),
        ("<p>x</p><noscript>{}</noscript>", "/html/body/noscript[1]"),
    ],
)
def test_a_cell_in_a_field_or_a_template_is_marked(body: str, path: str) -> None:
    table = "<table><tr><td>1</td><td>2</td></tr></table>"
    place = Place(path=f"{path} /html/body/table[1]/tr[1]/td[2]", line=1)
    assert marked(shown(body.format(table).encode(), Spot("", "", "", place, printed="2"))) == "2"


def test_markup_that_is_escaped_on_the_page_is_held_by_the_page() -> None:
    body = b"<p>x &lt;table&gt;&lt;tr&gt;&lt;td&gt;1&lt;td&gt;2&lt;/table&gt;"
    place = Place(path="/html /html/body/table[1]/tr[1]/td[2]", line=1)
    assert marked(shown(body, Spot("", "", "", place, printed="2"))) == "2"


def test_strings_without_number_cost_no_more_than_some() -> None:
    body = b"<p>x</p><script>" + b"a='<table><tr><td>1</table>';" * 20_000 + b"</script>"
    began = time.monotonic()
    place = Place(path="/html/body/script[1] /html/body/table[1]/tr[1]/td[2]", line=1)
    assert not shown(body, Spot("", "", "", place, printed="2")).is_marked
    assert time.monotonic() - began < 10


@pytest.mark.slow
@pytest.mark.parametrize("name", ["docx", "xlsx", "docx in an archive"])
def test_of_other_files_nothing_is_shown_but_words(name: str) -> None:
    random = Random(name)
    kind, render = PRINTED[name]
    view = shown(render(make(random, fixed=kind in FIXED), random))
    assert (view.markup, view.is_marked, view.page) == ("", False, 0)


def boxed(body: bytes, page: int, box: tuple[float, ...]) -> tuple[int, int, int, int]:
    """Return where a page with a box differs from one without, in pixels."""
    plain, drawn = (
        Image.open(io.BytesIO(pdf_page.draw(body, page, each))).convert("RGB") for each in (None, box)
    )
    found = ImageChops.difference(plain, drawn).getbbox()
    assert found is not None
    return found


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["lines", "turned by 90", "turned by 270", "text drawn sideways", "small pages"]
)
def test_the_box_is_drawn_around_the_cell_whose_number_was_read(name: str, tmp_path: Path) -> None:
    wanted = {key: str(1000 + number) for number, key in enumerate(keys_of("form_2021"))}
    body = pdf_files.pdf("form_2021", wanted, LOOKS[name])
    place = stored(tmp_path, body)["requests", "granted_full", "total"]
    assert place.page and place.box
    found = boxed(body, place.page, place.box)
    scale = pdf_page.RESOLUTION / 72
    expected = [value * scale for value in place.box]
    assert all(abs(one - other) < 4 * scale for one, other in zip(found, expected, strict=True))


@pytest.mark.slow
def test_the_box_is_drawn_in_its_place_on_a_page_that_shows_a_part_of_itself() -> None:
    body = pdf_files.pdf("form_2021", TEXTS)
    whole = boxed(body, 1, (100, 200, 150, 220))
    cropped = re.sub(
        rb"/MediaBox *\[[^]]*\]", rb"/MediaBox [ 0 0 595.2756 841.8898 ] /CropBox [ 50 50 500 800 ]", body
    )
    part = boxed(cropped, 1, (100, 200, 150, 220))
    scale = pdf_page.RESOLUTION / 72
    moved = (50 * scale, (841.8898 - 800) * scale)
    assert abs(whole[0] - part[0] - moved[0]) < 3
    assert abs(whole[1] - part[1] - moved[1]) < 3


@pytest.mark.slow
@pytest.mark.parametrize(
    "body",
    [
        b"%PDF-1.4\n1 0 obj\n",
        b"%PDF-1.7 " + bytes(range(256)) * 40,
        pdf_files.pdf("form_2021", TEXTS)[:3000],
    ],
)
def test_a_damaged_pdf_file_costs_an_answer_and_not_the_site(body: bytes) -> None:
    with pytest.raises(ProgramFailed):
        pdf_page.draw(body, 1, None)


@pytest.mark.slow
def test_a_page_that_is_not_there_or_takes_too_long_or_is_enormous(monkeypatch: pytest.MonkeyPatch) -> None:
    body = pdf_files.pdf("form_2021", TEXTS)
    for page in (0, -1, 99):
        with pytest.raises(ProgramFailed):
            pdf_page.draw(body, page, None)
    huge = re.sub(rb"/MediaBox *\[[^]]*\]", b"/MediaBox [ 0 0 14400 14400 ]", body)
    assert max(Image.open(io.BytesIO(pdf_page.draw(huge, 1, None))).size) <= pdf_page.LONGEST + 1
    monkeypatch.setattr(pdf_page, "SECONDS", 0.05)
    with pytest.raises(ProgramFailed):
        pdf_page.draw(body, 1, None)


SECTION = "五、存在的主要问题及改进情况"


def test_a_section_is_marked_by_its_heading() -> None:
    body = f"<div><div><h3> 五、存在的主要问题\n及改进情况</h3></div></div><p>{SECTION}见下</p>".encode()
    view = shown(body, Spot("", "", "", heading=SECTION))
    assert "".join(marked(view).split()) == SECTION
    assert parsed(view).select_one("h3 > #cell") is not None
    assert not shown(b"<p>x", Spot("", "", "", heading=SECTION)).is_marked
    assert marked(shown(f"a\n{SECTION}\nb".encode(), Spot("", "", "", heading=SECTION))) == SECTION


@pytest.mark.parametrize(
    ("path", "cells"),
    [
        ("/html/body/table[1]/tr[2]", ["3", "4"]),
        ("/html/body/table[1]", ["1", "2", "3", "4"]),
        ("/html/body/table[1]/tr[2]/td[1]", ["3"]),
        ("/html/body/table[1]/tr[9]", []),
        ("/html/body/table[2]", []),
        ("/html/body//td", []),
        ("/html/body/table[1] | //td", []),
        ("/html/body/*", []),
    ],
)
def test_a_row_and_a_table_are_marked_cell_by_cell_and_only_paths_are_followed(
    path: str, cells: list[str]
) -> None:
    body = b"<table><tr><td>1<td>2<tr><td>3<td>4</table>"
    view = shown(body, Spot("", "", "", Place(path=path)))
    assert [mark.get_text() for mark in parsed(view).find_all("mark")] == cells
    assert len(parsed(view).select("#cell")) == bool(cells)


def test_marks_of_the_page_itself_do_not_pass_for_ours() -> None:
    view = shown(b'<p id=cell>x<mark id="cell">9</mark><td id=cell>')
    assert MARK not in view.markup and "<mark" not in view.markup


def test_what_is_left_out_is_named_and_addresses_are_text() -> None:
    body = "<title> 年  报 </title><a href='javascript:x'>甲</a><img src=b.png alt='印章'><iframe src='c.html'></iframe>"
    view = shown(body.encode())
    assert view.title == "年 报"
    assert view.markup == (
        '<div><span class="link" title="javascript:x">甲</span><span class="absent">[图片 picture 印章]</span>'
        '<span class="absent">[嵌入的页面 embedded page c.html]</span></div>'
    )


def test_a_tail_behind_what_is_dropped_stays() -> None:
    assert shown("甲<script>x</script>乙<style>y</style>丙".encode()).markup == "<div>甲乙丙</div>"


def test_a_title_in_angle_brackets_is_shown() -> None:
    assert "&lt;关于年报的通知&gt;" in shown("<p>见<关于年报的通知>。".encode()).markup


def test_what_stands_behind_the_end_of_the_page_is_shown_and_marked_too() -> None:
    body = b"<p>a</p></body></html>b<table><tr><td>1<td>2</table></html><p>c"
    assert [each in shown(body).markup for each in ("a", "b", "<td>2</td>", "<p>c</p>")] == [True] * 4
    assert marked(shown(body, Spot("", "", "", Place(path="/html[2]/table[1]/tr[1]/td[2]")))) == "2"


# --- Nothing in a page does anything ---------------------------------------------------------------


class Strict(HTMLParser):
    """Collects every tag and attribute that could be one."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, tuple[str, ...]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, tuple(name for name, _ in attrs)))

    def handle_decl(self, decl: str) -> None:
        self.found.append(("!", ()))

    handle_comment = handle_pi = unknown_decl = handle_decl


ATTRIBUTES = {"colspan", "rowspan", "title", "class", "id"}


def strange(written: str) -> list[object]:
    """Return what two parsers find in markup besides what may be in it."""
    strict = Strict()
    strict.feed(written)
    strict.close()
    found: list[object] = [
        one for one in strict.found if one[0] not in KEPT | {"mark"} or not ATTRIBUTES.issuperset(one[1])
    ]
    tree = etree.HTML(f"<main>{written}</main>")
    for element in tree.iter():
        tag = str(element.tag)
        if tag not in KEPT | {"mark", "main", "html", "body"} or not ATTRIBUTES.issuperset(element.attrib):
            found.append((tag, dict(element.attrib)))
        if element.get("class") not in (None, "link", "absent") or element.get("id") not in (None, "cell"):
            found.append((tag, dict(element.attrib)))
    return found


def test_of_the_hostile_page_nothing_is_left() -> None:
    for body in hostile_page.variants("http://127.0.0.1:9"):
        view = shown(body)
        assert strange(view.markup) == []
        assert "<td>17</td>" in view.markup


NAMES = st.sampled_from(
    [
        *(
            "script",
            "style",
            "svg",
            "math",
            "mtext",
            "mglyph",
            "malignmark",
            "annotation-xml",
            "foreignObject",
        ),
        *("table", "tr", "td", "caption", "colgroup", "select", "option", "textarea", "title", "noscript"),
        *("template", "iframe", "noembed", "noframes", "xmp", "plaintext", "listing", "object", "embed"),
        *("form", "input", "button", "a", "img", "image", "p", "div", "li", "b", "br", "pre", "base", "link"),
        *("meta", "frameset", "frame", "body", "html", "head", "desc", "path", "use", "o:p", "关于", "x-y"),
    ]
)
VALUES = st.sampled_from(
    [
        *("javascript:alert(1)", "data:text/html,<script>alert(1)</script>", "//127.0.0.1:9/x", "x"),
        *('"><script>alert(1)</script>', "'><img src=x onerror=alert(1)>", "</title><svg onload=alert(1)>"),
        *("]]><b>", "--><b>", "&lt;script&gt;", "&#60;script>", "\0", "100%", "9" * 30, "-1", "2"),
    ]
)
ATTRS = st.sampled_from(
    [
        *("onerror", "onload", "onclick", "style", "href", "src", "srcdoc", "srcset", "data", "action", "id"),
        *(
            "name",
            "class",
            "title",
            "alt",
            "colspan",
            "rowspan",
            "http-equiv",
            "content",
            "xmlns",
            "xlink:href",
        ),
    ]
)
PIECES = st.one_of(
    st.builds("<{}>".format, NAMES),
    st.builds("</{}>".format, NAMES),
    st.builds("<{} {}={}>".format, NAMES, ATTRS, VALUES),
    st.builds('<{} {}="{}"/>'.format, NAMES, ATTRS, VALUES),
    st.builds("<!--{}-->".format, VALUES),
    st.builds("<![CDATA[{}]]>".format, VALUES),
    st.sampled_from(["<", ">", "&", "<!", "<?php ", "<!doctype", "</", "<%", "\x0c", "\r", "\udcff"]),
    VALUES,
    st.text(max_size=5),
)
MARKUP = st.lists(PIECES, max_size=30).map("".join)


def check(text: str, number: int) -> None:
    root = markup.parse(text)
    elements = list(root.iter())
    written = harmless(root, elements[number % len(elements)])
    assert strange(written) == []
    assert written.count(MARK) <= 1
    written.encode()


@settings(deadline=None)
@given(MARKUP, st.integers(0, 1000))
@example("<math><mtext><table><mglyph><style><!--</style><img title='--><img src=x onerror=alert(1)>'>", 3)
@example("<svg></p><style><a title='</style><img src onerror=alert(1)>'>", 2)
@example(
    "<form><math><mtext></form><form><mglyph><svg><mtext><style><path id='</style><img onerror=alert(1) src>'>",
    1,
)
@example("<noscript><p title='</noscript><img src=x onerror=alert(1)>'>", 1)
@example(
    "<select><template><style><!--</style><a rel='--></style></template></select><img src=x onerror=alert(1)>'>",
    1,
)
@example("<textarea><xmp></textarea><img src=x onerror=alert(1)></xmp>", 1)
@example("<plaintext><script>alert(1)</script>", 1)
@example("<table><td><select><table><mark id=cell>", 1)
def test_whatever_the_markup_only_what_is_allowed_is_written(text: str, number: int) -> None:
    check(text, number)


@pytest.mark.soak
@settings(max_examples=30_000, deadline=None)
@given(MARKUP, st.integers(0, 1000))
def test_whatever_the_markup_only_what_is_allowed_is_written_again_and_again(text: str, number: int) -> None:
    check(text, number)


# --- Limits -----------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_page_of_twenty_megabytes_is_shown_in_a_bearable_time() -> None:
    body = PAGE.encode() + "政府信息公开".encode() * (copies.LIMIT // 18 - len(PAGE))
    began = time.monotonic()
    assert len(shown(body).markup) > 6_000_000
    assert time.monotonic() - began < 20


@pytest.mark.slow
@pytest.mark.parametrize("kind", [kinds.HTML, kinds.TEXT])
def test_a_large_page_is_copied_the_same_in_a_process_of_its_own(kind: kinds.Kind) -> None:
    body = (PAGE + "公开\n" * 300_000).encode("gb18030")
    page = Capture(headers=(("Content-Type", "text/html; charset=gbk"),), body=body)
    for wanted in (copies.Wanted(heading=SECTION), copies.Wanted(path="/html/body/p[1]", line=3)):
        copied = copies.copy(page, kind, wanted)
        assert copied == copies.make(page, kind, wanted)
        assert len(body) > copies.LARGE and "样本。" in copied.markup


@pytest.mark.slow
def test_what_takes_too_long_is_refused_with_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copies, "SECONDS", 0.05)
    with pytest.raises(OriginalRefused) as caught:
        shown(b"<p>" + b"x" * copies.LARGE)
    assert caught.value.why == "too_large"


@pytest.mark.slow
def test_what_is_too_large_or_too_deep_is_refused_with_words() -> None:
    for body in (b"<p>" + b"x" * copies.LIMIT, b"<br>" * (markup.MOST_TAGS + 1), b"<div>" * 5000):
        with pytest.raises(OriginalRefused) as caught:
            shown(body)
        assert caught.value.why == "too_large"
    with pytest.raises(ContentTooLarge, match="deeper"):
        markup.parse("<div>" * 5000)


# --- At their address -----------------------------------------------------------------------------


def cell_of(archive: Archive, path: str) -> tuple[int, int]:
    with archive.originals.connect() as db:
        found = db.execute(
            """SELECT revision.id, cell.item FROM cell JOIN revision ON revision.id = cell.revision
            JOIN form_item ON form_item.id = cell.item WHERE revision.capture = ?
            AND (form_item."table", form_item.row, form_item.column) = ('requests', 'granted_full', 'total')""",
            (archive.captures[path].id,),
        ).fetchone()
    return found[0], found[1]


def asked(archive: Archive, path: str, query: str) -> httpx.Response:
    (answer,) = get(archive, address(archive, path, f"replay?{query}"))
    return answer


@pytest.mark.slow
def test_a_page_is_shown_with_its_cell_marked_under_a_policy_of_its_own(stored: Archive) -> None:
    revision, item = cell_of(stored, "/page.html")
    answer = asked(stored, "/page.html", f"cell={revision},{item}")
    page = BeautifulSoup(answer.text, "lxml")
    mark = page.select_one("td > mark#cell")
    assert mark is not None and mark.text == TEXTS["requests", "granted_full", "total"]
    assert answer.headers["content-security-policy"] == (
        "default-src 'none'; style-src 'self'; img-src 'self'; sandbox allow-downloads;"
        " base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    )
    header = page.select_one("header")
    assert header is not None
    for said in (
        "An unstyled copy",
        f"{HOST}/page.html",
        "2026-01-31T08:00:00Z",
        mark.text,
        "/html/body/table[2]/tr[6]/td[9]",
    ):
        assert said in header.text
    assert stored.captures["/page.html"].digest in header.text


@pytest.mark.slow
def test_a_pdf_file_is_shown_page_by_page_with_its_cell_in_a_box(stored: Archive) -> None:
    revision, item = cell_of(stored, "/report.pdf")
    page = BeautifulSoup(asked(stored, "/report.pdf", f"cell={revision},{item}").text, "lxml")
    picture = page.select_one("main img")
    assert isinstance(picture, Tag)
    plain, boxed_one, none = get(
        stored,
        address(stored, "/report.pdf", "page.png?page=1"),
        str(picture["src"]),
        address(stored, "/report.pdf", "page.png?page=9"),
    )
    assert boxed_one.headers["content-type"] == "image/png"
    assert boxed_one.content != plain.content
    assert none.status_code == 404
    second = BeautifulSoup(asked(stored, "/report.pdf", "page=2").text, "lxml")
    assert "page=2" in str(second.select_one("main img"))


@pytest.mark.slow
def test_a_revisit_is_shown_as_the_page_it_repeats(stored: Archive) -> None:
    answer = asked(stored, "again /page.html", "")
    assert "六、其他需要报告的事项" in answer.text and "HTTP 304" in answer.text


@pytest.mark.slow
@pytest.mark.parametrize(
    "query",
    [
        "cell=1,2",
        "cell=",
        "cell=x",
        "cell=9999999999999999999999,1",
        "section=1",
        "problem=x",
        "cell={0},99999",
    ],
)
def test_what_was_not_read_from_it_is_not_marked(stored: Archive, query: str) -> None:
    revision, _ = cell_of(stored, "/page.html")
    answer = asked(stored, "/page.html", query.format(revision))
    assert (answer.status_code, "was not read from this original" in answer.text) == (404, True)


@pytest.mark.slow
def test_a_cell_is_not_marked_in_the_original_of_another(stored: Archive) -> None:
    revision, item = cell_of(stored, "/page.html")
    assert asked(stored, "/report.txt", f"cell={revision},{item}").status_code == 404
    assert asked(stored, "again /page.html", f"cell={revision},{item}").status_code == 200


@pytest.mark.slow
def test_a_section_is_marked_at_its_address(stored: Archive) -> None:
    revision, _ = cell_of(stored, "/page.html")
    page = BeautifulSoup(asked(stored, "/page.html", f"section={revision},5").text, "lxml")
    mark = page.select_one("#cell")
    assert mark is not None and mark.text == SECTION
