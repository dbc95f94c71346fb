"""A small archive whose series have everything that series can have.

One office under two names: a report without tables, a year without a report, two changes of form, blanks, a
cell that cannot be read, a total that its parts do not make up, a report that is withheld. Beside it a
government and its office, departments, one that has only zeros, and in a division below one that was merged
and one whose name is hostile.
"""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import date
from pathlib import Path

from pipelines import withholding
from pipelines.load import Loader
from tests.sample_archive import EXTRACTOR, HOSTILE, Sample, capture, reading

TODAY = date(2026, 11, 24)

DIVISION, BELOW = "990100", "990101"
OLD, NEW = "样本市扶贫开发办公室", "样本市乡村振兴局"
GOVERNMENT = "样本市人民政府"
OFFICE = "样本市人民政府办公室"
SPLIT, MERGED = "样本市环境保护局", "样本市生态环境局"
DEPARTMENTS = ("样本市甲局", "样本市乙局", "样本市丙局")
ZERO = "样本市零局"
STRANGE = f"样本市{HOSTILE}&\"'\u202e展览馆"

Values = Mapping[tuple[str, str, str], str]


def form(**told: str) -> dict[tuple[str, str, str], str]:
    """Return cells of column 总计 of table three by their rows, and those of table four as `row__column`."""
    return {
        ("review", *row.split("__")) if "__" in row else ("requests", row, "total"): text  # type: ignore[misc]
        for row, text in told.items()
    }


def received(*texts: str) -> dict[tuple[str, str, str], str]:
    """Return the applicants of the year, as printed from natural persons to the total."""
    columns = (
        "natural_person",
        "business",
        "research_institute",
        "public_welfare",
        "legal_service",
        "other_organisation",
        "total",
    )
    return {("requests", "received_new", column): text for column, text in zip(columns, texts, strict=True)}


def annex(**told: str) -> dict[tuple[str, str, str], str]:
    """Return cells of the annex of 2014."""
    return {("annex", row, "count"): text for row, text in told.items()}


BEFORE: dict[int, tuple[str, Values]] = {
    2015: ("annex_2014", annex(req_received="30", ans_granted="21", ans_partial="4", review_total="2")),
    2016: ("prose", {}),
    2018: (
        "annex_2014",
        annex(req_received="44", ans_granted="30", review_total="3", review_upheld="2", review_corrected="1"),
    ),
    2019: (
        "form_2019",
        received("50", "6", "0", "0", "3", "1", "60")
        | form(
            granted_full="31",
            granted_partial="5",
            refused_third_party="6",
            unable_not_held="12",
            not_processed_duplicate="3",
            other_handling="3",
            result_total="60",
            review__upheld="2",
            review__corrected="1",
            review__total="3",
            suit_direct__corrected="1",
            suit_direct__total="1",
            suit_after_review__pending="2",
            suit_after_review__total="2",
        ),
    ),
    2020: (
        "form_2019",
        received(*[""] * 7) | form(granted_full="", result_total="", carried_in="4", review__total="1"),
    ),
}
AFTER: dict[int, tuple[str, Values]] = {
    2021: (
        "form_2021",
        received("38", "2", "0", "0", "0", "0", "40")
        | form(granted_full="20", refused_deliberative="8", other_misc="12", result_total="40"),
    ),
    2022: (
        "form_2021",
        received("70", "", "", "", "5", "", "75")
        | form(granted_full="40", granted_partial="15", refused_deliberative="", unable_not_held="20")
        | form(result_total="75"),
    ),
    2023: ("form_2021", received("999", *"00000", "999")),
    2024: (
        "form_2021",
        received("20", "0", "0", "0", "0", "0", "22")
        | form(carried_in="约三件", granted_full="10", unable_unclear="8", result_total="22"),
    ),
    2025: (
        "form_2021",
        received("12", "0", "0", "0", "0", "0", "12")
        | form(granted_full="9", refused_state_secret="3", result_total="12"),
    ),
}
"""The office's reports under its old and its new name: the form, and what is printed besides 0.

2015: the parts do not make up the reviews; 2017: no report; 2020: blank; 2022: partly blank, and the parts
make up the total; 2023: withheld; 2024: the parts make up neither the applicants nor the outcomes.
"""


def samples() -> list[Sample]:
    """Return all reports."""
    told = [(OLD, year, *each) for year, each in BEFORE.items()]
    told += [(NEW, year, *each) for year, each in AFTER.items()]
    for year in (2021, 2022, 2023):
        told.append((GOVERNMENT, year, "form_2021", received("900", "99", "0", "0", "0", "1", "1000")))
        told.append((ZERO, year, "form_2021", {}))
        told += [
            (name, year, "form_2021", received(str(number), *"00000", str(number)))
            for number, name in enumerate(DEPARTMENTS, year - 2011)
            if (name, year) != (DEPARTMENTS[1], 2022)
        ]
    told += [(SPLIT, year, "prose", {}) for year in (2017, 2018)]
    told += [(MERGED, year, "form_2019", received("7", *"00000", "7")) for year in (2019, 2020)]
    told.append((OFFICE, 2021, "form_2021", {}))
    told.append((STRANGE, 2022, "form_2021", received("3", *"00000", "3")))
    told.append((STRANGE, 2023, "form_2021", received("4", *"00000", "4")))
    return [_sample(*each) for each in told]


def _sample(agency: str, year: int, form: str, values: Values) -> Sample:
    number = f"{len(agency)}-{sum(map(ord, agency))}"
    return Sample(
        agency,
        year,
        f"{agency}{year}年政府信息公开工作年度报告",
        f"http://specimen.localhost/{number}/{year}.html",
        published_on=f"{year + 1}-01-20",
        form=form,
        values=dict(values),
        cells=form != "prose",
        sections=("公开总体情况。", "", "", "", "", "无。"),
    )


def load(path: Path) -> Path:
    """Load them into a database at `path`, with what is known of each year."""
    with Loader(path, EXTRACTOR) as loader:
        list(loader.load_readings((capture(each), reading(each)) for each in samples()))
        loader.cover(TODAY)
        withheld = next(each for each in samples() if (each.agency, each.year) == (NEW, 2023))
        why = ("李明", "内容涉及他人", "2026-11-20T08:00:00Z")
        withholding.withhold(loader.db, path.parent, capture(withheld).id, *why)
        # No table knows a division below one that is made up.
        loader.db["division"].insert({"id": BELOW, "name": "样本区", "level": "specimen", "parent": DIVISION})
        for name in (STRANGE, SPLIT, MERGED):
            loader.db.execute("UPDATE agency SET division = ? WHERE name = ?", (BELOW, name))
    return path


def agency(path: Path, name: str) -> str:
    """Return the id of an agency."""
    with closing(sqlite3.connect(path)) as db:
        return str(db.execute("SELECT id FROM agency WHERE name = ?", (name,)).fetchone()[0])
