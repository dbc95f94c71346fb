"""A country of our own making: 40 agencies on four portals, six years, and what became of each report.

Each fate says what is archived of a report, and which state of coverage that must give. Fates are dealt at
random; the states are written down here by hand.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256

from archive.captures import DETAIL, Capture, Context
from pipelines.forms import FORM_2019, FORM_2021, form_cells
from pipelines.reading import NUMBER, Cell, Dated, Place, Problem, Reading

TODAY = date(2025, 2, 15)
"""Departments were due for 2024 a fortnight ago, governments are not yet."""

YEARS = range(2019, 2025)
ARCHIVED = "2025-02-14"
NAMES = ("财政局", "教育局", "民政局", "水利局", "统计局", "司法局")
TOWNS = ("东镇人民政府", "西镇人民政府")


@dataclass(frozen=True)
class Portal:
    """A portal and its runs: (started, outcome), oldest first."""

    name: str
    place: str
    division: str
    runs: tuple[tuple[str, str], ...]

    @property
    def lists(self) -> list[str]:
        return [f"http://{self.name}.invalid/nb/", f"http://{self.name}.invalid/zf/"]

    @property
    def searched(self) -> str:
        """Return the day of the newest good run."""
        return max((day for day, outcome in self.runs if outcome in ("ok", "unchanged")), default="")


OPEN = Portal("open", "甲原市", "990200", (("2024-06-01", "ok"), ("2025-02-14", "unchanged")))
SHUT = Portal("shut", "乙原市", "990300", (("2024-06-01", "ok"), ("2025-02-14", "blocked")))
TIRED = Portal("tired", "丙原市", "990400", (("2025-02-10", "ok"), ("2025-02-14", "failed")))
NEW = Portal("new", "丁原市", "990500", (("2025-02-14", "failed"),))
PORTALS = (OPEN, SHUT, TIRED, NEW)


@dataclass(frozen=True)
class Agency:
    name: str
    portal: Portal
    kind: str

    def due(self, year: int) -> date | None:
        if self.kind == "township":
            return None
        return date(year + 1, 3, 31) if self.kind == "government" else date(year + 1, 1, 31)


def agencies() -> Iterator[Agency]:
    """Yield ten agencies of each portal; the last one is never more than named in a list."""
    for portal in PORTALS:
        yield Agency(f"{portal.place}人民政府", portal, "government")
        yield from (Agency(f"{portal.place}{name}", portal, "department") for name in NAMES)
        yield from (Agency(f"{portal.place}{name}", portal, "township") for name in TOWNS)
        yield Agency(f"{portal.place}档案局", portal, "department")


FATES = (
    "in_time", "late", "late_address", "old_pages_moved", "signed_before", "no_date", "archived_in_time",
    "dates_differ", "picture", "broken", "refused", "challenged", "forbidden", "dead", "elsewhere", "nothing",
    "nothing", "in_time", "late",
)  # fmt: skip


@dataclass(frozen=True)
class Fate:
    """What became of one report."""

    agency: Agency
    year: int
    what: str
    days: int

    @property
    def url(self) -> str:
        key = sha256(f"{self.agency.name}{self.year}".encode()).hexdigest()[:12]
        return f"http://{self.agency.portal.name}.invalid/nb/{key}.html"

    @property
    def title(self) -> str:
        return f"{self.agency.name}{self.year}年政府信息公开工作年度报告"

    def state(self) -> str:
        """Return the state that this must give: by hand, not by the code."""
        due, portal = self.agency.due(self.year), self.agency.portal
        if self.what in ("picture", "broken"):
            return "unreadable"
        if self.what in ("refused", "challenged", "forbidden"):
            return "blocked"
        if self.what in ("dead", "elsewhere", "nothing"):
            last = due or date(self.year, 12, 31)
            if last >= TODAY:
                return "not_due_yet"
            if portal.searched > last.isoformat():
                return "not_found"
            return "blocked" if portal is SHUT else "not_searched"
        if due is None:
            return "no_deadline"
        if due.isoformat() > ARCHIVED:
            return "on_time"  # it was here by then, whatever its dates say
        states = {
            "in_time": "on_time",
            "dates_differ": "on_time",
            "archived_in_time": "on_time",
            "late": "late",
        }
        return states.get(self.what, "date_unknown")


def deal(seed: int) -> list[Fate]:
    """Deal a fate to every agency and year; the last agency of each portal never publishes anything."""
    chance = random.Random(seed)
    dealt = []
    for agency in agencies():
        for year in YEARS:
            what = "nothing" if agency.name.endswith("档案局") else chance.choice(FATES)
            if year == 2019 and agency.name.endswith("人民政府") and agency.kind == "government":
                what = "in_time"  # from here on is asked on its portal
            dealt.append(Fate(agency, year, what, chance.randint(1, 90)))
    return dealt


def reading(fate: Fate) -> Reading | None:
    """Return what the report is read as, None where nothing could be archived."""
    if fate.what in ("refused", "challenged", "forbidden", "dead", "elsewhere", "nothing"):
        return None
    if fate.what == "broken":
        problem = Problem("unreadable_document", "the file is cut")
        return Reading(reason="the file is cut", problems=(problem,))
    form = FORM_2021 if fate.year >= 2021 else FORM_2019
    cells = tuple(Cell(*cell.key, 0, NUMBER, "0", Place()) for cell in form_cells(form))
    first, *others = _dates(fate) or [None]
    return Reading(
        title=fate.title,
        agency=fate.agency.name,
        year=fate.year,
        form="prose" if fate.what == "picture" else form.code,
        is_report=True,
        reason="title and tables",
        published_on=first.date if first else None,
        published_from=first.source if first else None,
        other_dates=tuple(each for each in others if each),
        cells=() if fate.what == "picture" else cells,
    )


def _dates(fate: Fate) -> list[Dated]:
    due = fate.agency.due(fate.year) or date(fate.year + 1, 1, 31)
    before, after = due - timedelta(days=fate.days % 20), due + timedelta(days=fate.days)
    dates = {
        "in_time": [Dated("meta", f"{before}")],
        "archived_in_time": [Dated("meta", f"{after}")],
        "late": [Dated("page", f"{after}"), Dated("address", f"{after + timedelta(days=3)}")],
        "late_address": [Dated("address", f"{after}")],
        "old_pages_moved": [Dated("meta", f"{date(fate.year + 6, 5, 1)}")],
        "signed_before": [Dated("meta", f"{after}"), Dated("signature", f"{before}")],
        "dates_differ": [Dated("page", f"{before}"), Dated("address", f"{after}")],
        "picture": [Dated("meta", f"{before}")],
    }
    return dates.get(fate.what, [])


def captures(fate: Fate) -> Iterator[Capture]:
    """Yield what is archived of a report."""
    portal = fate.agency.portal
    answers = {"refused": (403, ""), "challenged": (200, "challenge"), "dead": (404, "")}
    if fate.what in ("forbidden", "elsewhere", "nothing"):
        return
    status, judged = answers.get(fate.what, (200, ""))
    due = fate.agency.due(fate.year) or TODAY
    early = fate.what == "archived_in_time"
    body = f"{fate}".encode()
    yield Capture(
        id=sha256(fate.url.encode()).hexdigest()[:32],
        url=fate.url,
        status=status,
        judged=judged,
        body=body,
        digest=sha256(body).hexdigest(),
        fetched_at=f"{due if early else ARCHIVED}T08:00:00Z",
        run=f"{portal.name}/{len(portal.runs)}",
        context=Context(
            role=DETAIL,
            portal=portal.name,
            portal_title=f"{portal.place}人民政府",
            division=portal.division,
            link_text=fate.title,
        ),
    )


def skips(fate: Fate) -> Iterator[dict[str, str]]:
    """Yield the links to a report that were not followed."""
    reasons = {"forbidden": "robots", "elsewhere": "foreign_host"}
    if fate.what in reasons:
        portal = fate.agency.portal
        run = f"{portal.name}/{len(portal.runs)}"
        yield {"run": run, "url": fate.url, "text": fate.title, "reason": reasons[fate.what]}
