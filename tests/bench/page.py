"""`docs/BENCHMARKS.md`, of which each benchmark writes its own section."""

import re
from pathlib import Path

PAGE = Path(__file__).parent.parent.parent / "docs" / "BENCHMARKS.md"
TOP = "# Benchmarks\n\nRatios measured in one run each (`make bench`); absolute times say nothing on shared machines.\n"


def write_section(title: str, text: str) -> None:
    """Put a section into the page: in the place of the one with its title, else at the end."""
    page = PAGE.read_text(encoding="utf-8") if PAGE.exists() else TOP
    parts = re.split(r"^(?=## )", page, flags=re.MULTILINE)
    section = f"## {title}\n\n{text.strip()}\n"
    kept = [section if part.startswith(f"## {title}\n") else part for part in parts]
    if section not in kept:
        kept.append(section)
    PAGE.write_text("\n".join(part.strip() + "\n" for part in kept), encoding="utf-8")
