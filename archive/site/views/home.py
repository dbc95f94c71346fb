"""The home page: what there is, what is new, how to cite."""

from archive.site import LICENSE, LICENSE_URL, coverage_map, history, listing
from archive.site.pages import Asked, View
from archive.site.queries import publication
from archive.site.words import LANGUAGES, Words

NEWEST = 10
CHANGES = 6
"""Reports and changes that it shows."""


async def home(asked: Asked) -> View:
    """Return the home page.

    Its data: `publication`, the row with all counts; `coverage`, as `coverage_map.CoverageMap` says; `newest`
    reports; `changes`, those seen last. A publication that an earlier program made has no coverage and no
    newest reports.
    """
    ready = await listing.summarised(asked.db)
    shown = {
        "publication": await publication(asked.db),
        "coverage": await coverage_map.coverage_map(asked.db) if ready else None,
        "newest": await listing.newest(asked.db, NEWEST) if ready else [],
        "changes": await history.newest(asked.db, CHANGES),
    }
    # A citation is wanted in the language of the one who cites, whatever that of the page.
    cited = {language: Words(language) for language in (asked.language, *LANGUAGES) if language}
    more = {"license": LICENSE, "license_url": LICENSE_URL, "cited": cited, "ready": ready}
    return View("home.html", shown, more=more)
