"""What is planted on a specimen portal: reports, pages that are no reports, and the portal itself."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from crawler.specimens.faults import Fault, Plant
from crawler.specimens.figures import Agency, Figures, form_of, history, one_row_other_handling
from crawler.specimens.printing import Cells, Markup, cells_of

REPORT = "政府信息公开工作年度报告"

ATTACHED, FRAMED = ".txt", "_text.html"
"""How the address of what holds a report goes on where its page does not: an attachment, a frame."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a plan: who reports on which year, when it appeared, and how it looks.

    `wording` is what the title calls the report; `moved` the date in the address where it
    is not the date shown; `old_layout` prints （六）其他处理 of table three in one row; `part` is
    `ATTACHED` or `FRAMED` where the page that a list names does not hold the report itself.
    """

    agency: Agency
    year: int
    day: str
    markup: Markup
    fault: Plant | None = None
    wording: str = REPORT
    moved: str = ""
    old_layout: bool = False
    part: str = ""


@dataclass(frozen=True, slots=True)
class PlantedReport:
    """A report that must be found and read.

    Attributes:
        agency, year, form, title: what a right reading says of it (title as on the page).
        path: address of the page that the list names; published_on the date shown, YYYY-MM-DD.
        part: address of the attachment or frame that holds it, empty where the page does.
        cells: every statutory cell: (table, row, column) -> (value or None, state).
        faults: the findings a checker owes for it, none if it adds up.
        note: what the page says about the origin of its figures.
        invented: the agency is made up, so a narrative may be made up for it as well.
    """

    agency: str
    year: int
    form: str
    path: str
    title: str
    published_on: str
    cells: Cells
    faults: tuple[Fault, ...]
    markup: Markup
    note: str
    invented: bool = True
    part: str = ""

    @property
    def source(self) -> str:
        """Return the address of what holds the report."""
        return self.part or self.path


@dataclass(frozen=True, slots=True)
class PlantedPage:
    """A page of the column that is no report, and why it is none.

    `path` is a whole address where the link leads to another host. `table` is printed
    as it is; `blank_form` prints the empty statutory tables; `lists` the titles of
    reports the page links to.
    """

    path: str
    title: str
    published_on: str
    why: str
    text: tuple[str, ...] = ()
    table: tuple[tuple[str, ...], ...] = ()
    blank_form: bool = False
    lists_year: int = 0


@dataclass(frozen=True, slots=True)
class SpecimenPortal:
    """A portal of our own.

    Attributes:
        name, title, division: as declared; `place` is what the names of its agencies begin with.
        software: which one it behaves like (`softwares`); `column` the path of its list of reports.
        declared: column and platform are declared; else they are to be found.
    """

    name: str
    title: str
    division: str
    place: str
    column: str
    reports: tuple[PlantedReport, ...]
    others: tuple[PlantedPage, ...]
    software: str
    declared: bool = False

    @property
    def listed(self) -> tuple[PlantedReport | PlantedPage, ...]:
        """Return everything in the column, newest first."""
        entries: Iterable[PlantedReport | PlantedPage] = (*self.reports, *self.others)
        return tuple(sorted(entries, key=lambda entry: (entry.published_on, entry.path), reverse=True))


Address = Callable[[str, int], str]
"""(date YYYY-MM-DD, running number) -> path of a detail page."""


def planted(entries: tuple[Entry, ...], address: Address) -> Iterator[PlantedReport]:
    """Yield the reports of a plan, each with its figures, and its mistakes where it has any."""
    years = {entry.agency: history(entry.agency) for entry in entries}
    for number, entry in enumerate(entries, start=1):
        figures = years[entry.agency][entry.year]
        if entry.old_layout:
            figures = one_row_other_handling(figures)
        printed, faults = entry.fault(figures) if entry.fault else (figures, ())
        yield _report(entry, printed, faults, address(entry.moved or entry.day, number))


def _report(entry: Entry, figures: Figures, faults: tuple[Fault, ...], path: str) -> PlantedReport:
    return PlantedReport(
        agency=entry.agency.name,
        year=entry.year,
        form=form_of(entry.year),
        path=path,
        title=_title(entry),
        published_on=entry.day,
        cells=cells_of(figures, entry.markup),
        faults=faults,
        markup=entry.markup,
        note="本页为样本：机关为虚构，数字为生成，均非真实。",
        part=path.removesuffix(".html") + entry.part if entry.part else "",
    )


def _title(entry: Entry) -> str:
    if entry.markup.anonymous:
        return f"{entry.year}年{entry.wording}"
    if entry.markup.year_first:
        return f"{entry.year}年{entry.agency.name}{entry.wording}"
    return f"{entry.agency.name}{entry.year}年{entry.wording}"
