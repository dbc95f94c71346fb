"""The plan of the specimens: figures that add up, mistakes that do not, tables as the law prints them."""

import json
from collections.abc import Iterator
from decimal import Decimal

import lxml.html
import pytest

from crawler.specimens.articles import report_body
from crawler.specimens.plan import PORTALS, PlantedReport

REPORTS = [report for portal in PORTALS for report in portal.reports]
APPLICANTS = (
    "natural_person",
    "business",
    "research_institute",
    "public_welfare",
    "legal_service",
    "other_organisation",
)
FRAME = {"received_new", "carried_in", "result_total", "carried_out"}

each_report = pytest.mark.parametrize("report", REPORTS, ids=lambda report: f"{report.year}-{report.agency}")


def value(report: PlantedReport, *key: str) -> Decimal:
    return Decimal(str(report.cells[key[0], key[1], key[2]][0] or 0))


def broken(report: PlantedReport) -> Iterator[tuple[object, ...]]:
    """Own arithmetic over K1 to K5, blanks and signs as 0."""
    rows = {row for table, row, _ in report.cells if table == "requests"}
    for column in (*APPLICANTS, "total"):
        new, old, done, left = (
            value(report, "requests", row, column)
            for row in ("received_new", "carried_in", "result_total", "carried_out")
        )
        yield "requests_balance", "requests", None, column, new + old, done + left
        outcomes = sum(value(report, "requests", row, column) for row in rows - FRAME)
        yield "results_sum", "requests", "result_total", column, outcomes, done
    for row in rows:
        people = sum(value(report, "requests", row, column) for column in APPLICANTS)
        yield "applicants_sum", "requests", row, "total", people, value(report, "requests", row, "total")
    for group in ("review", "suit_direct", "suit_after_review"):
        results = sum(value(report, "review", group, r) for r in ("upheld", "corrected", "other", "pending"))
        yield "review_sum", "review", group, "total", results, value(report, "review", group, "total")


def out_of_range(report: PlantedReport) -> Iterator[tuple[object, ...]]:
    for key in report.cells:
        number = value(report, *key)
        whole = key[2] == "amount_wan" or number % 1 == 0
        if not whole or (number < 0 and key[2] != "items_change"):
            yield "value_range", *key, None, number


@each_report
def test_the_planted_mistakes_are_exactly_the_identities_that_fail(report: PlantedReport) -> None:
    planted = {
        (
            fault.check,
            fault.table,
            fault.row,
            fault.column,
            None if fault.expected is None else Decimal(str(fault.expected)),
            Decimal(str(fault.found)),
        )
        for fault in report.faults
    }
    unequal = {sums for sums in broken(report) if sums[-2] != sums[-1]}
    assert unequal | set(out_of_range(report)) == planted


def test_every_kind_of_mistake_is_planted_somewhere() -> None:
    assert {fault.check for report in REPORTS for fault in report.faults} == {
        "requests_balance",
        "results_sum",
        "applicants_sum",
        "review_sum",
        "value_range",
    }


def test_each_form_has_its_number_of_cells() -> None:
    counts = {(report.form, len(report.cells)) for report in REPORTS}
    # 186: a form of 2021 whose 其他处理 is still one row.
    assert counts == {("form_2019", 198), ("form_2021", 200), ("form_2021", 186)}
    assert all(report.form == ("form_2019" if report.year < 2021 else "form_2021") for report in REPORTS)


def test_what_is_carried_out_of_a_year_is_carried_into_the_next() -> None:
    by_year = {(report.agency, report.year): report for report in REPORTS}
    pairs = [(old, by_year.get((agency, year + 1))) for (agency, year), old in by_year.items()]
    followed = [(old, new) for old, new in pairs if new]
    assert len(followed) > 10
    for old, new in followed:
        for column in (*APPLICANTS, "total"):
            assert value(old, "requests", "carried_out", column) == value(
                new, "requests", "carried_in", column
            )


def grids(report: PlantedReport) -> list[list[list[str]]]:
    """Expand spans of the statutory tables; a layout table around them has a single column more."""
    body = lxml.html.fromstring(f"<div>{report_body(report)}</div>")
    return [expanded(table) for table in body.iter("table") if table.find(".//table") is None]


def expanded(table: lxml.html.HtmlElement) -> list[list[str]]:
    rows = list(table.iter("tr"))
    taken: dict[tuple[int, int], str] = {}
    for down, row in enumerate(rows):
        across = 0
        for cell in row.iterchildren("td"):
            while (down, across) in taken:
                across += 1
            text = "".join(cell.text_content().split())
            for extra in range(int(cell.get("rowspan", "1"))):
                for step in range(int(cell.get("colspan", "1"))):
                    assert (down + extra, across + step) not in taken, "boxes overlap"
                    taken[down + extra, across + step] = text
    width = 1 + max(across for _, across in taken)
    assert len(taken) == width * len(rows), "the table is no rectangle"
    return [[taken[down, across] for across in range(width)] for down in range(len(rows))]


@each_report
def test_tables_have_the_official_shape(report: PlantedReport) -> None:
    disclosure, requests, review = grids(report)
    shapes = [(len(grid), len(grid[0])) for grid in (disclosure, requests, review)]
    rows = {row for table, row, _ in report.cells if table == "requests"}
    # 2019: five captions, five heading rows, eight rows; 2021: four, four and six, as in the official file.
    assert shapes == [(18 if report.form == "form_2019" else 14, 4), (len(rows) + 3, 10), (4, 15)]
    assert len(rows) in (23, 25)


def test_table_three_of_2021_prints_the_labels_of_the_official_file() -> None:
    report = next(r for r in REPORTS if len(r.cells) == 200)
    _, requests, _ = grids(report)
    assert requests[0][3:] == ["申请人情况"] * 7
    assert requests[2][3:] == [
        "自然人",
        "商业企业",
        "科研机构",
        "社会公益组织",
        "法律服务机构",
        "其他",
        "总计",
    ]
    assert requests[26][:3] == ["三、本年度办理结果", "（七）总计", "（七）总计"]
    assert [row[0] for row in requests].count("三、本年度办理结果") == 22
    assert requests[23][1:3] == [
        "（六）其他处理",
        "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
    ]


@each_report
def test_a_value_stands_where_its_label_says(report: PlantedReport) -> None:
    """Independent of the printer: the grid's own order of rows gives the cells of the plan."""
    _, requests, review = grids(report)
    rows = list(dict.fromkeys(row for table, row, _ in report.cells if table == "requests"))
    printed = {line[2]: line[3:] for line in requests[3:]}
    assert len(printed) == len(rows)
    for label, row in {
        "一、本年新收政府信息公开申请数量": "received_new",
        "6.属于四类过程性信息": "refused_deliberative",
        "（七）总计": "result_total",
        "四、结转下年度继续办理": "carried_out",
    }.items():
        for text, column in zip(printed[label], (*APPLICANTS, "total"), strict=True):
            assert number(text) == report.cells["requests", row, column][0]
    assert number(review[3][14]) == report.cells["review", "suit_after_review", "total"][0]


def number(text: str) -> int | None:
    digits = text.replace(",", "")
    return int(digits) if digits.isdecimal() else None


def test_no_agency_is_met_outside_its_made_up_place_but_the_one_real_report() -> None:
    places = {portal.name: portal.place for portal in PORTALS}
    assert set(places.values()) == {"幻湖市", "镜山县", "雾港市", "萤溪县", "星原市"}
    real = [
        report
        for portal in PORTALS
        for report in portal.reports
        if not report.agency.startswith(places[portal.name])
    ]
    assert [report.agency for report in real] == ["新乡市体育局"]
    assert "真实数字" in report_body(real[0])
    assert "样本单位" not in report_body(real[0]), "nothing is said in the name of a real office"


def test_the_real_figures_are_three_purchases_and_zeros() -> None:
    (report,) = (report for report in REPORTS if report.agency == "新乡市体育局")
    states = [state for _, state in report.cells.values()]
    assert (states.count("number"), states.count("blank")) == (193, 5)
    other = {key: found for key, (found, _) in report.cells.items() if found}
    assert other == {
        ("disclosure", "procurement", "projects"): 3,
        ("disclosure", "procurement", "amount_wan"): 48.7917,
    }


def test_the_plan_is_the_same_in_every_process() -> None:
    """Figures rest on names and years alone: a change here changes every specimen ever crawled."""
    city = next(report for report in REPORTS if (report.agency, report.year) == ("幻湖市人民政府", 2022))
    cells = [city.cells["requests", row, "total"][0] for row in ("received_new", "carried_in", "carried_out")]
    assert json.dumps(cells) == "[1046, 58, 59]"
