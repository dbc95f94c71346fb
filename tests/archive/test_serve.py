"""The server: one version at a time, no connection dropped, no process left behind."""

import http.client
import os
import shutil
import signal
import socket
import sqlite3
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.errors import ServeError
from archive.publish import DATABASE, newest, publish
from archive.serve import RETRY, Shift, serve
from archive.site.__main__ import PATIENCE
from archive.site.ranges import ASK_LATER
from tests import sample_archive
from tests.published_files import reseal
from tests.serving import Site, serving, start

NOW = datetime(2026, 11, 24, 20, 15, 55, tzinfo=UTC)


@pytest.fixture
def public(tmp_path: Path) -> Path:
    publish(sample_archive.load(tmp_path / "gongkai.db"), tmp_path / "public", now=NOW)
    return tmp_path / "public"


def change(public: Path, number: int) -> str:
    """Publish a changed version and return its name."""
    database = public.parent / "gongkai.db"
    with closing(sqlite3.connect(database)) as db, db:
        db.execute("UPDATE report SET title = ?", (f"第{number}版",))
    return publish(database, public, now=NOW + timedelta(hours=number)).name


def read(address: str) -> tuple[int, str]:
    with urllib.request.urlopen(address, timeout=20) as answer:
        return answer.status, answer.read().decode()


def version(site: Site) -> str:
    return read(f"{site.address}gongkai/publication.json?_shape=array&_col=version")[1]


def children(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task")
    return [int(child) for task in tasks.iterdir() for child in (task / "children").read_text().split()]


def until(seen: object, seconds: float = 20.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if seen():  # type: ignore[operator]
            return True
        time.sleep(0.05)
    return False


def gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


def listening(port: int) -> str:
    """Return the inode of the socket that listens on a port of 127.0.0.1, or nothing."""
    sockets = map(str.split, Path("/proc/net/tcp").read_text().splitlines()[1:])
    return next((each[9] for each in sockets if each[1] == f"0100007F:{port:04X}" and each[3] == "0A"), "")


def test_nothing_published_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(ServeError, match="nothing is published"):
        serve(tmp_path / "public")


def test_a_port_already_taken_is_one_clear_error(published: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(ServeError, match=f"127.0.0.1:{port}"):
            serve(published.parent, port=port)


@pytest.mark.parametrize(("host", "port"), [("no.such.host.invalid", 0), ("127.0.0.1", 70000)])
def test_an_address_that_cannot_be_had_is_one_clear_error(published: Path, host: str, port: int) -> None:
    with pytest.raises(ServeError, match=host):
        serve(published.parent, host, port)


@pytest.mark.slow
def test_a_site_answers_and_ends_cleanly_on_sigterm(public: Path) -> None:
    with serving(public) as site:
        assert "样本市展示局" in read(site.address)[1]
        assert "20261124T201555Z" in version(site)
        (child,) = children(site.process.pid)
    assert site.process.returncode == 0
    assert gone(child)


@pytest.mark.slow
def test_ctrl_c_ends_it_at_once_though_a_browser_holds_a_connection(public: Path) -> None:
    with serving(public) as site, socket.create_connection(("127.0.0.1", site.port)):
        began = time.monotonic()
        site.process.send_signal(signal.SIGINT)
        assert site.process.wait(20) == 0
        assert time.monotonic() - began < 5


@pytest.mark.slow
def test_the_children_die_when_the_parent_is_killed(public: Path) -> None:
    with serving(public) as site:
        (child,) = children(site.process.pid)
        socket_of_the_site = listening(site.port)
        site.process.kill()
        assert until(lambda: gone(child))
        # Another test's server may have been given the port since, so the socket is what counts.
        assert until(lambda: listening(site.port) != socket_of_the_site)


@pytest.mark.slow
def test_a_broken_publication_is_one_clear_error(tmp_path: Path) -> None:
    folder = tmp_path / "public" / "20261124T201555Z"
    folder.mkdir(parents=True)
    (folder / DATABASE).write_bytes(b"no database" * 100)
    process = start(tmp_path / "public")
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "ServeError: the publications in" in errors


@pytest.mark.slow
def test_a_broken_new_publication_leaves_the_old_one_serving(public: Path) -> None:
    with serving(public) as site:
        folder = public / "20991231T000000Z"
        folder.mkdir()
        (folder / DATABASE).write_bytes(b"no database" * 100)
        assert newest(public) == folder
        time.sleep(3)
        assert "20261124T201555Z" in version(site)


def damage(folder: Path) -> bytes:
    """Put nothing in the place of a database's first pages; return what it was."""
    content = (folder / DATABASE).read_bytes()
    (folder / DATABASE).write_bytes(bytes(8192) + content[8192:])
    return content


@pytest.mark.slow
def test_an_older_publication_is_served_until_the_newest_is_put_right(public: Path) -> None:
    name = change(public, 1)
    content = damage(public / name)
    with serving(public) as site:
        assert "20261124T201555Z" in version(site)
        (public / name / DATABASE).write_bytes(content)
        assert until(lambda: name in version(site))
        site.process.send_signal(signal.SIGTERM)
        site.process.wait(20)
        assert site.process.stderr is not None
        told = site.process.stderr.read()
    assert f"version {name} is not served: {DATABASE} is damaged: its SHA-256 is not" in told


@pytest.mark.slow
def test_an_older_publication_is_served_where_a_child_dies_and_cannot_be_replaced(public: Path) -> None:
    name = change(public, 1)
    with serving(public) as site:
        assert name in version(site)
        damage(public / name)
        (child,) = children(site.process.pid)
        os.kill(child, signal.SIGKILL)
        assert until(lambda: gone(child))
        assert until(lambda: "20261124T201555Z" in version(site))


def test_a_publication_that_was_refused_is_tried_again_when_it_changes_and_after_a_while(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("20260101T000000Z", "20260102T000000Z"):
        (tmp_path / name).mkdir()
        (tmp_path / name / DATABASE).touch()
    clock, tried = [0.0], []
    monkeypatch.setattr("archive.serve.time.monotonic", lambda: clock[0])

    def refuse(shift: Shift, folder: Path, _line: object) -> None:
        tried.append(folder.name[7])
        raise OSError("no memory")

    def turn() -> list[str]:
        tried.clear()
        shift.turn()
        return list(tried)

    monkeypatch.setattr(Shift, "_open", refuse)
    with socket.socket() as listener:
        shift = Shift(tmp_path, tmp_path, listener, threading.Event())
        assert turn() == ["2", "1"]
        assert turn() == []
        (tmp_path / "20260102T000000Z" / DATABASE).write_bytes(b"another")
        assert turn() == ["2"]
        clock[0] = RETRY + 1
        assert turn() == ["2", "1"]
    assert shift.told().splitlines() == [
        f"the publications in {tmp_path} cannot be served",
        "20260101T000000Z: no process could be started: no memory",
        "20260102T000000Z: no process could be started: no memory",
    ]


@pytest.mark.slow
def test_a_child_that_dies_is_replaced(public: Path) -> None:
    with serving(public) as site:
        (child,) = children(site.process.pid)
        os.kill(child, signal.SIGKILL)
        assert until(lambda: children(site.process.pid) not in ([], [child]))
        assert "20261124T201555Z" in version(site)


class Reader(threading.Thread):
    """Asks for the home page again and again, on a new connection or on one that is kept."""

    def __init__(self, site: Site, stop: threading.Event, *, keep: bool) -> None:
        super().__init__()
        self.site, self.stop, self.keep = site, stop, keep
        self.answers: list[tuple[int, str]] = []
        self.failures: list[Exception] = []

    def run(self) -> None:
        """Ask until told to stop; a failure is kept and ends it."""
        try:
            self._ask()
        except (OSError, http.client.HTTPException) as error:
            self.failures.append(error)

    def _ask(self) -> None:
        with closing(http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=20)) as connection:
            while not self.stop.is_set():
                connection.request("GET", "/zh/")
                answer = connection.getresponse()
                self.answers.append((answer.status, answer.read().decode()))
                if not self.keep:
                    connection.close()


@pytest.fixture
def stop() -> Iterator[threading.Event]:
    event = threading.Event()
    yield event
    event.set()


@pytest.mark.slow
def test_no_connection_is_dropped_while_versions_follow_each_other(
    public: Path, stop: threading.Event
) -> None:
    with serving(public) as site:
        readers = [Reader(site, stop, keep=keep) for keep in (False, False, True)]
        # One that connected and says nothing until the old version is already ending.
        silent = socket.create_connection(("127.0.0.1", site.port))
        for reader in readers:
            reader.start()
        names = {"20261124T201555Z": "样本市展示局2022年"}
        for number in (1, 2, 3):
            name = change(public, number)
            names[name] = f"第{number}版"
            assert until(lambda name=name: name in version(site)), name
            if number == 1:
                time.sleep(0.2)
                with silent:
                    silent.sendall(b"GET /zh/ HTTP/1.1\r\nHost: x\r\n\r\n")
                    assert silent.recv(15) == b"HTTP/1.1 200 OK"
        time.sleep(1)
        stop.set()
        for reader in readers:
            reader.join()
        (serving_now,) = [pid for pid in children(site.process.pid) if not gone(pid)] or [0]
        assert serving_now
    assert [failure for reader in readers for failure in reader.failures] == []
    seen = set()
    for status, body in (answer for reader in readers for answer in reader.answers):
        (name,) = (name for name in names if name in body)
        seen.add(name)
        assert status == 200
        assert [title for title in names.values() if title in body] == [names[name]]
    assert seen == set(names)


@pytest.mark.slow
def test_a_connection_that_was_to_stay_open_is_answered_after_a_download_across_versions(
    public: Path,
) -> None:
    folder = newest(public)
    assert folder is not None
    # More than the kernel takes off the server's hands; SQLite does not look behind its last page.
    os.truncate(folder / DATABASE, 60_000_000)
    reseal(folder)
    with serving(public) as site, closing(http.client.HTTPConnection("127.0.0.1", site.port)) as connection:
        connection.request("GET", f"/{DATABASE}")
        answer = connection.getresponse()
        assert answer.headers["connection"] is None
        taken = len(answer.read(1_000_000))
        name = change(public, 1)
        assert until(lambda: name in version(site))
        time.sleep(PATIENCE + 1)
        assert taken + len(answer.read()) == 60_000_000
        connection.request("GET", "/zh/")
        again = connection.getresponse()
        assert (again.status, again.headers["connection"]) == (200, "close")
        assert folder.name in again.read().decode()


@pytest.mark.slow
def test_a_version_that_is_removed_while_it_is_served_goes_on_answering(public: Path) -> None:
    folder = newest(public)
    assert folder is not None
    with serving(public) as site, ThreadPoolExecutor(8) as readers:
        shutil.rmtree(folder)
        pages = [
            f"{site.address}{path}"
            for path in ("", "gongkai/cell", "search?q=%E5%85%AC%E5%BC%80", "gongkai/report.json")
        ] * 8
        assert [status for status, _ in readers.map(read, pages)] == [200] * 32
        with pytest.raises(urllib.error.HTTPError, match="503") as refused:
            read(f"{site.address}{DATABASE}")
        with refused.value as answer:
            assert answer.headers["retry-after"] == str(ASK_LATER)
