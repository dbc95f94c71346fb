"""The command that tells a system when to crawl: `schedule`. Added to `gongkai`'s own."""

import os
import pwd
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from archive.commands import FINE, data_option
from archive.logs import OFF, STDERR
from crawler.portal import is_contact
from crawler.registry import read_registry
from crawler.units import CARRIED, KEY, LOG, SERVE, TIMER, Setting, crontab, install, units

SYSTEM = Path("/etc/systemd/system")

_PRIVATE = (Path("/tmp"), Path("/var/tmp"))  # noqa: S108 - refused, not used
"""Folders of which a service with a `PrivateTmp` sees another one."""

portals_option = click.option(
    "--portals",
    "files",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    multiple=True,
    help="A file that declares further portals.",
)


@click.command()
@data_option
@portals_option
@click.option("--systemd", "as_units", is_flag=True, help="Services to crawl and to serve, and a timer.")
@click.option("--cron", "as_lines", is_flag=True, help="Lines for a crontab.")
@click.option("--install", "installed", is_flag=True, help="With --systemd: write them into their place.")
@click.option(
    "--into",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    default=SYSTEM,
    show_default=True,
    help="With --install: that place.",
)
@click.option("--user", default="gongkai", show_default=True, help="With --systemd: the user they run as.")
def schedule(
    data: Path,
    files: Sequence[Path],
    as_units: bool,
    as_lines: bool,
    installed: bool,
    into: Path,
    user: str,
) -> int:
    """Print what has a system crawl what is due each hour, or install it.

    The contact is taken from GONGKAI_CONTACT; GONGKAI_NOTIFY, GONGKAI_SIGNING_KEY, GONGKAI_ROOM and
    GONGKAI_LOG are written down as well, where they are set. The units run as a user of their own on a
    system that is read-only but for the data folder. Files that this command did not write are never
    overwritten.

    \b
    Example:
        GONGKAI_CONTACT=me@example.org gongkai schedule --systemd --data /var/lib/gongkai
    """
    if as_units == as_lines:
        raise click.UsageError("say --systemd or --cron")
    if installed and as_lines:
        raise click.UsageError("--install goes with --systemd: put the lines of --cron into crontab -e")
    read_registry(files)
    setting = _setting(data, files, user, private=as_units)
    if as_lines:
        click.echo(crontab(setting), nl=False)
        return FINE
    texts = units(setting)
    if not installed:
        click.echo("\n".join(f"# {into / name}\n{text}" for name, text in texts.items()), nl=False)
        return FINE
    for path in install(texts, into):
        click.echo(f"installed   {path}")
    click.echo("\n".join(f"next        {line}" for line in _next(setting)))
    return FINE


def _setting(data: Path, files: Sequence[Path], user: str, *, private: bool) -> Setting:
    contact = os.environ.get("GONGKAI_CONTACT", "")
    if not is_contact(contact):
        raise click.UsageError(
            "public hosts are asked only by someone they can write to: "
            "set GONGKAI_CONTACT to a mail or web address"
        )
    program = _program()
    declared = tuple(file.absolute() for file in files)
    setting = Setting(program, data.absolute(), declared, contact, user, _environment())
    for path in setting.paths if private else ():
        if any(each.is_relative_to(folder) for folder in _PRIVATE for each in (path, path.resolve())):
            raise click.UsageError(f"{path}: a service has a /tmp of its own and would not see it")
    return setting


def _environment() -> dict[str, str]:
    """Return what is set besides the contact; whoever is started by a system begins in another folder."""
    told = {name: os.environ[name] for name in CARRIED if os.environ.get(name, "").strip()}
    paths = {name for name in (KEY, LOG) if told.get(name, OFF) not in (OFF, STDERR)}
    return told | {name: str(Path(told[name]).absolute()) for name in paths}


def _program() -> tuple[str, ...]:
    """Return the words with which this program is called from anywhere."""
    # The interpreter's own path, unresolved: in a virtual environment the link is what makes it one.
    script = Path(sys.executable).with_name("gongkai")
    return (str(script),) if script.exists() else (sys.executable, str(Path(sys.argv[0]).absolute()))


def _next(setting: Setting) -> list[str]:
    """Return the commands that are still to be run, in their order."""
    user, data = shlex.quote(setting.user), shlex.quote(str(setting.data))
    try:
        pwd.getpwnam(setting.user)
        lines = []
    except KeyError:
        lines = [f"useradd --system --home-dir {data} --shell /usr/sbin/nologin {user}"]
    for folder in (setting.data, setting.log):
        if folder and not folder.is_dir():
            lines.append(f"install --directory --owner {user} {shlex.quote(str(folder))}")
    if setting.key:
        # ssh-keygen takes no key that others may read.
        key = shlex.quote(str(setting.key))
        lines.append(f"chown {user}: {key} && chmod 400 {key}")
    return [*lines, "systemctl daemon-reload", f"systemctl enable --now {TIMER} {SERVE}"]
