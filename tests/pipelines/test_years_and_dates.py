"""The year a report is about, and every date of its publication."""

import pytest

from archive.captures import Capture
from pipelines.read import read_capture
from tests.pipelines.sample_pages import REPORT, TITLE, read, titled

BARE = "2022年政府信息公开工作年度报告"


def test_the_year_is_found_in_the_period_of_the_statistics() -> None:
    period = "<p>本报告所列数据的统计期限自2022年1月1日起至2022年12月31日止。</p>"
    assert titled("某某市样本局政府信息公开工作年度报告", period).year == 2022


def test_dates_are_taken_from_the_most_trusted_place() -> None:
    meta = '<meta name="PubDate" content="2023-01-29 10:20">'
    line = "<p>发布日期：2023年1月30日</p>"
    listed = {"listed_on": "2023-01-31"}
    url = "http://specimen.invalid/202302/t20230201_7.html"
    html = REPORT.replace("<head>", f"<head>{meta}").replace("<body>", f"<body>{line}")
    found = [
        read(html, url, **listed),
        read(html.replace(meta, ""), url, **listed),
        read(REPORT, url, **listed),
        read(REPORT, url),
        read(REPORT),
    ]
    assert [(one.published_on, one.published_from) for one in found] == [
        ("2023-01-29", "meta"),
        ("2023-01-30", "page"),
        ("2023-01-31", "list"),
        ("2023-02-01", "address"),
        (None, None),
    ]


@pytest.mark.parametrize("day", ["2023年1月20日", "二〇二三年一月二十日", "２０２３年１月２０日"])
def test_the_signature_names_agency_and_day(day: str) -> None:
    html = REPORT.replace(TITLE, BARE)
    for signed in (f"<p>某某市样本局</p><p>{day}</p>", f"<p>某某市样本局 {day}</p>"):
        reading = read(html.replace("</body>", f"{signed}</body>"))
        assert (reading.agency, reading.published_on) == ("某某市样本局", "2023-01-20")
        assert reading.published_from == "signature"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("<p>统计期限自2021年1月1日起至2021年12月31日止。</p>", 2021),
        ("<p>数据自2021年1月1日起，至12月31日止。</p>", 2021),
        ("<p>2021年，我局公开信息3条。2021年收到申请。</p>", 2021),
        ("<p>2022年，我局公开信息3条，比2021年多，2021年为2条。</p>", None),
        ("<p>2023年，将改进。2023年，计划公开。</p>", None),
        ("<p>根据2019年修订的条例。根据2019年修订的办法。</p>", None),
    ],
)
def test_a_period_or_a_text_of_another_year_is_a_finding_and_the_title_goes_first(
    text: str, found: int | None
) -> None:
    reading = titled(TITLE, text)
    assert reading.year == 2022
    findings = [one for one in reading.findings if one.check == "years_disagree"]
    assert [(one.severity, one.expected, one.found) for one in findings] == (
        [("warning", 2022, found)] if found else []
    )


def test_the_years_of_other_reports_listed_above_decide_nothing() -> None:
    listed = "".join(f"<p>某某市样本局{year}年政府信息公开工作年度报告</p>" for year in (2019, 2020))
    period = "<p>统计期限自2022年1月1日起至2022年12月31日止。</p>"
    bare = "<h1>某某市样本局政府信息公开工作年度报告</h1>"
    assert titled("政府信息公开年报", bare + listed + period).year == 2022
    assert titled("政府信息公开年报", bare + listed).year is None


def test_a_period_of_two_years_decides_nothing() -> None:
    reading = titled(
        "某某市样本局政府信息公开工作年度报告", "<p>统计期限自2021年1月1日起至2022年12月31日止。</p>"
    )
    assert reading.year is None
    assert [problem.detail for problem in reading.problems] == ["several years: (2021, 2022)"]


@pytest.mark.parametrize(("year", "clear"), [(2007, False), (2008, True), (2027, True), (2028, False)])
def test_a_year_that_no_report_can_be_about_is_unclear(year: int, clear: bool) -> None:
    html = REPORT.replace("2022", str(year))
    reading = read_capture(Capture(body=html.encode(), fetched_at="2026-01-01T00:00:00Z"))
    assert reading.year == (year if clear else None)
    assert [problem.kind for problem in reading.problems] == ([] if clear else ["unclear_identity"])


def test_all_dates_are_kept_and_impossible_ones_are_none() -> None:
    html = REPORT.replace("<head>", '<head><meta name="PubDate" content="2021-02-31">')
    html = html.replace("<body>", "<body><p>发布时间：2022年12月23日</p>")
    html = html.replace("</body>", "<p>某某市样本局</p><p>2023年1月5日</p></body>")
    reading = read(html, "http://specimen.invalid/202906/t20290615_7.html", listed_on="2023-01-31")
    assert [(one.source, one.date) for one in reading.dates] == [
        ("page", "2022-12-23"),
        ("list", "2023-01-31"),
        ("address", "2029-06-15"),
        ("signature", "2023-01-05"),
    ]
    assert (reading.published_on, reading.published_from) == ("2022-12-23", "page")
