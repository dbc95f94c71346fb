"""How a portal fares: judged by what is archived, whatever its log says."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from archive.health import BAD, BOUND, GRACE, Health, judge, look
from archive.portal_facts import Facts, Run
from pipelines.load import Loader
from tests.sample_runs import NOW, tell, time


def run(days_ago: float, outcome: str = "ok", reason: str = "why") -> Run:
    return Run(time(days_ago), time(days_ago, 2) if outcome else "", outcome, reason)


def judged(*runs: Run, captured: str = time(1), due: tuple[str, ...] = ()) -> Health:
    return judge(Facts("p", runs=runs, captured=captured, due=due), NOW)


@pytest.mark.parametrize("outcome", ["empty", "shrunken", "blocked", "failed", "gone"])
def test_a_bad_outcome_is_the_state_since_the_first_of_its_kind(outcome: str) -> None:
    found = judged(run(1, outcome), run(3, "failed"), run(9, "ok"), run(12, "failed"))
    assert (found.state, found.bad, found.reason) == (outcome, True, "why")
    assert (found.since, found.before) == (time(3, 2), "ok")


@pytest.mark.parametrize("outcome", ["ok", "unchanged", "moved"])
def test_a_good_outcome_is_the_state_since_the_last_bad_one(outcome: str) -> None:
    found = judged(run(1, outcome), run(8), run(9, "failed"))
    assert (found.state, found.bad, found.since) == (outcome, False, time(8, 2))


def test_what_was_never_crawled_is_no_fault() -> None:
    assert (judged().state, judged().bad) == ("never", False)


def test_a_run_that_has_not_ended_says_nothing_yet() -> None:
    assert judged(run(0, "")).state == "interrupted"
    assert judged(run(0, ""), run(1, "failed")).state == "failed"
    assert judged(run(0, "interrupted"), run(1, "ok")).state == "ok"


def test_a_portal_is_overdue_when_its_last_good_run_is_too_old() -> None:
    bound = BOUND.days
    assert judged(run(bound - 0.5)).state == "ok"
    found = judged(run(bound + 1))
    assert (found.state, found.bad) == ("overdue", True)
    assert found.since == time(1, 2)
    assert f"no good run since {time(bound + 1)[:10]}" in found.reason


def test_bad_runs_and_broken_off_ones_do_not_keep_a_portal_from_being_overdue() -> None:
    found = judged(run(1, "blocked", "a challenge"), run(BOUND.days + 2))
    assert (found.state, found.outcome) == ("overdue", "blocked")
    assert "a challenge" in found.reason
    assert judged(run(0.1, ""), run(20, ""), run(BOUND.days + 2, "")).state == "overdue"


def test_a_portal_is_overdue_when_nobody_has_looked_since_a_legal_date() -> None:
    due = str((NOW - GRACE - timedelta(days=1)).date())
    before, after = time(GRACE.days + 3), time(GRACE.days - 1)
    found = judged(run(17), captured=before, due=(due,))
    midnight_in_china = f"{(NOW - timedelta(days=2)).date()}T16:00:00Z"
    assert (found.state, found.since) == ("overdue", midnight_in_china)
    assert due in found.reason
    assert judged(run(17), captured=f"{due}T15:59:59Z", due=(due,)).state == "overdue"
    assert judged(run(17), captured=f"{due}T16:00:00Z", due=(due,)).state == "ok", "had the day after it"
    assert judged(run(13), captured=after, due=(due,)).state == "ok"
    assert judged(run(1, "blocked"), captured="", due=(due,)).state == "blocked"
    just_due = str((NOW - timedelta(days=2)).date())
    assert judged(run(3), captured=time(3), due=(just_due, "no date")).state == "ok"


def test_times_that_are_none_are_very_old_and_no_crash() -> None:
    assert judged(Run("", "yesterday", "ok")).state == "overdue"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    tell(tmp_path, "well", 40, "failed")
    tell(tmp_path, "well", 2, listed_on="2026-03-01")
    tell(tmp_path, "well", 1, "failed", walk="gaps", listed_on="2031-01-01", captured=False)
    tell(tmp_path, "shut", 9, listed_on="2031-01-01")
    tell(tmp_path, "shut", 1, "blocked", reason="403", captured=False)
    tell(tmp_path, "old", 50)
    tell(tmp_path, "taken", 1, "imported", walk="")
    return tmp_path


def test_portals_are_told_the_worst_first_with_what_is_archived_of_them(data: Path) -> None:
    found = look(data, {"new": "新市", "taken": "又一市", "well": "好市"}, NOW)
    assert [(each.facts.portal, each.state) for each in found] == [
        ("old", "overdue"),
        ("shut", "blocked"),
        ("new", "never"),
        ("taken", "never"),
        ("well", "ok"),
    ]
    facts = {each.facts.portal: each.facts for each in found}
    assert (facts["well"].captured, facts["well"].attempted) == (time(2, 1), time(1))
    assert (facts["well"].entry, facts["shut"].entry) == ("2026-03-01", "")
    assert (facts["well"].title, facts["shut"].title) == ("好市", "shut市人民政府")
    assert facts["taken"].captured == ""


def test_an_entry_of_today_is_believed_as_soon_as_it_is_that_day_in_china(tmp_path: Path) -> None:
    """It is 20:00 UTC, and tomorrow in China."""
    for portal, days in (("today", 1), ("tomorrow", 2)):
        tell(tmp_path, portal, 1, listed_on=str((NOW + timedelta(days=days)).date()))
    entries = {each.facts.portal: each.facts.entry for each in look(tmp_path, {}, NOW)}
    assert entries == {"today": str((NOW + timedelta(days=1)).date()), "tomorrow": ""}


def test_the_newest_report_and_what_is_wanted_are_of_the_portal(data: Path) -> None:
    due = str((NOW - GRACE - timedelta(days=1)).date())
    tell(data, "late", 20)
    with Loader(data / "gongkai.db", "1") as loader:
        db = loader.db
        portals = [{"id": name, "title": name} for name in ("well", "late")]
        loader.load_runs(portals, [], [], [])
        db.execute("INSERT INTO division (id, name, level) VALUES ('990300', '样例市', 'specimen')")
        db.execute(
            "INSERT INTO agency (id, name, division, kind, level) VALUES ('x', '局', '990300', 'department', 2)"
        )
        for year, day in ((2023, "2024-12-31"), (2024, "2025-01-02"), (2025, None)):
            db.execute(
                "INSERT INTO report (id, agency, year, published_on) VALUES (?, 'x', ?, ?)",
                (f"r{year}", year, day),
            )
            portal = "late" if year == 2025 else "well"
            db.execute(
                "INSERT INTO source (id, report, portal, url) VALUES (?, ?, ?, 'u')",
                (f"s{year}", f"r{year}", portal),
            )
        db.execute("INSERT INTO agency_portal (agency, portal) VALUES ('x', 'late')")
        db.execute(
            "INSERT INTO coverage (agency, year, state, due_on) VALUES ('x', 2026, 'not_due_yet', ?)", (due,)
        )
        db.commit()
    found = {each.facts.portal: each for each in look(data, {}, NOW)}
    assert (found["well"].facts.year, found["well"].facts.published_on) == (2024, "2025-01-02")
    assert (found["late"].facts.year, found["late"].facts.published_on) == (2025, "")
    assert (found["late"].state, found["well"].state) == ("overdue", "ok")


def test_looking_changes_nothing(data: Path) -> None:
    before = {path: path.read_bytes() for path in data.rglob("*") if path.is_file()}
    look(data, {}, NOW)
    assert {path: path.read_bytes() for path in data.rglob("*") if path.is_file()} == before


def test_where_nothing_was_crawled_there_is_nothing_to_tell(tmp_path: Path) -> None:
    assert look(tmp_path, {}, NOW) == []
    assert os.listdir(tmp_path) == []


def test_a_lost_or_damaged_index_is_said_and_not_taken_for_health(data: Path) -> None:
    (data / "warc" / "p").mkdir(parents=True)
    (data / "warc" / "p" / "p-1-00000.warc.gz").write_bytes(b"")
    (data / "captures.db").write_bytes(b"no database" * 100)
    with pytest.raises(OSError, match="captures.db"):
        look(data, {}, NOW)
    (data / "captures.db").unlink()
    with pytest.raises(OSError, match="is gone"):
        look(data, {}, NOW)


def test_the_order_of_states_is_theirs_by_weight() -> None:
    assert BAD[0] == "overdue"
    assert len(set(BAD)) == len(BAD)
