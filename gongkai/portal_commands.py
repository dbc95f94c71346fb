"""What is to be known before a crawl and after it: `probe`, `portals`, `status`, `doctor`."""

import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import click

from archive import clock, health, status
from archive.commands import FINE, LOOK, data_option
from crawler.commands import portals_option
from crawler.doctor import ERROR, examine
from crawler.drafting import ANSWERS, compare, draft, provisional
from crawler.live import Live
from crawler.portal import Portal, require_contact
from crawler.probing import Look, look_at
from crawler.registry import choose, read_registry, unnamed
from crawler.watch import INTERRUPTED
from pipelines import divisions, schema


@click.command()
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


@click.command("portals")
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


@click.command("status")
@data_option
@portals_option
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.argument("names", metavar="[PORTAL]...", nargs=-1)
def show_status(data: Path, files: Sequence[Path], as_json: bool, names: Sequence[str]) -> int:
    """Tell how each portal fares, the worst first, judged by what was archived.

    Those that were ever crawled, and those that a crawl without names would ask. A portal is overdue when its
    last good run is 35 days old, or when a report that is wanted of it was due 14 days ago and no page of it
    was had since. Exit code 1: one is overdue, gone, blocked, failed, empty or shrunken. What is
    declared no more is undeclared, and not judged. Last comes the newest publication, and since when the gate
    has stopped the next one, which is exit code 1 too.

    \b
    Example:
        gongkai status --portals my-city.toml
    """
    registry = read_registry(files)
    asked = [*unnamed(files), *(registry[name] for name in names if name in registry)]
    found = health.look(data, {portal.name: portal.title for portal in asked}, clock.now(), registry)
    if names:
        choose(registry, set(names) - {each.facts.portal for each in found})
        found = [each for each in found if each.facts.portal in names]
    if not data.is_dir() or not found:
        # A folder that is named wrongly must not look healthy.
        raise FileNotFoundError(f"no archive in {data}")
    # Who asks for some portals asks for no publication.
    whole = () if names else (status.published(data),)
    if as_json:
        known = [each.told() for each in whole if each.lines()]
        status.print_json([*(each.told() for each in found), *known])
    else:
        last = (line for each in whole for line in each.lines())
        click.echo("\n".join([*status.lines(found), f"portals  {status.summary(found)}", *last]))
    bad = any(each.bad for each in found) or any(each.stop for each in whole)
    return LOOK if bad else FINE


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


@click.command()
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
