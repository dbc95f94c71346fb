"""`import`: what others archived is kept, read and published as a crawl's captures are."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import click

from archive import logs
from archive.commands import FINE, LOOK, data_option
from crawler.commands import portals_option
from crawler.foreign import Found, files_in, is_archive, single
from crawler.foreign import read as read_foreign
from crawler.imports import lines, take_in
from crawler.portal import Portal, read_portals
from crawler.registry import choose, read_registry
from pipelines.commands import load_now, needs_look
from pipelines.publish_command import publish_now


@click.command("import")
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
