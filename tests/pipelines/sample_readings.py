"""Captures and readings made for the loader's tests; every agency is a specimen."""

from hashlib import sha256
from pathlib import Path

from archive.captures import DETAIL, Capture, Context
from pipelines.dump import dump_canonical
from pipelines.forms import FORM_2021, form_cells
from pipelines.load import Loader
from pipelines.reading import (
    AS_PRINTED,
    BLANK,
    ERROR,
    NUMBER,
    PLACEHOLDER,
    Cell,
    Finding,
    Place,
    Problem,
    Reading,
    Section,
)

CONTEXT = Context(
    role=DETAIL, portal="sample", portal_title="样例市人民政府", division="990100", link_text="年度报告"
)


def capture(
    number: int, *, body: str | None = None, at: str = "2022-02-01T00:00:00Z", run: str = "1"
) -> Capture:
    """Return capture `number`: its own address, and its own id in each run."""
    stored = (body or f"page {number}").encode()
    return Capture(
        id=sha256(f"{run} {number} {at}".encode()).hexdigest()[:32],
        url=f"http://127.0.0.1:8101/art/{number}.html",
        body=stored,
        digest=sha256(stored).hexdigest(),
        fetched_at=at,
        run=f"sample/{run}",
        file=f"sample-{run}.warc.gz",
        offset=number * 1000,
        context=CONTEXT,
    )


def report(number: int, year: int = 2021) -> Reading:
    """Return a whole report of specimen office `number`, with a finding and two problems."""
    name = f"样例市第{number}测试局"
    spots = enumerate(form_cells(FORM_2021))
    cells = tuple(_cell(cell.key, (order * number) % 7, _place(order)) for order, cell in spots)
    cells = (
        cells[0]._replace(value=None, state=BLANK, text=""),
        cells[1]._replace(value=None, state=PLACEHOLDER, text="/"),
        cells[2]._replace(value=48.7917, text="48.7917"),
        cells[3]._replace(value=3, text="3件"),
        *cells[4:],
    )
    return Reading(
        title=f"{name}{year}年政府信息公开工作年度报告",
        agency=name,
        year=year,
        form="form_2021",
        is_report=True,
        reason="title and statutory tables",
        published_on=f"{year + 1}-01-{number % 28 + 1:02}",
        published_from="meta",
        cells=cells,
        sections=(
            Section(1, "一、总体情况", f"第{number}测试局推进体育场馆信息公开。"),
            Section(6, "六、其他需要报告的事项", "无。"),
        ),
        findings=(Finding("review_sum", ERROR, AS_PRINTED, "review", "review", "total", 3, 2),),
        problems=(Problem("unknown_row", "printed row 'x'", "requests"),) * 2,
    )


def _place(row: int) -> Place:
    return Place(table=2, row=row, path=f"/html/body/table[2]/tr[{row + 1}]")


def notice() -> Reading:
    """Return a document that is no report."""
    return Reading(title="关于填报的通知", reason="no report in the title")


def _cell(key: tuple[str, str, str], value: int, place: Place) -> Cell:
    return Cell(*key, value, NUMBER, str(value), place)


Pairs = list[tuple[Capture, Reading]]


def load(path: Path, pairs: Pairs) -> list[str]:
    """Load readings into a database, and return its canonical dump."""
    with Loader(path, "1") as loader:
        for each in pairs:
            loader.load_reading(*each)
        assert loader.db.execute("PRAGMA foreign_key_check").fetchall() == []
    return list(dump_canonical(path))
