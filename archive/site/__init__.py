"""The public site: Datasette over one immutable publication, with pages of our own.

In goes a publication's database, out comes a Datasette. What the site says of forms, labels,
checks and fields it reads from that database.

* `views/`: our pages, one module each; `pages`: how they are asked for and answered
* `templates/`, `static/`, `words/`: how pages look and speak; Datasette's own templates where we say nothing
* `plugins/`: what Datasette calls: routes, search, headers
* `originals`, `spots`, `replay`: stored originals, and how they are shown
* `reports`, `statute`, `history`, `indicators`, `listing`: what our pages ask from the database
"""

import sqlite3
from collections import defaultdict
from contextlib import closing
from pathlib import Path
from typing import Any

from datasette.app import Datasette

from archive.originals import Originals
from archive.publish import DATABASE
from archive.site import downloads
from archive.tables import DERIVED, PAST

HERE = Path(__file__).parent

TITLE = "公开 Gongkai"
ABOUT = (
    "中国各级行政机关政府信息公开工作年度报告的存档与数据。"
    " An archive of the annual reports of China's public agencies on government-information"
    " disclosure, with their statutory tables as data."
)
LICENSE = "ODC-By 1.0"
LICENSE_URL = "https://opendatacommons.org/licenses/by/1-0/"
SOURCE = "各行政机关网站公布的年度报告 The annual reports as the agencies published them"

SETTINGS = {
    # Suggesting facets costs 70 times the rest of a table page.
    "suggest_facets": False,
    # Enough for a join over all cells, and an end to a query that never ends.
    "sql_time_limit_ms": 3000,
    "facet_time_limit_ms": 1000,
    # At the limit Datasette cuts a CSV in the middle and still answers 200.
    "max_csv_mb": 4000,
    "truncate_cells_html": 400,
    "default_page_size": 50,
}

LABELS = ("title", "name", "label", "zh", "url")
"""The field that names a row for people is the first of these that a table has."""

SORTED = {"report": "published_on", "run": "started_at", "change": "first_seen"}
"""Tables that are shown newest first."""

Tables = dict[str, dict[str, Any]]


def application(database: Path, warc: Path | None = None) -> Datasette:
    """Return the Datasette that serves one publication's database.

    Args:
        database: of the publication.
        warc: The folder of WARC files; without it the pages say that originals are not kept here.
    """
    site = Datasette(
        immutables=[str(database)],
        metadata=metadata(database),
        settings=SETTINGS,
        template_dir=str(HERE / "templates"),
        plugins_dir=str(HERE / "plugins"),
        # Published data may be asked for by the pages of others.
        cors=True,
    )
    # Datasette would read the whole database for it when somebody first asks, and all others would wait.
    site.get_database().cached_hash = downloads.offer(database).files[DATABASE].sha256
    # Plugins get the Datasette and nothing else. Not its metadata, which it shows to everybody.
    site.originals = Originals(database, warc)
    return site


def metadata(database: Path) -> dict[str, Any]:
    """Return Datasette's metadata, with the descriptions that the database itself carries."""
    with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as db:
        described = db.execute('SELECT "table", field, zh, en FROM description').fetchall()
        searched = db.execute(
            "SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%USING FTS5%'"
        ).fetchall()
    about = {
        "license": LICENSE,
        "license_url": LICENSE_URL,
        "source": SOURCE,
    }
    tables = _tables(described, {name for (name,) in searched})
    own = {"title": "数据表 Tables", "description": ABOUT, "tables": tables, **about}
    return {"title": TITLE, "description": ABOUT, "databases": {database.stem: own}, **about}


def _tables(described: list[tuple[str, str, str, str]], searched: set[str]) -> Tables:
    tables: Tables = defaultdict(lambda: {"columns": {}})
    for table, field, zh, en in described:
        if field:
            tables[table]["columns"][field] = f"{zh} · {en}"
        else:
            tables[table] |= {"title": f"{table} {zh}", "description": f"{zh} · {en}"}
    for name, settings in tables.items():
        settings.update(_settings(name, settings["columns"], searched))
    return dict(tables)


def _settings(name: str, columns: dict[str, str], searched: set[str]) -> dict[str, Any]:
    settings: dict[str, Any] = {}
    label = next((field for field in LABELS if field in columns), None)
    if label:
        settings["label_column"] = label
    if name in SORTED:
        settings["sort_desc"] = SORTED[name]
    if f"{name}_fts" in searched:
        settings |= {"fts_table": f"{name}_fts", "fts_pk": "search_id"}
    if name.startswith((DERIVED, PAST)):
        # There are as many as there are tables: below the others in Datasette's list.
        settings["hidden"] = True
    return settings
