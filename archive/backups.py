"""What was kept of an archive: which files there are to restore, and which of two with one name.

Only what cannot be made again is restored: WARC files, `imports/` and the journal. A publication is
there to be compared with, and for what people decided where the journal is lost.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from archive import manifest, publish, run_files, warc
from archive.errors import BadRecord, RestoreError

WARC, IMPORTS, JOURNAL = "warc", "imports", "journal.jsonl"
PART = ".part"
"""How the name of an unfinished copy ends."""

PIECE = 1 << 20
"""Bytes of a file that are held in memory."""


@dataclass(slots=True)
class Plan:
    """What there is to restore.

    Attributes:
        files: where each file is now, by its path in the data folder.
        publication: folder of the publication, or None.
        left: files that are not taken, one line each.
    """

    files: dict[Path, Path] = field(default_factory=dict)
    publication: Path | None = None
    left: list[str] = field(default_factory=list)

    def portals(self) -> list[str]:
        """Return the portals whose files are restored."""
        return sorted({path.parts[1] for path in self.files if path.parts[0] == WARC})

    def add(self, path: Path, source: Path) -> None:
        """Plan a file. Of two that grew from one the longer is taken.

        Raises:
            RestoreError: Another source has other bytes under that name.
        """
        other = self.files.get(path, source)
        if other is source or (grows(path) and begins_with(source, other)):
            self.files[path] = source
        elif not (begins_with(other, source) and (grows(path) or same_size(other, source))):
            raise RestoreError(f"{other} and {source} have one name and other bytes: give only one of them")


def grows(path: Path) -> bool:
    """Tell whether a file of the archive is appended to."""
    return path.name == JOURNAL or path.name.endswith(warc.OPEN)


def same_size(one: Path, other: Path) -> bool:
    """Tell whether two files have one size."""
    return one.stat().st_size == other.stat().st_size


def begins_with(longer: Path, shorter: Path) -> bool:
    """Tell whether a file is another one, or that and more."""
    if longer.stat().st_size < shorter.stat().st_size:
        return False
    with longer.open("rb") as first, shorter.open("rb") as second:
        while piece := second.read(PIECE):
            if first.read(len(piece)) != piece:
                return False
    return True


def gather(given: Iterable[Path], data: Path) -> Plan:
    """Look through what was given; change nothing.

    Args:
        given: Data folders, their parts, portal folders, single files of them, a publication.
        data: The data folder that is to be restored.

    Raises:
        RestoreError: One of them is the archive itself or holds nothing, or two contradict each other.
        OSError: One of them cannot be read.
    """
    plan = Plan()
    for source in given:
        if data.resolve() in (source.resolve(), *source.resolve().parents):
            raise RestoreError(f"{source} lies in {data}, the archive that is to be restored")
        before = len(plan.left)
        found = list(_files(source, plan))
        for path, file in found:
            plan.add(path, file)
        if not found and plan.publication != source:
            why = f" ({plan.left[before]})" if len(plan.left) > before else ""
            raise RestoreError(f"{source} holds no WARC file, no journal and no publication{why}")
    for path in [path for path in plan.files if path.name.endswith(warc.OPEN)]:
        if path.with_name(path.name.removesuffix(warc.OPEN)) in plan.files:
            # A backup from before the file was sealed.
            plan.left.append(f"{plan.files.pop(path)}: is here sealed too")
    if not plan.portals():
        raise RestoreError("there is no WARC file in it: everything else is made from these")
    return plan


def _files(source: Path, plan: Plan) -> Iterator[tuple[Path, Path]]:
    """Yield path in the data folder and place of each file that a source holds."""
    if source.is_file():
        yield from _warc([source], plan) if source.name != JOURNAL else [(Path(JOURNAL), source)]
    elif (source / publish.DATABASE).is_file() and (source / manifest.MANIFEST).is_file():
        _require_whole(source)
        if plan.publication not in (None, source):
            raise RestoreError(f"{plan.publication} and {source} are two publications: give one")
        plan.publication = source
    elif source.name == IMPORTS:
        yield from _imports(source)
    elif any((source / name).exists() for name in (WARC, IMPORTS, JOURNAL)):
        yield from _warc(sorted((source / WARC).glob("*/*")), plan)
        yield from _imports(source / IMPORTS)
        if (source / JOURNAL).is_file():
            yield Path(JOURNAL), source / JOURNAL
    else:
        # The folder of all WARC files, or of one portal's.
        yield from _warc(sorted([*source.glob("*.warc.gz*"), *source.glob("*/*.warc.gz*")]), plan)


def _warc(files: Iterable[Path], plan: Plan) -> Iterator[tuple[Path, Path]]:
    for file in files:
        try:
            portal, _, _ = run_files.parse_name(file)
        except BadRecord as error:
            plan.left.append(f"{file}: {error}")
            continue
        yield Path(WARC, portal, file.name), file


def _imports(folder: Path) -> Iterator[tuple[Path, Path]]:
    for file in sorted(folder.glob("*")):
        if file.is_file() and file.suffix != PART:
            yield Path(IMPORTS, file.name), file


def _require_whole(publication: Path) -> None:
    """Refuse a publication whose database is not the one that was published."""
    try:
        told = manifest.read(publication)[publish.DATABASE].sha256
    except (KeyError, TypeError, ValueError) as error:
        raise RestoreError(f"{publication / manifest.MANIFEST} cannot be read: {error}") from error
    if told != manifest.sha256(publication / publish.DATABASE):
        raise RestoreError(f"{publication / publish.DATABASE} is damaged: its SHA-256 is not {told}")
