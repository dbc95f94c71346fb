"""`gongkai schedule`: units and lines that a system takes as they are meant, and never in another file's place."""

import doctest
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import crawler.doctor
import crawler.units
import gongkai
from crawler.crawl import PATIENCE
from crawler.units import CARRIED, MARK, STOP_SECONDS, Setting, units

ROOT = Path(__file__).parent.parent
PROGRAM = ("/usr/bin/true",)
CONTACT = "me@example.org"
UNITS = ("gongkai-crawl.service", "gongkai-crawl.timer", "gongkai-serve.service")

Said = tuple[int, str, str]


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Said]:
    """Return what runs `schedule` with a program and a data folder that lie where programs and data lie."""
    monkeypatch.setattr("crawler.commands._program", lambda: PROGRAM)
    for name in CARRIED:
        monkeypatch.delenv(name, raising=False)

    def run(*arguments: object, contact: str = CONTACT, data: str = "/var/lib/gongkai") -> Said:
        monkeypatch.setenv("GONGKAI_CONTACT", contact)
        code = gongkai.exit_code(["schedule", "--data", data, *map(str, arguments)])
        return code, *capsys.readouterr()

    return run


def values(unit: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in unit.splitlines():
        key, sign, value = line.partition("=")
        if sign and not line.startswith("#"):
            found.setdefault(key, []).append(value)
    return found


def test_the_service_runs_as_its_own_user_on_a_read_only_system(call: Callable[..., Said]) -> None:
    code, output, _ = call("--systemd", "--user", "archive")
    assert code == 0
    first, timer, serve = (values(part) for part in output.split(MARK)[1:])
    for service in (first, serve):
        assert service["User"] == ["archive"]
        assert service["ProtectSystem"] == ["strict"]
        assert service["PrivateTmp"] == service["NoNewPrivileges"] == service["ProtectHome"] == ["yes"]
        assert service["CapabilityBoundingSet"] == [""]
        assert service["KillSignal"] == ["SIGTERM"]
        assert int(service["TimeoutStopSec"][0]) == STOP_SECONDS > 2 * PATIENCE
    assert first["ReadWritePaths"] == ['"/var/lib/gongkai"']
    assert "ReadWritePaths" not in serve, "it only reads"
    assert first["ExecStart"] == ["/usr/bin/true crawl --due --budget 45 --data /var/lib/gongkai"]
    assert first["Environment"][0] == f'"GONGKAI_CONTACT={CONTACT}"'
    assert (timer["OnCalendar"], timer["Persistent"], timer["RandomizedDelaySec"]) == (
        ["hourly"],
        ["true"],
        ["10min"],
    )


def test_homes_are_hidden_unless_something_needed_lies_in_one(call: Callable[..., Said]) -> None:
    assert values(call("--systemd", data="/home/me/data")[1])["ProtectHome"] == ["read-only", "read-only"]


def test_texts_stand_in_units_as_they_are_read_back(call: Callable[..., Said]) -> None:
    output = call("--systemd", contact='a "b" \\ 5% $x@example.org', data="/var/lib/a b $c %d")[1]
    found = values(output.split(MARK)[1])
    assert found["Environment"][0] == '"GONGKAI_CONTACT=a \\"b\\" \\\\ 5%% $x@example.org"'
    assert found["ExecStart"][0].endswith('--data "/var/lib/a b $$c %%d"')
    assert found["ReadWritePaths"] == ['"/var/lib/a b $c %%d"']


NOTIFY = "curl -fsS --json @- 'https://hooks.example.org/a%20b?c=\\d'"


def test_what_the_environment_says_is_told_to_the_crawl_as_well(
    call: Callable[..., Said], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir("/etc")
    for name, value in zip(CARRIED, (NOTIFY, "gongkai/key", "300", "/var/log/gong kai"), strict=True):
        monkeypatch.setenv(name, value)
    first, _, serve = (values(part) for part in call("--systemd")[1].split(MARK)[1:])
    assert first["Environment"][1:-1] == [
        "\"GONGKAI_NOTIFY=curl -fsS --json @- 'https://hooks.example.org/a%%20b?c=\\\\d'\"",
        '"GONGKAI_SIGNING_KEY=/etc/gongkai/key"',
        '"GONGKAI_ROOM=300"',
        '"GONGKAI_LOG=/var/log/gong kai"',
    ]
    assert first["ReadWritePaths"] == ['"/var/lib/gongkai" "/var/log/gong kai"']
    assert "Environment" not in serve, "it signs nothing and tells nobody"
    told = [line for line in call("--cron")[1].splitlines() if line.startswith("GONGKAI_")]
    assert told == [
        f'GONGKAI_CONTACT="{CONTACT}"',
        f'GONGKAI_NOTIFY="{NOTIFY}"',
        'GONGKAI_SIGNING_KEY="/etc/gongkai/key"',
        'GONGKAI_ROOM="300"',
        'GONGKAI_LOG="/var/log/gong kai"',
    ]
    lines = call("--systemd", "--install", "--into", tmp_path)[1].splitlines()
    assert "next        chown gongkai: /etc/gongkai/key && chmod 400 /etc/gongkai/key" in lines
    assert "next        install --directory --owner gongkai '/var/log/gong kai'" in lines


@pytest.mark.parametrize(("log", "told"), [("stderr", "stderr"), ("off", "off"), (" ", None)])
def test_a_log_that_is_no_folder_needs_no_place(
    call: Callable[..., Said], monkeypatch: pytest.MonkeyPatch, log: str, told: str | None
) -> None:
    monkeypatch.setenv("GONGKAI_LOG", log)
    found = values(call("--systemd")[1].split(MARK)[1])
    assert found["Environment"][1:-1] == ([f'"GONGKAI_LOG={told}"'] if told else [])
    assert found["ReadWritePaths"] == ['"/var/lib/gongkai"']


def test_a_key_that_a_service_would_not_see_is_refused_and_one_in_a_home_is_shown(
    call: Callable[..., Said], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GONGKAI_SIGNING_KEY", "/tmp/key")
    assert call("--systemd")[0] == 2
    monkeypatch.setenv("GONGKAI_SIGNING_KEY", "/home/me/key")
    assert values(call("--systemd")[1].split(MARK)[1])["ProtectHome"] == ["read-only"]


def test_a_crawl_waits_for_the_right_time(call: Callable[..., Said]) -> None:
    found = values(call("--systemd")[1].split(MARK)[1])
    assert "time-sync.target" in found["Wants"][0].split()
    assert "time-sync.target" in found["After"][0].split()


@pytest.mark.parametrize(
    ("arguments", "more", "code", "said"),
    [
        ((), {}, 2, "say --systemd or --cron"),
        (("--systemd", "--cron"), {}, 2, "say --systemd or --cron"),
        (("--cron", "--install"), {}, 2, "crontab -e"),
        (("--systemd",), {"contact": ""}, 2, "GONGKAI_CONTACT"),
        (("--systemd",), {"contact": "me"}, 2, "GONGKAI_CONTACT"),
        (("--systemd",), {"contact": "me@example.org\nExecStart=/bin/evil"}, 3, "line breaks"),
        (("--cron",), {"contact": "me@example.org\n* * * * * evil"}, 3, "line breaks"),
        (("--cron",), {"contact": "\"'me@example.org"}, 3, "both kinds of quotes"),
        (("--systemd", "--user", "a b"), {}, 3, "no name of a user"),
        (("--systemd",), {"data": "/tmp/x"}, 2, "/tmp of its own"),
    ],
)  # fmt: skip
def test_what_cannot_be_written_safely_is_refused(
    call: Callable[..., Said], arguments: tuple[str, ...], more: dict[str, str], code: int, said: str
) -> None:
    got, output, errors = call(*arguments, **more)
    assert (got, output) == (code, "")
    assert said in errors


def test_the_units_are_put_into_place_and_what_to_run_next_is_said(
    call: Callable[..., Said], tmp_path: Path
) -> None:
    code, output, _ = call("--systemd", "--install", "--into", tmp_path, "--user", "nobody-yet")
    assert code == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(UNITS)
    lines = output.splitlines()
    assert "useradd --system" in lines[3]
    assert lines[-1] == "next        systemctl enable --now gongkai-crawl.timer gongkai-serve.service"
    assert call("--systemd", "--install", "--into", tmp_path, contact="you@example.org")[0] == 0
    assert "you@example.org" in (tmp_path / UNITS[0]).read_text(), "its own files it writes anew"


def test_a_file_of_somebody_else_stays_and_nothing_is_installed(
    call: Callable[..., Said], tmp_path: Path
) -> None:
    for other in (lambda path: path.write_text("[Service]\n"), lambda path: path.symlink_to("/nowhere")):
        path = tmp_path / UNITS[2]
        other(path)
        code, _, errors = call("--systemd", "--install", "--into", tmp_path)
        assert code == 3
        assert f"{path} was not written by gongkai" in errors
        assert list(tmp_path.iterdir()) == [path]
        path.unlink()


def test_a_crontab_line_is_whole_and_means_the_same_to_the_shell(
    call: Callable[..., Said], tmp_path: Path
) -> None:
    file = tmp_path / "my 5% city.toml"
    file.write_text("")
    code, output, _ = call("--cron", "--portals", file, data="/var/lib/it's")
    assert code == 0
    contact, line = output.splitlines()[-2:]
    assert contact == f'GONGKAI_CONTACT="{CONTACT}"'
    minute, *stars, command = line.split(" ", 5)
    assert (minute, stars) == ("17", ["*"] * 4)
    words = shlex.split(command.replace("\\%", "%"))
    assert words == [
        *PROGRAM, "crawl", "--due", "--budget", "45", "--data", "/var/lib/it's", "--portals", str(file)
    ]  # fmt: skip
    assert "%" not in command.replace("\\%", "")
    assert "MAILTO" in output


def test_it_names_itself_by_an_absolute_path() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "gongkai", "schedule", "--cron", "--data", "somewhere"],
        env={**os.environ, "GONGKAI_CONTACT": CONTACT, "PYTHONPATH": str(ROOT)},
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    words = shlex.split(done.stdout.splitlines()[-1])[5:]
    assert Path(words[0]).is_absolute()
    assert os.access(words[0], os.X_OK)
    assert words[words.index("--data") + 1] == str(ROOT / "somewhere")


def test_the_examples_are_right() -> None:
    assert doctest.testmod(crawler.units).failed == doctest.testmod(crawler.doctor).failed == 0


@pytest.mark.parametrize("data", ["/var/lib/gongkai", '/srv/a "b" $c %d 政府'])
def test_systemd_finds_nothing_wrong_with_the_units(tmp_path: Path, data: str) -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("systemd-analyze is not installed: nothing else knows how systemd reads a unit")
    told = dict(zip(CARRIED, (NOTIFY, "/etc/gongkai/my key", "300", f"{data}/log"), strict=True))
    setting = Setting(PROGRAM, Path(data), (Path("/etc/gongkai/my city.toml"),), CONTACT, "root", told)
    for name, text in units(setting).items():
        (tmp_path / name).write_text(text)
    done = subprocess.run(
        [program, "verify", "--man=no", *(str(tmp_path / name) for name in UNITS)],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    ours = [line for line in done.stderr.splitlines() if "gongkai" in line]
    assert (done.returncode, ours) == (0, []), done.stderr
    # And it is seen to bite.
    bad = tmp_path / UNITS[0]
    bad.write_text(bad.read_text().replace("ProtectSystem=strict", "ProtectSystem=somewhat"))
    done = subprocess.run(
        [program, "verify", "--man=no", str(bad)], capture_output=True, text=True, timeout=60, check=False
    )
    assert "protect system value" in done.stderr
