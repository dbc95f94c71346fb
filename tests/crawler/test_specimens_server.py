"""The specimen portals as they answer: links, bytes, validators, ports."""

import gzip
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urldefrag, urljoin
from urllib.request import Request, urlopen

import lxml.html
import pytest

from crawler.specimens.plan import PORTALS
from crawler.specimens.server import PORT_VARIABLE, Specimens, serve

CITY, COUNTY, *OTHERS = PORTALS


@pytest.fixture
def specimens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Specimens]:
    monkeypatch.setenv(PORT_VARIABLE, "0")
    with serve(tmp_path) as running:
        yield running


def get(url: str, **headers: str) -> tuple[int, http.client.HTTPMessage, bytes]:
    request = Request(url, headers={name.replace("_", "-"): value for name, value in headers.items()})
    try:
        with urlopen(request, timeout=10) as response:
            return response.status, response.headers, response.read()
    except HTTPError as error:
        with error:
            return error.code, error.headers, error.read()


def crawled(home: str, charset: str) -> dict[str, str]:
    """Fetch the portal link by link, scripts' pagers included, and return its pages as text."""
    pages: dict[str, str] = {}
    waiting = [home]
    while waiting:
        url = waiting.pop()
        if url in pages or not url.startswith(home):
            continue
        status, headers, body = get(url)
        assert status == 200, url
        pages[url] = body.decode(charset)
        if headers.get_content_type() == "text/html":
            tree = lxml.html.fromstring(pages[url])
            links = [*tree.xpath("//a/@href"), *tree.xpath("//link/@href"), *tree.xpath("//script/@src")]
            waiting += [urldefrag(urljoin(url, link)).url for link in links]
    return pages


def test_every_link_of_the_city_resolves_and_says_it_is_a_specimen(specimens: Specimens) -> None:
    home = specimens.addresses[0]
    pages = crawled(home, "utf-8")
    for page in (1, 2):
        pages |= crawled(f"{home}zwgk/zfxxgk/zfxxgknb/index_{page}.html", "utf-8")
        column = pages[f"{home}zwgk/zfxxgk/zfxxgknb/index_{page}.html"]
        base = f"{home}zwgk/zfxxgk/zfxxgknb/"
        for link in lxml.html.fromstring(column).xpath("//ul[@class='list']//a/@href"):
            if not link.startswith("http://other.invalid/"):
                pages[urljoin(base, link)] = get(urljoin(base, link))[2].decode()
    reached = {"/" + url.removeprefix(home) for url in pages}
    assert {report.path for report in CITY.reports} <= reached
    assert_specimens(pages)


def test_every_link_of_the_county_resolves_and_says_it_is_a_specimen(specimens: Specimens) -> None:
    home = specimens.addresses[1]
    pages = crawled(home, "gb18030")
    reached = {"/" + url.removeprefix(home) for url in pages}
    # Its list is in scripts; the pages link each other by 上一条 and 下一条.
    assert {report.path for report in COUNTY.reports} <= reached
    assert_specimens(pages)


def assert_specimens(pages: dict[str, str]) -> None:
    for url, text in pages.items():
        if text.lstrip().startswith(("<!DOCTYPE", "<html")):
            shown = lxml.html.fromstring(text).xpath("string(//body)")
            assert "样本页面，并非真实政府网站" in shown, url
            assert "Specimen page" in shown, url


def test_the_city_declares_its_lists_and_ends_with_404(specimens: Specimens) -> None:
    column = f"{specimens.addresses[0]}zwgk/zfxxgk/zfxxgknb/"
    status, _, body = get(column)
    assert status == 200
    assert 'createPageHTML(3, 0, "index", "html")' in body.decode()
    assert f"共 {len(CITY.listed)} 条" in body.decode()
    assert get(f"{column}index_2.html")[0] == 200
    assert get(f"{column}index_3.html")[0] == 404


def test_the_county_answers_its_list_in_groups(specimens: Specimens) -> None:
    home = specimens.addresses[1]
    column = get(f"{home}col/col1234/index.html")[2].decode("gb18030")
    seen = titles(column)
    assert len(seen) == 12
    assert titles(get(urljoin(home, next_group(column)))[2].decode("gb18030")) == [], "its link is in cipher"
    proxy = f"{home}module/web/jpage/dataproxy.jsp?perpage=4&columnid=1234"
    for start in range(13, len(COUNTY.listed) + 1, 12):
        answer = get(f"{proxy}&startrecord={start}&endrecord={start + 11}")[2].decode("gb18030")
        seen += titles(answer)
    assert seen == [entry.path for entry in COUNTY.listed]


def test_a_form_and_an_address_ask_the_county_the_same(specimens: Specimens) -> None:
    proxy = f"{specimens.addresses[1]}module/web/jpage/dataproxy.jsp"
    asked = f"{proxy}?startrecord=13&endrecord=24&perpage=4"
    with urlopen(Request(asked, data=b"col=1&columnid=1234&unitid=5678"), timeout=10) as response:
        posted = response.read()
    assert posted == get(f"{asked}&columnid=1234")[2]
    assert len(titles(posted.decode("gb18030"))) == 12
    assert titles(get(f"{proxy}?startrecord=91&endrecord=99&columnid=1234")[2].decode("gb18030")) == []
    assert titles(get(f"{proxy}?startrecord=1&endrecord=9&columnid=77")[2].decode("gb18030")) == []


def titles(answer: str) -> list[str]:
    records = answer.split("<record><![CDATA[")[1:]
    return [lxml.html.fromstring(record.split("]]>")[0]).xpath("string(//a/@href)") for record in records]


def next_group(answer: str) -> str:
    return answer.split("<nextgroup><![CDATA[")[1].split("]]>")[0].partition('href="')[2].partition('"')[0]


def test_the_county_sends_gb18030_and_calls_it_gb2312(specimens: Specimens) -> None:
    lamps = next(report for report in COUNTY.reports if "镕" in report.title)
    status, headers, body = get(specimens.addresses[1].rstrip("/") + lamps.path)
    assert status == 200
    assert headers["Content-Type"] == "text/html;charset=gb2312"
    assert b"charset=gb2312" in body
    text = body.decode("gb18030")
    assert "镕" in text
    assert "㐂" in text  # four bytes: not in gbk either
    for charset in ("utf-8", "gb2312", "gbk"):
        with pytest.raises(UnicodeDecodeError):
            body.decode(charset)


def test_a_report_beside_its_page_stands_where_the_page_leads(specimens: Specimens) -> None:
    parts = [
        (address.rstrip("/"), report)
        for address, portal in zip(specimens.addresses, PORTALS, strict=True)
        for report in portal.reports
        if report.part
    ]
    kinds = []
    for home, report in parts:
        shell = lxml.html.fromstring(get(home + report.path)[2])
        led = [urljoin(home + report.path, str(link)) for link in shell.xpath("//iframe/@src|//a/@href")]
        assert home + report.part in led
        assert not shell.xpath("//td[.='申请人情况']"), "the report is not in the page"
        status, headers, body = get(home + report.part)
        text = body.decode("gb18030" if "gb" in headers["Content-Type"] else "utf-8")
        assert status == 200
        assert "样本页面，并非真实政府网站" in text
        assert "申请人情况" in text
        kinds.append(headers.get_content_type())
    assert sorted(kinds) == ["text/html", "text/html", "text/plain", "text/plain"]


def test_an_unchanged_page_is_not_sent_again(specimens: Specimens) -> None:
    for address, portal in zip(specimens.addresses, PORTALS, strict=True):
        url = address.rstrip("/") + portal.reports[0].path
        _, headers, _ = get(url)
        assert get(url, If_None_Match=headers["ETag"])[::2] == (304, b"")
        assert get(url, If_Modified_Since=headers["Last-Modified"])[0] == 304
        assert get(url, If_None_Match='W/"other"', If_Modified_Since=headers["Last-Modified"])[0] == 200
        assert get(url, If_Modified_Since="Thu, 01 Jan 2015 00:00:00 GMT")[0] == 200


def test_only_the_city_compresses_and_only_when_asked(specimens: Specimens) -> None:
    city, *others = specimens.addresses
    plain = get(city)
    packed = get(city, Accept_Encoding="gzip, deflate")
    assert plain[1]["Content-Encoding"] is None
    assert packed[1]["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed[2]) == plain[2]
    for other in others:
        assert get(other, Accept_Encoding="gzip")[1]["Content-Encoding"] is None


def test_one_connection_serves_many_requests(specimens: Specimens) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", int(specimens.addresses[0].split(":")[2].strip("/")))
    try:
        for path in ("/robots.txt", "/nothing", "/"):
            connection.request("GET", path)
            response = connection.getresponse()
            response.read()
            assert response.version == 11
    finally:
        connection.close()
    assert [path for _, _, path in specimens.requests] == ["/robots.txt", "/nothing", "/"]


def test_the_portals_file_declares_the_city_and_leaves_the_others_to_be_discovered(
    specimens: Specimens,
) -> None:
    declared = tomllib.loads(specimens.portals_file.read_text())
    assert list(declared) == ["huanhu", "jingshan", "wugang", "yingxi", "xingyuan"]
    for address, portal in zip(specimens.addresses, declared.values(), strict=True):
        assert portal["home"] == address
        assert portal["hosts"] == [address.removeprefix("http://").rstrip("/")]
        assert (portal["local"], portal["delay"]) == (True, 0)
    assert declared["huanhu"]["columns"] == [f"{specimens.addresses[0]}zwgk/zfxxgk/zfxxgknb/"]
    for found in (COUNTY, *OTHERS):
        assert declared[found.name]["columns"] == []
        assert "platform" not in declared[found.name]


def test_ports_are_kept_from_one_start_to_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PORT_VARIABLE, "0")
    with serve(tmp_path) as first:
        pass
    written = first.portals_file.stat().st_mtime_ns
    monkeypatch.delenv(PORT_VARIABLE)
    with serve(tmp_path) as second:
        assert second.addresses == first.addresses
    assert second.portals_file.stat().st_mtime_ns == written


def test_a_taken_port_gives_way_to_the_next_and_the_file_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PORT_VARIABLE, "0")
    with serve(tmp_path) as first:
        pass
    taken = int(first.addresses[0].split(":")[2].strip("/"))
    with socket.create_server(("127.0.0.1", taken)), serve(tmp_path) as second:
        assert second.addresses[0] != first.addresses[0]
        assert int(second.addresses[0].split(":")[2].strip("/")) > taken
        assert second.addresses[0] in second.portals_file.read_text()
        assert get(second.addresses[0])[0] == 200


def test_the_variable_sets_the_first_port(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    port = min(port, 60_000)
    monkeypatch.setenv(PORT_VARIABLE, str(port))
    with serve(tmp_path) as running:
        found = [int(address.split(":")[2].strip("/")) for address in running.addresses]
    assert port <= found[0] < found[1] <= port + 10


@pytest.mark.parametrize("wrong", ["many", "-1", "65535"])
def test_a_port_that_is_none_is_refused(wrong: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PORT_VARIABLE, wrong)
    with pytest.raises(ValueError), serve(tmp_path):
        pass


def test_a_data_folder_that_cannot_be_made_is_an_os_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError), serve(tmp_path / "file" / "data"):
        pass


def test_no_thread_stays_behind_an_open_connection(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PORT_VARIABLE, "0")
    before = set(threading.enumerate())
    with serve(tmp_path) as running:
        port = int(running.addresses[0].split(":")[2].strip("/"))
        connection = http.client.HTTPConnection("127.0.0.1", port)
        connection.request("GET", "/")
        connection.getresponse().read()
    connection.close()
    assert set(threading.enumerate()) == before


@pytest.mark.slow
def test_the_portals_run_alone_until_interrupted(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "crawler.specimens", "--data", str(tmp_path)]
    with subprocess.Popen(
        command,
        env={**os.environ, PORT_VARIABLE: "0"},
        stdout=subprocess.PIPE,
        text=True,
        # A job in the background of a shell ignores Ctrl-C, and so would its children.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as alone:
        assert alone.stdout is not None
        addresses = [alone.stdout.readline().strip() for _ in PORTALS]
        assert [get(address)[0] for address in addresses] == [200] * len(PORTALS)
        alone.send_signal(signal.SIGINT)
        assert alone.stdout.read() == "stopped\n"
        assert alone.wait(timeout=20) == 0
