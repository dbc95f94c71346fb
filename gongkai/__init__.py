"""The command line: wiring only. The one room that knows the three others."""

import logging
import sys

import click

from archive import commands, logs
from archive.commands import FINE
from archive.errors import ArchiveError
from crawler import commands as asking
from crawler.errors import CrawlError, UnknownPortal
from gongkai.crawl_command import crawl
from gongkai.crawling import FAILED
from gongkai.demo_command import demo
from gongkai.import_command import take
from gongkai.portal_commands import doctor, list_portals, probe, show_status
from pipelines import commands as reading
from pipelines import restore
from pipelines.errors import PipelineError
from pipelines.publish_command import publish
from pipelines.withhold_command import withhold

logger = logging.getLogger("gongkai")

USAGE, STOPPED, CUT = 2, 130, 141

OWN = (demo, crawl, take, probe, list_portals, show_status, doctor)
COMMANDS = (
    *commands.COMMANDS,
    *asking.COMMANDS,
    *reading.COMMANDS,
    *restore.COMMANDS,
    publish,
    withhold,
    *OWN,
)


@click.group()
@click.version_option(package_name="gongkai")
def cli() -> None:
    """Crawl, archive, extract and serve annual reports on government-information disclosure."""


for command in COMMANDS:
    cli.add_command(command)


def main() -> None:
    """Run a command and exit with its code."""
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
        return int(cli.main(arguments, prog_name="gongkai", standalone_mode=False) or FINE)
    except click.ClickException as error:
        logs.note(logger, logging.ERROR, "the command cannot go on", reason=error.format_message())
        error.show()
        return USAGE if isinstance(error, click.UsageError) else FAILED
    except (click.Abort, KeyboardInterrupt):
        return STOPPED
    except SystemExit:
        # So click ends where nobody reads on, as behind `| head`. The signal itself must stay ignored: it
        # comes as well where a portal, or the command that notices go to, does not listen.
        return CUT
    except (ArchiveError, CrawlError, PipelineError, OSError) as error:
        logs.note(logger, logging.ERROR, "the command cannot go on", reason=str(error), error=error)
        for line in str(error).splitlines():
            click.echo(f"gongkai: {line}", err=True)
        return USAGE if isinstance(error, UnknownPortal) else FAILED
