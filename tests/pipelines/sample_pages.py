"""Whole report pages under titles of the test's own choice."""

from archive.captures import Capture, Context
from pipelines.read import read_capture
from pipelines.reading import Reading
from tests.pipelines.template import keys_of, page

TITLE = "某某市样本局2022年政府信息公开工作年度报告"
REPORT = page("form_2021", dict.fromkeys(keys_of("form_2021"), "0"))


def read(html: str, url: str = "", **context: str) -> Reading:
    return read_capture(Capture(url=url, body=html.encode(), context=Context(**context)))


def titled(title: str, before: str = "", head: str = "", **context: str) -> Reading:
    """Read a whole report under this title, with something before its body."""
    html = (
        REPORT.replace(TITLE, title).replace("<body>", f"<body>{before}").replace("<head>", f"<head>{head}")
    )
    return read(html, **context)
