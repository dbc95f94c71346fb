"""The command that publishes what people may see. Added to `gongkai`'s own.

What a person decided is in the journal before it is in the database. Who was killed between the two has
decided all the same, so the database is told of the journal before anything is published from it.
"""

from pathlib import Path

import click

from archive import commands
from archive.commands import archive_option
from archive.publish import DATABASE
from pipelines import journal
from pipelines.load import Loader
from pipelines.read import EXTRACTOR


@click.command()
@archive_option
@click.option("--accept", metavar="REASON", default="", help="Publish what the gate stops, and say why.")
def publish(data: Path, accept: str) -> int:
    """Publish the working database as it is now, and what was decided to be left out of it.

    Where reports, cells or numbers that were published are no more, a table shrank, or a total jumped, it
    says so and publishes nothing. Look at it; if it is right, say why with --accept: the reason is published
    with the list.

    \b
    Example:
        gongkai publish
    """
    return publish_now(data, accept)


def publish_now(data: Path, accept: str = "") -> int:
    """Publish a data folder's working database with all that the journal says; return the code to exit with.

    Raises:
        JournalDamaged, LoadError: What people decided cannot be known; nothing is published then.
        LockHeld, PublishError: As `archive.publish` raises them.
    """
    return commands.publish_told(data, lambda: _tell(data), accept)


def _tell(data: Path) -> None:
    entries = journal.read(data)
    # Where there is no database there is nothing to publish, and to open one would make it.
    if entries and (data / DATABASE).is_file():
        with Loader(data / DATABASE, EXTRACTOR) as loader:
            loader.tell(entries)
