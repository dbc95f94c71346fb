"""What a terminal shows: as much of one as the command line's output needs."""

import re
import unicodedata

_SEQUENCE = re.compile(r"\x1b\[(\d*)([A-Z])|(\r)|(\n)|([^\x1b\r\n])")


class Screen:
    """Rows of a terminal `width` cells wide that keeps all that has scrolled away."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.rows: list[list[str]] = [[]]
        self.row = self.column = 0

    def feed(self, text: str) -> None:
        """Do what the text says; an unknown sequence is an error."""
        end = 0
        for found in _SEQUENCE.finditer(text):
            assert found.start() == end, repr(text[end : found.start()])
            end = found.end()
            count, letter, back, down, character = found.groups()
            if letter:
                self._move(letter, int(count or 1))
            elif back:
                self.column = 0
            elif down:
                self._down()
            else:
                self._put(character)
        assert end == len(text), repr(text[end:])

    def _move(self, letter: str, count: int) -> None:
        if letter == "A":
            # No further than the first row that is still on the screen.
            self.row = max(self.row - count, len(self.rows) - self.height, 0)
        elif letter == "J":
            self.rows[self.row] = self.rows[self.row][: self.column]
            del self.rows[self.row + 1 :]
        else:
            raise AssertionError(letter)

    def _down(self) -> None:
        self.row += 1
        if self.row == len(self.rows):
            self.rows.append([])

    def _put(self, character: str) -> None:
        cells = 2 if unicodedata.east_asian_width(character) in "WF" else 1
        if self.column + cells > self.width:
            self.column = 0
            self._down()
        row = self.rows[self.row]
        row.extend(" " * (self.column + cells - len(row)))
        row[self.column : self.column + cells] = [character, ""][:cells]
        self.column += cells

    @property
    def lines(self) -> list[str]:
        """Return all rows from the first on, as text."""
        return ["".join(row).rstrip() for row in self.rows]
