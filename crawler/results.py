"""What came of one portal's run, or what it does meanwhile, as whoever watches is told."""

from scrapy.crawler import Crawler

from crawler.facts import Facts
from crawler.portal import Portal
from crawler.spider import PortalSpider
from crawler.watch import INTERRUPTED, Result, State


def result(portal: Portal, spider: PortalSpider) -> Result:
    """Return what came of a run whose spider has ended."""
    if spider.disk_error is not None:
        return unwritable(portal, spider.disk_error)
    if not spider.ended:
        return interrupted(portal, spider.facts)
    said = spider.verdict
    counts = {key: said[key] for key in ("captures", "requests", "listed")}
    return Result(portal.name, said["outcome"], said["reason"], **counts)


def interrupted(portal: Portal, facts: Facts | None = None) -> Result:
    """Return what came of a run that was stopped; what it had seen by then, where that is known."""
    reason = "stopped before its end; the next start continues it"
    if facts is None:
        return Result(portal.name, INTERRUPTED, reason)
    return Result(
        portal.name, INTERRUPTED, reason, facts.tally.captures, facts.tally.requests, len(facts.listed)
    )


def unwritable(portal: Portal, error: Exception) -> Result:
    """Return what came of a run whose archive cannot be written."""
    reason = f"the archive cannot be written: {error}"
    return Result(portal.name, "failed", reason, archive_failed=True)


def state(crawler: Crawler) -> State:
    """Return what a portal is doing."""
    spider = crawler.spider
    portal: Portal = crawler.spidercls.portal  # type: ignore[attr-defined]
    if not isinstance(spider, PortalSpider):
        return State(portal.name, portal.title, "starting")
    facts = spider.facts
    return State(
        portal.name,
        portal.title,
        spider.gate.waits or _doing(facts),
        listed=len(facts.listed),
        requests=facts.tally.requests,
        bytes=sum(host.bytes for host in facts.tally.asked.values()),
    )


def _doing(facts: Facts) -> str:
    if facts.followed:
        return f"reports {len(facts.archived)}/{len(facts.followed)}"
    return "lists" if facts.tally.asked else "starting"
