"""Which addresses name a file, and of which kind: the one list of endings that reports come with."""

import re
from urllib.parse import parse_qsl, unquote, urlsplit

from crawler.platforms.lists import join

_FILE = re.compile(r"\.(?:pdf|docx?|wps|rtf|xlsx?|et|ofd|txt|zip|rar)$", re.IGNORECASE)
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|bmp|tiff?|webp)$", re.IGNORECASE)
_PAGE = re.compile(r"\.s?html?$|viewer", re.IGNORECASE)


def is_file(name: str) -> bool:
    """Tell whether a name ends as that of a file does."""
    return _FILE.search(name.strip()) is not None


def is_picture(url: str) -> bool:
    """Tell whether an address names a picture."""
    return _PICTURE.search(_parts(url)[0]) is not None


def file_name(url: str) -> str:
    """Return the name of the file that an address stands for, or an empty string.

    The name may be a parameter, unless what takes it is a page: that shows the file, and is none.

    >>> file_name("http://h/a/P1.PDF?v=2"), file_name("http://h/down.jsp?classid=0&filename=1.docx")
    ('P1.PDF', '1.docx')
    >>> file_name("http://h/web/viewer.html?file=/P1.pdf"), file_name("http://h/t1.html")
    ('', '')
    """
    path, values = _parts(url)
    name = path.rpartition("/")[2]
    if is_file(name):
        return name
    return "" if is_page(url) else next(filter(is_file, values), "")


def is_page(url: str) -> bool:
    """Tell whether an address is that of a page by its path, whatever its parameters name."""
    return _PAGE.search(_parts(url)[0]) is not None


def viewed(url: str) -> str:
    """Return the address of the file that a page of a viewer shows, or an empty string.

    >>> viewed("http://h/pdfjs/web/viewer.html?file=../../P1.pdf"), viewed("http://h/t1.html")
    ('http://h/P1.pdf', '')
    """
    named = filter(is_file, _parts(url)[1]) if is_page(url) else ()
    return next((join(url, name) for name in named), "")


def _parts(url: str) -> tuple[str, tuple[str, ...]]:
    """Return an address's path without its own parameters, and the values of its query."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "", ()
    path = unquote(parts.path).partition(";")[0]
    return path, tuple(value for _, value in parse_qsl(parts.query))
