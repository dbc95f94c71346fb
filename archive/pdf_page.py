"""A page of a PDF file as a picture, with a box drawn where a cell stands, or how many pages there are.

`python -m archive.pdf_page PARENT PAGE [BOX]` reads the file on its standard input and prints a PNG, for page
0 the number of pages. It is a program of its own because a hostile file must cost no more than its answer.
"""

import sys
from io import BytesIO

from archive import processes
from archive.errors import ProgramFailed

SECONDS, MEMORY, ANSWER = 20.0, 1 << 30, 16 * 1024 * 1024
"""Limits of the process: time, bytes of memory, bytes of the picture."""

RESOLUTION, LONGEST = 110, 2400
"""Pixels an inch, and at most along a side: a page may say that it is a kilometre wide."""

AROUND = 3
"""Points of room between a box and what is drawn around it."""


def count(body: bytes) -> int:
    """Return how many pages a PDF file has.

    Raises:
        ProgramFailed: It cannot be opened, within the limits.
    """
    try:
        return int(processes.run("archive.pdf_page", ["0"], body, seconds=SECONDS, most=ANSWER))
    except ValueError as error:
        raise ProgramFailed("the pages could not be counted") from error


def draw(body: bytes, page: int, box: tuple[float, ...] | None) -> bytes:
    """Return a page, counted from 1, as PNG.

    Args:
        body: The PDF file.
        page: Number of the page.
        box: What is marked: left, top, right and bottom in points, as pdfplumber counts them.

    Raises:
        ProgramFailed: There is no such page, or it cannot be drawn within the limits.
    """
    if page < 1:
        raise ProgramFailed(f"there is no page {page}")
    words = [str(page), *map(str, box or ())]
    return processes.run("archive.pdf_page", words, body, seconds=SECONDS, most=ANSWER)


def main(parent: int, number: int, box: tuple[float, ...]) -> None:
    """Print what is asked for; whatever goes wrong ends the process with an error."""
    # Loaded before memory is limited.
    import pdfplumber
    import PIL.PngImagePlugin
    import pypdfium2

    processes.confine(parent, MEMORY, int(SECONDS))
    body = sys.stdin.buffer.read()
    if number == 0:
        sys.stdout.write(str(len(pypdfium2.PdfDocument(body))))
        return
    page = pdfplumber.open(BytesIO(body), pages=[number]).pages[0]
    resolution = min(RESOLUTION, 72 * LONGEST / max(page.width, page.height, 1))
    image = page.to_image(resolution=resolution, antialias=True)
    if box:
        left, top, right, bottom = box
        around = (left - AROUND, top - AROUND, right + AROUND, bottom + AROUND)
        image.draw_rect(around, fill=(255, 214, 0, 70), stroke=(163, 40, 30, 255), stroke_width=3)
    drawn = BytesIO()
    image.save(drawn, quantize=False)
    assert PIL.PngImagePlugin
    sys.stdout.buffer.write(drawn.getvalue())


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), tuple(map(float, sys.argv[3:])))
