"""Whether the numbers agree, and what could not be read: counted when the publication was built.

Data: `years` (rows of `site_year`), `checks` (definition, and reports that fail it `as_printed` and
`assumed_zero`), `problems` (rows of `site_problem`), `worst` (reports with most errors), `rereadings`.
"""

from archive.site.pages import Asked, View
from archive.site.queries import rows

YEARS = "SELECT * FROM site_year ORDER BY year DESC"
CHECKS = """
SELECT d.*, total(CASE WHEN f."pass" = 'as_printed' THEN f.reports END) AS as_printed,
       total(CASE WHEN f."pass" = 'assumed_zero' THEN f.reports END) AS assumed_zero
FROM check_definition d LEFT JOIN site_finding f ON f."check" = d.id GROUP BY d.id
ORDER BY d.number = '', CAST(substr(d.number, 2) AS INTEGER), d.id
"""
PROBLEMS = "SELECT * FROM site_problem ORDER BY documents DESC, kind"
WORST = """
SELECT report.id, report.title, report.year, report.published_on, report.status, report.days_late,
       agency.name AS agency_name, worst.errors
FROM (SELECT report, errors FROM site_report WHERE errors > 0 ORDER BY errors DESC, number LIMIT 20) AS worst
JOIN report ON report.id = worst.report JOIN agency ON agency.id = report.agency
ORDER BY worst.errors DESC, report.published_on DESC, report.id
"""
REREADINGS = "SELECT * FROM reextraction ORDER BY id DESC LIMIT 20"


async def quality(asked: Asked) -> View:
    """Return the page of what was checked and read."""
    shown = {
        "years": await rows(asked.db, YEARS),
        "checks": await rows(asked.db, CHECKS),
        "problems": await rows(asked.db, PROBLEMS),
        "worst": await rows(asked.db, WORST),
        "rereadings": await rows(asked.db, REREADINGS),
    }
    return View("quality.html", shown)
