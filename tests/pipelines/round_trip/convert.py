"""Documents made into other formats, many at a time: starting a program costs more than its work."""

import subprocess
from collections.abc import Mapping
from pathlib import Path

# LibreOffice opens a page as one for the web, which it saves as nothing else, unless it is told.
_IMPORT = {"html": "--infilter=HTML (StarWriter)"}


def libreoffice(documents: Mapping[str, bytes], source: str, target: str, folder: Path) -> dict[str, bytes]:
    """Return name -> bytes in the format `target`; what LibreOffice refuses is not there."""
    for name, body in documents.items():
        (folder / f"{name}.{source}").write_bytes(body)
    files = [str(folder / f"{name}.{source}") for name in documents]
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation=file://{folder}/profile",
            *("--headless", "--convert-to", target, "--outdir", str(folder / target)),
            *([_IMPORT[source]] if source in _IMPORT else []),
            *files,
        ],
        check=True,
        capture_output=True,
        timeout=600,
    )
    return {path.stem: path.read_bytes() for path in sorted((folder / target).glob(f"*.{target}"))}
