"""Each attack fails: what was asked of the victim is the evidence, and what the runs say of it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from archive import runs
from archive.captures import CONTENT_LIMIT, Capture, content
from archive.errors import ContentTooLarge
from archive.exchanges import Answer
from archive.index import Index
from crawler import settings
from crawler.platforms.lists import join
from tests.crawler import attacks, hostile_crawl, hostile_portals
from tests.crawler.attacks import (
    ATTACKS,
    BOMBS,
    ESCAPES,
    FLOODS,
    FOREIGN,
    GARBAGE,
    HARMLESS,
    PRIVATE,
    PRIVATE_ADDRESSES,
    UNGUARDED,
    Attack,
)
from tests.crawler.hostile_crawl import PUBLIC

ROOT = Path(__file__).parent.parent.parent
SECRET = "the secret of this machine"

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Crawled:
    """What came of crawling all attacks with one process."""

    folder: Path
    servers: hostile_portals.Hostile
    runs: dict[str, dict[str, Any]]
    skips: dict[tuple[str, str], str]
    captures: dict[str, list[Capture]]
    look_ups: dict[str, int]
    connections: dict[int, list[str]]
    around: tuple[set[str], set[str]]
    done: subprocess.CompletedProcess[str]

    def asked(self, name: str) -> list[str]:
        return self.servers.servers[name].paths


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "tmp").mkdir()
    secret = folder / "secret.html"
    secret.write_text(SECRET)
    with hostile_portals.serve(str(secret)) as servers:
        plan = write_plan(folder, servers)
        before = files_around(folder)
        done = run(plan, servers.port("victim"))
        yield read(folder, servers, done, (before, files_around(folder)))


def write_plan(folder: Path, servers: hostile_portals.Hostile) -> Path:
    (folder / "portals.toml").write_text("\n".join(hostile_portals.declare(servers, a) for a in ATTACKS))
    victim = servers.servers["victim"]
    task = {
        "victim": victim.port,
        "names": {attack.hostname: [answer for answer in attack.answers if answer] for attack in ATTACKS},
        "unguarded": {name: servers.fill(home, victim) for name, home in UNGUARDED.items()},
    }
    plan = folder / "plan.json"
    plan.write_text(json.dumps(task))
    return plan


def run(plan: Path, victim: int) -> subprocess.CompletedProcess[str]:
    proxy = f"http://127.0.0.1:{victim}"
    names = ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
    return subprocess.run(
        [sys.executable, "-m", "tests.crawler.hostile_crawl", str(plan)],
        env={**os.environ, "TMPDIR": str(plan.parent / "tmp"), "no_proxy": "", **dict.fromkeys(names, proxy)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def files_around(folder: Path) -> set[str]:
    """Return what lies beside the data folder, and in every folder above it."""
    beside = {str(path) for path in folder.rglob("*") if folder / "data" not in path.parents}
    above = {str(path) for parent in folder.parents for path in parent.glob("*escaped*")}
    return beside | above


def read(
    folder: Path,
    servers: hostile_portals.Hostile,
    done: subprocess.CompletedProcess[str],
    around: tuple[set[str], set[str]],
) -> Crawled:
    assert (folder / "told.json").exists(), done.stderr
    told = json.loads((folder / "told.json").read_text())
    with Index(folder / "data") as index:
        rows = {row["portal"]: row for row in index.rows("run")}
        skips = {(row["run"].partition("/")[0], row["url"]): row["reason"] for row in index.rows("skip")}
    stored: dict[str, list[Capture]] = {}
    for path in (folder / "data" / "warc").glob("*/*"):
        answers = [item for item in runs.read_file(path) if isinstance(item, Answer)]
        stored.setdefault(path.parent.name, []).extend(answer.capture for answer in answers)
    connections = {int(port): hosts for port, hosts in told["connections"].items()}
    return Crawled(folder, servers, rows, skips, stored, told["look_ups"], connections, around, done)


@pytest.mark.parametrize("attack", FOREIGN, ids=lambda attack: attack.name)
def test_a_foreign_address_is_not_asked_and_stands_among_the_skips(crawled: Crawled, attack: Attack) -> None:
    asked = [path for name in crawled.servers.servers for path in crawled.asked(name)]
    assert not [path for path in asked if path == f"/{attack.name}"]
    assert not [capture for capture in crawled.captures[attack.name] if SECRET.encode() in capture.body]
    if attack.skipped:
        link = crawled.servers.fill(attack.skipped, crawled.servers.servers[attack.name])
        assert crawled.skips[attack.name, join(link, link)] == "foreign_host"
    assert attack.reason in crawled.runs[attack.name]["reason"]


@pytest.mark.parametrize("attack", PRIVATE_ADDRESSES, ids=lambda attack: attack.name)
def test_a_name_or_literal_that_is_not_public_is_not_connected_to(crawled: Crawled, attack: Attack) -> None:
    hosts = [headers["host"].partition(":")[0] for _, headers in crawled.servers.servers["victim"].asked]
    assert attack.hostname not in hosts
    assert crawled.runs[attack.name]["outcome"] == "failed"
    assert len(crawled.captures.get(attack.name, [])) == attack.answers.count(PUBLIC)


@pytest.mark.parametrize("name", UNGUARDED)
def test_the_resolver_and_the_handlers_refuse_by_themselves(crawled: Crawled, name: str) -> None:
    assert f"/{name}" not in crawled.asked("victim")
    assert crawled.runs[name]["outcome"] == "failed"
    assert crawled.captures[name] == []


def test_a_refused_address_is_told(crawled: Crawled) -> None:
    assert "private-name.example leads to 10.0.0.1, which is no public address" in crawled.done.stderr


@pytest.mark.parametrize("name", ["changing", "alternating"])
def test_a_connection_goes_to_the_address_that_was_judged(crawled: Crawled, name: str) -> None:
    attack = next(attack for attack in ATTACKS if attack.name == name)
    answers = attack.answers[: crawled.look_ups[attack.hostname]]
    assert PRIVATE in answers, "the answer did change"
    connections = crawled.connections[crawled.servers.port(name)]
    assert connections == [PUBLIC] * answers.count(PUBLIC), "a look-up for each connection, and no other"


@pytest.mark.parametrize("attack", (*FLOODS, *GARBAGE), ids=lambda attack: attack.name)
def test_a_flood_ends_with_a_reason(crawled: Crawled, attack: Attack) -> None:
    row = crawled.runs[attack.name]
    assert (row["outcome"], row["ended_at"] != "") == ("failed", True)
    assert attack.reason in row["reason"]
    assert crawled.servers.servers[attack.name].sent < attacks.LARGEST


@pytest.mark.parametrize("attack", BOMBS, ids=lambda attack: attack.name)
def test_a_decompression_bomb_is_archived_as_received(crawled: Crawled, attack: Attack) -> None:
    answer = attack.pages["/nb/1.html"]
    assert not callable(answer)
    (bomb,) = [capture for capture in crawled.captures[attack.name] if capture.url.endswith("1.html")]
    assert bomb.body == answer[2]
    with pytest.raises(ContentTooLarge):
        content(bomb, hostile_crawl.MAXSIZE)


def test_a_redirect_loop_is_left(crawled: Crawled) -> None:
    assert len([path for path in crawled.asked("redirect_loop") if path.startswith("/nb/")]) == 2 + 8


def test_a_cookie_goes_back_to_nobody(crawled: Crawled) -> None:
    servers = crawled.servers.servers
    asked = [headers for name in ("cookies", "neighbour") for _, headers in servers[name].asked]
    assert len(asked) == 7
    assert not [headers for headers in asked if "cookie" in headers]


def test_proxies_of_the_environment_are_not_asked(crawled: Crawled) -> None:
    assert not [path for path in crawled.asked("victim") if not path.startswith("/")]


def test_link_texts_and_file_names_lead_out_of_no_folder(crawled: Crawled) -> None:
    assert crawled.runs["escaping"]["outcome"] == "ok"
    assert len(crawled.captures["escaping"]) == 3 + 2 * len(ESCAPES)
    before, after = crawled.around
    assert {path for path in after - before if not path.startswith(str(crawled.folder / "tmp"))} == {
        str(crawled.folder / name) for name in ("data", "told.json")
    }
    assert not list(crawled.folder.rglob("*escaped*"))


@pytest.mark.parametrize("attack", HARMLESS, ids=lambda attack: attack.name)
def test_what_only_looks_like_an_attack_is_archived(crawled: Crawled, attack: Attack) -> None:
    assert crawled.runs[attack.name]["outcome"] == "ok", crawled.runs[attack.name]["reason"]


def test_no_attack_ends_the_command_or_another_portal_s_run(crawled: Crawled) -> None:
    assert crawled.done.returncode == 0
    assert "Traceback" not in crawled.done.stderr
    assert set(crawled.runs) == {attack.name for attack in ATTACKS} | set(UNGUARDED)
    assert crawled.asked("victim") == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DOWNLOAD_MAXSIZE", CONTENT_LIMIT),
        ("DOWNLOAD_TIMEOUT", 60),
        ("REDIRECT_MAX_TIMES", 8),
        ("COOKIES_ENABLED", False),
        ("HTTPPROXY_ENABLED", False),
        ("DOWNLOAD_VERIFY_CERTIFICATES", True),
        ("TWISTED_DNS_RESOLVER", "crawler.guard.PublicResolver"),
        ("TELNETCONSOLE_ENABLED", False),
        ("REMOTE_CONTROL_ENABLED", False),
    ],
)
def test_the_limits_of_a_crawl_are_set(name: str, value: object) -> None:
    assert getattr(settings, name) == value
