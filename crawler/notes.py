"""What the log is told of a crawl and nobody else: whoever watches is told in other words."""

import logging

from archive import logs
from crawler.run import Run
from crawler.watch import BUSY, INTERRUPTED, SETTLED, Result

logger = logging.getLogger(__name__)


def run_begins(run: Run) -> None:
    """Write that a run begins, or goes on after it was interrupted."""
    portal, counts = run.portal.name, {"interruptions": run.continued, "answered": len(run.answers)}
    message = "the run goes on" if run.continued else "the run begins"
    logs.note(logger, logging.INFO, message, portal=portal, counts=counts)


def run_ends(came: Result) -> None:
    """Write what came of a run."""
    level = logging.INFO if came.outcome in (*SETTLED, BUSY, INTERRUPTED) else logging.WARNING
    counts = {"captures": came.captures, "requests": came.requests, "listed": came.listed}
    logs.note(
        logger,
        logging.ERROR if came.archive_failed else level,
        "the run ends",
        portal=came.portal,
        outcome=came.outcome,
        reason=came.reason,
        counts=counts,
    )
