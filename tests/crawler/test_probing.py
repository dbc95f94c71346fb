"""Looks at portals: what is printed of a site, and what has become of the declared ones."""

import re
import tomllib
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from crawler.drafting import UNKNOWN, draft, provisional
from crawler.portal import Portal, read_portals
from crawler.probing import Column, Look
from crawler.site import Site, read_site
from tests.crawler import bad_portals
from tests.crawler.bad_portals import HOME, HTML, Answer, column, page
from tests.running import gongkai

TODAY = date(2026, 11, 25)

PORTALS: dict[str, dict[str, Answer]] = {
    "answering": {"/": HOME, "/nb/": (200, HTML, column("1.html")), "/nb/1.html": (200, HTML, page("x"))},
    "column_gone_there": {
        "/": (200, HTML, "<a href='/new/'>政府信息公开年报</a>".encode()),
        "/new/": (200, HTML, column("1.html", "2.html")),
        "/new/1.html": (200, HTML, page("<a href='http://files.invalid/a.pdf'>附件</a>")),
    },
    "column_gone_redesigned": {
        "/": (200, HTML, b"-"),
        "/nb/": (200, HTML, column("1.html").replace(b"createPageHTML", b"page")),
        "/nb/1.html": (200, HTML, page("x")),
    },
    "emptied": {"/": HOME, "/nb/": (200, HTML, column())},
    "closed": {"/robots.txt": (200, {"Content-Type": "a/b"}, b"User-agent: *\nDisallow: /\n"), "/": HOME},
    "broken": {"/": (500, {}, b"")},
}


@pytest.mark.slow
def test_what_became_of_each_declared_portal_is_said_and_its_declaration_mended(tmp_path: Path) -> None:
    with bad_portals.serve(tmp_path, PORTALS) as (file, _):
        text = file.read_text()
        changed = text.index("[column_gone_redesigned]")
        file.write_text(
            text[:changed] + text[changed:].replace("local", 'platform = "createpagehtml"\nlocal', 1)
        )
        done = gongkai("portals", "--check", *PORTALS, "--portals", file)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    said = {name: state for state, name in re.findall(r"^# (\w+): .*\n\[(\w+)\]", done.stdout, re.MULTILINE)}
    assert (
        said.items()
        >= {
            "answering": "answers",
            "column_gone_there": "moved",
            "column_gone_redesigned": "changed",
            "emptied": "empty",
            "closed": "gone",
            "broken": "gone",
        }.items()
    )
    mended = tomllib.loads(done.stdout)
    assert list(mended) == sorted(mended, key=list(PORTALS).index)
    assert mended["column_gone_there"]["columns"] == [mended["column_gone_there"]["home"] + "new/"]
    assert mended["answering"]["checked"]
    assert mended["answering"]["seen"] == "2026-11-24, test"
    assert "checked" not in mended["emptied"]
    assert "platform" not in mended["column_gone_redesigned"]
    assert "files.invalid" in done.stdout
    assert "closes /" in done.stdout
    (tmp_path / "mended.toml").write_text(done.stdout)
    assert len(read_portals(tmp_path / "mended.toml")) == len(PORTALS), "what is printed is a portals file"


@pytest.mark.parametrize(
    "url",
    ["", "ftp://h.example/", "http://user@h.example/", "http://", "http://h.example:99999/", "javascript:x"],
)
def test_what_is_no_address_of_a_site_is_refused(url: str) -> None:
    with pytest.raises(ValueError):
        provisional(url)


@pytest.mark.slow
def test_a_public_site_is_looked_at_only_by_somebody_who_can_be_written_to() -> None:
    done = gongkai("probe", "www.yangli.example")
    assert done.returncode == 3
    assert "GONGKAI_CONTACT" in done.stderr
    assert gongkai("probe", "ftp://h.example/").returncode == 2


def test_an_address_stands_for_a_portal_named_by_its_host() -> None:
    portal = provisional("http://gxj.xin-xiang.gov.cn/zwgk/?a=1#b")
    assert (portal.name, portal.home) == ("gxj_xin_xiang", "http://gxj.xin-xiang.gov.cn/zwgk/")
    assert provisional("www.yangli.gov.cn").hosts == ("yangli.gov.cn",)
    assert provisional("http://61.150.65.235/").name == "portal_61_150_65_235"


def look(**found: object) -> Look:
    portal = Portal("yangli", "www.yangli.gov.cn", UNKNOWN, "http://yangli.gov.cn/", ("yangli.gov.cn",), "")
    return Look(portal, "http://yangli.gov.cn/", **found)  # type: ignore[arg-type]


NAMES = {"410702": "红旗区", "410700": "新乡市"}.get
OTHER = Portal("far", "", "330100", "http://a.yangli.gov.cn/", ("a.yangli.gov.cn",), "")


@pytest.mark.parametrize(
    ("site", "known", "said"),
    [
        (Site("红旗区人民政府", "4107020001"), {}, "# SiteIDCode 4107020001"),
        (
            Site("红旗区人民政府", "4107020001"),
            {"far": OTHER},
            "far, on a host nearby, has 330100: look at it",
        ),
        (
            Site("牧野区人民政府", "4107020001"),
            {},
            "410702 is 红旗区, which the title does not name: look at it",
        ),
        (Site("红旗区人民政府", "9999990001"), {}, "999999 is no division that is known: look at it"),
        (Site("红旗区人民政府"), {}, "not found out"),
    ],
)
def test_a_code_is_doubted_where_title_or_neighbours_speak_against_it(
    site: Site, known: dict[str, Portal], said: str
) -> None:
    text = draft(look(site=site), known, NAMES, "2026-11-25, a test", TODAY)
    (line,) = (line for line in text.splitlines() if line.startswith("division"))
    assert line.endswith(said) or (said == "not found out" and said in line and UNKNOWN in line)


def test_hosts_of_the_own_domain_are_declared_and_others_are_named() -> None:
    columns = {"http://yangli.gov.cn/nb/": Column(entries=3, reports=2)}
    found = look(columns=columns, foreign=Counter({"files.yangli.gov.cn": 2, "evil.example": 1}))
    text = draft(found, {}, NAMES, 'said "so"\\', TODAY)
    table = tomllib.loads(text)["yangli"]
    assert table["hosts"] == ["yangli.gov.cn", "files.yangli.gov.cn"]
    assert table["seen"] == 'said "so"\\'
    assert "# 1 links to evil.example" in text


def test_nothing_that_a_site_says_gets_out_of_its_line() -> None:
    evil = 'x\nhosts = ["evil.example"]\r\n\x00\x7f"'
    found = look(
        site=Site(evil, "4107020001"),
        faults={evil: evil},
        foreign=Counter({evil: 1}),
        robots={evil: (evil, (evil,))},
    )
    table = tomllib.loads(draft(found, {}, lambda code: evil, evil, TODAY))["yangli"]
    assert table["hosts"] == ["yangli.gov.cn"]


@pytest.mark.parametrize(
    ("text", "site"),
    [
        (
            "<meta name=SiteName content='新乡市人民政府'><meta name=SiteIDCode content=4107000001>",
            ("新乡市人民政府", "4107000001"),
        ),
        (
            "<title>首页-新乡市人民政府门户网站</title><p>网站标识码: 4107000001",
            ("新乡市人民政府门户网站", "4107000001"),
        ),
        (
            "<title>欢迎访问新乡市人民政府网站首页</title><script sitecode='4107000001'>",
            ("新乡市人民政府", "4107000001"),
        ),
        (
            "<meta name=SiteName content=null><meta name=SiteIDCode content='{code}'><title>首页</title>",
            ("", ""),
        ),
        ("<p>电话 41070000011", ("", "")),
    ],
)
def test_a_site_says_its_name_and_code_in_several_ways(text: str, site: tuple[str, str]) -> None:
    assert read_site(text) == Site(*site)
