"""Summaries of crawls and of quality: portals, hosts, findings and problems, counted once for the site."""

import sqlite3
from urllib.parse import urlsplit

from archive.summary_table import Summary

GOOD = ("ok", "unchanged")
"""Outcomes of runs that found what they were to find."""

_GOOD = f"('{GOOD[0]}', '{GOOD[1]}')"

PORTAL = Summary(
    "site_portal",
    "各网站采集概况（由其他表得出）",
    "How the crawls of each portal fare; follows from other tables.",
    1,
    (
        ("portal", "TEXT", "网站", "Portal"),
        ("runs", "INTEGER", "采集次数", "Runs"),
        ("requests", "INTEGER", "请求数", "Requests of all runs"),
        ("captures", "INTEGER", "存档数", "Responses archived"),
        ("bytes", "INTEGER", "字节数", "Bytes of bodies archived"),
        ("first_run", "TEXT", "首次采集", "Start of the first run"),
        ("last_run", "TEXT", "最近采集", "Start of the last run"),
        ("outcome", "TEXT", "最近结果", "Its outcome"),
        ("reason", "TEXT", "说明", "Why, in words"),
        ("last_good", "TEXT", "最近成功", "Start of the last run with an outcome of ok or unchanged"),
        ("reports", "INTEGER", "报告数", "Reports that have a source there"),
        ("newest", "TEXT", "最新报告发布日期", "Latest date of publication of these"),
        ("robots", "TEXT", "robots.txt 存档", "Capture of its robots.txt, the last"),
        (
            "refused",
            "INTEGER",
            "依 robots.txt 未访问",
            "Links its robots.txt kept us from, in its last run",
        ),
        ("rank", "INTEGER", "序号：情况不好者在前", "Order of the list: those that fare badly first"),
    ),
    (
        f"""INSERT INTO main.site_portal
        SELECT p.id, count(r.id), total(r.requests), total(r.captures), total(r.bytes), min(r.started_at),
            max(r.started_at), NULL, NULL, max(CASE WHEN r.outcome IN {_GOOD} THEN r.started_at END),
            (SELECT count(DISTINCT report) FROM main.source s WHERE s.portal = p.id),
            (SELECT max(published_on) FROM main.report WHERE id IN
                (SELECT report FROM main.source s WHERE s.portal = p.id)),
            (SELECT id FROM main.capture c WHERE c.portal = p.id AND c.role = 'robots'
                ORDER BY fetched_at DESC LIMIT 1), 0, 0
        FROM main.portal p LEFT JOIN main.run r ON r.portal = p.id GROUP BY p.id""",
        """UPDATE main.site_portal SET (outcome, reason, refused) =
            (SELECT r.outcome, r.reason, (SELECT count(*) FROM main.skip k WHERE k.run = r.id
                AND k.reason = 'robots') FROM main.run r WHERE r.portal = site_portal.portal
            ORDER BY r.started_at DESC, r.id DESC LIMIT 1)""",
        f"""UPDATE main.site_portal SET rank = ranked.rank FROM (SELECT portal, row_number() OVER
            (ORDER BY outcome IN {_GOOD}, last_good, portal) AS rank FROM main.site_portal) ranked
            WHERE ranked.portal = site_portal.portal""",
        "UPDATE main.site_portal SET refused = 0 WHERE refused IS NULL",
    ),
    ("rank",),
)

HOST = Summary(
    "site_host",
    "各主机访问量（由其他表得出）",
    "What was asked of each host, as the archive shows it; follows from capture.",
    2,
    (
        ("host", "TEXT", "主机", "Host, with its port where it is not the usual one"),
        ("portal", "TEXT", "网站", "Portal for which it was asked"),
        ("captures", "INTEGER", "应答数", "Answers archived"),
        ("bytes", "INTEGER", "字节数", "Bytes of their bodies"),
        ("days", "INTEGER", "访问天数", "Days on which it was asked"),
        ("busiest", "INTEGER", "单日最多应答数", "Most answers on one day, UTC"),
        ("busiest_day", "TEXT", "该日", "That day"),
        ("last", "TEXT", "最近访问", "Last answer, UTC"),
    ),
    (
        """INSERT INTO main.site_host
        WITH daily AS (SELECT host_of(url) AS host, coalesce(portal, '') AS portal,
                substr(fetched_at, 1, 10) AS day, count(*) AS captures, total(size) AS bytes,
                max(fetched_at) AS last
            FROM main.capture GROUP BY 1, 2, 3),
        placed AS (SELECT *, row_number() OVER
            (PARTITION BY host, portal ORDER BY captures DESC, day DESC) AS place FROM daily)
        SELECT host, portal, sum(captures), sum(bytes), count(*), max(captures),
            max(CASE WHEN place = 1 THEN day END), max(last)
        FROM placed WHERE host <> '' GROUP BY 1, 2""",
    ),
)

FINDING = Summary(
    "site_finding",
    "各检查不符数（由其他表得出）",
    "How many current reports fail each check, by year; follows from finding.",
    3,
    (
        ("check", "TEXT", "检查", "Check"),
        ("year", "INTEGER", "报告年度", "Year reported on"),
        ("pass", "TEXT", "方式", "as_printed, or assumed_zero"),
        ("reports", "INTEGER", "报告数", "Reports with such a finding"),
        ("findings", "INTEGER", "发现数", "Findings"),
    ),
    (
        """INSERT INTO main.site_finding
        SELECT f."check", r.year, f."pass", count(DISTINCT r.id), count(*)
        FROM main.finding f JOIN main.report r ON r.revision = f.revision
        WHERE f."check" IS NOT NULL AND f."pass" IS NOT NULL GROUP BY 1, 2, 3""",
    ),
)

PROBLEM = Summary(
    "site_problem",
    "各类读取问题（由其他表得出）",
    "How many documents have each kind of problem; follows from problem.",
    1,
    (
        ("kind", "TEXT", "类别", "Kind of problem"),
        ("documents", "INTEGER", "文件数", "Documents that have it"),
        ("problems", "INTEGER", "问题数", "Problems"),
    ),
    (
        """INSERT INTO main.site_problem SELECT kind, count(DISTINCT capture), count(*) FROM main.problem
        WHERE kind IS NOT NULL GROUP BY kind""",
    ),
)

YEAR = Summary(
    "site_year",
    "各年度质量概况（由其他表得出）",
    "How many reports of each year have tables, errors and problems; follows from other tables.",
    1,
    (
        ("year", "INTEGER", "报告年度", "Year reported on"),
        ("reports", "INTEGER", "报告数", "Reports"),
        ("tables", "INTEGER", "有统计表者", "Of these with statutory tables"),
        ("clean", "INTEGER", "无误者", "Of those with tables: no check of severity error fails"),
        ("errors", "INTEGER", "有不符者", "With such a finding"),
        ("problems", "INTEGER", "有读取问题者", "With a problem in reading"),
        ("changed", "INTEGER", "公布后有变更者", "Changed after publication"),
        ("corrected", "INTEGER", "有人工更正者", "With a correction that stands"),
    ),
    (
        """INSERT INTO main.site_year
        SELECT r.year, count(*), sum(t.held), sum(t.held AND e.revision IS NULL), count(e.revision),
            sum(EXISTS (SELECT 1 FROM main.problem p WHERE p.revision = r.revision)),
            sum(EXISTS (SELECT 1 FROM main.change c WHERE c.report = r.id)),
            sum(EXISTS (SELECT 1 FROM main.correction n WHERE n.report = r.id AND n.withdrawn_at IS NULL))
        FROM main.report r
        JOIN (SELECT id, EXISTS (SELECT 1 FROM main.cell WHERE cell.revision = report.revision) AS held
            FROM main.report) t ON t.id = r.id
        LEFT JOIN (SELECT DISTINCT revision FROM main.finding WHERE severity = 'error') e
            ON e.revision = r.revision
        GROUP BY r.year""",
    ),
)

TABLES = (PORTAL, HOST, FINDING, PROBLEM, YEAR)


def teach(db: sqlite3.Connection) -> None:
    """Teach a connection what the statements of these tables ask for."""
    db.create_function("host_of", 1, host_of, deterministic=True)


def host_of(url: str | None) -> str:
    """Return the host of an address, with its port where one is named; empty where there is none.

    >>> host_of("http://www.a.example:8080/x"), host_of("javascript:alert(1)")
    ('www.a.example:8080', '')
    """
    try:
        return urlsplit(url or "").netloc.rpartition("@")[2].lower()
    except ValueError:
        return ""
