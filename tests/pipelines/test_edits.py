"""No edit stays hidden, and nothing that is none is called one."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import pytest
from cosmetics import render_anew

from archive.captures import ATTACHMENT, DETAIL, Capture, Context
from crawler.specimens.plan import PORTALS
from crawler.specimens.planted import PlantedReport, SpecimenPortal
from crawler.specimens.softwares import SOFTWARES
from pipelines.dump import dump_canonical
from pipelines.forms import Key
from pipelines.load import Loader
from pipelines.read import read_capture
from pipelines.reading import Reading
from tests.running import rows

HUANHU = PORTALS[0]
REPORTS = [report for report in HUANHU.reports if not report.part and report.invented][:20]
LOOKS, EDITS = 51, 10
Story = list[tuple[Capture, Reading]]


def page_of(report: PlantedReport, portal: SpecimenPortal = HUANHU) -> str:
    """Return the page of a report as its portal prints it."""
    changed = replace(portal, reports=tuple(report if r.path == report.path else r for r in portal.reports))
    return SOFTWARES[portal.software].pages(changed)[report.path].body.decode()


def at(day: int) -> str:
    """Return the time of day number `day`."""
    return f"20{25 + day // 300}-{1 + day % 300 // 25:02}-{1 + day % 25:02}T00:00:00Z"


def capture(path: str, body: str | bytes, day: int, **more: object) -> Capture:
    """Return the capture of a page on a day."""
    stored = body.encode() if isinstance(body, str) else body
    context = Context(
        role=str(more.pop("role", DETAIL)),
        portal=HUANHU.name,
        portal_title=HUANHU.title,
        division=HUANHU.division,
        referer=str(more.pop("referer", "")),
        page_title=str(more.pop("page_title", "")),
    )
    fields: dict[str, object] = {
        "id": sha256(f"{path} {day}".encode()).hexdigest()[:32],
        "url": f"http://127.0.0.1:8101{path}",
        "headers": (("Content-Type", "text/html; charset=utf-8"),),
        "body": stored,
        "digest": sha256(stored).hexdigest(),
        "fetched_at": at(day),
        "run": f"{HUANHU.name}/{day}",
        "context": context,
    }
    return Capture(**fields | more)  # type: ignore[arg-type]


def read(*captures: Capture) -> Story:
    """Return captures with their readings; answers without a page are not read."""
    return [(each, read_capture(each)) for each in captures]


def load(path: Path, story: Story, others: list[Capture] | None = None) -> None:
    """Load a story, and answers that are no documents, as a crawl's index brings them."""
    with Loader(path, "5") as loader:
        list(loader.load_readings(story))
        runs = [{"id": each.run, "portal": HUANHU.name} for each in others or []]
        loader.load_runs([], runs, [], [row_of(each) for each in others or []])
        assert loader.db.execute("PRAGMA foreign_key_check").fetchall() == []


def row_of(capture: Capture) -> dict[str, object]:
    names = ("id", "url", "method", "status", "fetched_at", "digest", "judged", "run")
    row: dict[str, object] = {name: getattr(capture, name) for name in names}
    return row | {"portal": HUANHU.name, "location": capture.leads_to, "role": capture.context.role}


def changes(path: Path) -> list[tuple[object, ...]]:
    return rows(
        path,
        """SELECT c.kind, s.url, c.first_seen, c.parts, c.zh, c.en FROM change c
        JOIN source s ON s.id = c.source ORDER BY c.first_seen, s.url""",
    )


NEW: Key = ("requests", "received_new", "natural_person")
SUITS: Key = ("review", "suit_after_review", "total")


def with_cell(report: PlantedReport, key: Key, value: int) -> PlantedReport:
    return replace(report, cells={**report.cells, key: (value, report.cells[key][1])})


@dataclass(frozen=True)
class Edit:
    """A silent edit that is planted: of which report, on which day, and what its words must say."""

    report: PlantedReport
    day: int
    after: str
    zh: str
    en: str


def plant(chance: random.Random) -> Iterator[Edit]:
    """Yield ten edits of ten reports, of every kind that a page allows."""
    for number, report in enumerate(chance.sample(REPORTS, EDITS)):
        day = chance.randint(1, LOOKS - 1)
        page = page_of(report)
        old = int(report.cells[NEW][0] or 0)
        year = report.year
        kind = number % 5
        if kind < 2:
            after = page_of(with_cell(report, NEW, old + 27))
            yield Edit(
                report,
                day,
                after,
                f"本年新收政府信息公开申请数量／自然人：{old} → {old + 27}",
                f": {old} → {old + 27}",
            )
        elif kind == 2:
            after = page.replace("还不够细", "已经很细")
            yield Edit(report, day, after, "还不够细", "section 5")
        elif kind == 3:
            moved = f"{year + 1}-01-05"
            after = page.replace(report.published_on, moved)
            yield Edit(report, day, after, f"发布日期：{report.published_on} → {moved}", "published on")
        else:
            after = page_of(with_cell(report, SUITS, 777))
            yield Edit(report, day, after, "→ 777", "→ 777")


@pytest.mark.slow
def test_ten_silent_edits_among_a_thousand_cosmetic_renderings_are_ten_changes(tmp_path: Path) -> None:
    edits = {edit.report.path: edit for edit in plant(random.Random(5))}
    story: Story = []
    bodies = set()
    for number, report in enumerate(REPORTS):
        edit = edits.get(report.path)
        before = page_of(report)
        for day in range(LOOKS):
            page = edit.after if edit and day >= edit.day else before
            body = render_anew(page, number * LOOKS + day)
            bodies.add(body)
            story += read(capture(report.path, body, day))
    assert len(bodies) > 1_000
    random.Random(1).shuffle(story)
    load(tmp_path / "gongkai.db", story)
    found = {
        str(url).partition("8101")[2]: rest
        for kind, url, *rest in changes(tmp_path / "gongkai.db")
        if kind == "edited"
    }
    assert len(changes(tmp_path / "gongkai.db")) == EDITS, changes(tmp_path / "gongkai.db")
    assert set(found) == set(edits)
    for path, (first_seen, parts, zh, en) in found.items():
        assert first_seen == at(edits[path].day)
        assert parts == 1
        assert edits[path].zh in str(zh)
        assert edits[path].en in str(en)
    assert len(rows(tmp_path / "gongkai.db", "SELECT 1 FROM revision")) == len(REPORTS) + EDITS
    assert len(rows(tmp_path / "gongkai.db", "SELECT 1 FROM rendering")) == len(bodies)


FIRST, *_ = REPORTS
PAGE = page_of(FIRST)
EDITED = page_of(with_cell(FIRST, SUITS, 777))
OLD, NOW = FIRST.path, FIRST.path.replace("/t", "/u")
NOTICE = (
    "<html><head><title>关于样本工作的通知</title></head><body><p>请各单位做好样本工作。</p></body></html>"
)


def gone(path: str, day: int, status: int = 404, **more: object) -> Capture:
    return capture(path, "not found", day, status=status, **more)


def told(path: Path, story: list[Capture]) -> list[tuple[object, ...]]:
    """Load a story, in two orders and twice, and return kind, day, parts and Chinese words of its changes."""
    documents = [each for each in story if each.status == 200 and not each.judged]
    others = [each for each in story if each not in documents]
    load(path, read(*documents), others)
    load(path.with_name("back.db"), read(*reversed(documents)), others)
    load(path.with_name("back.db"), read(*documents), others)
    for name in ("gongkai.db", "back.db"):
        assert list(dump_canonical(path)) == list(dump_canonical(path.with_name(name)))
    days = {at(day): day for day in range(100)}
    return [(kind, days[str(first)], parts, zh) for kind, _, first, parts, zh, _ in changes(path)]


def states(path: Path) -> list[tuple[object, ...]]:
    return rows(path, "SELECT state, first_seen, last_seen, gone_since FROM source ORDER BY first_seen, url")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "gongkai.db"


def test_a_report_that_is_removed_keeps_a_dated_tombstone_and_its_last_content(path: Path) -> None:
    story = [capture(OLD, PAGE, 0), capture(OLD, EDITED, 1), gone(OLD, 5), gone(OLD, 9, 410)]
    assert [each[:2] for each in told(path, story)] == [("edited", 1), ("removed", 5)]
    assert states(path) == [("gone", at(0), at(1), at(5))]
    assert rows(path, "SELECT gone_since FROM report") == [(at(5),)]
    sql = "SELECT value FROM report r JOIN cell c ON c.revision = r.revision WHERE value = 777"
    assert rows(path, sql) == [(777.0,)]


def test_a_report_that_is_back_is_told_and_what_was_changed_meanwhile(path: Path) -> None:
    story = [capture(OLD, PAGE, 0), gone(OLD, 3), capture(OLD, EDITED, 6)]
    found = told(path, story)
    assert [each[:3] for each in found] == [("removed", 3, 0), ("returned", 6, 1)]
    assert str(found[1][3]).endswith("→ 777")
    assert states(path) == [("present", at(0), at(6), None)]
    assert rows(path, "SELECT gone_since FROM report") == [(None,)]


def test_an_edit_that_is_taken_back_is_two_edits(path: Path) -> None:
    story = [capture(OLD, PAGE, 0), capture(OLD, EDITED, 2), capture(OLD, PAGE, 4)]
    assert [each[:3] for each in told(path, story)] == [("edited", 2, 1), ("edited", 4, 1)]
    sql = "SELECT v.last_seen FROM report r JOIN revision v ON v.id = r.revision"
    assert rows(path, sql) == [(at(4),)]


@pytest.mark.parametrize("how", ["gone", "led", "still_there"])
def test_a_report_at_a_new_address_has_moved(path: Path, how: str) -> None:
    location = (("Location", NOW),)
    last = {
        "gone": gone(OLD, 7),
        "led": gone(OLD, 7, 301, headers=location),
        "still_there": capture(OLD, PAGE, 7),
    }[how]
    found = told(path, [capture(OLD, PAGE, 0), capture(NOW, PAGE, 5), last])
    if how == "still_there":
        assert found == []
        assert {state for state, *_ in states(path)} == {"present"}
        return
    assert [each[:3] for each in found] == [("moved", 5, 0)]
    assert [state for state, *_ in states(path)] == ["moved", "present"]
    moved = rows(path, "SELECT n.url FROM source s JOIN source n ON n.id = s.moved_to")
    assert moved == [(f"http://127.0.0.1:8101{NOW}",)]
    assert rows(path, "SELECT gone_since FROM report") == [(None,)]


def test_a_report_that_is_edited_on_its_way_to_another_address_says_so(path: Path) -> None:
    found = told(path, [capture(OLD, PAGE, 0), capture(NOW, EDITED, 5), gone(OLD, 5)])
    assert [each[:3] for each in found] == [("moved", 5, 1)]
    assert "→ 777" in str(found[0][3])


def test_a_report_has_moved_too_where_its_new_address_held_nothing_at_first(path: Path) -> None:
    found = told(path, [capture(OLD, PAGE, 0), gone(NOW, 5), gone(OLD, 6), capture(NOW, EDITED, 9)])
    assert [each[:3] for each in found] == [("moved", 6, 1)]
    assert "→ 777" in str(found[0][3])
    assert [state for state, *_ in states(path)] == ["moved", "present"]


def test_where_the_new_address_is_given_up_too_the_move_stays_a_move(path: Path) -> None:
    story = [capture(OLD, PAGE, 0), capture(NOW, PAGE, 5), gone(OLD, 6), gone(NOW, 9)]
    assert [each[:2] for each in told(path, story)] == [("moved", 5), ("removed", 9)]
    assert rows(path, "SELECT gone_since FROM report") == [(at(9),)]


def test_a_copy_that_was_gone_before_has_taken_nobodys_place(path: Path) -> None:
    story = [capture(OLD, PAGE, 0), capture(NOW, PAGE, 2), gone(NOW, 4), gone(OLD, 6)]
    assert [each[:2] for each in told(path, story)] == [("removed", 4), ("removed", 6)]


@pytest.mark.parametrize("stands", ["another_report", "a_notice"])
def test_what_stands_in_a_reports_place_is_told(path: Path, stands: str) -> None:
    body = page_of(REPORTS[1]) if stands == "another_report" else NOTICE
    found = told(path, [capture(OLD, PAGE, 0), capture(OLD, body, 4)])
    assert [each[:2] for each in found] == [("replaced", 4)]
    assert states(path)[0] == ("replaced", at(0), at(0), at(4))


@pytest.mark.parametrize(
    "answer",
    [
        gone(OLD, 5, 503),
        gone(OLD, 5, 403),
        capture(OLD, "<script>challenge</script>", 5, judged="challenge"),
        capture(OLD, PAGE[:3000], 5, judged="cut"),
    ],
    ids=["503", "403", "challenge", "cut"],
)
def test_an_answer_that_tells_nothing_changes_nothing(path: Path, answer: Capture) -> None:
    assert told(path, [capture(OLD, PAGE, 0), answer, capture(OLD, PAGE, 9)]) == []
    assert states(path) == [("present", at(0), at(9), None)]


def test_a_page_in_the_place_of_a_missing_one_is_its_removal(path: Path) -> None:
    soft = capture(OLD, "<p>您访问的页面不存在", 5, judged="soft_404")
    assert [each[:2] for each in told(path, [capture(OLD, PAGE, 0), soft])] == [("removed", 5)]


def test_cells_that_can_no_longer_be_read_are_no_edit_of_the_agencys(path: Path) -> None:
    start, end = PAGE.index("<table", PAGE.index("四、")), PAGE.index("<h3>五、")
    found = told(path, [capture(OLD, PAGE, 0), capture(OLD, PAGE[:start] + PAGE[end:], 4)])
    assert [each[:3] for each in found] == [("illegible", 4, 15)]
    assert "（未读出）" in str(found[0][3])


SHELL = "<html><head><title>{}</title></head><body><h1>{}</h1><p>详见附件：<a href='/files/{}'>附件</a></p></body></html>"


def shell(name: str, day: int) -> Capture:
    return capture(OLD, SHELL.format(FIRST.title, FIRST.title, name), day)


def attached(name: str, body: str, day: int) -> Capture:
    page = f"http://127.0.0.1:8101{OLD}"
    return capture(f"/files/{name}", body, day, role=ATTACHMENT, referer=page, page_title=FIRST.title)


def test_an_attachment_that_is_replaced_at_its_address_is_told_as_one(path: Path) -> None:
    found = told(path, [shell("a.doc", 0), attached("a.doc", PAGE, 0), attached("a.doc", EDITED, 3)])
    assert [each[:3] for each in found] == [("attachment", 3, 1)]
    assert str(found[0][3]).startswith("附件被替换：")


@pytest.mark.parametrize("old_stays", [True, False])
def test_an_attachment_that_is_replaced_by_another_file_is_told_as_one(path: Path, old_stays: bool) -> None:
    again = attached("a.doc", PAGE, 8) if old_stays else gone("/files/a.doc", 8)
    story = [
        shell("a.doc", 0),
        attached("a.doc", PAGE, 0),
        shell("b.doc", 3),
        attached("b.doc", EDITED, 3),
        again,
    ]
    found = told(path, story)
    assert [each[:3] for each in found] == [("attachment", 3, 1)]
    assert "→ 777" in str(found[0][3])
    current = (
        "SELECT s.url FROM report r JOIN revision v ON v.id = r.revision JOIN source s ON s.id = v.source"
    )
    assert rows(path, current) == [("http://127.0.0.1:8101/files/b.doc",)]


def test_a_replaced_file_that_still_answers_was_seen_last_when_its_page_still_linked_it(path: Path) -> None:
    story = [shell("a.doc", 0), attached("a.doc", PAGE, 0), shell("b.doc", 3), attached("a.doc", PAGE, 4)]
    assert [each[0] for each in told(path, [*story, attached("b.doc", EDITED, 5)])] == ["attachment"]
    first = rows(path, "SELECT fetched_at FROM capture WHERE role = 'attachment' ORDER BY 1 LIMIT 1")
    assert rows(path, "SELECT last_seen FROM change") == first


def test_an_attachment_beside_another_replaces_none(path: Path) -> None:
    both = capture(OLD, SHELL.format(FIRST.title, FIRST.title, "a.doc'>附件</a><a href='/files/b.doc"), 3)
    story = [
        shell("a.doc", 0),
        attached("a.doc", PAGE, 0),
        both,
        attached("b.doc", PAGE, 3),
        attached("a.doc", PAGE, 8),
    ]
    assert told(path, story) == []


def test_what_a_new_extractor_reads_otherwise_is_no_edit(path: Path) -> None:
    first, second = read(capture(OLD, PAGE, 0)), read(capture(OLD, EDITED, 3))
    with Loader(path, "5") as loader:
        loader.load_reading(*first[0])
    with Loader(path, "6") as loader:
        loader.load_reading(*second[0])
        addresses = {(HUANHU.name, first[0][0].url)}
        assert changes(path) == []
        # The reading of what stood there before is what lacks.
        assert loader.read_otherwise(addresses) == {first[0][0].id}
        loader.load_reading(*first[0])
    assert [kind for kind, *_ in changes(path)] == ["edited"]
