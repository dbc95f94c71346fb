"""What a publication's folder holds: `manifest.json`, `SHA256SUMS`, and the signature under these.

The manifest names every file with its length, SHA-256 and number of rows. `sha256sum -c SHA256SUMS`
checks a download with what every machine has; with a key configured, `ssh-keygen` signs the sums:

    ssh-keygen -Y verify -f allowed_signers -I gongkai -n gongkai -s SHA256SUMS.sig < SHA256SUMS

where `allowed_signers` is worth what the place is worth that it was taken from.
"""

import hashlib
import json
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from archive.errors import PublishError

MANIFEST, SUMS, SIGNATURE, SIGNERS = "manifest.json", "SHA256SUMS", "SHA256SUMS.sig", "allowed_signers"
NAME = "gongkai"
"""Namespace of the signature, and the name of who signs."""

_LIMIT = 60.0
"""Seconds that signing may take: it waits for nothing, unless the key asks for a passphrase."""


@dataclass(frozen=True, slots=True)
class File:
    """A file of a publication: of a part of a table, or of all of it.

    `content` is the SHA-256 of the part's rows, whatever the format: equal rows, equal file.
    """

    path: str
    bytes: int
    sha256: str
    rows: int | None = None
    table: str | None = None
    year: int | str | None = None
    form: str | None = None
    format: str | None = None
    content: str | None = None


def describe(folder: Path, path: str, **known: object) -> File:
    """Return the entry of a file, measured as it lies there."""
    file = folder / path
    return File(path, file.stat().st_size, sha256(file), **known)  # type: ignore[arg-type]


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, read a piece at a time."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read(folder: Path) -> dict[str, File]:
    """Return a publication's files by their paths; none where it has no manifest.

    Raises:
        PublishError: Its manifest cannot be read.
    """
    path = folder / MANIFEST
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        return {each["path"]: File(**each) for each in told["files"]}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise PublishError(f"{path} cannot be read: {type(error).__name__}: {error}") from error


Seen = dict[tuple[int, int], str]
"""Digests of files by device and inode: equal files of several versions are one file."""


def fault(folder: Path, told: File, seen: Seen | None = None) -> str:
    """Say what is wrong with a file, in words that follow its name; "" if it is what was published."""
    path = folder / told.path
    try:
        found = path.stat()
        if found.st_size != told.bytes:
            return f"has {found.st_size} bytes, not {told.bytes}"
        place = found.st_dev, found.st_ino
        digest = seen[place] if seen and place in seen else sha256(path)
    except FileNotFoundError:
        return "is missing"
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    if seen is not None:
        seen[place] = digest
    return "" if digest == told.sha256 else f"is damaged: its SHA-256 is not {told.sha256}"


def faults(folder: Path, seen: Seen | None = None) -> Iterator[tuple[str, str]]:
    """Yield each file of a publication that is not what was published, and what is wrong with it."""
    try:
        told = read(folder)
    except PublishError as error:
        yield MANIFEST, f"cannot be read ({error.__cause__})"
        return
    if not told:
        yield MANIFEST, "is missing"
        return
    for each in told.values():
        if wrong := fault(folder, each, seen):
            yield each.path, wrong
    try:
        if (folder / SUMS).read_text() != _sums(folder, told.values()):
            yield SUMS, "does not have the digests of these files"
    except (OSError, ValueError) as error:
        yield SUMS, f"cannot be read ({error})"


def is_signed(folder: Path, signer: str | None) -> bool:
    """Tell whether a publication is signed by whom it is to be, if by anybody."""
    try:
        return signer is None or ((folder / SIGNATURE).is_file() and (folder / SIGNERS).read_text() == signer)
    except (OSError, ValueError):
        return False


def _sums(folder: Path, files: Iterable[File]) -> str:
    sums = [(each.path, each.sha256) for each in files] + [(MANIFEST, sha256(folder / MANIFEST))]
    return "".join(f"{digest}  {path}\n" for path, digest in sorted(sums))


def write(folder: Path, version: Mapping[str, str], files: Sequence[File]) -> None:
    """Write manifest and sums; the sums are over the manifest too."""
    told = {
        **version,
        "files": [
            {name: value for name, value in asdict(each).items() if value is not None} for each in files
        ],
    }
    text = json.dumps(told, ensure_ascii=False, indent=1) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8")
    (folder / SUMS).write_text(_sums(folder, files))


def signer(key: Path) -> str:
    """Return the line of `allowed_signers` for a private key.

    Raises:
        PublishError: It is no Ed25519 key that can be used as it is.
    """
    public = _ssh_keygen(key, "-y", "-P", "", "-f", str(key)).split()
    if public[:1] != ["ssh-ed25519"]:
        raise PublishError(f"the signing key {key} is no Ed25519 key but {' '.join(public[:1])!r}")
    return f'{NAME} namespaces="{NAME}" {" ".join(public[:2])}\n'


def sign(folder: Path, key: Path) -> None:
    """Sign a publication's sums, and say by which key.

    Raises:
        PublishError: The key cannot be used; there is no publication without its signature.
    """
    (folder / SIGNERS).write_text(signer(key))
    _ssh_keygen(key, "-Y", "sign", "-n", NAME, "-f", str(key), str(folder / SUMS))
    if not (folder / SIGNATURE).is_file():
        raise PublishError(f"ssh-keygen wrote no signature with {key}")


def _ssh_keygen(key: Path, *arguments: str) -> str:
    program = shutil.which("ssh-keygen")
    if program is None:
        raise PublishError(
            "a signing key is configured, but there is no ssh-keygen: apt install openssh-client"
        )
    try:
        done = subprocess.run(  # noqa: S603 (a fixed program, on the operator's own key)
            [program, *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_LIMIT,
            # Without a terminal it fails at a passphrase instead of asking for it.
            start_new_session=True,
        )
    except subprocess.TimeoutExpired as error:
        raise PublishError(f"the signing key {key} does not sign within {_LIMIT:.0f} seconds") from error
    if done.returncode:
        raise PublishError(f"the signing key {key} cannot be used: {done.stderr.strip()}")
    return done.stdout
