"""The command line: wiring only. The one room that knows the three others."""

import logging
import signal
import sys
from types import FrameType
from typing import Any

import click

from archive import commands, logs
from archive.commands import FINE
from archive.errors import ArchiveError
from crawler import commands as asking
from crawler.errors import CrawlError, UnknownPortal
from gongkai.crawl_command import crawl
from gongkai.demo_command import demo
from gongkai.import_command import take
from gongkai.output import CUT, FAILED, is_cut, let_go
from gongkai.portal_commands import doctor, list_portals, probe, show_status
from pipelines import commands as reading
from pipelines import restore
from pipelines.errors import PipelineError
from pipelines.publish_command import publish
from pipelines.withhold_command import withhold

logger = logging.getLogger("gongkai")

USAGE, STOPPED = 2, 130

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


class PipeBroke(Exception):
    """Something that was written to does not listen: a reader of what is said, or something else."""


class Commands(click.Group):
    """The commands. Click itself would take each broken pipe for a reader's, and end without a word."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that is named.

        Raises:
            PipeBroke: A pipe broke.
        """
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            raise PipeBroke(str(error)) from error


@click.group(cls=Commands)
@click.version_option(package_name="gongkai")
def cli() -> None:
    """Crawl, archive, extract and serve annual reports on government-information disclosure."""


for command in COMMANDS:
    cli.add_command(command)


def main() -> None:
    """Run a command and exit with its code."""
    logs.install()
    # As Ctrl-C: what is begun is left as it should be, and the code says that it was stopped.
    signal.signal(signal.SIGTERM, _stop)
    try:
        code = exit_code(sys.argv[1:])
    except BaseException as error:
        logs.note(logger, logging.CRITICAL, "the command ends by a fault of this program", error=error)
        raise
    logs.end(code)
    sys.exit(code)


def _stop(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def exit_code(arguments: list[str]) -> int:
    """Run a command; say what is wrong, if anything, and return the code to exit with."""
    try:
        return int(cli.main(arguments, prog_name="gongkai", standalone_mode=False) or FINE)
    except click.ClickException as error:
        logs.note(logger, logging.ERROR, "the command cannot go on", reason=error.format_message())
        error.show()
        return USAGE if isinstance(error, click.UsageError) else FAILED
    except (click.Abort, KeyboardInterrupt):
        logs.note(logger, logging.INFO, "the command was told to end")
        return STOPPED
    except SystemExit:
        # So click ends where nobody reads its help.
        return CUT
    except PipeBroke as error:
        # The signal of it must stay ignored: it comes as well where a portal, or the command that notices go
        # to, does not listen.
        if is_cut():
            let_go(sys.stdout)
            return CUT
        return _fail(error)
    except (ArchiveError, CrawlError, PipelineError, OSError) as error:
        return _fail(error)


def _fail(error: Exception) -> int:
    logs.note(logger, logging.ERROR, "the command cannot go on", reason=str(error), error=error)
    for line in str(error).splitlines():
        click.echo(f"gongkai: {line}", err=True)
    return USAGE if isinstance(error, UnknownPortal) else FAILED
