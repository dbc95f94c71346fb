"""The command line: wiring only. The one module that knows all three rooms."""

import json
import logging
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence, Sized
from contextlib import ExitStack
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click

from archive import clock, commands, health, logs, serve, status, unfinished
from archive.commands import FINE, LOOK, data_option
from archive.errors import ArchiveError
from archive.notify import notify
from archive.wanted import Wanted, gaps, held_reports
from crawler import commands as asking
from crawler import crawl as crawling
from crawler import room
from crawler.commands import portals_option
from crawler.doctor import ERROR, examine
from crawler.drafting import ANSWERS, compare, draft, provisional
from crawler.errors import CrawlError, NoRoom, UnknownPortal
from crawler.foreign import Found, files_in, is_archive, single
from crawler.foreign import read as read_foreign
from crawler.gaps import spider as gap_spider
from crawler.imports import lines, take_in
from crawler.live import Live, closing
from crawler.loader import spider_for
from crawler.portal import Portal, read_portals, require_contact
from crawler.probing import Look, look_at
from crawler.registry import choose, read_registry, unnamed
from crawler.rota import calls, spiders
from crawler.specimens import server as specimens
from crawler.specimens.plan import PORTALS as PLANTED
from crawler.specimens.recall import recall
from crawler.spider import PortalSpider
from crawler.watch import BUSY, INTERRUPTED, SETTLED, Result
from pipelines import commands as reading
from pipelines import divisions, restore, schema
from pipelines.commands import load_now, needs_look
from pipelines.errors import PipelineError
from pipelines.publish_command import publish, publish_now
from pipelines.withhold_command import withhold

logger = logging.getLogger("gongkai")

USAGE, FAILED = 2, 3
STOPPED = 130


@click.group()
@click.version_option(package_name="gongkai")
def cli() -> None:
    """Crawl, archive, extract and serve annual reports on government-information disclosure."""


COMMANDS = (*commands.COMMANDS, *asking.COMMANDS, *reading.COMMANDS, *restore.COMMANDS, publish, withhold)

for command in COMMANDS:
    cli.add_command(command)


@cli.command()
@data_option
@click.option("--no-serve", is_flag=True, help="End when everything is published.")
@click.option("--port", default=serve.PORT, show_default=True, help="Port of the site.")
def demo(data: Path, no_serve: bool, port: int) -> int:
    """Crawl two specimen portals on this machine and serve the archive that comes of it.

    \b
    Example:
        gongkai demo --no-serve --data /tmp/demo
    """
    if not no_serve:
        serve.require_free("127.0.0.1", port)
    with specimens.serve(data) as running:
        portals = read_portals(running.portals_file)
        click.echo(f"portals     {len(portals)} specimens: {', '.join(running.addresses)}")
        code = _crawl(portals, data, findings_count=False)
    count, complaints = recall(held_reports(data / "gongkai.db"))
    click.echo(f"recall      {count}")
    for complaint in complaints:
        click.echo(f"            {complaint}", err=True)
    code = max(code, LOOK if complaints else FINE)
    if no_serve:
        click.echo(f"to look at it: gongkai serve --data {data}")
        return code
    commands.serve_now(data, port)
    return code


@cli.command()
@data_option
@portals_option
@click.option("--accept", metavar="REASON", default="", help="Take lists that have shrunk as they are now.")
@click.option("--gaps", "for_gaps", is_flag=True, help="Look only for reports that are still wanted.")
@click.option("--due", "when_due", is_flag=True, help="Only portals whose turn it is by the legal calendar.")
@click.option(
    "--budget",
    type=click.FloatRange(min=0, min_open=True),
    metavar="MINUTES",
    help="With --due: end after that time.",
)
@click.option("--dry-run", is_flag=True, help="With --due: only say which are due, and why.")
@click.argument("names", metavar="[PORTAL]...", nargs=-1)
def crawl(
    data: Path,
    files: Sequence[Path],
    accept: str,
    for_gaps: bool,
    when_due: bool,
    budget: float | None,
    dry_run: bool,
    names: Sequence[str],
) -> int:
    """Crawl the named portals, or all that are confirmed; extract, check, publish.

    Confirmed are those of your own files, and those that come with the program once they say when they
    were `checked`; where there are none the specimens are crawled. Safe to run again at any time. A list that
    holds fewer reports than before, or than it declares, is `shrunken` at each run until somebody
    has looked at it and says why that is so, for named portals, with --accept.

    With --gaps the declared portals are asked on which a report is still wanted that was not found, not let
    out, not read, or not searched for: whole lists, columns that nobody declared, titles that say little, at
    most 300 requests to a portal.

    With --due those are asked whose turn it is: daily around the legal dates while something is wanted,
    then weekly, else monthly; after a failure later and later. Call it every hour.

    \b
    Example:
        GONGKAI_CONTACT=me@example.org gongkai crawl --portals my-city.toml
        GONGKAI_CONTACT=me@example.org gongkai crawl --gaps --portals my-city.toml
    """
    _refuse(
        (for_gaps and accept, "--accept is said of lists as they are, --gaps compares with none"),
        (
            when_due and (accept or for_gaps),
            "--due decides how far it asks: no --gaps, no --accept",
        ),
        ((budget or dry_run) and not when_due, "--budget and --dry-run go with --due"),
        (accept and not names, "--accept is said of named portals, not of all"),
    )
    if when_due:
        return _crawl_due(data, files, names, budget, dry_run=dry_run)
    if for_gaps:
        return _crawl_for_gaps(data, files, names)
    return _crawl_all(data, files, names, accept)


def _refuse(*rules: tuple[object, str]) -> None:
    """Refuse a call that breaks one of the rules: each is whether it does, and what to say then."""
    for broken, said in rules:
        if broken:
            raise click.UsageError(said)


def _crawl_all(data: Path, files: Sequence[Path], names: Sequence[str], accept: str) -> int:
    planted = {portal.name for portal in PLANTED}
    if names and not planted & set(names):
        return _crawl(choose(read_registry(files), names), data, accept=accept)
    confirmed = () if names else unnamed(files)
    if confirmed:
        return _crawl(confirmed, data, accept=accept)
    with specimens.serve(data) as running:
        local = {portal.name: portal for portal in read_portals(running.portals_file)}
        if not names:
            click.echo("no portal is confirmed yet (gongkai portals lists all): crawling the specimens")
        chosen = choose({**read_registry(files), **local}, names) if names else tuple(local.values())
        return _crawl(chosen, data, accept=accept)


def _crawl_due(
    data: Path, files: Sequence[Path], names: Sequence[str], budget: float | None, *, dry_run: bool
) -> int:
    portals = choose(read_registry(files), names) if names else unnamed(files)
    if not portals:
        click.echo("gongkai: no portal is confirmed yet (gongkai portals lists all): none is due", err=True)
        return LOOK
    due, later = calls(portals, data, clock.now())
    click.echo(f"due         {len(due)} of {len(portals)} portal{_s(portals)}")
    if not due:
        click.echo(f"next        {later[0].line()}")
    for call in due if dry_run else ():
        click.echo(f"            {call.line()}")
    if dry_run:
        return FINE
    left = unfinished.is_left(data)
    if left:
        unfinished.seal_ended(data)
    if not due:
        return _go_on(data) if left else FINE
    seconds = None if budget is None else budget * 60
    chosen = [call.portal for call in due]
    # A portal that another command has taken is in good hands.
    settled = (*SETTLED, BUSY)
    return _crawl(chosen, data, spider_of=spiders(due, data), seconds=seconds, settled=settled)


def _go_on(data: Path) -> int:
    """Do what a command that was killed after its crawl has left to be done."""
    click.echo("going on    with what an earlier command began: it was not published yet")
    notify(data, os.environ.get("GONGKAI_NOTIFY", ""), clock.now())
    return _read_and_publish(data, (), (), findings_count=True)


def _crawl_for_gaps(data: Path, files: Sequence[Path], names: Sequence[str]) -> int:
    registry, planted = read_registry(files), {portal.name for portal in PLANTED}
    found = gaps(data / "gongkai.db")
    choose(registry, set(names) - planted - found.keys())
    wanted = {name: each for name, each in found.items() if not names or name in names}
    if not wanted:
        click.echo("wanted      no report: there is no gap" + (" on these portals" if names else ""))
        return FINE
    with ExitStack() as running:
        if planted & wanted.keys() and (planted & set(names) or not unnamed(files)):
            local = running.enter_context(specimens.serve(data))
            registry |= {portal.name: portal for portal in read_portals(local.portals_file)}
        lost = sorted(wanted.keys() - registry.keys())
        if lost:
            click.echo(
                f"gongkai: reports are wanted on portals that are not declared: {', '.join(lost)}", err=True
            )
        chosen = tuple(registry[name] for name in wanted if name in registry)
        return _fill(chosen, data, wanted) if chosen else LOOK


def _fill(portals: Sequence[Portal], data: Path, wanted: Mapping[str, Wanted]) -> int:
    reports = {report for portal in portals for report in wanted[portal.name].reports}
    told = f"{len(reports)} report{_s(reports)} on {len(portals)} portal{_s(portals)}"
    click.echo(f"wanted      {told}")
    code = _crawl(portals, data, spider_of=lambda portal: gap_spider(portal, wanted[portal.name]))
    database = data / "gongkai.db"
    still = {report for each in gaps(database).values() for report in each.reports}
    found = reports & held_reports(database) - still
    click.echo(f"found       {len(found)} of {len(reports)} wanted report{_s(reports)}")
    return code


def _s(things: Sized) -> str:
    return "" if len(things) == 1 else "s"


def _crawl(
    portals: Sequence[Portal],
    data: Path,
    *,
    accept: str = "",
    findings_count: bool = True,
    spider_of: Callable[[Portal], type[PortalSpider]] = spider_for,
    seconds: float | None = None,
    settled: Sequence[str] = SETTLED,
) -> int:
    contact = os.environ.get("GONGKAI_CONTACT", "")
    require_contact(portals, contact)
    logs.begin(data)
    room.require(data)
    unfinished.begin(data)
    began, watch = time.monotonic(), room.Watch(data)
    with Live(sys.stdout, len(portals)).shown() as watcher:
        results = crawling.crawl(portals, data, contact, watcher, accept, spider_of, seconds, watch)
    for line in closing(results, len(portals), settled):
        click.echo(line)
    if {result.outcome for result in results} == {BUSY} and BUSY in settled:
        # Whoever has them reads and publishes what they bring.
        return FINE
    in_time = seconds is None or time.monotonic() - began < seconds
    if in_time and watch.found is None and _stopped(results, portals):
        raise KeyboardInterrupt
    # Before anything else can fail: who waits for a notice must not wait in vain.
    notify(data, os.environ.get("GONGKAI_NOTIFY", ""), clock.now())
    code = _read_and_publish(data, results, settled, findings_count=findings_count)
    if watch.found is not None:
        raise NoRoom(f"the crawl was ended: {watch.found}: {room.REMEDY}; the next start goes on from here")
    return code


def _stopped(results: Sequence[Result], portals: Sequence[Portal]) -> bool:
    return len(results) < len(portals) or any(result.outcome == INTERRUPTED for result in results)


def _read_and_publish(
    data: Path, results: Sequence[Result], settled: Sequence[str], *, findings_count: bool
) -> int:
    tally = load_now(data)
    code = publish_now(data)
    if any(result.archive_failed for result in results):
        return FAILED
    # What the time was too short for is continued by the next start.
    bad = any(result.outcome not in (*settled, INTERRUPTED) for result in results)
    return LOOK if bad or (findings_count and needs_look(tally)) else code


@cli.command("import")
@data_option
@portals_option
@click.option("--portal", "name", default="", help="The portal that a single file came from.")
@click.option("--url", default="", help="The address that a single file came from.")
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="The day on which it was fetched.")
@click.argument(
    "paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True)
)
def take(
    data: Path, files: Sequence[Path], name: str, url: str, day: datetime | None, paths: Sequence[Path]
) -> int:
    """Take in what others archived: WARC and WACZ files, folders of them, single files.

    What stands at an address of a declared portal is kept with its own date and read as a crawl's captures
    are; the file itself is kept under imports/. A single file needs --portal, --url and --date; a folder of
    files a table addresses.csv in it, with the columns file, url, date. Safe to run again.

    \b
    Example:
        gongkai import old-crawl.warc.gz --portals my-city.toml
    """
    registry = {**read_registry(files), **_specimens(data)}
    chosen = choose(registry, [name]) if name else tuple(registry.values())
    code = FINE
    found = [each for given in paths for each in files_in(given)]
    if not found:
        raise click.UsageError("there is no WARC, no WACZ and no addresses.csv in it")
    logs.begin(data)
    for path in found:
        items = read_foreign(path) if is_archive(path) else _single(path, chosen, url, day)
        taken = take_in(data, path, items, chosen)
        click.echo("\n".join(f"imported    {path.name}: {line}" for line in lines(taken)))
        code = max(code, LOOK if taken.damaged else FINE)
    code = max(code, LOOK if needs_look(load_now(data)) else FINE)
    return max(code, publish_now(data))


def _single(path: Path, portals: Sequence[Portal], url: str, day: datetime | None) -> Sequence[Found]:
    if len(portals) != 1 or not url or day is None:
        raise click.UsageError(f"{path.name} is no WARC or WACZ: say --portal, --url and --date")
    if not portals[0].owns(url):
        raise click.UsageError(
            f"{url} is not on the hosts of {portals[0].name}: {', '.join(portals[0].hosts)}"
        )
    try:
        return [single(path, url, day.date())]
    except ValueError as error:
        raise click.UsageError(str(error)) from error


def _specimens(data: Path) -> Mapping[str, Portal]:
    declared = data / "specimens.toml"
    return {portal.name: portal for portal in read_portals(declared)} if declared.exists() else {}


@cli.command()
@portals_option
@click.argument("url")
def probe(files: Sequence[Path], url: str) -> int:
    """Look at a site and print its declaration, with a comment for what could not be found out.

    Asks for its home page, the way to its columns of reports, their first pages and a report of each; of
    what it asks nothing is kept. Write what it prints into a file of your own, and read it before.

    \b
    Example:
        GONGKAI_CONTACT=me@example.org gongkai probe http://www.yangli.example/ > my-city.toml
    """
    try:
        portal = provisional(url)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    registry = read_registry(files)
    now = clock.now().date()
    for look in _look_at([portal]):
        click.echo(draft(look, registry, _division_name, f"{now}, gongkai probe {url}", now), nl=False)
        if not look.filled:
            click.echo(f"gongkai: {url}: no column that lists reports was found: {look.reason}", err=True)
            return LOOK
    return FINE


def _look_at(portals: Sequence[Portal]) -> Sequence[Look]:
    contact = os.environ.get("GONGKAI_CONTACT", "")
    require_contact(portals, contact)
    with Live(sys.stderr, len(portals)).shown() as watcher:
        looks = look_at(portals, contact, watcher)
    if len(looks) < len(portals) or any(look.outcome == INTERRUPTED for look in looks):
        raise KeyboardInterrupt
    return looks


def _division_name(code: str) -> str | None:
    division = divisions.by_code(code)
    return division.name if division else None


@cli.command("portals")
@data_option
@portals_option
@click.option("--check", is_flag=True, help="Visit each, and print the declarations as they should be now.")
@click.argument("names", metavar="[PORTAL]...", nargs=-1)
def list_portals(data: Path, files: Sequence[Path], check: bool, names: Sequence[str]) -> int:
    """List the declared portals, or visit them.

    With --check each is visited politely: which answer, which have moved or run on another platform. The
    mended declarations go to standard output, ready for a file of your own; what was found, to the terminal.

    \b
    Example:
        gongkai portals --portals my-city.toml
    """
    registry = read_registry(files)
    if check:
        return _check(choose(registry, names or registry), registry)
    for portal in choose(registry, names or registry):
        click.echo(f"{portal.name:24} {portal.division} {portal.title}  {portal.home}")
    if not registry:
        click.echo(
            "no portal is declared: write one as crawler/portals/README.md shows, into a file there or "
            "into one that --portals names",
            err=True,
        )
    return FINE


@cli.command("status")
@data_option
@portals_option
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.argument("names", metavar="[PORTAL]...", nargs=-1)
def show_status(data: Path, files: Sequence[Path], as_json: bool, names: Sequence[str]) -> int:
    """Tell how each portal fares, the worst first, judged by what was archived.

    Those that were ever crawled, and those that a crawl without names would ask. A portal is overdue when its
    last good run is 35 days old, or when a report that is wanted of it was due 14 days ago and no page of it
    was had since. Exit code 1: one is overdue, gone, blocked, failed, empty or shrunken.

    \b
    Example:
        gongkai status --portals my-city.toml
    """
    registry = read_registry(files)
    asked = [*unnamed(files), *(registry[name] for name in names if name in registry)]
    found = health.look(data, {portal.name: portal.title for portal in asked}, clock.now())
    if names:
        choose(registry, set(names) - {each.facts.portal for each in found})
        found = [each for each in found if each.facts.portal in names]
    if as_json:
        status.print_json(found)
    else:
        click.echo("\n".join([*(status.lines(found) if found else ()), f"portals  {status.summary(found)}"]))
    return LOOK if any(each.bad for each in found) else FINE


def _check(portals: Sequence[Portal], registry: Mapping[str, Portal]) -> int:
    now = clock.now().date()
    states = set()
    for look in _look_at(portals):
        state, why = compare(look)
        states.add(state)
        click.echo(f"{state:9} {look.portal.name}: {why}", err=True)
        click.echo(f"# {state}: {why}")
        click.echo(draft(look, registry, _division_name, look.portal.seen, now))
    return FINE if states <= {ANSWERS} else LOOK


@cli.command()
@data_option
@portals_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for each.")
def doctor(data: Path, files: Sequence[Path], as_json: bool) -> int:
    """Look at what this machine needs to crawl on its own, and say what to do about what is wrong.

    Contact, portals, data folder, disk, programs, clock, database, index, locks. Nothing is changed,
    nobody is asked. The exit code is 1 if something is an error.

    \b
    Example:
        gongkai doctor --json
    """
    contact = os.environ.get("GONGKAI_CONTACT", "")
    checks = examine(data, files, contact, clock.now(), schema.VERSION)
    for check in checks:
        click.echo(json.dumps(asdict(check), ensure_ascii=False) if as_json else check.line())
    return LOOK if any(check.state == ERROR for check in checks) else FINE


def main() -> None:
    """Run a command and exit with its code."""
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    logs.install()
    try:
        code = exit_code(sys.argv[1:])
    except BaseException as error:
        logs.note(logger, logging.CRITICAL, "the command ends by a fault of this program", error=error)
        raise
    logs.end(code)
    sys.exit(code)


def exit_code(arguments: list[str]) -> int:
    """Run a command; say what is wrong, if anything, and return the code to exit with."""
    try:
        return int(cli.main(arguments, standalone_mode=False) or FINE)
    except click.ClickException as error:
        logs.note(logger, logging.ERROR, "the command cannot go on", reason=error.format_message())
        error.show()
        return USAGE if isinstance(error, click.UsageError) else FAILED
    except (click.Abort, KeyboardInterrupt):
        return STOPPED
    except (ArchiveError, CrawlError, PipelineError, OSError) as error:
        logs.note(logger, logging.ERROR, "the command cannot go on", reason=str(error), error=error)
        for line in str(error).splitlines():
            click.echo(f"gongkai: {line}", err=True)
        return USAGE if isinstance(error, UnknownPortal) else FAILED


if __name__ == "__main__":
    main()
