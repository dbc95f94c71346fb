"""The command line: wiring only. The one room that knows the three others."""

import logging
import signal
import sys
from importlib import import_module
from types import FrameType
from typing import Any

import click

from archive import logs
from archive.errors import ArchiveError
from crawler.errors import CrawlError, UnknownPortal
from gongkai.output import CUT, FAILED, is_cut, let_go
from pipelines.errors import PipelineError

logger = logging.getLogger("gongkai")

USAGE, STOPPED = 2, 130

COMMANDS = {
    "correction": "pipelines.commands",
    "crawl": "gongkai.crawl_command",
    "demo": "gongkai.demo_command",
    "doctor": "gongkai.portal_commands",
    "dump": "pipelines.commands",
    "extract": "pipelines.commands",
    "import": "gongkai.import_command",
    "portals": "gongkai.portal_commands",
    "probe": "gongkai.portal_commands",
    "publish": "pipelines.publish_command",
    "restore": "pipelines.restore",
    "rows": "archive.commands",
    "schedule": "crawler.commands",
    "serve": "archive.commands",
    "show": "archive.commands",
    "status": "gongkai.portal_commands",
    "verify": "archive.commands",
    "withhold": "pipelines.withhold_command",
}
"""The commands, and the module that each is imported from once it is called: to import all takes seconds."""


class PipeBroke(Exception):
    """Something that was written to does not listen: a reader of what is said, or something else."""


class Commands(click.Group):
    """The commands. Click itself would take each broken pipe for a reader's, and end without a word."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands."""
        return sorted({*COMMANDS, *self.commands})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command by its name."""
        if cmd_name not in COMMANDS:
            return super().get_command(ctx, cmd_name)
        held = vars(import_module(COMMANDS[cmd_name])).values()
        return next(each for each in held if isinstance(each, click.Command) and each.name == cmd_name)

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
        return int(cli.main(arguments, prog_name="gongkai", standalone_mode=False) or 0)
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
