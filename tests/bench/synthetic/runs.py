"""When each portal was crawled, what came of it, and what its lists held."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from random import Random
from uuid import UUID

from pipelines import rows
from pipelines.read import EXTRACTOR
from tests.bench.synthetic.country import Portal

BEGAN, TODAY = datetime(2021, 2, 8, tzinfo=UTC), datetime(2025, 6, 30, tzinfo=UTC)
"""The archive's first crawl, and the day on which it is looked at."""

EVERY = timedelta(days=61)
OUTCOMES = ("ok",) * 12 + ("unchanged",) * 7 + ("shrunken", "blocked", "failed", "empty", "moved")
REASONS = {
    "ok": "新的报告已存档",
    "unchanged": "没有新的报告",
    "shrunken": "列表条目少于自称的条目数",
    "blocked": "网站要求验证，未予访问",
    "failed": "网站没有应答",
    "empty": "列表中没有报告",
    "moved": "栏目已移至新地址",
}


@dataclass(frozen=True, slots=True)
class Run:
    """One crawl of one portal."""

    id: str
    started: datetime
    outcome: str


@dataclass(frozen=True, slots=True)
class Answer:
    """One stored response; `version` tells its bytes from others of the same address."""

    portal: Portal
    run: Run
    role: str
    url: str
    at: datetime
    version: int = 0
    status: int = 200
    content_type: str = "text/html; charset=utf-8"
    location: str | None = None
    referer: str = ""
    link_text: str = ""
    listed_on: str = ""
    reading: str | None = None
    reason: str = ""

    @property
    def fetched_at(self) -> str:
        """Return when it was stored, as WARC files write it."""
        return f"{self.at:%Y-%m-%dT%H:%M:%SZ}"

    @property
    def id(self) -> str:
        """Return the id of its record."""
        return str(UUID(rows.digest("capture", self.portal.id, self.url, self.fetched_at)[:32]))

    @property
    def digest(self) -> str:
        """Return the digest of its body."""
        return rows.digest("body", self.portal.id, self.url, self.version)


def capture_row(answer: Answer) -> tuple[object, ...]:
    """Return the row of `capture` of a stored response."""
    digest, run = answer.digest, answer.run
    number = int(digest[:6], 16)
    file = f"{run.id.replace('/', '-')}-00000.warc.gz"
    return (
        *(answer.id, answer.portal.id, run.id, answer.role, answer.url, "GET", answer.status),
        *(answer.content_type, answer.fetched_at, digest, 20_000 + number % 90_000, file),
        *(number * 7, 4_000 + number % 20_000, "", answer.location, answer.referer, answer.link_text),
        *(answer.listed_on, answer.reading, answer.reason, EXTRACTOR if answer.reading else None),
    )


@lru_cache(maxsize=4096)
def runs_of(portal: Portal, seed: int) -> tuple[Run, ...]:
    """Return the runs of a portal, one every two months, the first of which found all that was there."""
    random = Random(f"runs {seed} {portal.id}")
    at, found = BEGAN + timedelta(minutes=random.randrange(20_000)), []
    while at < TODAY:
        outcome = random.choice(OUTCOMES) if found else "ok"
        found.append(Run(f"{portal.id}/{at:%Y%m%dT%H%M%SZ}", at, outcome))
        at += EVERY + timedelta(minutes=random.randrange(2_000))
    # The last one finds what came since the last good one, so that nothing is without a run.
    return (*found[:-1], replace(found[-1], outcome="ok"))


def run_after(portal: Portal, seed: int, at: datetime, nth: int = 0) -> Run | None:
    """Return the first good run of a portal after a time, or one `nth` good ones later; None if there is none."""
    good = [
        each for each in runs_of(portal, seed) if each.started >= at and each.outcome in ("ok", "unchanged")
    ]
    return good[nth] if nth < len(good) else None


def rows_of(portal: Portal, seed: int) -> dict[str, list[tuple[object, ...]]]:
    """Return the rows of `portal`, `run`, `listing`, `skip`, and of the captures that are no documents."""
    random = Random(f"lists {seed} {portal.id}")
    found: dict[str, list[tuple[object, ...]]] = {"run": [], "listing": [], "skip": [], "capture": []}
    found["portal"] = [(portal.id, portal.title, portal.division, portal.home, portal.platform, 1)]
    for run in runs_of(portal, seed):
        found["run"].append(_run_row(portal, run, random))
        if run.outcome in ("blocked", "failed"):
            continue
        entries = random.randint(40, 400)
        url = f"{portal.home}xxgk/ndbg/"
        found["listing"].append(
            (run.id, url, entries // 2, entries, entries if random.random() < 0.4 else None)
        )
        found["skip"] += [_skip_row(portal, run, number) for number in range(4)]
        found["capture"] += [_capture_row(portal, run, *each) for each in _PAGES]
    return found


_PAGES = (("robots", "robots.txt", "text/plain"), ("list", "xxgk/ndbg/", "text/html; charset=utf-8"))
_SKIPS = (
    ("关于做好年度报告编制工作的样本通知", "not_a_report"),
    ("样本单位工作总结", "not_a_report"),
    ("样本网站地图", "foreign_host"),
    ("上一年度报告", "known"),
)


def _run_row(portal: Portal, run: Run, random: Random) -> tuple[object, ...]:
    asked = random.randint(3, 400)
    ended = f"{run.started + timedelta(seconds=asked * 2):%Y-%m-%dT%H:%M:%SZ}"
    started = f"{run.started:%Y-%m-%dT%H:%M:%SZ}"
    told = (run.outcome, REASONS[run.outcome], asked, asked - 1, asked * 40_000, int(random.random() < 0.05))
    return (run.id, portal.id, started, ended, *told)


def _skip_row(portal: Portal, run: Run, number: int) -> tuple[object, ...]:
    text, reason = _SKIPS[number]
    return run.id, f"{portal.home}xxgk/{run.started:%Y%m}/{number}.html", text, reason


def _capture_row(portal: Portal, run: Run, role: str, path: str, kind: str) -> tuple[object, ...]:
    return capture_row(Answer(portal, run, role, f"{portal.home}{path}", run.started, content_type=kind))
