"""Where a report stands, in which versions, and what was archived of it: seen once, edited, moved, gone."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random

from pipelines import duties
from pipelines.checks import check
from pipelines.reading import (
    ADDRESS,
    LIST,
    META,
    NUMBER,
    PAGE,
    UNREADABLE,
    Cell,
    Dated,
    Problem,
    Reading,
    Section,
)
from pipelines.rows import plain
from tests.bench.synthetic.country import Portal, Publisher
from tests.bench.synthetic.printing import LAYOUTS, is_paged
from tests.bench.synthetic.runs import BEGAN, Answer, run_after

LAST_DAY = date(2025, 4, 20)
"""The latest date of publication: every portal was crawled after it."""

EDITED, GONE, MOVED, REPLACED, COPIED, SEEN_TWICE = 0.05, 0.075, 0.09, 0.095, 0.17, 0.45
"""Of all reports those below the first are edited afterwards, those from there to the second gone, and so on."""


@dataclass(frozen=True, slots=True)
class Stand:
    """One place of a report: what was answered there, in order, and the readings of the versions it showed."""

    portal: Portal
    url: str
    answers: tuple[Answer, ...]
    readings: tuple[Reading, ...]
    page: Answer | None = None


@dataclass(frozen=True, slots=True)
class Life:
    """One report: all its places."""

    publisher: Publisher
    year: int
    stands: tuple[Stand, ...]

    @property
    def is_plain(self) -> bool:
        """Tell whether it stood unchanged in one place, so that its rows follow from one reading."""
        answers = self.stands[0].answers
        return len(self.stands) == 1 and all(
            each.version == 0 and each.status in (200, 304) for each in answers
        )


def reading_of(
    publisher: Publisher,
    year: int,
    form: str,
    cells: tuple[Cell, ...],
    sections: tuple[Section, ...],
    random: Random,
) -> Reading:
    """Return the reading of a report as it was first published, with what the checks find in it."""
    name = publisher.agency.name
    day, places = _published(publisher, year, random), random.choice(_DATED)
    dates = [Dated(place, day) for place in places]
    return Reading(
        title=f"{name}{year}年政府信息公开工作年度报告",
        agency=name,
        year=year,
        form=form,
        is_report=True,
        reason="标题与统计表",
        published_on=dates[0].date if dates else None,
        published_from=dates[0].source if dates else None,
        other_dates=tuple(dates[1:]),
        cells=cells,
        sections=sections,
        findings=check(cells, form=form, year=year, agency=name),
        problems=_problems(cells, random),
    )


_DATED = ((META, PAGE), (PAGE,), (PAGE, LIST), (PAGE, LIST, ADDRESS), (META, PAGE, LIST), (LIST,)) * 4 + ((),)


def _published(publisher: Publisher, year: int, random: Random) -> str:
    """Return the date of publication: mostly in the weeks before the legal one, at times long after it."""
    due = duties.due(publisher.kind, year) or date(year + 1, 3, 31)
    early, late = random.randint(0, 28), random.randint(1, 80)
    day = due + timedelta(days=late) if random.random() < 0.14 else due - timedelta(days=early)
    return min(day, LAST_DAY).isoformat()


def _problems(cells: tuple[Cell, ...], random: Random) -> tuple[Problem, ...]:
    found = [
        Problem("bad_number", f"{cell.text!r} is no number", *cell.key, cell.place)
        for cell in cells
        if cell.state == UNREADABLE
    ]
    if cells and random.random() < 0.03:
        found.append(
            Problem("unknown_row", "“（八）样本”不是表中的行", cells[-1].table, place=cells[-1].place)
        )
    return tuple(found)


def life_of(publisher: Publisher, year: int, reading: Reading, random: Random, seed: int) -> Life:
    """Return what becomes of a report."""
    fate = random.random()
    first = _stand(publisher, year, publisher.portal, reading, seed, random)
    stands = [first]
    if fate < EDITED:
        stands = [_later(first, 1, seed, version=1, reading=_edited(reading, random))]
    elif fate < GONE:
        stands = [_later(first, 2, seed, status=404)]
    elif fate < MOVED:
        stands = _moved(first, reading, seed)
    elif fate < REPLACED:
        stands = [_later(first, 2, seed, version=9, seen_as="other")]
    elif fate < COPIED and publisher.above != publisher.portal:
        copy = _edited(reading, random, text=False) if random.random() < 0.1 else reading
        stands.append(_stand(publisher, year, publisher.above, copy, seed, random))
    elif fate < SEEN_TWICE:
        stands = [_later(first, 1, seed, status=304)]
    return Life(publisher, year, tuple(stands))


def _stand(
    publisher: Publisher, year: int, portal: Portal, reading: Reading, seed: int, random: Random
) -> Stand:
    """Return a report's place on a portal: a page, or a file that a page brings."""
    opened = datetime.fromisoformat(f"{reading.published_on or f'{year + 1}-03-31'}T08:00:00+00:00")
    run = run_after(portal, seed, max(opened, BEGAN))
    assert run is not None
    at = run.started + timedelta(seconds=random.randrange(30, 3_000))
    page = f"{portal.home}xxgk/{year + 1}/{publisher.agency.id}.html"
    told = {"link_text": reading.title, "listed_on": reading.published_on or ""}
    if not is_paged(publisher.habit % LAYOUTS):
        answer = Answer(portal, run, "detail", page, at, reading="report", reason=reading.reason, **told)
        return Stand(portal, page, (answer,), (reading,))
    url = f"{portal.home}files/{year + 1}/{publisher.agency.id}.pdf"
    file = Answer(portal, run, "attachment", url, at + timedelta(seconds=2), content_type="application/pdf",
                  referer=page, reading="report", reason=reading.reason, **told)  # fmt: skip
    brings = Answer(portal, run, "detail", page, at, reading="other", reason="只有附件", **told)
    return Stand(portal, url, (file,), (reading,), brings)


def _later(
    stand: Stand, nth: int, seed: int, *, status: int = 200, version: int = 0,
    reading: Reading | None = None, seen_as: str | None = None, location: str | None = None,
) -> Stand:  # fmt: skip
    """Return a place with one more answer, in the nth good run from the first; the same if there is none."""
    first = stand.answers[0]
    run = run_after(stand.portal, seed, first.run.started, nth)
    if run is None:
        return stand
    seen_as = "report" if reading else seen_as
    answer = replace(first, run=run, at=run.started + (first.at - first.run.started), status=status,
                     version=version if status != 404 else -1, reading=seen_as, location=location,
                     reason="标题与统计表" if reading else "")  # fmt: skip
    return replace(
        stand, answers=(*stand.answers, answer), readings=(*stand.readings, *([reading] if reading else []))
    )


def _moved(stand: Stand, reading: Reading, seed: int) -> list[Stand]:
    """Return the old place, which leads to the new one from some run on, and the new one."""
    url = stand.url.replace("/xxgk/", "/zwgk/xxgk/").replace("/files/", "/zwgk/files/")
    old = _later(stand, 1, seed, status=302, version=-1, location=url)
    if len(old.answers) == 1:
        return [stand]
    last = old.answers[-1]
    new = replace(stand.answers[0], url=url, run=last.run, at=last.at + timedelta(seconds=1))
    return [old, replace(stand, url=url, answers=(new,), page=None)]


def _edited(reading: Reading, random: Random, *, text: bool = True) -> Reading:
    """Return a reading of what an agency made of its report: a number, a sentence or the date is another."""
    cells, sections = list(reading.cells), list(reading.sections)
    there = [at for at, cell in enumerate(cells) if cell.state == NUMBER and cell.value]
    if there and (not text or random.random() < 0.7):
        at = random.choice(there)
        value = (cells[at].value or 0) + random.choice((1, 2, 10))
        cells[at] = cells[at]._replace(value=value, text=plain(value))
    else:
        sections[4] = replace(sections[4], text=f"{sections[4].text}\n经核对，补充说明如上。")
    named = {"form": reading.form, "year": reading.year, "agency": reading.agency}
    return replace(
        reading,
        cells=tuple(cells),
        sections=tuple(sections),
        findings=check(cells, **named),  # type: ignore[arg-type]
    )
