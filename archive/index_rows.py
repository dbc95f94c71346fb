"""What captures and events of runs become in the index: statements for `index_file`."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

from archive import captures, runs
from archive.captures import Capture
from archive.index_file import Step
from archive.known import FULL

DOCUMENTS = (captures.DETAIL, captures.ATTACHMENT)
"""Roles of captures that are read as documents."""

REPORTED = (*DOCUMENTS, captures.PICTURE)
"""Roles of captures that are a report or part of one: none may be missed, each is looked at again."""


def is_document(capture: Capture) -> bool:
    """Tell whether a capture is one that `pipelines` read: a document, and no repeated one."""
    whole = capture.status == 200 and not capture.judged and not capture.refers_to
    return whole and capture.context.role in DOCUMENTS


def capture_row(capture: Capture) -> dict[str, Any]:
    """Return a capture as a row of `capture`."""
    context = {key: value for key, value in asdict(capture.context).items() if value}
    return {
        "id": capture.id,
        "run": capture.run,
        "portal": capture.run.partition("/")[0],
        "role": capture.context.role,
        "url": capture.url,
        "method": capture.method,
        "status": capture.status,
        "content_type": capture.header("content-type"),
        "fetched_at": capture.fetched_at,
        "digest": capture.digest,
        "size": len(capture.body),
        "file": capture.file,
        "offset": capture.offset,
        "length": capture.length,
        "refers_to": capture.refers_to,
        "judged": capture.judged,
        "link_text": capture.context.link_text,
        "listed_on": capture.context.listed_on,
        "location": capture.leads_to,
        "context": json.dumps(context, ensure_ascii=False, sort_keys=True),
    }


def add(found: Iterable[Capture]) -> Iterator[Step]:
    """Yield what adds captures; those that are documents go into the queue with their row.

    The queue need not be exact: what is queued twice is read once more with the same result.
    """
    for capture in found:
        row = capture_row(capture)
        marks = ", ".join("?" * len(row))
        yield f"INSERT OR IGNORE INTO capture ({', '.join(row)}) VALUES ({marks})", tuple(row.values())
        if is_document(capture):
            yield "INSERT OR IGNORE INTO pending VALUES (?)", (capture.id,)


def tell(run: str, event: runs.Event) -> Iterator[Step]:
    """Yield what an event says of its run; `run` is the run's key, `<portal>/<name>`."""
    value = event.value
    if event.kind == runs.STARTED:
        declaration = json.dumps(value["portal"], ensure_ascii=False, sort_keys=True)
        yield (
            "INSERT OR IGNORE INTO run (id, portal, started_at, declaration) VALUES (?, ?, ?, ?)",
            (run, run.partition("/")[0], event.date, declaration),
        )
    elif event.kind == runs.CONTINUED:
        yield (
            "UPDATE run SET interruptions = max(interruptions, ?) WHERE id = ?",
            (value["interruptions"], run),
        )
    elif event.kind == runs.ENDED:
        yield from _end(run, event.date, value)


def _end(run: str, date: str, value: Mapping[str, Any]) -> Iterator[Step]:
    yield (
        """UPDATE run SET ended_at = :date, outcome = :outcome, reason = :reason, listed = :listed,
        requests = :requests, captures = :captures, bytes = :bytes, walk = :walk, lists = :lists
        WHERE id = :run""",
        {
            "run": run,
            "date": date,
            "walk": value.get("walk", FULL),
            "lists": json.dumps(value.get("lists", []), sort_keys=True),
            **{key: value[key] for key in runs.ENDED_FIELDS},
        },
    )
    for skip in value["skips"]:
        yield "REPLACE INTO skip VALUES (?, ?, ?, ?)", (run, skip["url"], skip["text"], skip["reason"])
    for a in value["asked"]:
        yield (
            "REPLACE INTO asked VALUES (?, ?, ?, ?, ?)",
            (run, a["host"], a["requests"], a["bytes"], a["failures"]),
        )
