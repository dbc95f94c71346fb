"""What a document is read as now, beside what it was read as before: where the two differ, and by what cause.

Nothing is written here. An edit of the agency's never shows up: both readings are of the same bytes.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import sqlite_utils

from archive.captures import Capture
from pipelines import agencies, rows
from pipelines.changes import stored
from pipelines.contents import Figure, content_of
from pipelines.differences import Difference, differences
from pipelines.forms import KEYS_BY_ID
from pipelines.reading import UNREADABLE, Reading

CAUSES = (
    *(
        "report",
        "agency",
        "year",
        "form",
        "cell_gained",
        "cell_lost",
        "cell_value",
        "cell_state",
        "cell_text",
    ),
    *("section", "title", "published_on", "finding", "problem"),
)
"""What may differ, in the order in which it is told."""


@dataclass(frozen=True, slots=True)
class Divergence:
    """One thing that is read otherwise: its cause (one of `CAUSES`), the cell if it is one, both readings."""

    cause: str
    before: str | None
    after: str | None
    report: str | None = None
    item: int | None = None


def divergences(db: sqlite_utils.Database, capture: Capture, reading: Reading) -> tuple[Divergence, ...]:
    """Return where a reading differs from what the database holds of the same document.

    Args:
        db: the database; it is only read.
        capture: what was read.
        reading: what it is read as now.
    """
    before = _before(db, capture)
    if before is None:
        return ()
    revision, identity, verdict, problems = before
    now = _identity(reading, capture)
    found = [
        Divergence(cause, was, new)
        for cause, was, new in zip(("agency", "year"), identity, now, strict=True)
        if was != new and None not in (was, new)
    ]
    if verdict != rows.verdict(reading):
        found.append(Divergence("report", verdict, rows.verdict(reading)))
    if revision is not None and reading.is_report:
        found += _contents(db, revision, reading)
    found += _listed("problem", problems, _problems(reading))
    report = _report(db, revision)
    return tuple(Divergence(d.cause, d.before, d.after, report, d.item) for d in found)


def _before(
    db: sqlite_utils.Database, capture: Capture
) -> tuple[int | None, tuple[str | None, str | None], str, Counter[str]] | None:
    """Return revision, agency and year, verdict and problems of a document; None if it was not read."""
    row = db.execute(
        "SELECT reading, portal, url, digest FROM capture WHERE id = ?", (capture.id,)
    ).fetchone()
    if row is None or row[0] is None:
        return None
    found = db.execute(
        """SELECT r.revision, a.name, t.year FROM rendering r JOIN source s ON s.id = r.source
        JOIN report t ON t.id = s.report JOIN agency a ON a.id = t.agency
        WHERE s.portal IS ? AND s.url = ? AND r.digest = ?""",
        row[1:],
    ).fetchone()
    revision = found[0] if found else None
    of = "revision = ?" if found else "revision IS NULL AND capture = ?"
    problems = db.execute(
        f"SELECT kind, [table], [row], [column] FROM problem WHERE {of}", (revision if found else capture.id,)
    )
    told = Counter(" ".join(filter(None, each)) for each in problems)
    return revision, (found[1], str(found[2])) if found else (None, None), row[0], told


def _identity(reading: Reading, capture: Capture) -> tuple[str | None, str | None]:
    if not reading.is_report or not reading.agency or not reading.year:
        return None, None
    return agencies.agency(reading.agency, reading.year, capture.context).name, str(reading.year)


def _report(db: sqlite_utils.Database, revision: int | None) -> str | None:
    found = db.execute(
        "SELECT s.report FROM revision v JOIN source s ON s.id = v.source WHERE v.id = ?", (revision,)
    ).fetchone()
    return found[0] if found else None


def _contents(db: sqlite_utils.Database, revision: int, reading: Reading) -> Iterator[Divergence]:
    (form,) = db.execute("SELECT form FROM revision WHERE id = ?", (revision,)).fetchone()
    if form != (reading.form or "prose"):
        yield Divergence("form", form, reading.form)
    was, now = stored(db, revision), content_of(reading)
    for each in differences(was, now, reading.year or 0):
        if each.item:
            yield _cell(was.cells.get(KEYS_BY_ID[each.item]), now.cells.get(KEYS_BY_ID[each.item]), each)
        else:
            yield Divergence(str(each.part or "section"), each.before, each.after)
    findings = db.execute(
        """SELECT [check], [table], [row], [column], pass FROM finding WHERE revision = ? AND against IS NULL
        AND [check] <> 'sources_disagree'""",
        (revision,),
    )
    before = Counter(" ".join(filter(None, each)) for each in findings)
    after = Counter(" ".join(filter(None, (*f[:1], *f[3:6], f.pass_))) for f in reading.findings)
    yield from _listed("finding", before, after)


def _cell(before: Figure | None, after: Figure | None, each: Difference) -> Divergence:
    cause = _cell_cause(before, after)
    if cause == "cell_value" and before and after:  # the same print may be another number
        return Divergence(cause, rows.plain(before.value), rows.plain(after.value), item=each.item)
    return Divergence(cause, each.before, each.after, item=each.item)


def _cell_cause(before: Figure | None, after: Figure | None) -> str:
    """Return in what a cell differs: it is there or not, its value, its state, or only its text."""
    if _is_lost(after) and not _is_lost(before):
        return "cell_lost"
    if _is_lost(before) and not _is_lost(after):
        return "cell_gained"
    if before is None or after is None or before.state != after.state:
        return "cell_state"
    return "cell_value" if before.value != after.value else "cell_text"


def _is_lost(figure: Figure | None) -> bool:
    return figure is None or figure.state == UNREADABLE


def _problems(reading: Reading) -> Counter[str]:
    return Counter(
        " ".join(filter(None, (each.kind, each.table, each.row, each.column))) for each in reading.problems
    )


def _listed(cause: str, before: Counter[str], after: Counter[str]) -> Iterator[Divergence]:
    """Yield what was told before and is not any more, and the other way about."""
    yield from (Divergence(cause, each, None) for each in sorted((before - after).elements()))
    yield from (Divergence(cause, None, each) for each in sorted((after - before).elements()))


SAMPLES = 5


@dataclass(slots=True)
class Comparison:
    """What comes of reading documents anew: how many, and what differs by cause with samples."""

    documents: int = 0
    differing: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    samples: dict[str, list[tuple[Capture, Divergence]]] = field(default_factory=dict)

    def add(self, capture: Capture, found: Iterable[Divergence]) -> None:
        """Count a document and what differs in it."""
        found = tuple(found)
        self.documents += 1
        self.differing += bool(found)
        for each in found:
            self.counts[each.cause] += 1
            kept = self.samples.setdefault(each.cause, [])
            if len(kept) < SAMPLES:
                kept.append((capture, each))


def lines(comparison: Comparison) -> Iterator[str]:
    """Yield what differs, in words: causes with their counts, and samples of each."""
    yield f"compared    {comparison.documents} documents, {comparison.differing} are read otherwise"
    for cause in sorted(comparison.counts, key=CAUSES.index):
        yield f"{cause:11} {comparison.counts[cause]}"
        for capture, each in comparison.samples[cause]:
            where = f"{_label(each.item)}: " if each.item else ""
            words = f"{where}{_said(each.before)} -> {_said(each.after)}"
            yield f"            {words}  {capture.url} {capture.id}"


def _label(item: int) -> str:
    return ".".join(KEYS_BY_ID[item])


def _said(text: str | None) -> str:
    return "nothing" if text is None else repr(text)


def as_json(capture: Capture, each: Divergence) -> dict[str, Any]:
    """Return one difference as `gongkai extract --all --diff --json` prints it."""
    return {
        "cause": each.cause,
        "capture": capture.id,
        "url": capture.url,
        "report": each.report,
        "cell": _label(each.item) if each.item else None,
        "before": each.before,
        "after": each.after,
    }
