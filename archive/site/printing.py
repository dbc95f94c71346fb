"""How values are printed on a page, whatever its language."""

from urllib.parse import quote, urlsplit

from markupsafe import Markup


def number(value: float | None) -> str:
    """Return a value as it would be printed.

    >>> number(3.0), number(48.7917), number(None)
    ('3', '48.7917', '')
    """
    return "" if value is None else f"{value:.10g}" if abs(value) < 1e10 else f"{value:.0f}"


def size(count: int) -> str:
    """Return a number of bytes as people say it.

    >>> size(999), size(1_234_567), size(2_000_000_000)
    ('999 B', '1.2 MB', '2.0 GB')
    """
    value, unit = float(count), "B"
    for larger in ("kB", "MB", "GB", "TB"):
        if value < 1000:
            break
        value, unit = value / 1000, larger
    return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"


def web_address(url: str | None) -> str:
    """Return the address if it is a web address, else an empty one: no other may be a link.

    >>> web_address("https://example.org/"), web_address("javascript:alert(1)")
    ('https://example.org/', '')
    """
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return ""
    return str(url) if parts.scheme in ("http", "https") and parts.netloc else ""


def part(text: object) -> str:
    """Return a text as one part of an address.

    >>> part("展示/2020")
    '%E5%B1%95%E7%A4%BA%2F2020'
    """
    return quote(str(text), safe="")


def code(text: object) -> Markup:
    """Return a text as code, ready to be put into a sentence.

    >>> code("<i>")
    Markup('<code>&lt;i&gt;</code>')
    """
    return Markup("<code>{}</code>").format(text)


def link(address: str, text: object, rel: str = "") -> Markup:
    """Return a link, ready to be put into a sentence.

    >>> link("/zh/about", "说明")
    Markup('<a href="/zh/about">说明</a>')
    """
    attribute = Markup(' rel="{}"').format(rel) if rel else ""
    return Markup('<a href="{}"{}>{}</a>').format(address, attribute, text)
