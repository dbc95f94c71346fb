"""What the archive is: forms, checks and indicators from their tables, the law, limits, whom to write to.

Data: rows of `form` (with `cells`), `check_definition` and `indicator_definition` (by kind); `withheld`, how
many captures are; `masks`, the classes of personal data that are masked, by their names in Chinese.
"""

import os
from itertools import groupby

from archive.masking import CLASSES
from archive.site import LICENSE, LICENSE_URL
from archive.site.pages import Asked, View
from archive.site.queries import rows

CONTACT = "GONGKAI_CONTACT"
"""The environment variable that holds the address at which the operator can be reached."""

FORMS = """
SELECT form.*, (SELECT count(*) FROM form_cell WHERE form_cell.form = form.id) AS cells
FROM form ORDER BY first_year DESC
"""
CHECKS = "SELECT * FROM check_definition ORDER BY number = '', CAST(substr(number, 2) AS INTEGER), id"
INDICATORS = "SELECT * FROM indicator_definition ORDER BY kind, rowid"
WITHHELD = "SELECT count(*) AS count FROM withheld WHERE lifted_at IS NULL"
KINDS = ("rate", "share", "count", "level", "days", "score", "flag")


async def about(asked: Asked) -> View:
    """Return the page that explains the archive."""
    defined = await rows(asked.db, INDICATORS)
    kinds = {kind: list(group) for kind, group in groupby(defined, key=lambda row: row["kind"])}
    has_withheld = await asked.db.table_exists("withheld")
    shown = {
        "forms": await rows(asked.db, FORMS),
        "checks": await rows(asked.db, CHECKS),
        "indicators": {kind: kinds[kind] for kind in KINDS if kind in kinds},
        "withheld": (await rows(asked.db, WITHHELD))[0]["count"] if has_withheld else 0,
        "masks": CLASSES,
        "contact": os.environ.get(CONTACT, ""),
    }
    return View("about.html", shown, more={"licence": LICENSE, "licence_url": LICENSE_URL})
