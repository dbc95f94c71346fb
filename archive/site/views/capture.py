"""The page of one stored response: what it is, what was read from it, the original with a cell marked.

Data: `capture`, its row; `cell`, the one that `?cell=<revision>,<item>` names (labels, value, text, state,
unit, place, path); `reports` and `problems` that were read from it; `addresses` of copy, record, original and
of all captures of its sources; `refused`, why the original is not shown.
"""

import asyncio
from typing import Any

from archive.site import originals
from archive.site.pages import Asked, View
from archive.site.places import grid_key, path
from archive.site.queries import rows

CAPTURE = """
SELECT capture.*, portal.title AS portal_title, portal.specimen FROM capture
LEFT JOIN portal ON portal.id = capture.portal WHERE capture.id = :capture
"""
READ = """
SELECT DISTINCT report.id, report.title, report.year, agency.name AS agency_name, source.id AS source
FROM source JOIN report ON report.id = source.report JOIN agency ON agency.id = report.agency
WHERE source.id IN (
    SELECT rendering.source FROM source AS here JOIN rendering ON rendering.source = here.id
    WHERE here.url = :url AND rendering.digest = :digest
    UNION SELECT revision.source FROM revision WHERE revision.capture = :id)
ORDER BY report.year DESC, report.id
"""
PROBLEMS = "SELECT * FROM problem WHERE capture = :id ORDER BY kind, id LIMIT 100"
CELL = """
SELECT cell.revision, cell.item, cell.value, cell.text, cell.place, cell_state.name AS state,
       form_item.label, form_item.label_en, form_item.unit,
       form_item."table", form_item.row, form_item."column", report.id AS report, report.title
FROM cell JOIN form_item ON form_item.id = cell.item JOIN cell_state ON cell_state.id = cell.state
JOIN revision ON revision.id = cell.revision JOIN source ON source.id = revision.source
JOIN report ON report.id = source.report
WHERE cell.revision = :revision AND cell.item = :item
    AND (revision.capture = :id OR revision.digest = :digest)
"""
ROOT = "SELECT path FROM grid WHERE revision = :revision AND page = :page AND number = :number"


async def capture(asked: Asked) -> View:
    """Return the page of a capture, or that there is none."""
    identity = asked.part("capture")
    found = await rows(asked.db, CAPTURE, capture=identity)
    if not found:
        return View("no_capture.html", {"id": identity}, status=404)
    row = found[0]
    cell = await _cell(asked, row)
    offer = await asyncio.to_thread(originals.offer, asked.datasette.originals, identity)
    read = await rows(asked.db, READ, id=identity, url=row["url"], digest=row["digest"])
    query = originals.cell_query(cell["revision"], cell["item"]) if cell else ""
    sources = sorted({each["source"] for each in read})
    shown = {
        "capture": row,
        "cell": cell,
        "reports": read,
        "problems": await rows(asked.db, PROBLEMS, id=identity),
        "refused": offer.refused and {"why": offer.refused.why, "decisions": offer.refused.decisions},
        "addresses": {
            "replay": originals.replay_path(identity, query) if offer.replay else "",
            "record": offer.record,
            "original": offer.original,
            "sources": [originals.wacz_path(source) for source in sources] if offer.record else [],
        },
    }
    more = {"kind": offer.kind.name if offer.kind else "", "refusal": offer.refused}
    return View("capture.html", shown, more=more, framing=True)


async def _cell(asked: Asked, row: dict[str, Any]) -> dict[str, Any] | None:
    """Return the cell that is asked for, with the path of its place, if it was read from this capture."""
    numbers = [_key(each) for each in asked.said("cell").split(",")]
    if len(numbers) != 2 or None in numbers:
        return None
    wanted = {"revision": numbers[0], "item": numbers[1], "id": row["id"], "digest": row["digest"]}
    for cell in await rows(asked.db, CELL, **wanted):
        page, number = grid_key(cell["place"])
        roots = await rows(asked.db, ROOT, revision=cell["revision"], page=page, number=number)
        return {**cell, "path": path(cell["place"], "".join(each["path"] for each in roots))}
    return None


def _key(text: str) -> int | None:
    """Return a key as the database has it; SQLite's numbers have 64 bits."""
    digits = text.removeprefix("-")
    return int(text) if digits.isascii() and digits.isdecimal() and len(digits) < 19 else None
