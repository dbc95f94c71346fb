"""The texts with which a system is told to crawl what is due: units for systemd, lines for cron.

Both call `gongkai crawl --due` each hour, which finds out itself whose turn it is; its locks are its own.
"""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from archive.logs import OFF, STDERR
from crawler.errors import NotOurFile, UnsafeText

MARK = "# Written by gongkai schedule: a file that begins with this line may be written anew by it."

BUDGET = 45
"""Minutes: with the delay of the timer and the reading of what came it stays within the hour."""

STOP_SECONDS = 60
"""A stopped crawl leaves within about five seconds (`crawl.PATIENCE`); its last records wait for the disk."""

CRAWL, TIMER, SERVE = "gongkai-crawl.service", "gongkai-crawl.timer", "gongkai-serve.service"

NOTIFY, KEY, ROOM, LOG = "GONGKAI_NOTIFY", "GONGKAI_SIGNING_KEY", "GONGKAI_ROOM", "GONGKAI_LOG"
CARRIED = (NOTIFY, KEY, ROOM, LOG)
"""What the environment says besides the contact: a crawl that a system starts is told it too."""

_CACHE = "gongkai"

# Namespaces stay allowed: LibreOffice is started in one without a network.
_HARDENED = """NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome={home}
PrivateTmp=yes
PrivateDevices=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
CapabilityBoundingSet=
LockPersonality=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
MemoryMax=2G
"""


@dataclass(frozen=True, slots=True)
class Setting:
    """What the units are about.

    Attributes:
        program: the words with which the program is called, the first an absolute path.
        data: the data folder, absolute.
        files: files with further portals, absolute.
        contact: who is asked about the crawl.
        user: the name of the user that it runs as.
        environment: what it is told besides, by names of `CARRIED`; paths in it are absolute.
    """

    program: tuple[str, ...]
    data: Path
    files: tuple[Path, ...]
    contact: str
    user: str
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> Path | None:
        """The private key that publications are signed with."""
        return Path(self.environment[KEY]) if KEY in self.environment else None

    @property
    def log(self) -> Path | None:
        """The folder that the log is written to, where it is not the data folder's."""
        told = self.environment.get(LOG, OFF)
        return None if told in (OFF, STDERR) else Path(told)

    @property
    def paths(self) -> Sequence[Path]:
        """What must be seen where it runs."""
        more = (path for path in (self.key, self.log) if path)
        return (Path(self.program[0]), Path(self.program[-1]), self.data, *self.files, *more)

    def told(self) -> Mapping[str, str]:
        """Return the environment of a crawl."""
        return {"GONGKAI_CONTACT": self.contact, **self.environment}

    def crawl(self) -> list[str]:
        """Return the words of the command that crawls what is due."""
        named = [word for file in self.files for word in ("--portals", str(file))]
        return [*self.program, "crawl", "--due", "--budget", str(BUDGET), "--data", str(self.data), *named]

    def serve(self) -> list[str]:
        """Return the words of the command that serves what is published."""
        return [*self.program, "serve", "--data", str(self.data)]


def units(setting: Setting) -> Mapping[str, str]:
    """Return systemd's units by the names of their files.

    Raises:
        UnsafeText: A text cannot stand in a unit.
    """
    return {CRAWL: _crawl(setting), TIMER: _TIMER, SERVE: _serve(setting)}


def crontab(setting: Setting) -> str:
    """Return lines for a crontab.

    Raises:
        UnsafeText: A text cannot stand in a crontab.
    """
    command = shlex.join(_line(word) for word in setting.crawl())
    # Cron takes what follows a bare % for the command's input.
    escaped = command.replace("%", "\\%")
    told = "".join(f"{name}={_cron_value(value)}\n" for name, value in setting.told().items())
    return (
        f"{MARK}\n"
        "# Put these lines into `crontab -e` of the user who crawls. Two at once do no harm: each portal is\n"
        "# crawled once. Cron mails what is printed; where that is, the next line says:\n"
        "# MAILTO=you@example.org\n"
        f"{told}"
        f"17 * * * * {escaped}\n"
    )


def _crawl(setting: Setting) -> str:
    words = " ".join(_word(word) for word in setting.crawl())
    told = "".join(f"Environment={_quoted(f'{name}={value}')}\n" for name, value in setting.told().items())
    key = f"# {setting.user} must be able to read the key, and nobody else.\n" if setting.key else ""
    written = " ".join(_quoted(str(path)) for path in (setting.data, setting.log) if path)
    return f"""{MARK}
[Unit]
Description=Gongkai: crawl the portals that are due
Wants=network-online.target time-sync.target
After=network-online.target time-sync.target

[Service]
Type=oneshot
User={_name(setting.user)}
{key}{told}# Locks of hosts: whoever else crawls on this machine sets this too.
Environment=GONGKAI_LOCKS=/var/cache/{_CACHE}
CacheDirectory={_CACHE}
ExecStart={words}
# 1 (something needs a look) is shown as a failure on purpose; 130 is a crawl that was told to stop.
SuccessExitStatus=130
KillMode=mixed
KillSignal=SIGTERM
TimeoutStopSec={STOP_SECONDS}
Nice=10
ReadWritePaths={written}
{_hardened(setting)}"""


_TIMER = f"""{MARK}
[Unit]
Description=Gongkai: look each hour whose turn it is

[Timer]
OnCalendar=hourly
RandomizedDelaySec=10min
Persistent=true
Unit={CRAWL}

[Install]
WantedBy=timers.target
"""


def _serve(setting: Setting) -> str:
    words = " ".join(_word(word) for word in setting.serve())
    return f"""{MARK}
[Unit]
Description=Gongkai: serve the newest publication on 127.0.0.1
After=network.target
# Until something is published it fails, and tries again.
StartLimitIntervalSec=0

[Service]
User={_name(setting.user)}
ExecStart={words}
Restart=on-failure
RestartSec=60
KillSignal=SIGTERM
TimeoutStopSec={STOP_SECONDS}
{_hardened(setting)}
[Install]
WantedBy=multi-user.target
"""


def _hardened(setting: Setting) -> str:
    """Return the lines that take away what is not needed; homes can be hidden where none is needed."""
    in_homes = any(
        path.resolve().is_relative_to(home)
        for path in setting.paths
        for home in ("/home", "/root", "/run/user")
    )
    return _HARDENED.format(home="read-only" if in_homes else "yes")


def _line(text: str) -> str:
    if any(not character.isprintable() for character in text):
        raise UnsafeText(
            f"{text!r}: a unit or a crontab has no way to write line breaks and control characters"
        )
    return text


def _name(user: str) -> str:
    if not user or any(not (each.isascii() and (each.isalnum() or each in "_-.")) for each in user):
        raise UnsafeText(f"{user!r} is no name of a user")
    return user


def _quoted(text: str) -> str:
    """Return a text as one word of a unit.

    >>> _quoted('a "b" 5%')
    '"a \\\\"b\\\\" 5%%"'
    """
    escaped = _line(text).replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{escaped}"'


def _word(text: str) -> str:
    """Return a text as one word of a unit's command."""
    plain = all(each.isalnum() or each in "/._-+=:@," for each in text)
    return text if plain and text else _quoted(text).replace("$", "$$")


def _cron_value(text: str) -> str:
    """Return a value as a crontab sets it: quoted, as it has no escapes."""
    quote = next((each for each in "\"'" if each not in _line(text)), None)
    if quote is None:
        raise UnsafeText(
            f"{text!r}: a crontab cannot hold both kinds of quotes in one value: put it into a script"
        )
    return f"{quote}{text}{quote}"


def install(texts: Mapping[str, str], folder: Path) -> Sequence[Path]:
    """Write units into a folder; return their paths.

    Raises:
        NotOurFile: A file of that name was not written by this program; nothing is written then.
        OSError: The folder cannot be written.
    """
    paths = {folder / name: text for name, text in texts.items()}
    for path in paths:
        if path.is_symlink() or (path.exists() and not path.read_text("utf-8", "replace").startswith(MARK)):
            raise NotOurFile(
                f"{path} was not written by gongkai: it is left as it is, and nothing is installed"
            )
    for path, text in paths.items():
        draft = path.with_name(f".{path.name}.draft")
        draft.write_text(text, encoding="utf-8")
        draft.chmod(0o644)
        draft.replace(path)
    return tuple(paths)
