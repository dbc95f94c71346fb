"""Word's older files are read exactly, or it is said what was lost; and none of them does anything."""

import io
import shutil
import subprocess
import sys
import time
from pathlib import Path

import docx
import olefile
import pytest

from archive.captures import Capture
from pipelines.documents import read_document
from pipelines.documents.libreoffice import read_doc, read_rtf
from pipelines.errors import DocumentError, Encrypted, LimitExceeded, MissingProgram, UnreadableDocument
from pipelines.read import read_capture
from pipelines.workers import read_all
from tests.pipelines.office_files import add_word_table, word_report
from tests.pipelines.template import Box, Habits, keys_of, page, requests_rows
from tests.pipelines.test_programs import processes_in

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent.parent
FORMS = {"word": "form_2019", "web": "form_2021"}
TEXTS = {
    name: {key: str(1000 + number) for number, key in enumerate(keys_of(form))}
    for name, form in FORMS.items()
}


def write(folder: Path, target: str, *files: Path, reader: str = "") -> None:
    """Have LibreOffice write files in another format."""
    command = [
        "soffice",
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        "--headless",
        "--norestore",
    ]
    command += [f"--infilter={reader}"] if reader else []
    command += ["--convert-to", target, "--outdir", str(folder), *map(str, files)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def table(*rows: tuple[str, ...]) -> list[list[Box]]:
    return [[(text, 1, 1) for text in row] for row in rows]


@pytest.fixture(scope="module")
def made(soffice: Path) -> dict[str, bytes]:
    """Return documents by name; those of `ends` and `lost` end with a table, as no Word writes them."""
    word, web, ends, lost = (soffice / name for name in ("word.docx", "web.html", "ends.docx", "lost.docx"))
    word.write_bytes(word_report(FORMS["word"], TEXTS["word"]))
    web.write_text(page(FORMS["web"], TEXTS["web"], Habits(word=True)), encoding="utf-8-sig")
    for file, rows in ((lost, []), (ends, table(("样本", "4711"), ("样本", "4712")))):
        document = docx.Document()
        if rows:
            add_word_table(document, rows)
            document.add_paragraph("样本")
        add_word_table(document, requests_rows(FORMS["web"], TEXTS["web"], Habits()))
        document.save(str(file))
    for target in ("doc:MS Word 97", "rtf:Rich Text Format"):
        write(soffice, target, word, ends, lost)
        write(soffice, target, web, reader="HTML (StarWriter)")
    return {file.name: file.read_bytes() for file in soffice.iterdir() if file.suffix in (".doc", ".rtf")}


def test_every_cell_is_exact_and_parallel_runs_do_not_meet(made: dict[str, bytes]) -> None:
    names = ("word.doc", "word.rtf", "web.doc", "web.rtf")
    captures = [Capture(id=name, body=made[name]) for name in names]
    for capture, reading in read_all(captures, processes=2):
        kind = capture.id.partition(".")[0]
        assert {(cell.table, cell.row, cell.column): cell.text for cell in reading.cells} == TEXTS[kind]
        assert reading.form == FORMS[kind]
        assert [problem for problem in reading.problems if problem.kind != "unclear_identity"] == []


def test_a_table_that_libreoffice_loses_is_a_problem(made: dict[str, bytes]) -> None:
    (problem,) = read_doc(made["lost.doc"]).problems
    assert (problem.kind, "antiword shows" in problem.detail) == ("no_tables", True)
    document = read_doc(made["ends.doc"])
    (problem,) = document.problems
    assert [[cell.text for cell in row] for row in document.grids[0].rows] == [
        ["样本", "4711"],
        ["样本", "4712"],
    ]
    assert problem.kind == "unattributed_number"
    assert "antiword shows 175 numbers in tables that LibreOffice does not: 1010, 1011" in problem.detail


def test_rows_of_rich_text_that_become_no_table_are_a_problem(soffice: Path) -> None:
    (problem,) = read_rtf(rb"{\rtf1\ansi \trowd\cellx900 4711\par 4712}").problems
    assert problem.kind == "no_tables"


def test_without_antiword_only_a_document_without_tables_is_in_doubt(
    made: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "soffice").symlink_to(shutil.which("soffice") or "")
    monkeypatch.setenv("PATH", str(tmp_path))
    (problem,) = read_doc(made["lost.doc"]).problems
    assert problem.kind == "missing_program"
    assert "antiword is not installed: apt install antiword" in problem.detail
    assert read_doc(made["word.doc"]).problems == ()


def test_without_libreoffice_one_problem_says_what_to_install(
    made: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    for name in ("word.doc", "word.rtf"):
        (problem,) = read_capture(Capture(body=made[name])).problems
        assert problem.kind == MissingProgram.kind
        assert "apt install libreoffice-writer-nogui antiword" in problem.detail


def test_damaged_and_encrypted_documents_are_refused(made: dict[str, bytes]) -> None:
    half = made["word.rtf"][: len(made["word.rtf"]) // 2]
    with pytest.raises(UnreadableDocument, match="cannot read"):
        read_rtf(half)
    with pytest.raises(DocumentError):
        read_document(Capture(body=made["word.doc"][:-3000]))
    body = io.BytesIO(made["word.doc"])
    with olefile.OleFileIO(body, write_mode=True) as file:
        stream = bytearray(file.openstream("WordDocument").read())
        stream[11] |= 1
        file.write_stream("WordDocument", bytes(stream))
    with pytest.raises(Encrypted):
        read_doc(body.getvalue())


@pytest.mark.parametrize(
    "bomb",
    [
        rb"{\rtf1 {\*\x\bin999999999 1}}",
        rb"{\rtf1 " + b"{" * 200_000 + b"}" * 200_000 + b"}",
        rb"{\rtf1 " + rb"\trowd\cellx100\itap5\intbl 1\nestcell" * 5000 + rb"\row}",
    ],
    ids=["bytes that are not there", "deep groups", "deep tables"],
)
def test_a_bomb_of_rich_text_gives_an_answer(soffice: Path, bomb: bytes) -> None:
    (reading,) = (reading for _, reading in read_all([Capture(body=bomb)]))
    assert not reading.is_report
    assert reading.cells == ()


def test_a_hanging_libreoffice_ends_with_the_worker_that_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = tmp_path / "soffice"
    fake.write_text("#!/bin/sh\nexec sleep 600\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    (reading,) = (reading for _, reading in read_all([Capture(body=rb"{\rtf1 1}")], seconds=8))
    assert [problem.kind for problem in reading.problems] == [LimitExceeded.kind]
    assert list(tmp_path.glob("gongkai-program-*/document.rtf"))  # it had come as far as that
    assert gone(tmp_path)


def test_libreoffice_ends_with_the_process_that_asked_it(made: dict[str, bytes], tmp_path: Path) -> None:
    (tmp_path / "word.rtf").write_bytes(made["word.rtf"])
    code = "import sys; from pipelines.documents.libreoffice import read_rtf; read_rtf(open(sys.argv[1], 'rb').read())"
    reader = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path / "word.rtf")],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "TMPDIR": str(tmp_path)},
    )
    while not processes_in(tmp_path):
        assert reader.poll() is None
        time.sleep(0.01)
    reader.kill()
    reader.wait()
    assert gone(tmp_path)


def gone(folder: Path) -> bool:
    deadline = time.monotonic() + 10
    while processes_in(folder) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not processes_in(folder)
