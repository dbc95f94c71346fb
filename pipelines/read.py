"""One capture in, one reading out: pure, the same bytes and context give the same reading."""

from w3lib.url import safe_url_string

from archive.captures import LIST, Capture
from pipelines.agency_lists import agencies_in
from pipelines.checks import check
from pipelines.documents import Document, read_document, read_embedded
from pipelines.documents.links import join
from pipelines.errors import DocumentError
from pipelines.extract import Extraction, extract
from pipelines.forms import PROSE, form_named
from pipelines.genre import FIRST_TABLES, Genre, judge
from pipelines.identity import Identity, identify
from pipelines.members import require_one_report
from pipelines.reading import Finding, Problem, Reading
from pipelines.sections import find_sections

EXTRACTOR = "6"
"""Version of the reading rules: raised whenever some document would be read differently."""


def read_capture(capture: Capture) -> Reading:
    """Read one capture.

    What cannot be read becomes problems of the reading; nothing is raised for bad bytes.

    Args:
        capture: a stored response, or a file given by hand.
    """
    if capture.context.role == LIST:
        return Reading(reason="a list", agencies=agencies_in(capture))
    try:
        document = read_document(capture)
        extraction = extract(document)
        if not extraction.cells and document.embedded:
            document = read_embedded(document)
            extraction = extract(document)
        if document.members:
            require_one_report(document, extraction)
    except DocumentError as error:
        return _unread(error.kind, str(error))
    return _reading(document, capture, extraction)


def _unread(kind: str, detail: str) -> Reading:
    return Reading(reason=detail, problems=(Problem(kind, detail),))


def _reading(document: Document, capture: Capture, extraction: Extraction) -> Reading:
    identity = identify(document, capture)
    early = _is_early(extraction, identity)
    sections = find_sections(document, extraction.grids, numbered=early)
    genre = judge(extraction, identity, sections)
    return Reading(
        title=identity.title.text,
        agency=identity.agency,
        year=identity.year,
        form=extraction.form or (PROSE.code if genre.is_report else None),
        is_report=genre.is_report,
        reason=genre.reason,
        published_on=next((each.date for each in identity.dates), None),
        published_from=next((each.source for each in identity.dates), None),
        other_dates=identity.dates[1:],
        cells=extraction.cells,
        sections=sections,
        findings=_findings(extraction, identity, genre),
        problems=(
            *document.problems,
            *extraction.problems,
            *_problems(document, extraction, identity, genre),
        ),
        links=_links(document, capture.url),
    )


def _links(document: Document, url: str) -> tuple[str, ...]:
    """Return the addresses of what a page brings, as a crawl asks for them."""
    found = (safe_url_string(join(url, link)).partition("#")[0] for link in document.links)
    return tuple(dict.fromkeys(found))


def _is_early(extraction: Extraction, identity: Identity) -> bool:
    """Tell whether the sections are numbered as the agency likes, as before the form of 2019."""
    form = form_named(extraction.form) if extraction.form else None
    if form is not None:
        return form.last_year is not None and form.last_year < FIRST_TABLES
    return identity.year is not None and identity.year < FIRST_TABLES


def _findings(extraction: Extraction, identity: Identity, genre: Genre) -> tuple[Finding, ...]:
    """Return what the checks find; the year and the agency of what is no report tell nothing."""
    if not genre.is_report:
        return check(extraction.cells)
    whole = check(extraction.cells, form=extraction.form, year=identity.year, agency=identity.agency)
    return (*whole, *identity.findings)


def _problems(
    document: Document, extraction: Extraction, identity: Identity, genre: Genre
) -> tuple[Problem, ...]:
    """Return what is wrong with the whole: tables that should be there, an agency not named."""
    titled = genre.is_report or (identity.title.is_report and bool(identity.title.year))
    due = identity.year is None or identity.year >= FIRST_TABLES
    lost: tuple[Problem, ...] = ()
    if titled and due and not extraction.cells:
        detail = "no statutory table can be read: lost in running text, in a picture or in an attachment"
        lost = (Problem("no_tables", detail),)
        if document.pictures and not document.grids:
            detail = f"no table is printed as text; {document.pictures} pictures stand in the page (图片版)"
            lost = (Problem("unreadable_document", detail),)
    return (*lost, *(identity.problems if genre.is_report else ()))
