"""What antiword shows of a .doc: a second opinion on LibreOffice, which can lose a table.

LibreOffice 7.4 loses a statutory table with which a .doc ends, and says nothing; Word writes a paragraph
after the last table, other programs need not. antiword keeps numbers in their rows, but neither spans nor
all rows; so its numbers are compared, never read.
"""

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from pipelines.documents.programs import find_program, run

# A cell is an element, or stands between bars where antiword gives up on the shape of a table.
_CELL = re.compile(r"<entry>|\|")
_NUMBER = re.compile(r"(?:<entry>|\|)\s*([-+]?\d[\d.,]*)\s*(?=\||</entry>)")


@dataclass(frozen=True, slots=True)
class Shown:
    """The tables of a document as antiword shows them.

    Attributes:
        cells: how many cells there are, of those that antiword shows.
        numbers: the cells that hold a number and nothing else, as printed, and how often.
    """

    cells: int
    numbers: Counter[str]


def show(document: Path, folder: Path) -> Shown:
    """Return what antiword shows; nothing where it cannot read the document.

    Raises:
        MissingProgram: antiword is not installed.
        LimitExceeded: It does not end.
    """
    _, printed = run([find_program("antiword", "antiword"), "-x", "db", document], folder)
    text = printed.decode(errors="replace")
    return Shown(len(_CELL.findall(text)), Counter(_NUMBER.findall(text)))
