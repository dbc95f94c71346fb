"""A small archive in which something happened: edits, a move, and addresses that lost their report."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from archive.captures import Capture
from pipelines.corrections import Draft
from pipelines.load import Loader
from pipelines.reading import Dated, Reading
from tests.sample_archive import EXTRACTOR, HOSTILE, Sample, capture, reading

SITE = "http://specimen.localhost"
TODAY = date(2026, 11, 24)

RECEIVED = ("requests", "received_new", "natural_person")
CARRIED_IN = ("requests", "carried_in", "total")
FEW = {
    RECEIVED: "41",
    ("requests", "received_new", "total"): "14",
    CARRIED_IN: "0",
    ("requests", "granted_full", "total"): "8",
    ("requests", "refused_internal_affairs", "total"): "3",
    ("requests", "unable_not_held", "total"): "1",
    ("requests", "carried_out", "total"): "1",
    ("requests", "result_total", "total"): "13",
    ("review", "review", "total"): "1",
}
MANY = {
    ("requests", "received_new", "total"): "320",
    ("requests", "granted_full", "total"): "1",
    ("requests", "granted_partial", "total"): "19",
    ("requests", "refused_deliberative", "total"): "280",
    ("requests", "result_total", "total"): "320",
}

TITLE = "样本市展示局2022年<i>政府信息公开</i>工作年度<b>报告</b>"
EDITED = Sample(
    "样本市展示局",
    2022,
    TITLE,
    f"{SITE}/2022.html",
    published_on="2023-02-14",
    values=FEW,
    sections=("本年收到申请41件，全部办结。", "", "", "", "人手不足。", "无。"),
    fetched_at="2023-02-15T01:02:03Z",
)
AFTER = replace(
    EDITED,
    title=TITLE.replace("工作", f"{HOSTILE}工作"),
    published_on="2023-01-20",
    values={**FEW, RECEIVED: "14", CARRIED_IN: "", ("disclosure", "rules", "made"): "约三件"},
    sections=(f"本年收到申请14件，全部办结。{HOSTILE}", "", "", "", "", "无。"),
    fetched_at="2023-04-01T01:02:03Z",
)
COPY = replace(EDITED, url=f"{SITE}/copy/2022.html", fetched_at="2023-02-20T01:02:03Z")
MOVED = replace(
    EDITED,
    year=2021,
    title="样本市展示局2021年政府信息公开工作年度报告",
    url=f"{SITE}/2021.html",
    published_on="2022-01-20",
    values=MANY,
)
NEW_PLACE = replace(MOVED, url=f"{SITE}/new/2021.html", fetched_at="2023-06-01T01:02:03Z")
GONE = replace(
    MOVED,
    year=2020,
    title="样本市展示局2020年政府信息公开工作年度报告",
    url=f"{SITE}/2020.html",
    published_on="2021-02-14",
)
REPLACED = Sample(
    "样本市体育馆",
    2022,
    "样本市体育馆2022年政府信息公开工作年度报告",
    "javascript:alert(1)",
    cells=False,
    form="prose",
    sections=("公开总体情况。", "", "", "", "", ""),
    fetched_at="2023-02-15T01:02:03Z",
)
LOST = (
    (COPY, "2025-03-02T04:05:06Z", 302, f"{SITE}/"),
    (MOVED, "2023-06-01T01:02:04Z", 404, None),
    (GONE, "2025-03-09T04:05:06Z", 404, None),
)
"""What was answered where a report had been: when, the status, and where that leads."""


def load(path: Path) -> Path:
    """Load the story into a database at `path`."""
    with Loader(path, EXTRACTOR) as loader:
        list(loader.load_readings(_readings()))
        loader.load_runs([], [], [], [_answer(*lost) for lost in LOST])
        loader.cover(TODAY)
        _correct(loader, path.parent)
    return path


def _correct(loader: Loader, data: Path) -> None:
    """Have two people correct a report, one of whom takes it back."""
    sql = "SELECT r.id FROM report r JOIN agency a ON a.id = r.agency WHERE (a.name, r.year) = (?, ?)"
    (report,) = loader.db.execute(sql, (EDITED.agency, EDITED.year)).fetchone()
    cell = "requests.received_new.total"
    reason = f"原件印的是 15{HOSTILE}"
    loader.correct(data, Draft(report, cell, "15", "李明", reason), "2026-11-20T08:00:00Z")
    taken_back = loader.correct(data, Draft(report, cell, "blank", "王芳", "看错了"), "2026-11-21T08:00:00Z")
    loader.withdraw(data, taken_back, "王芳", "原件是 15", "2026-11-22T08:00:00Z")


def _readings() -> Iterator[tuple[Capture, Reading]]:
    for sample in (EDITED, AFTER, COPY, MOVED, NEW_PLACE, GONE, REPLACED):
        listed = (Dated("list", "2023-02-20"),) if sample.year == 2022 else ()
        yield capture(sample), replace(reading(sample), other_dates=listed)
    notice = replace(REPLACED, title="闭馆通知", fetched_at="2024-05-06T07:08:09Z")
    yield capture(notice), Reading(title=notice.title, reason="不是年度报告")


def _answer(sample: Sample, at: str, status: int, leads_to: str | None) -> dict[str, object]:
    """Return an answer from a sample's address that is no document, as a crawl's index brings it."""
    found = capture(replace(sample, fetched_at=at))
    row = {name: getattr(found, name) for name in ("id", "url", "method", "fetched_at", "run")}
    place = {"portal": found.context.portal, "role": found.context.role, "digest": "0"}
    return row | place | {"status": status, "location": leads_to}
