"""The text of one paragraph of a Word document, and what hangs on it."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from pipelines.documents.docx_styles import Styles
from pipelines.documents.ooxml import W, printed, switch, value

_RUN, _PROPERTIES, _TEXT = W + "r", W + "rPr", W + "t"
_FIELD, _SYMBOL = W + "fldChar", W + "sym"
_CHARACTERS = {
    W + "tab": " ",
    W + "ptab": " ",
    W + "br": "\n",
    W + "cr": "\n",
    W + "noBreakHyphen": "-",
}
_DRAWINGS = frozenset(W + name for name in ("drawing", "pict", "object"))
_LOOKS = ("vertAlign", "strike", "dstrike")
_UNKNOWN = "\ufffd"
"""Stands for a character of a symbol font: what it looks like only the font knows."""
_BOX = W + "txbxContent"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_PICTURES = (
    "{http://schemas.openxmlformats.org/drawingml/2006/main}blip",
    "{urn:schemas-microsoft-com:vml}imagedata",
    "{urn:schemas-microsoft-com:office:office}OLEObject",
)


@dataclass(slots=True)
class Line:
    """A paragraph: its text with breaks as newlines, the text boxes on it, and its pictures."""

    parts: list[str] = field(default_factory=list)
    boxes: list[etree._Element] = field(default_factory=list)
    pictures: int = 0

    @property
    def text(self) -> str:
        """Return the text, its white space as it stands."""
        return "".join(self.parts)


def read_line(paragraph: etree._Element, styles: Styles) -> Line:
    """Read a paragraph: hidden and deleted text left out, of fields the result only."""
    reader = _LineReader(styles, styles.hides(value(paragraph, f"{W}pPr/{W}pStyle")))
    reader.read(paragraph)
    return reader.line


class _LineReader:
    """Reads the runs of one paragraph in order.

    `_fields` tells of each open field whether its instruction still runs. A field left open ends
    with the paragraph, so that a damaged one costs no more than that.
    """

    def __init__(self, styles: Styles, hidden: bool) -> None:
        self.line = Line()
        self._styles = styles
        self._hidden = hidden
        self._fields: list[bool] = []
        self._look: tuple[str | None, ...] = ()

    def read(self, element: etree._Element) -> None:
        """Take the runs in an element."""
        for child in printed(element):
            if child.tag == _RUN:
                self._run(child)
            elif isinstance(child.tag, str) and child.tag.startswith(_MATH):
                # Parts of a formula stand above each other: apart, they cannot become one number.
                numbers = (part.text or "" for part in child.iter(f"{_MATH}t"))
                self.line.parts.append(f" {' '.join(numbers)} ")

    def _run(self, run: etree._Element) -> None:
        properties = run.find(_PROPERTIES)
        self._change_look(properties)
        hidden = self._hides(properties)
        for child in printed(run):
            if child.tag == _FIELD:
                self._mark(child.get(W + "fldCharType"))
            elif not hidden and not any(self._fields):
                self._take(child)

    def _take(self, child: etree._Element) -> None:
        if child.tag == _TEXT:
            self.line.parts.append(child.text or "")
        elif child.tag in _CHARACTERS:
            self.line.parts.append(_CHARACTERS[child.tag])
        elif child.tag == _SYMBOL:
            self.line.parts.append(_UNKNOWN)
        elif child.tag in _DRAWINGS:
            self.line.boxes.extend(_boxes(child))
            self.line.pictures += sum(1 for _ in child.iter(*_PICTURES))

    def _mark(self, kind: str | None) -> None:
        """Take the begin, the end, or the middle of a field: from there on its result is printed."""
        if kind == "begin":
            self._fields.append(True)
        elif self._fields and kind == "separate":
            self._fields[-1] = False
        elif self._fields and kind == "end":
            self._fields.pop()

    def _change_look(self, properties: etree._Element | None) -> None:
        """Keep raised and struck-out characters apart from the others: 12 with a raised 1 is not 121."""
        look = () if properties is None else tuple(value(properties, W + name) for name in _LOOKS)
        look = look if any(look) else ()
        if look != self._look:
            self.line.parts.append(" ")
        self._look = look

    def _hides(self, properties: etree._Element | None) -> bool:
        if properties is None:
            return self._hidden
        own = switch(properties, W + "vanish")
        return self._styles.hides(value(properties, W + "rStyle")) or self._hidden if own is None else own


def _boxes(element: etree._Element) -> Iterator[etree._Element]:
    """Yield the outermost text boxes in a drawing, each once."""
    for child in printed(element):
        if child.tag == _BOX:
            yield child
        else:
            yield from _boxes(child)
