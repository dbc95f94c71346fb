"""The command line: wiring only. The one module that knows all three rooms."""

import json
import logging
import os
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from archive import publish as publication
from archive import serve as site
from archive import verify as proving
from archive.captures import Capture
from archive.errors import ArchiveError
from archive.locks import LOADER, hold, portal_lock
from archive.wanted import held_reports
from crawler import crawl as crawling
from crawler.errors import CrawlError, UnknownPortal
from crawler.facts import Facts
from crawler.portal import Portal, choose, read_portals, read_registry, require_contact
from crawler.specimens import server as specimens
from crawler.specimens.plan import PORTALS as PLANTED
from pipelines.dump import dump_canonical
from pipelines.errors import PipelineError
from pipelines.pending import Tally, load_pending
from pipelines.reading import ERROR, Reading
from pipelines.workers import read_all

FINE, LOOK, USAGE, FAILED = 0, 1, 2, 3
INTERRUPTED = 130
GOOD = ("ok", "unchanged")

Command = TypeVar("Command", bound=Callable[..., Any])


def options(command: Command) -> Command:
    """Add the options that every command has."""
    data = click.option(
        "--data",
        type=click.Path(path_type=Path, file_okay=False),
        envvar="GONGKAI_DATA",
        default="data",
        show_default=True,
        help="Folder of the archive.",
    )
    portals = click.option(
        "--portals",
        "files",
        type=click.Path(path_type=Path, dir_okay=False, exists=True),
        multiple=True,
        help="A file that declares further portals.",
    )
    return data(portals(command))


@click.group()
@click.version_option(package_name="gongkai")
def cli() -> None:
    """Crawl, archive, extract and serve annual reports on government-information disclosure."""


@cli.command()
@options
@click.option("--no-serve", is_flag=True, help="End when everything is published.")
@click.option("--port", default=8001, show_default=True, help="Port of the site.")
def demo(data: Path, files: Sequence[Path], no_serve: bool, port: int) -> int:
    """Crawl two specimen portals on this machine and serve the archive that comes of it.

    \b
    Example:
        gongkai demo --no-serve --data /tmp/demo
    """
    with specimens.serve(data) as running:
        portals = read_portals(running.portals_file)
        click.echo(f"portals     {len(portals)} specimens: {', '.join(running.addresses)}")
        code = _crawl_and_publish(portals, data)
    code = max(code, _recall(data))
    if no_serve:
        click.echo(f"to look at it: gongkai serve --data {data}")
        return code
    return _serve(data, port) or code


def _recall(data: Path) -> int:
    """Say how many of the planted reports are in the database."""
    planted = {(report.agency, report.year) for portal in PLANTED for report in portal.reports}
    found = held_reports(data / "gongkai.db")
    missed, invented = planted - found, found - planted
    click.echo(f"recall      {len(planted)} planted, {len(planted & found)} found, {len(missed)} missed")
    for agency, year in sorted(missed):
        click.echo(f"            missed: {agency} {year}", err=True)
    for agency, year in sorted(invented):
        click.echo(f"            not planted: {agency} {year}", err=True)
    return LOOK if missed or invented else FINE


@cli.command()
@options
@click.argument("names", metavar="[PORTAL]...", nargs=-1)
def crawl(data: Path, files: Sequence[Path], names: Sequence[str]) -> int:
    """Crawl the named portals, or all that are declared; extract, check, publish.

    Where none is declared the specimens are crawled. Safe to run again at any time.

    \b
    Example:
        GONGKAI_CONTACT=me@example.org gongkai crawl --portals my-city.toml
    """
    registry = read_registry(files)
    planted = {portal.name for portal in PLANTED}
    if (registry and not names) or (names and not planted & set(names)):
        return _crawl(choose(registry, names), data)
    with specimens.serve(data) as running:
        local = {portal.name: portal for portal in read_portals(running.portals_file)}
        if not names:
            click.echo("no portal is declared (crawler/portals, --portals): crawling the specimens")
        return _crawl(choose({**registry, **local}, names), data)


def _crawl(portals: Sequence[Portal], data: Path) -> int:
    return _crawl_and_publish(portals, data, findings_count=True)


def _crawl_and_publish(portals: Sequence[Portal], data: Path, *, findings_count: bool = False) -> int:
    contact = os.environ.get("GONGKAI_CONTACT", "")
    require_contact(portals, contact)
    results = crawling.crawl(portals, data, contact, _crawl_progress(len(portals)))
    for result in results:
        click.echo(f"crawled     {result.portal}: {result.outcome}: {result.reason}")
        click.echo(f"            {result.captures} responses archived, {result.requests} requests sent")
    if any(result.outcome == "interrupted" for result in results):
        click.echo("interrupted: nothing archived is lost; the next start goes on from here")
        raise KeyboardInterrupt
    tally = _load(data)
    _publish(data)
    if any("cannot be written" in result.reason for result in results):
        return FAILED
    bad = any(result.outcome not in GOOD for result in results)
    return LOOK if bad or (findings_count and _needs_look(tally)) else FINE


def _needs_look(tally: Tally) -> bool:
    return bool(tally.problems or tally.error_findings)


def _crawl_progress(portals: int) -> crawling.Progress | None:
    if not sys.stdout.isatty():
        return None
    seen: dict[str, Facts] = {}

    def show(portal: str, facts: Facts) -> None:
        seen[portal] = facts
        listed = sum(len(item.listed) for item in seen.values())
        done = sum(len(item.archived) for item in seen.values())
        stored = sum(item.captures for item in seen.values())
        filled = "#" * (30 * done // listed if listed else 0)
        click.echo(f"\rcrawling    [{filled:<30}] {done}/{listed} reports, {stored} responses ", nl=False)
        if len(seen) == portals and done == listed:
            click.echo("\r" + " " * 78 + "\r", nl=False)

    return show


def _load(data: Path, *, everything: bool = False) -> Tally:
    shown = sys.stdout.isatty()

    def show(done: int, wanted: int) -> None:
        if shown:
            filled = "#" * (30 * done // wanted)
            click.echo(f"\rreading     [{filled:<30}] {done}/{wanted} ", nl=done == wanted)

    tally = load_pending(data, everything=everything, progress=show)
    click.echo(f"read        {tally.documents} documents, {tally.reports} reports, {tally.cells} cells")
    click.echo(
        f"checked     {tally.findings} findings, {tally.error_findings} of them errors; "
        f"{tally.problems} problems"
    )
    return tally


def _publish(data: Path) -> None:
    with hold(data, LOADER, wait=600):
        version = publication.publish(data / "gongkai.db", data / "public", now=datetime.now(UTC))
    click.echo(f"published   {version}")


@cli.command()
@options
@click.argument(
    "paths", metavar="[FILE]...", nargs=-1, type=click.Path(path_type=Path, exists=True, dir_okay=False)
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a file.")
@click.option("--pending", is_flag=True, help="Read and load the captures that wait.")
@click.option("--all", "everything", is_flag=True, help="Read and load all captured documents anew.")
def extract(
    data: Path, files: Sequence[Path], paths: Sequence[Path], as_json: bool, pending: bool, everything: bool
) -> int:
    """Read report files, or the captures of the archive.

    \b
    Example:
        gongkai extract report.html --json
    """
    if bool(paths) + pending + everything != 1:
        raise click.UsageError("give files, or --pending, or --all")
    if not paths:
        return LOOK if _needs_look(_load(data, everything=everything)) else FINE
    code = FINE
    captures = (Capture(id=str(path), body=path.read_bytes()) for path in paths)
    for capture, reading in read_all(captures):
        click.echo(
            json.dumps(reading.as_json(capture.id), ensure_ascii=False)
            if as_json
            else _words(capture.id, reading)
        )
        if reading.problems or any(finding.severity == ERROR for finding in reading.findings):
            code = LOOK
    return code


def _words(file: str, reading: Reading) -> str:
    lines = [
        f"{file}: {reading.title or 'no title'}",
        f"  agency {reading.agency or '?'}, year {reading.year or '?'}, form {reading.form or 'none'}",
        f"  {len(reading.cells)} cells, {len(reading.sections)} sections",
    ]
    if not reading.is_report:
        lines.append(f"  not a report: {reading.reason}")
    for finding in reading.findings:
        where = "/".join(part for part in (finding.table, finding.row, finding.column) if part)
        lines.append(
            f"  {finding.severity}: {finding.check} ({finding.pass_}) {where}: "
            f"expected {finding.expected}, found {finding.found}"
        )
    lines += [f"  problem: {problem.kind}: {problem.detail}" for problem in reading.problems]
    return "\n".join(lines)


@cli.command()
@options
def publish(data: Path, files: Sequence[Path]) -> int:
    """Publish the working database as it is now.

    \b
    Example:
        gongkai publish
    """
    _publish(data)
    return FINE


@cli.command()
@options
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8001, show_default=True, help="Port to listen on.")
def serve(data: Path, files: Sequence[Path], host: str, port: int) -> int:
    """Serve the newest publication, and each newer one as it comes.

    \b
    Example:
        gongkai serve --port 8080
    """
    return _serve(data, port, host)


def _serve(data: Path, port: int, host: str = "127.0.0.1") -> int:
    site.serve(data / "public", host=host, port=port, on_ready=_say_address)
    return FINE


def _say_address(address: str) -> None:
    click.echo(f"serving     {address} (Ctrl-C ends it)")


@cli.command("portals")
@options
def list_portals(data: Path, files: Sequence[Path]) -> int:
    """List the declared portals.

    \b
    Example:
        gongkai portals --portals my-city.toml
    """
    for portal in read_registry(files).values():
        click.echo(f"{portal.name:24} {portal.division} {portal.title}  {portal.home}")
    return FINE


@cli.command()
@options
@click.option("--repair", is_flag=True, help="Mend what can be mended.")
def verify(data: Path, files: Sequence[Path], repair: bool) -> int:
    """Prove every stored record: lengths, digests, names, and the index.

    \b
    Example:
        gongkai verify --repair
    """
    with ExitStack() as held:
        if repair:
            for folder in sorted((data / "warc").glob("*")):
                held.enter_context(hold(data, portal_lock(folder.name)))
        proof = proving.verify(data)
        if repair:
            proving.mend(data, proof)
    click.echo(
        f"proved      {proof.files} files, {proof.records} records, {proof.responses} of them responses"
    )
    for fault in proof.faults:
        click.echo(f"{fault.kind:11} {fault.file}: {fault.detail}", err=True)
    for line in proof.mended:
        click.echo(f"mended      {line}")
    return LOOK if proof.faults else FINE


@cli.command()
@options
@click.option("--canonical", is_flag=True, required=True, help="Without runs, times and offsets, sorted.")
def dump(data: Path, files: Sequence[Path], canonical: bool) -> int:
    """Print the database so that equal archives print equal lines.

    \b
    Example:
        gongkai dump --canonical > archive.jsonl
    """
    for line in dump_canonical(data / "gongkai.db"):
        click.echo(line)
    return FINE


def main() -> None:
    """Run a command and exit with its code."""
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    # On the handler, not the logger: Scrapy opens all loggers to everything.
    handler = logging.StreamHandler()
    handler.setLevel(logging.WARNING)
    logging.basicConfig(format="%(asctime)s %(name)s %(levelname)s: %(message)s", handlers=[handler])
    sys.exit(_code(sys.argv[1:]))


def _code(arguments: list[str]) -> int:
    try:
        return int(cli.main(arguments, standalone_mode=False) or FINE)
    except (click.UsageError, UnknownPortal) as error:
        _complain(error)
        return USAGE
    except click.ClickException as error:
        error.show()
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except (ArchiveError, CrawlError, PipelineError, OSError) as error:
        click.echo(f"gongkai: {error}", err=True)
    return FAILED


def _complain(error: Exception) -> None:
    if isinstance(error, click.ClickException):
        error.show()
    else:
        click.echo(f"gongkai: {error}", err=True)


if __name__ == "__main__":
    main()
