"""The commands that read documents and the database. Added to `gongkai`'s own."""

import json
import logging
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from archive import clock, logs
from archive.captures import Capture
from archive.commands import FINE, LOOK, archive_option, bar, data_option, require_archive
from pipelines import journal
from pipelines.corrections import Draft
from pipelines.dump import dump_canonical
from pipelines.load import Loader
from pipelines.pending import Tally, compare_all, load_pending
from pipelines.read import EXTRACTOR
from pipelines.reading import ERROR
from pipelines.reextractions import ANEW
from pipelines.rereading import Comparison, as_json, lines
from pipelines.words import words
from pipelines.workers import read_all

logger = logging.getLogger(__name__)

SHOWN = 5
"""Changes that are told one by one after a load; the table `change` has all."""


def load_now(data: Path, *, everything: bool = False, reason: str = ANEW) -> Tally:
    """Read and load what waits in a data folder, or everything, and say what came of it."""
    logs.begin(data)
    now = clock.now()
    tally = load_pending(data, now, everything=everything, reason=reason, progress=bar("reading"))
    logs.note(logger, logging.INFO, "documents are read and loaded", counts=_counts(tally))
    click.echo(f"read        {tally.documents} documents, {tally.reports} reports, {tally.cells} cells")
    click.echo(
        f"checked     {tally.findings} findings, {tally.error_findings} of them errors; "
        f"{tally.problems} problems"
    )
    if tally.changes:
        click.echo(f"changed     {len(tally.changes)} on the portals since they were last looked at")
    for first_seen, url, zh, en in tally.changes[:SHOWN]:
        click.echo(
            f"            {zh}，首次见于 {first_seen}\n            {en}; first seen {first_seen}: {url}"
        )
    if tally.anew.differing:
        click.echo("\n".join(lines(tally.anew)))
    return tally


def _counts(tally: Tally) -> Mapping[str, int]:
    names = "documents", "reports", "cells", "findings", "error_findings", "problems"
    return {**{name: getattr(tally, name) for name in names}, "changes": len(tally.changes)}


def needs_look(tally: Tally) -> bool:
    """Tell whether somebody should look at what was read."""
    return bool(tally.problems or tally.error_findings)


@click.command()
@data_option
@click.argument(
    "paths", metavar="[FILE]...", nargs=-1, type=click.Path(path_type=Path, exists=True, dir_okay=False)
)
@click.option("--json", "as_lines", is_flag=True, help="Print one JSON object a file, or a difference.")
@click.option("--pending", is_flag=True, help="Read and load the captures that wait.")
@click.option("--all", "everything", is_flag=True, help="Read and load all captured documents anew.")
@click.option("--diff", is_flag=True, help="With --all: only say what is read otherwise now; write nothing.")
@click.option("--apply", "applied", is_flag=True, help="With --all: replace what differs (the default).")
@click.option("--reason", default="", help="With --all: why, for the record.")
def extract(
    data: Path,
    paths: Sequence[Path],
    as_lines: bool,
    pending: bool,
    everything: bool,
    diff: bool,
    applied: bool,
    reason: str,
) -> int:
    """Read report files, or the captures of the archive.

    After an update of this program, --all --diff lists by cause what it reads otherwise than before, with
    samples, and --all --apply puts it in the place of what was read; what differed is kept with the reason,
    and is never shown as a change that an agency made.

    \b
    Example:
        gongkai extract report.html --json
    """
    if bool(paths) + pending + everything != 1:
        raise click.UsageError("give files, or --pending, or --all")
    if (diff or applied or reason) and not everything:
        raise click.UsageError("--diff, --apply and --reason go with --all")
    if diff and (applied or reason):
        raise click.UsageError("--diff writes nothing: give --apply, or --diff")
    if not paths:
        require_archive(data)
    if diff:
        return _differ(data, as_lines=as_lines)
    if not paths:
        tally = load_now(data, everything=everything, reason=reason or ANEW)
        return LOOK if needs_look(tally) else FINE
    return _files(paths, as_lines=as_lines)


def _files(paths: Sequence[Path], *, as_lines: bool) -> int:
    code = FINE
    now = clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")
    captures = (Capture(id=str(path), body=path.read_bytes(), fetched_at=now) for path in paths)
    for capture, reading in read_all(captures):
        if as_lines:
            click.echo(json.dumps(reading.as_json(capture.id), ensure_ascii=False))
        else:
            click.echo(words(capture.id, reading))
        if as_lines and not reading.is_report and not reading.problems:
            click.echo(f"gongkai: {capture.id}: not a report: {reading.reason}", err=True)
        if reading.problems or any(finding.severity == ERROR for finding in reading.findings):
            code = LOOK
    return code


def _differ(data: Path, *, as_lines: bool) -> int:
    comparison = Comparison()
    for capture, found in compare_all(data, None if as_lines else bar("reading")):
        comparison.add(capture, found)
        for each in found if as_lines else ():
            click.echo(json.dumps(as_json(capture, each), ensure_ascii=False))
    if not as_lines:
        click.echo("\n".join(lines(comparison)))
    return LOOK if comparison.differing else FINE


@click.group()
def correction() -> None:
    """Say where a report prints otherwise than it was read; nothing that was read is changed.

    \b
    Example:
        gongkai correction list
    """


author_option = click.option("--by", "author", required=True, help="Who says so.")
reason_option = click.option("--reason", required=True, help="Why.")


@correction.command()
@archive_option
@author_option
@reason_option
@click.argument("report")
@click.argument("target", metavar="CELL")
@click.argument("value")
def add(data: Path, report: str, target: str, value: str, author: str, reason: str) -> int:
    """Add a correction of a report's CELL (table.row.column), or of its `agency` or `year`.

    VALUE is what the original prints; `blank` where it prints nothing. It is shown beside the reading, with
    its date and author, after the next publication.

    \b
    Example:
        gongkai correction add 1a2b3c4d5e-2022 requests.carried_in.total 14 --by "Li Ming" --reason misread
    """
    draft = Draft(report, target, value, author, reason)
    with _loader(data) as loader:
        identity = loader.correct(data, draft, _now())
    click.echo(f"corrected   {identity}: {target} of {report} is {value}")
    return FINE


@correction.command()
@archive_option
@author_option
@reason_option
@click.argument("identity", metavar="ID")
def withdraw(data: Path, identity: str, author: str, reason: str) -> int:
    """Withdraw a correction; it stays on record with who withdrew it and why.

    \b
    Example:
        gongkai correction withdraw 0123456789 --by "Li Ming" --reason "the original does print 41"
    """
    with _loader(data) as loader:
        loader.withdraw(data, identity, author, reason, _now())
    click.echo(f"withdrawn   {identity}")
    return FINE


@correction.command("list")
@archive_option
@click.option("--json", "as_lines", is_flag=True, help="Print one JSON object for each.")
def list_corrections(data: Path, as_lines: bool) -> int:
    """List all corrections, withdrawn ones too.

    \b
    Example:
        gongkai correction list --json
    """
    with _loader(data) as loader:
        found = list(loader.db.query("SELECT * FROM correction ORDER BY made_at, id"))
    for row in found:
        if as_lines:
            click.echo(json.dumps(row, ensure_ascii=False))
            continue
        state = (
            f"withdrawn {row['withdrawn_at']} by {row['withdrawn_by']}" if row["withdrawn_at"] else "stands"
        )
        what = f"item {row['item']}" if row["item"] else row["part"]
        click.echo(f"{row['id']}  {row['report']} {what}: {row['before']!r} -> {row['after']!r}")
        click.echo(f"            {row['author']}, {row['made_at']}: {row['reason']} ({state})")
    return FINE


def _loader(data: Path) -> Loader:
    """Open the database, told of all that people decided."""
    logs.begin(data)
    loader = Loader(data / "gongkai.db", EXTRACTOR)
    try:
        loader.tell(journal.read(data))
    except BaseException:
        loader.close()
        raise
    return loader


def _now() -> str:
    return f"{clock.now():%Y-%m-%dT%H:%M:%SZ}"


@click.command()
@archive_option
@click.option("--canonical", is_flag=True, help="Without runs, times and offsets, sorted: the only form.")
def dump(data: Path, canonical: bool) -> int:
    """Print the database so that equal archives print equal lines.

    \b
    Example:
        gongkai dump --canonical > archive.jsonl
    """
    for line in dump_canonical(data / "gongkai.db"):
        click.echo(line)
    return FINE
