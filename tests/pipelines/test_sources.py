"""One report at several places: one row, several sources, and what they disagree about."""

import random
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from sample_readings import Pairs, capture, load, report

from archive.captures import ATTACHMENT, Capture, Context
from pipelines.dump import dump_canonical
from pipelines.load import Loader
from pipelines.reading import BLANK, NUMBER, PLACEHOLDER, UNREADABLE, Cell, Dated, Place, Problem, Reading
from tests.running import rows

CITY = Context(role="detail", portal="city", portal_title="新乡市人民政府", division="410700")
DISTRICT = Context(role="detail", portal="district", portal_title="新乡市牧野区人民政府", division="410711")
NO_TABLES = Problem("no_tables", "no statutory table can be read")
LATER = "2023-01-01T00:00:00Z"


def findings(path: Path) -> list[tuple[object, ...]]:
    return rows(
        path,
        """SELECT f.severity, f.[table], f.[row], f.[column], f.expected, f.found FROM finding f
        JOIN report r ON r.revision = f.revision WHERE f.[check] = 'sources_disagree' ORDER BY f.[row], f.id""",
    )


def printed(values: Mapping[str, tuple[str, int | None]], agency: str = "新乡市样本局") -> Reading:
    """Return a report whose cells of natural persons are these, by row."""
    cells = tuple(
        Cell("requests", row, "natural_person", value, state, "", Place())
        for row, (state, value) in values.items()
    )
    return replace(report(1), agency=agency, cells=cells, findings=(), problems=())


def at(number: int, context: Context, **fields: str) -> Capture:
    return replace(capture(number, **fields), context=context, run=f"{context.portal}/1")


def one(state: str, value: int | None = None, agency: str = "新乡市样本局") -> Reading:
    return printed({"received_new": (state, value)}, agency)


def test_one_report_on_two_portals_is_one_report_with_two_sources(tmp_path: Path) -> None:
    path = tmp_path / "gongkai.db"
    load(path, [(at(1, CITY), one(NUMBER, 3)), (at(2, DISTRICT), one(NUMBER, 3))])
    assert len(rows(path, "SELECT 1 FROM report")) == 1
    assert rows(path, "SELECT portal FROM source ORDER BY 1") == [("city",), ("district",)]
    assert findings(path) == []


@pytest.mark.parametrize(
    ("names", "full", "division", "level"),
    [
        (
            ["牧野区教育局", "新乡市牧野区教育局", "河南省新乡市牧野区教育局"],
            "新乡市牧野区教育局",
            "410711",
            "county",
        ),
        (["新乡市样本局", "河南省新乡市样本局"], "新乡市样本局", "410700", "city"),
        (["样本示范区管委会", "样本示范区管理委员会"], "样本示范区管理委员会", "410711", "county"),
        (["样本镇人民政府", "牧野区样本镇人民政府"], "新乡市牧野区样本镇人民政府", "410711", "township"),
        (["河南省教育厅"], "河南省教育厅", "410000", "province"),
        (["国家税务总局新乡市税务局"], "国家税务总局新乡市税务局", "410700", "city"),
    ],
)
def test_an_agency_is_one_however_much_of_its_place_is_printed(
    tmp_path: Path, names: list[str], full: str, division: str, level: str
) -> None:
    pairs: Pairs = [(at(n, DISTRICT), one(NUMBER, 3, name)) for n, name in enumerate(names)]
    load(tmp_path / "gongkai.db", pairs)
    assert rows(tmp_path / "gongkai.db", "SELECT name, division, level FROM agency") == [
        (full, division, level)
    ]
    assert len(rows(tmp_path / "gongkai.db", "SELECT 1 FROM report")) == 1


def test_a_county_keeps_its_division_through_a_new_name(tmp_path: Path) -> None:
    old, new = replace(one(NUMBER, 3, "长垣县教育局"), year=2017), one(NUMBER, 3, "长垣市教育局")
    load(tmp_path / "gongkai.db", [(at(1, CITY), old), (at(2, CITY), new)])
    assert rows(tmp_path / "gongkai.db", "SELECT name, division FROM agency ORDER BY 1") == [
        ("长垣县教育局", "410783"),
        ("长垣市教育局", "410783"),
    ]


def test_a_city_and_its_office_report_each_for_itself(tmp_path: Path) -> None:
    names = ("新乡市人民政府", "新乡市人民政府办公室", "新乡市牧野区人民政府")
    load(tmp_path / "gongkai.db", [(at(n, CITY), one(NUMBER, 1, name)) for n, name in enumerate(names)])
    assert len(rows(tmp_path / "gongkai.db", "SELECT 1 FROM report")) == 3


@pytest.mark.parametrize("page_first", [True, False])
def test_a_page_and_the_attachment_that_holds_its_tables_are_one_report(
    tmp_path: Path, page_first: bool
) -> None:
    path = tmp_path / "gongkai.db"
    prose = replace(one(NUMBER), cells=(), form="prose", problems=(NO_TABLES,))
    page, attachment = at(1, CITY), at(2, replace(CITY, role=ATTACHMENT))
    pairs: Pairs = [(page, prose), (attachment, one(NUMBER, 3))]
    load(path, pairs if page_first else pairs[::-1])
    assert len(rows(path, "SELECT 1 FROM source")) == 2
    current = "SELECT v.capture FROM report r JOIN revision v ON v.id = r.revision"
    assert rows(path, current) == [(attachment.id,)]
    assert rows(path, "SELECT kind, report = (SELECT id FROM report) FROM problem") == [("no_tables", 1)]
    with Loader(path, "1") as loader:
        assert (loader.answered(page.id), loader.answered(attachment.id)) == (1, 0)


def test_a_page_that_is_only_a_title_is_answered_by_its_attachment(tmp_path: Path) -> None:
    title_only = replace(one(NUMBER), cells=(), form=None, is_report=False, problems=(NO_TABLES,))
    with Loader(tmp_path / "gongkai.db", "1") as loader:
        loader.load_reading(at(1, CITY), title_only)
        assert loader.answered(at(1, CITY).id) == 0
        loader.load_reading(at(2, CITY), one(NUMBER, 3, "新乡市范例局"))
        assert loader.answered(at(1, CITY).id) == 0
        loader.load_reading(at(3, CITY), one(NUMBER, 3))
        assert loader.answered(at(1, CITY).id) == 1


@pytest.mark.parametrize(
    ("current", "other", "found"),
    [
        ((NUMBER, 3), (NUMBER, 4), ("warning", 3, 4)),
        ((NUMBER, 3), (BLANK, None), ("warning", 3, None)),
        ((PLACEHOLDER, None), (NUMBER, 4), ("warning", None, 4)),
        ((NUMBER, 0), (BLANK, None), ("notice", 0, None)),
        ((BLANK, None), (NUMBER, 0), ("notice", None, 0)),
        ((BLANK, None), (PLACEHOLDER, None), None),
        ((NUMBER, 3), (UNREADABLE, None), None),
        ((NUMBER, 3), (NUMBER, 3), None),
    ],
)
def test_sources_that_differ_in_a_cell_are_a_finding_of_the_current_revision(
    tmp_path: Path,
    current: tuple[str, int | None],
    other: tuple[str, int | None],
    found: tuple[str, int | None, int | None] | None,
) -> None:
    # The portal of the agency's own division holds the current one, whatever the order.
    pairs: Pairs = [(at(1, CITY), one(*current)), (at(2, DISTRICT), one(*other))]
    load(tmp_path / "a.db", pairs)
    expected = [(found[0], "requests", "received_new", "natural_person", *found[1:])] if found else []
    assert findings(tmp_path / "a.db") == expected
    assert load(tmp_path / "b.db", pairs[::-1]) == list(dump_canonical(tmp_path / "a.db"))


def test_cells_that_one_source_does_not_print_tell_nothing(tmp_path: Path) -> None:
    other = printed({"received_new": (NUMBER, 3), "carried_in": (NUMBER, 1)})
    load(tmp_path / "gongkai.db", [(at(1, CITY), one(NUMBER, 3)), (at(2, DISTRICT), other)])
    assert findings(tmp_path / "gongkai.db") == []


def test_a_disagreement_ends_when_the_source_is_mended(tmp_path: Path) -> None:
    path = tmp_path / "gongkai.db"
    load(path, [(at(1, CITY), one(NUMBER, 3)), (at(2, DISTRICT), one(NUMBER, 4))])
    assert len(findings(path)) == 1
    load(path, [(at(2, DISTRICT, body="mended", at=LATER), one(NUMBER, 3))])
    assert findings(path) == []
    assert rows(path, "SELECT 1 FROM finding WHERE [check] = 'sources_disagree'") == []


def test_a_disagreement_moves_to_the_new_current_revision(tmp_path: Path) -> None:
    path = tmp_path / "gongkai.db"
    load(path, [(at(1, CITY), one(NUMBER, 3)), (at(2, DISTRICT), one(NUMBER, 4))])
    load(path, [(at(1, CITY, body="edited", at=LATER), one(NUMBER, 5))])
    assert [row[4:] for row in findings(path)] == [(5, 4)]
    assert len(rows(path, "SELECT 1 FROM finding WHERE [check] = 'sources_disagree'")) == 1


def test_readings_by_another_extractor_are_not_compared(tmp_path: Path) -> None:
    path = tmp_path / "gongkai.db"
    load(path, [(at(1, CITY), one(NUMBER, 3))])
    with Loader(path, "2") as loader:
        loader.load_reading(at(2, DISTRICT), one(NUMBER, 4))
        assert findings(path) == []
        loader.load_reading(at(1, CITY), one(NUMBER, 3))
    assert len(findings(path)) == 1


def test_the_order_of_sources_and_revisions_does_not_matter(tmp_path: Path) -> None:
    pairs: Pairs = [
        (at(1, CITY), one(NUMBER, 3)),
        (at(1, CITY, body="edited", at=LATER), one(NUMBER, 5)),
        (at(2, DISTRICT), one(NUMBER, 4)),
        (at(3, DISTRICT), one(BLANK)),
        (at(4, DISTRICT), replace(one(NUMBER), cells=(), form="prose", problems=(NO_TABLES,))),
        (at(5, CITY), one(NUMBER, 4, "新乡市范例局")),
    ]
    dumps = []
    for seed in range(5):
        random.Random(seed).shuffle(pairs)
        dumps.append(load(tmp_path / f"{seed}.db", pairs))
    assert all(dump == dumps[0] for dump in dumps)
    assert len(findings(tmp_path / "0.db")) == 2


def test_every_date_of_publication_is_kept_with_its_place(tmp_path: Path) -> None:
    other = (Dated("list", "2021-12-23"), Dated("address", "2026-06-15"))
    dated = replace(report(1, 2021), published_on="2022-01-20", published_from="meta", other_dates=other)
    load(tmp_path / "gongkai.db", [(capture(1), dated)])
    found = rows(tmp_path / "gongkai.db", "SELECT source, date, note FROM published_date ORDER BY date")
    assert found == [
        ("list", "2021-12-23", "before_year_end"),
        ("meta", "2022-01-20", None),
        ("address", "2026-06-15", "years_later"),
    ]
    assert rows(tmp_path / "gongkai.db", "SELECT published_on FROM report") == [("2022-01-20",)]
    load(tmp_path / "gongkai.db", [(capture(1), replace(dated, other_dates=()))])
    assert len(rows(tmp_path / "gongkai.db", "SELECT 1 FROM published_date")) == 1
