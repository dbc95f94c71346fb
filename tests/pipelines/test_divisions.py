"""Which division an agency's name belongs to, in the year of the report."""

import pytest

from pipelines import divisions
from pipelines.divisions import by_code, by_id, find, unknown


@pytest.mark.parametrize(
    ("name", "year", "within", "expected"),
    [
        ("新乡市体育局", 2020, None, "410700"),
        ("新乡市体育局", 2020, "410700", "410700"),
        ("长垣县人民政府", 2012, None, "410783"),
        ("长垣市教育局", 2020, None, "410783"),
        ("长垣市教育局", 2025, None, "410783"),
        ("牧野区教育局", 2020, "410700", "410711"),
        ("新乡市牧野区教育局", 2020, None, "410711"),
        ("河南省新乡市牧野区教育局", 2020, "410700", "410711"),
        ("朝阳区人民政府", 2020, None, None),
        ("朝阳区人民政府", 2020, "220100", "220104"),
        ("北京市朝阳区人民政府", 2020, None, "110105"),
        ("济源市教育局", 2020, None, "419001"),
        ("河南省教育厅", 2020, None, "410000"),
        ("国家税务总局新乡市税务局", 2020, None, "410700"),
        ("新乡县教育局", 2020, "410700", "410721"),
        ("新乡市体育局", 2020, "410711", "410700"),
        ("新乡市体育局", 2020, "990100", "410700"),
        ("样例市体育局", 2020, "990100", None),
        ("体育局", 2020, "410700", None),
        ("东区教育局", 2020, None, None),
        ("东区教育局", 2020, "510400", "510402"),
        ("", 2020, None, None),
    ],
)
def test_an_agency_is_found_by_the_division_its_name_begins_with(
    name: str, year: int, within: str | None, expected: str | None
) -> None:
    found = find(name, year, within)
    assert (found and found.id) == expected


def test_a_name_of_another_year_is_understood_only_where_the_portal_says_where_it_is() -> None:
    within = find("长垣县教育局", 2020, "410700")
    assert within is not None
    assert within.id == "410783"
    assert find("长垣县教育局", 2020) is None


def test_a_division_keeps_its_id_through_a_new_name_and_code() -> None:
    division = by_id("410783")
    assert division is not None
    assert division.name == "长垣市"
    spells = [(each.from_year, each.to_year, each.code, each.name) for each in division.names]
    assert spells == [(2008, 2018, "410728", "长垣县"), (2019, 2024, "410783", "长垣市")]
    assert by_code("410728") == by_code("410783") == division


def test_a_county_without_a_city_stands_below_its_province() -> None:
    for code, province in (("419001", "410000"), ("110105", "110000")):
        division = by_id(code)
        assert division is not None
        assert division.parent == province


def test_a_code_no_table_knows_is_kept_as_it_is() -> None:
    specimen = unknown("990100", "样例市人民政府")
    assert (specimen.id, specimen.level, specimen.parent) == ("990100", "specimen", None)
    zone = unknown("410799", "新乡样例区")
    assert (zone.id, zone.level, zone.parent) == ("410799", "county", "410700")


def test_the_table_is_read_once_for_all_names() -> None:
    divisions._table.cache_clear()
    find("新乡市体育局", 2020)
    find("长垣市教育局", 2020)
    assert divisions._table.cache_info().misses == 1
