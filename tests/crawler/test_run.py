"""A run that was interrupted knows what it had asked before."""

from pathlib import Path

from archive import runs
from archive.captures import DETAIL
from crawler.facts import Asked
from crawler.portal import Portal
from crawler.run import Run
from tests.archive.test_index import DATE, exchange

PORTAL = Portal("p", "样例市（样本）", "990100", "http://127.0.0.1:9/", ("127.0.0.1:9",), "test", local=True)


def test_what_was_asked_before_an_interruption_counts_for_the_run(tmp_path: Path) -> None:
    writer = runs.RunWriter(tmp_path / "warc", "p", "20260131T000000Z", {"date": DATE})
    writer.tell(runs.STARTED, DATE, {"portal": PORTAL.declaration(), "run": "20260131T000000Z"})
    writer.store(exchange("http://h/1", DETAIL))
    writer.store(exchange("http://h/2", DETAIL, 503))
    writer.tell(runs.FAILED, DATE, {"url": "http://h/3", "reason": "timeout", "fingerprint": "f"})
    writer.close()
    run = Run(tmp_path, PORTAL, {"software": "test"})
    run.abandon()
    assert run.continued == 1
    assert run.tally.asked == {"h": Asked(requests=3, bytes=6, failures=1)}
    assert run.tally.captures == 2
