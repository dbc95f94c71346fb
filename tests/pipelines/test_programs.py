"""Programs of other people have a folder, limits and an end, and no network."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipelines.documents import programs
from pipelines.documents.programs import find_program, own_folder, run
from pipelines.errors import LimitExceeded, MissingProgram

SHELL = Path("/bin/sh")


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs.tempfile, "tempdir", str(tmp_path))


def processes_in(folder: Path) -> list[int]:
    """Return the processes whose home is somewhere in the folder."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if f"HOME={folder}".encode() in (entry / "environ").read_bytes():
                    found.append(int(entry.name))
            except OSError:
                continue
    return found


def test_a_program_gets_nothing_of_our_environment_and_bounded_memory(tmp_path: Path) -> None:
    code = "import os, resource as r; print(sorted(os.environ), r.getrlimit(r.RLIMIT_AS)[0])"
    status, printed = run([Path(sys.executable), "-c", code], tmp_path)
    names = ["HOME", "LC_ALL", "PATH", "TMPDIR", "all_proxy", "http_proxy", "https_proxy"]
    assert (status, printed.decode()) == (0, f"{names} {programs.MEMORY}\n")


def test_a_program_reaches_no_server_of_this_machine(tmp_path: Path) -> None:
    if subprocess.run(
        ["unshare", "--user", "--net", "true"], stderr=subprocess.DEVNULL, check=False
    ).returncode:
        pytest.skip("this kernel lets nobody take the network away")
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = server.getsockname()
        socket.create_connection(address).close()
        code = f"import socket; socket.create_connection({address!r}); print('reached')"
        assert run([Path(sys.executable), "-c", code], tmp_path) == (1, b"")


@pytest.mark.slow
def test_a_program_that_does_not_end_is_killed_with_all_it_started(tmp_path: Path) -> None:
    with pytest.raises(LimitExceeded, match="sh did not read the document within 1 seconds"):
        run([SHELL, "-c", "sleep 600 & sleep 600"], tmp_path, seconds=1)
    deadline = time.monotonic() + 10
    while processes_in(tmp_path) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert processes_in(tmp_path) == []


def test_a_program_that_writes_without_end_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(programs, "LARGEST_FILE", 1 << 20)
    with pytest.raises(LimitExceeded, match="more of the document than 1 MB"):
        run([SHELL, "-c", "exec dd if=/dev/zero of=big bs=65536"], tmp_path)
    assert (tmp_path / "big").stat().st_size == 1 << 20


def test_a_program_that_is_not_there_is_named_with_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(MissingProgram, match="soffice is not installed: apt install libreoffice"):
        find_program("soffice", "libreoffice")


def test_a_folder_goes_with_its_run_and_those_of_killed_processes_later(tmp_path: Path) -> None:
    old, new = tmp_path / "gongkai-program-old", tmp_path / "gongkai-program-new"
    for folder in (old, new):
        folder.mkdir()
        (folder / "document").write_bytes(b"x")
    os.utime(old, (0, 0))
    with own_folder() as folder:
        assert sorted(tmp_path.iterdir()) == sorted((folder, new))
    assert list(tmp_path.iterdir()) == [new]
