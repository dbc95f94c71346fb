"""Archives of documents: each member is read or is a problem, and two reports are never mixed."""

import io
import time
from zipfile import ZipFile, ZipInfo

import pytest

from archive.captures import Capture
from pipelines.documents import Document, read_document
from pipelines.documents.zips import Members
from pipelines.errors import Encrypted, LimitExceeded, UnreadableDocument
from pipelines.read import read_capture
from pipelines.reading import Reading
from tests.pipelines.office_files import sheet_report, word, word_report, zipped
from tests.pipelines.template import Habits, Key, keys_of, page

FORM = "form_2021"
PRINTED = {key: str(number) for number, key in enumerate(keys_of(FORM), 1000)}


def read(members: dict[str, str | bytes]) -> Document:
    return read_document(Capture(body=zipped(members)))


def reading_of(members: dict[str, str | bytes]) -> Reading:
    return read_capture(Capture(body=zipped(members)))


def words(text: str) -> bytes:
    return word(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>")


def table(*texts: str) -> str:
    return "<table><tr>" + "".join(f"<td>{text}" for text in texts) + "</table>"


def numbers(reading: Reading) -> dict[Key, str]:
    return {cell.key: cell.text for cell in reading.cells}


def test_members_are_one_document_in_the_order_of_their_names_with_tables_counted_on() -> None:
    read_ = read({"附件10.html": table("5", "6"), "附件2.html": table("3", "4"), "a/1.docx": words("一")})
    assert [block.text for block in read_.lines] == ["一"]
    assert [[cell.text for cell in grid.rows[0]] for grid in read_.grids] == [["3", "4"], ["5", "6"]]
    assert [grid.rows[0][1].place.table for grid in read_.grids] == [1, 2]


def test_a_spanning_cell_stays_one_cell_when_tables_are_counted_on() -> None:
    read_ = read({"1.html": table("1", "2"), "2.html": "<table><tr><td colspan=2>a<td>b</table>"})
    assert read_.grids[1].rows[0][0] is read_.grids[1].rows[0][1]


@pytest.mark.parametrize("second", ["report.xlsx", "report.html"])
def test_one_report_in_two_formats_is_read_once(second: str) -> None:
    twin = sheet_report(FORM, PRINTED) if second.endswith("xlsx") else page(FORM, PRINTED)
    reading = reading_of({"report.docx": word_report(FORM, PRINTED), second: twin})
    assert numbers(reading) == PRINTED
    assert (reading.agency, reading.is_report, reading.problems) == ("某某市样本局", True, ())


def test_a_member_that_cannot_be_read_is_a_problem_and_costs_the_others_nothing() -> None:
    members: dict[str, str | bytes] = {
        "报告.docx": word_report(FORM, PRINTED),
        "章.png": b"\x89PNG\r\n\x1a\n",
        "坏.docx": b"PK\x03\x04",
        "~$报告.docx": b"lock",
        "__MACOSX/._报告.docx": b"\0\5\26\7",
    }
    reading = reading_of(members)
    assert numbers(reading) == PRINTED
    assert [(problem.kind, problem.detail.split(":")[0]) for problem in reading.problems] == [
        ("unreadable_document", "坏.docx"),
        ("unreadable_document", "章.png"),
    ]


def test_problems_of_members_name_the_member() -> None:
    (problem,) = read({"内.zip": zipped({"a.docx": word('<w:altChunk w:id="a"/>')})}).problems
    assert problem.detail.startswith("内.zip/a.docx: ")


def other(changed: dict[Key, str], agency: str = "某某市样本局", year: str = "2022") -> str:
    return page(FORM, PRINTED | changed).replace("某某市样本局", agency).replace("2022", year)


ONE = ("requests", "received_new", "business")
BLANK_ROW = {key: "" for key in PRINTED if key[1] == "carried_in"}


@pytest.mark.parametrize(
    ("first", "second", "word"),
    [
        (other({}), other({}, agency="某某市试验局"), "different reports"),
        (other({}), other({}, year="2023"), "different reports"),
        (other({}), other({ONE: "7"}), "differ in requests/received_new/business"),
        (other({}), other(BLANK_ROW), "differ in requests/carried_in"),
    ],
)
def test_two_reports_in_one_archive_are_refused(first: str, second: str, word: str) -> None:
    reading = reading_of({"1.html": first, "2.html": second})
    assert (reading.cells, reading.is_report) == ((), False)
    (problem,) = reading.problems
    assert word in problem.detail


def test_a_blank_form_beside_the_report_is_no_second_report() -> None:
    blank = page(FORM, dict.fromkeys(PRINTED, "")).replace("某某市样本局2022年", "")
    assert numbers(reading_of({"1.html": blank, "2.html": other({})})) == PRINTED


def test_a_table_is_never_put_together_from_two_members() -> None:
    whole = page(FORM, PRINTED, Habits(split=5))
    at = whole.index("</table><table>") + len("</table>")
    reading = reading_of({"1.html": whole[:at], "2.html": whole[at:]})
    assert reading.cells == ()
    assert "by itself" in reading.problems[0].detail


def test_archives_are_opened_two_deep_and_no_deeper() -> None:
    inner = zipped({"a.docx": words("一")})
    assert [block.text for block in read({"b.zip": inner}).lines] == ["一"]
    (problem,) = read({"c.zip": zipped({"b.zip": inner})}).problems
    assert problem.kind == "limit_exceeded"


def test_an_archive_of_very_many_members_is_refused() -> None:
    with pytest.raises(LimitExceeded, match="200 members"):
        read({f"{number}.txt": "x" for number in range(201)})
    inner = zipped({f"{number}.txt": "x" for number in range(120)})
    assert [problem.kind for problem in read({"a.zip": inner, "b.zip": inner}).problems] == ["limit_exceeded"]


def test_an_archive_that_inflates_to_too_much_is_refused_in_a_moment() -> None:
    member = bytes(40_000_000)
    body = zipped({"a.txt": member, "b.txt": member})
    began = time.process_time()
    with pytest.raises(LimitExceeded, match="inflates"):
        read_document(Capture(body=body))
    inner = zipped({"a.txt": member})
    kinds = [problem.kind for problem in read({"a.zip": inner, "b.zip": inner}).problems]
    assert kinds == ["unreadable_document", "limit_exceeded"]
    assert time.process_time() - began < 5


def test_a_directory_that_lies_about_sizes_is_noticed_while_inflating() -> None:
    body = zipped({"a.txt": bytes(3_000_000)})
    lie = body.replace((3_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert lie != body
    with pytest.raises((LimitExceeded, UnreadableDocument)):
        Members(lie, 1_000_000)["a.txt"]


def test_names_without_the_utf8_flag_are_chinese() -> None:
    body = io.BytesIO()
    with ZipFile(body, "w") as file:
        file.writestr(ZipInfo("XX"), b"")
    raw = body.getvalue().replace(b"XX", "报".encode("gbk"))
    assert list(Members(raw)) == ["报"]


def test_a_member_under_a_password_is_a_problem_of_its_own() -> None:
    body = bytearray(zipped({"a.txt": "secret"}))
    body[6] |= 1
    body[body.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(Encrypted):
        Members(bytes(body))["a.txt"]
    assert [problem.kind for problem in read_document(Capture(body=bytes(body))).problems] == ["encrypted"]


def test_an_archive_cut_anywhere_is_one_problem() -> None:
    body = zipped({"a.docx": word_report(FORM, PRINTED), "b.txt": "x"})
    for cut in range(10, len(body), 5000):
        (problem,) = read_capture(Capture(body=body[:cut])).problems
        assert problem.kind == "unreadable_document"


def test_a_name_is_never_a_path() -> None:
    read_ = read({"../../etc/passwd": "一", "/etc/hosts": "二"})
    assert [block.text for block in read_.lines] == ["一", "二"]
