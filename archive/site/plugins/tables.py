"""What Datasette's own pages say beyond the bare rows."""

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote

from datasette import hookimpl
from datasette.app import Datasette
from datasette.utils import tilde_decode
from datasette.utils.asgi import Request
from markupsafe import Markup

from archive.site.places import grid_key, path
from archive.site.queries import rows

Variables = dict[str, Callable[[], Awaitable[dict[str, Any] | None]]]

CELL = """
SELECT cell.revision, cell.item, cell.value, cell.text, cell.place, cell_state.name AS state,
       cell_state.meaning, form_item.label, form_item.unit, report.id AS report, report.title,
       report.revision IS cell.revision AS current, revision.capture, capture.file, capture."offset"
FROM cell
JOIN form_item ON form_item.id = cell.item
JOIN cell_state ON cell_state.id = cell.state
JOIN revision ON revision.id = cell.revision
JOIN source ON source.id = revision.source
JOIN report ON report.id = source.report
LEFT JOIN capture ON capture.id = revision.capture
WHERE cell.revision = :revision AND cell.item = :item
"""

ROOT = "SELECT path FROM grid WHERE revision = :revision AND page = :page AND number = :number"


@hookimpl  # type: ignore[untyped-decorator]
def render_cell(row: Any, value: Any, column: str, table: str | None, datasette: Datasette) -> Markup | None:
    """Let a report's title lead from Datasette's tables to the report's page."""
    if (table, column) != ("report", "title") or not value:
        return None
    address = datasette.urls.path(f"/report/{quote(row['id'], safe='')}")
    return Markup('<a href="{}">{}</a>').format(address, value)


@hookimpl  # type: ignore[untyped-decorator]
def extra_template_vars(table: str | None, request: Request | None, datasette: Datasette) -> Variables:
    """Tell in words what a row of `cell` is, which holds nothing but numbers."""

    async def cell_in_words() -> dict[str, Any] | None:
        keys = (request.url_vars.get("pks") or "").split(",") if request else []
        if table != "cell" or len(keys) != 2:
            return None
        revision, item = map(tilde_decode, keys)
        db = datasette.get_database()
        for cell in await rows(db, CELL, revision=revision, item=item):
            page, number = grid_key(cell["place"])
            roots = await rows(db, ROOT, revision=revision, page=page, number=number)
            return {**cell, "path": path(cell["place"], "".join(row["path"] for row in roots))}
        return None

    return {"cell_in_words": cell_in_words}
