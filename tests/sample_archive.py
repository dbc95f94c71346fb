"""A small archive for the tests of publication and site, loaded the way every archive is."""

import hashlib
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from archive.captures import Capture, Context
from pipelines.forms import ITEMS, form_cells, form_named
from pipelines.load import Loader
from pipelines.reading import Cell, Finding, Place, Problem, Reading, Section

EXTRACTOR = "1"
HOSTILE = '<script>alert("x")</script>'


@dataclass(frozen=True, slots=True)
class Sample:
    """One report to be loaded. `values` are printed texts by (table, row, column), else 0."""

    agency: str
    year: int
    title: str
    url: str
    published_on: str | None = None
    form: str = "form_2021"
    values: dict[tuple[str, str, str], str] = field(default_factory=dict)
    sections: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    problems: tuple[Problem, ...] = ()
    cells: bool = True
    fetched_at: str = "2026-01-02T03:04:05Z"
    portal: str = "specimen"


def cells(sample: Sample) -> tuple[Cell, ...]:
    """Return all cells of the sample's form."""
    return tuple(
        _cell(placed.key, sample.values.get(placed.key, "0"), _place(placed.row_order))
        for placed in form_cells(form_named(sample.form))
        if placed.key in ITEMS
    )


def _place(row: int) -> Place:
    path = f"/html/body/table[2]/tbody[1]/tr[{row}]/td[3]"
    return Place(table=2, row=row, column=3, path=path, line=10 + row)


def _cell(key: tuple[str, str, str], text: str, place: Place) -> Cell:
    if text == "":
        return Cell(*key, None, "blank", "", place)
    if text == "/":
        return Cell(*key, None, "placeholder", "/", place)
    if not text.replace(".", "").isdigit():
        return Cell(*key, None, "unreadable", text, place)
    return Cell(*key, float(text), "number", text, place)


HEADINGS = (
    "一、总体情况",
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况",
    "五、存在的主要问题及改进情况",
    "六、其他需要报告的事项",
)

REPORTS = (
    Sample(
        "样本市展示局",
        2022,
        "样本市展示局2022年政府信息公开工作年度报告",
        "http://specimen.localhost/2022.html",
        published_on="2023-02-14",
        values={
            ("requests", "received_new", "natural_person"): "17",
            ("requests", "received_new", "total"): "18",
            ("requests", "carried_in", "natural_person"): "",
            ("requests", "granted_full", "natural_person"): "12",
            ("requests", "granted_full", "total"): "12",
            ("requests", "result_total", "natural_person"): "14",
            ("requests", "result_total", "total"): "14",
            ("requests", "other_misc", "total"): "/",
            ("requests", "carried_out", "total"): "约三件",
            ("disclosure", "normative_documents", "in_force"): "1,204".replace(",", ""),
            ("disclosure", "fees", "amount_wan"): "48.7917",
            ("review", "review", "total"): "2",
        },
        sections=("本年全面推进政务公开，办理体育类咨询。", "", "", "", "人手不足。", "无。"),
        findings=(
            Finding(
                "results_sum", "error", "as_printed", "requests", "result_total", "natural_person", 12, 14
            ),
            Finding(
                "results_sum", "error", "assumed_zero", "requests", "result_total", "natural_person", 12, 14
            ),
            Finding("requests_balance", "error", "assumed_zero", "requests", None, "natural_person", 17, 14),
            Finding("applicants_sum", "error", "as_printed", "requests", "received_new", "total", 17, 18),
        ),
        problems=(
            Problem("unknown_row", "“（八）样本”不是表中的行", "requests", place=Place(table=2, row=30)),
        ),
    ),
    Sample(
        "样本市展示局",
        2020,
        "样本市展示局2020年政府信息公开工作年度报告",
        "http://specimen.localhost/2020.html",
        published_on="2021-01-20",
        form="form_2019",
        sections=("公开总体情况。", "", "", "", "", ""),
    ),
    Sample(
        "样本市体育馆",
        2021,
        f"{HOSTILE}样本市体育馆年报",
        "javascript:alert(1)",
        cells=False,
        form="prose",
        sections=(f"{HOSTILE} 公开 & <b>粗体</b>", "", "", "", "", ""),
    ),
)


def load(path: Path, samples: tuple[Sample, ...] = REPORTS) -> Path:
    """Load the samples into a database at `path`, which is made if it is not there."""
    with Loader(path, EXTRACTOR) as loader:
        for sample in samples:
            loader.load_reading(capture(sample), reading(sample))
    return path


def report_id(path: Path, year: int) -> str:
    """Return the id of the report on a year."""
    with closing(sqlite3.connect(path)) as db:
        return str(db.execute("SELECT id FROM report WHERE year = ?", (year,)).fetchone()[0])


def capture(sample: Sample) -> Capture:
    """Return the capture in which a sample was found."""
    body = repr(sample).encode()
    return Capture(
        id=hashlib.md5(f"{sample.url} {sample.fetched_at}".encode()).hexdigest(),
        url=sample.url,
        body=body,
        digest=hashlib.sha256(body).hexdigest(),
        fetched_at=sample.fetched_at,
        run=f"{sample.portal}-1",
        file="specimen-1-00000.warc.gz",
        offset=1234,
        length=567,
        context=Context(role="detail", portal=sample.portal, portal_title="样本市门户", division="990100"),
    )


def reading(sample: Sample) -> Reading:
    """Return what was read of a sample."""
    return Reading(
        title=sample.title,
        agency=sample.agency,
        year=sample.year,
        form=sample.form,
        is_report=True,
        published_on=sample.published_on,
        published_from="page",
        cells=cells(sample) if sample.cells else (),
        sections=tuple(
            Section(number, HEADINGS[number - 1], text) for number, text in enumerate(sample.sections, 1)
        ),
        findings=sample.findings,
        problems=sample.problems,
    )
