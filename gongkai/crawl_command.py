"""`crawl`: all portals, those that are named, those whose turn it is, or those where a report is wanted."""

from collections.abc import Mapping, Sequence, Sized
from contextlib import ExitStack
from pathlib import Path

import click

from archive import clock, unfinished
from archive.commands import FINE, LOOK, data_option
from archive.errors import ArchiveError
from archive.wanted import Wanted, gaps, held_reports
from crawler import clock_check
from crawler.commands import portals_option
from crawler.errors import CrawlError
from crawler.gaps import spider as gap_spider
from crawler.portal import Portal, read_portals
from crawler.registry import choose, read_registry, unnamed
from crawler.rota import calls, spiders
from crawler.specimens import server as specimens
from crawler.specimens.plan import PORTALS as PLANTED
from crawler.watch import BUSY, SETTLED
from gongkai.crawling import give_notice, read_and_publish, require_room, run


@click.command()
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
    clock_check.require(data, clock.now())
    try:
        if when_due:
            return _crawl_due(data, files, names, budget, dry_run=dry_run)
        if for_gaps:
            return _crawl_for_gaps(data, files, names)
        return _crawl_all(data, files, names, accept)
    except (ArchiveError, CrawlError, OSError):
        if not dry_run:
            # Where nothing can be crawled, who waits for a notice must not wait for that to be mended.
            give_notice(data)
        raise


def _refuse(*rules: tuple[object, str]) -> None:
    """Refuse a call that breaks one of the rules: each is whether it does, and what to say then."""
    for broken, said in rules:
        if broken:
            raise click.UsageError(said)


def _crawl_all(data: Path, files: Sequence[Path], names: Sequence[str], accept: str) -> int:
    planted = {portal.name for portal in PLANTED}
    if names and not planted & set(names):
        return run(choose(read_registry(files), names), data, accept=accept)
    confirmed = () if names else unnamed(files)
    if confirmed:
        return run(confirmed, data, accept=accept)
    with specimens.serve(data) as running:
        local = {portal.name: portal for portal in read_portals(running.portals_file)}
        if not names:
            click.echo("no portal is confirmed yet (gongkai portals lists all): crawling the specimens")
        chosen = choose({**read_registry(files), **local}, names) if names else tuple(local.values())
        return run(chosen, data, accept=accept)


def _crawl_due(
    data: Path, files: Sequence[Path], names: Sequence[str], budget: float | None, *, dry_run: bool
) -> int:
    portals = choose(read_registry(files), names) if names else unnamed(files)
    if not portals:
        click.echo("gongkai: no portal is confirmed yet (gongkai portals lists all): none is due", err=True)
        return LOOK
    if not dry_run:
        # Before the index is opened, which a full disk has fail in words of its own.
        require_room(data)
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
        give_notice(data)
        return _go_on(data) if left else FINE
    seconds = None if budget is None else budget * 60
    chosen = [call.portal for call in due]
    # A portal that another command has taken is in good hands.
    settled = (*SETTLED, BUSY)
    return run(chosen, data, spider_of=spiders(due, data), seconds=seconds, settled=settled)


def _go_on(data: Path) -> int:
    """Do what a command that was killed after its crawl has left to be done."""
    click.echo("going on    with what an earlier command began: it was not published yet")
    return read_and_publish(data, (), (), findings_count=True)


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
    code = run(portals, data, spider_of=lambda portal: gap_spider(portal, wanted[portal.name]))
    database = data / "gongkai.db"
    still = {report for each in gaps(database).values() for report in each.reports}
    found = reports & held_reports(database) - still
    click.echo(f"found       {len(found)} of {len(reports)} wanted report{_s(reports)}")
    return code


def _s(things: Sized) -> str:
    return "" if len(things) == 1 else "s"
