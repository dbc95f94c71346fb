"""The command that says what is not to be published. Added to `gongkai`'s own."""

from pathlib import Path

import click

from archive import clock, logs
from archive.commands import FINE, archive_option
from pipelines import journal, withholding
from pipelines.load import Loader
from pipelines.read import EXTRACTOR


@click.command()
@archive_option
@click.option("--by", "author", required=True, help="Who decides so.")
@click.option("--reason", required=True, help="Why; it is published.")
@click.option("--lift", is_flag=True, help="Publish it again.")
@click.argument("capture")
def withhold(data: Path, capture: str, author: str, reason: str, lift: bool) -> int:
    """Leave out of all publications what a CAPTURE holds, or --lift that again.

    The archive keeps it. From the next publication on nothing that was read from these bytes is in any page,
    table, search or download, versions that show it are removed, and a row says since when and why.

    \b
    Example:
        gongkai withhold 2f1c… --by "Li Ming" --reason "names applicants" && gongkai publish
    """
    logs.begin(data)
    now = f"{clock.now():%Y-%m-%dT%H:%M:%SZ}"
    with Loader(data / "gongkai.db", EXTRACTOR) as loader:
        loader.tell(journal.read(data))
        with loader.transaction():
            if lift:
                identity = withholding.lift(loader.db, data, capture, author, reason, now)
                told = f"lifted      {identity}"
            else:
                identity, captures = withholding.withhold(loader.db, data, capture, author, reason, now)
                told = f"withheld    {identity}: {captures} captures of the same bytes"
    click.echo(f"{told}; gongkai publish makes it so")
    return FINE
