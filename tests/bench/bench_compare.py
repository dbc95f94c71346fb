"""The golden reports, cell by cell: by us, by pandas, and by regular expressions (`make bench`)."""

import json
from collections import Counter
from importlib.metadata import version
from pathlib import Path

from archive import captures
from archive.captures import Capture
from pipelines.read import read_capture
from tests.bench import others
from tests.bench.others import Values
from tests.bench.page import write_section

REPORTS = Path(__file__).parent.parent / "reports"
READERS = ("Gongkai", "pandas.read_html", "regular expressions")


def main() -> None:
    """Read every report three times, and write the table."""
    lines = ["| report | cells | " + " | ".join(READERS) + " |", "|---|---|" + "---|" * len(READERS)]
    totals = [Counter[str]() for _ in READERS]
    for expected in sorted(REPORTS.glob("*/expected.json")):
        (document,) = expected.parent.glob("document.*")
        if document.suffix not in (".html", ".txt"):
            continue
        wanted = numbers(expected)
        scores = [score(wanted, values) for values in readings(document.read_bytes())]
        totals = [total + one for total, one in zip(totals, scores, strict=True)]
        lines.append(f"| {expected.parent.name} | {len(wanted)} | {' | '.join(map(words, scores))} |")
    lines.append(f"| **all** | | {' | '.join(map(words, totals))} |")
    write_section(
        "Cells of the golden reports, side by side",
        "Printed numbers read right / wrong / missing; a number where none is printed counts as wrong. The two others are the "
        "scripts of `tests/bench/others.py`; what they read wrong they read without a word.\n\n"
        + "\n".join(lines)
        + f"\n\npandas {version('pandas')}.",
    )


def numbers(expected: Path) -> Values:
    """Return the numbers that are printed in a report."""
    cells = json.loads(expected.read_text(encoding="utf-8"))["cells"]
    return {
        (cell["table"], cell["row"], cell["column"]): cell["value"]
        for cell in cells
        if cell["state"] == "number"
    }


def readings(body: bytes) -> tuple[Values, Values, Values]:
    """Return what each reader makes of a document; all have its text as we decode it."""
    capture = Capture(body=body)
    text = captures.text(capture)
    ours = {cell.key: cell.value for cell in read_capture(capture).cells if cell.value is not None}
    return ours, others.by_pandas(text), others.by_regular_expressions(text)


def score(wanted: Values, read: Values) -> Counter[str]:
    """Count cells that are right, wrong and missing."""
    right = sum(read.get(key) == value for key, value in wanted.items())
    missing = sum(key not in read for key in wanted)
    wrong = len(wanted) - right - missing + sum(key not in wanted for key in read)
    return Counter(right=right, wrong=wrong, missing=missing)


def words(score: Counter[str]) -> str:
    """Return a score as the table prints it."""
    return f"{score['right']} / {score['wrong']} / {score['missing']}"


if __name__ == "__main__":
    main()
