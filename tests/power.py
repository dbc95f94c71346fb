"""Power loss: `python -m tests.power LOG ARGUMENT...` runs the command line and notes what it syncs.

`lose` then takes from the archive's WARC files what no sync has put onto the disk: the bytes
written since, new names, renamings. SQLite syncs by itself, unseen from here: `captures.db`
loses its log, or all.
"""

import json
import os
import random
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import gongkai


def watch(log: Path) -> None:
    """Note in `log`, before a sync returns, what is on the disk by it."""
    out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def watched(sync: Callable[[int], None]) -> Callable[[int], None]:
        def call(handle: int) -> None:
            found = os.fstat(handle)
            entries = None
            if stat.S_ISDIR(found.st_mode):
                entries = {entry.name: entry.inode() for entry in os.scandir(handle)}
            sync(handle)
            os.write(out, json.dumps([found.st_ino, found.st_size, entries]).encode() + b"\n")

        return call

    os.fsync, os.fdatasync = watched(os.fsync), watched(os.fdatasync)


def lose(data: Path, log: Path, tail: str, chance: random.Random) -> int:
    """Take away what was not synced; return how many bytes and names that were.

    Args:
        data: The data folder.
        log: What `watch` noted.
        tail: What stands where the lost bytes stood: `cut` (nothing), `zeros` or `garbage`.
        chance: Makes the garbage, and decides whether `captures.db` loses its log or all.
    """
    sizes: dict[int, int] = {}
    names: dict[int, dict[str, int]] = {}
    for line in log.read_text().splitlines():
        inode, size, entries = json.loads(line)
        if entries is None:
            sizes[inode] = max(size, sizes.get(inode, 0))
        else:
            names[inode] = entries
    lost = _restore_names(data, names, only={"warc"})
    for folder in [data / "warc", *data.glob("warc/*")]:
        lost += _restore_names(folder, names)
    for path in data.glob("warc/*/*"):
        lost += _lose_tail(path, sizes.get(path.stat().st_ino, 0), tail, chance)
    for suffix in chance.choice((("-wal", "-shm"), ("", "-wal", "-shm"))):
        (data / f"captures.db{suffix}").unlink(missing_ok=True)
    return lost


def _restore_names(folder: Path, names: dict[int, dict[str, int]], only: set[str] | None = None) -> int:
    if not folder.exists():
        return 0
    synced = names.get(folder.stat().st_ino, {})
    by_inode = {inode: name for name, inode in synced.items()}
    changed = 0
    for path in list(folder.iterdir()):
        name = by_inode.get(path.stat().st_ino)
        if path.name == name or (only is not None and path.name not in only):
            continue
        changed += 1
        if name is not None:
            path.rename(folder / name)
        else:
            for inner in sorted(path.rglob("*"), reverse=True):
                inner.rmdir() if inner.is_dir() else inner.unlink()
            path.rmdir() if path.is_dir() else path.unlink()
    return changed


def _lose_tail(path: Path, size: int, tail: str, chance: random.Random) -> int:
    lost = path.stat().st_size - size
    if lost > 0:
        os.truncate(path, size)
        with path.open("ab") as file:
            file.write({"cut": b"", "zeros": bytes(lost), "garbage": chance.randbytes(lost)}[tail])
    return max(lost, 0)


if __name__ == "__main__":
    watch(Path(sys.argv[1]))
    sys.argv[1:] = sys.argv[2:]
    gongkai.main()
