"""The commands that need the shelf alone, from `serve` to `show`. Added to `gongkai`'s own.

Also how a publication is told, whichever command makes it.
"""

import logging
import os
import re
import sqlite3
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack, closing
from difflib import unified_diff
from pathlib import Path
from typing import Any

import click

from archive import captures, cited, clock, formats, logs, stopped, unfinished
from archive import publish as publication
from archive import serve as site
from archive import verify as proving
from archive.errors import CiteError, NoArchive, PublicationStopped
from archive.index import Index
from archive.locks import LOADER, hold, portal_lock

logger = logging.getLogger(__name__)

FINE, LOOK = 0, 1

_MARKS = ("gongkai.db", "captures.db", "warc", "journal.jsonl")
"""Of these an archive has one at least."""


def require_archive(data: Path) -> None:
    """Have a command that makes no archive begin only where there is one; nothing is written before that.

    Raises:
        NoArchive: There is none.
    """
    if not any((data / name).exists() for name in _MARKS):
        raise NoArchive(f"{data}: no archive is here; name its folder with --data, or crawl first")


def _required(_context: click.Context, _option: click.Parameter, data: Path) -> Path:
    require_archive(data)
    return data


_of_data: Mapping[str, Any] = {
    "type": click.Path(path_type=Path, file_okay=False),
    "envvar": "GONGKAI_DATA",
    "default": "data",
    "show_default": True,
    "help": "Folder of the archive.",
}
data_option = click.option("--data", **_of_data)
archive_option = click.option("--data", callback=_required, **_of_data)
"""The same, of commands that only look at an archive or change one."""


def bar(word: str) -> Callable[[int, int], None]:
    """Return what draws how far long work has come, on a terminal only."""

    def show(done: int, wanted: int) -> None:
        if sys.stdout.isatty():
            filled = "#" * (30 * done // max(wanted, 1))
            click.echo(f"\r{word:11} [{filled:<30}] {done}/{wanted} ", nl=done == wanted)

    return show


def publish_told(data: Path, tell: Callable[[], None], accept: str = "") -> int:
    """Publish a data folder's working database, and say so; return the code to exit with.

    Where the gate stops it, what was published before stands and goes on being served. It is signed with
    the key that `GONGKAI_SIGNING_KEY` names, if it names one.

    Args:
        data: The data folder.
        tell: Tells the database what people decided, before it is published; the loader's lock is held.
        accept: Why it is right to publish what the gate would stop.
    """
    key = os.environ.get("GONGKAI_SIGNING_KEY")
    logs.begin(data)
    try:
        with hold(data, LOADER, wait=600):
            tell()
            version = publication.publish(
                data / "gongkai.db",
                data / "public",
                now=clock.now(),
                accept=accept.strip(),
                key=Path(key) if key else None,
            )
            unfinished.end(data)
            stopped.clear(data)
    except PublicationStopped as stop:
        logs.note(logger, logging.WARNING, "the publication is stopped", reason=str(stop))
        for line in str(stop).splitlines():
            # Titles are the agencies': none of them may write to the terminal as it likes.
            click.echo(f"stopped     {_CONTROL.sub(REPLACED, line)}", err=True)
        click.echo(
            "not published: what was published before stands. If that is right:"
            ' gongkai publish --accept "why"',
            err=True,
        )
        stopped.note(data, str(stop).splitlines(), clock.now())
        return LOOK
    logs.note(logger, logging.INFO, "published", version=version.name, accepted=accept)
    click.echo(f"published   {version}")
    return FINE


@click.command()
@data_option
@click.option("--version", metavar="VERSION", default="", help="The version that is cited; else the newest.")
@click.option(
    "--database",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A gongkai.db that was downloaded, instead of the newest publication of --data.",
)
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV; else one JSON object a line.")
@click.argument("what", metavar="TABLE|SELECT")
def rows(data: Path, version: str, database: Path | None, as_csv: bool, what: str) -> int:
    """Print rows as they were published in a version: a whole table, or what a query finds in its tables.

    The newest publication answers for all versions. Left out is only what is withheld since, or masked.

    \b
    Example:
        gongkai rows report --version 20261124T201555Z --csv > report.csv
        gongkai rows "SELECT sum(value) FROM cell WHERE item = 1" --version 20261124T201555Z
    """
    with closing(cited.opened(database or _published(data), version)) as db:
        since = cited.withheld_since(db, cited.version(db, version))
        try:
            _print_rows(db, what, as_csv=as_csv)
        except (sqlite3.Error, sqlite3.Warning, TypeError, ValueError) as error:
            raise CiteError(f"{what!r} gives no rows: {error}") from error
    if since:
        click.echo(f"gongkai: left out is what was read from {since} originals, withheld since", err=True)
    return FINE


def _published(data: Path) -> Path:
    newest = publication.newest(data / "public")
    if newest is None:
        raise CiteError(f"nothing is published in {data / 'public'}")
    return newest / publication.DATABASE


def _print_rows(db: sqlite3.Connection, what: str, *, as_csv: bool) -> None:
    if not re.search(r"\s", what):
        cited.fields(db, what)
        what = f'SELECT * FROM "{what}"{cited.order(db, what)}'
    found = db.execute(what)
    names = [name for name, *_ in found.description or ()]
    if as_csv:
        click.echo(formats.csv_line(tuple(names)), nl=False, color=True)
    while batch := found.fetchmany(formats.BATCH):
        lines = (formats.csv_line(row) if as_csv else formats.json_line(names, row) for row in batch)
        text = "".join(lines)
        # In colour: else click takes out what looks like the commands of a terminal.
        click.echo(_CONTROL.sub(REPLACED, text) if sys.stdout.isatty() else text, nl=False, color=True)


@click.command()
@data_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=site.PORT, show_default=True, help="Port to listen on.")
def serve(data: Path, host: str, port: int) -> int:
    """Serve the newest publication, and each newer one as it comes.

    \b
    Example:
        gongkai serve --port 8080
    """
    serve_now(data, port, host)
    return FINE


def serve_now(data: Path, port: int, host: str = "127.0.0.1") -> None:
    """Serve a data folder's publications until it is told to stop."""

    def say(address: str) -> None:
        click.echo(f"serving     {address} (Ctrl-C ends it)")

    if publication.newest(data / "public") is not None:
        logs.begin(data)
    site.serve(data / "public", host=host, port=port, on_ready=say)


@click.command()
@archive_option
@click.option("--repair", is_flag=True, help="Mend what can be mended.")
def verify(data: Path, repair: bool) -> int:
    """Prove every stored record: lengths, digests, names, and the index; and every file that is published.

    \b
    Example:
        gongkai verify --repair
    """
    with ExitStack() as held:
        if repair:
            logs.begin(data)
            for folder in sorted((data / "warc").glob("*")):
                held.enter_context(hold(data, portal_lock(folder.name)))
        draw = bar("proving")
        proof = proving.verify(data, lambda _file, done, wanted: draw(done, wanted))
        if repair:
            proving.mend(data, proof)
    click.echo(
        f"proved      {proof.files} files, {proof.records} records, {proof.responses} of them responses;"
        f" {proof.versions} publications"
    )
    for fault in proof.faults:
        click.echo(f"{fault.kind:11} {fault.file}: {fault.detail}", err=True)
    for line in proof.mended:
        click.echo(f"mended      {line}")
    for line in proof.left:
        click.echo(f"left        {line}")
    return LOOK if proof.faults else FINE


@click.command()
@archive_option
@click.option("--raw", is_flag=True, help="The stored bytes, as they came.")
@click.argument("capture")
@click.argument("other", default="")
def show(data: Path, raw: bool, capture: str, other: str) -> int:
    """Print an archived page as text, or the lines in which two of them differ.

    A list that no longer looks like its platform is told with both captures: then and now.

    \b
    Example:
        gongkai show 2f1c… 9ab0… | less
    """
    with Index(data) as index:
        found = [index.capture(identity) for identity in (capture, other) if identity]
    if raw:
        sys.stdout.buffer.write(b"".join(each.body for each in found))
        return FINE
    first, *second = [_CONTROL.sub(REPLACED, captures.text(each)).splitlines() for each in found]
    lines: Iterable[str] = first
    if second:
        then, now = [f"{each.url} {each.fetched_at}" for each in found]
        lines = unified_diff(first, second[0], then, now, lineterm="")
    click.echo("\n".join(lines))
    return FINE


REPLACED = "\ufffd"
# An archived page must not write to the terminal as it likes.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
