"""From version 2 to 3: what changes after publication, and what the numbers mean over the years."""

import sqlite_utils

_ADDED: dict[str, dict[str, type]] = {
    "capture": {"judged": str, "location": str, "referer": str},
    "report": {"gone_since": str},
    "source": {
        "state": str, "first_seen": str, "last_seen": str, "gone_since": str, "looked_at": str,
        "looks": int, "moved_to": str,
    },
    "revision": {"content": str},
    "finding": {"arithmetic": str, "against": str},
}  # fmt: skip

Keys = list[tuple[str, str, str]]
_TABLES: dict[str, tuple[dict[str, type], tuple[str, ...], Keys, tuple[tuple[str, ...], ...]]] = {
    "listing": (
        {"run": str, "url": str, "reports": int, "entries": int, "declared": int},
        ("run", "url"),
        [("run", "run", "id")],
        (),
    ),
    "rendering": (
        {"source": str, "digest": str, "revision": int, "capture": str, "first_seen": str, "last_seen": str},
        ("source", "digest"),
        [("source", "source", "id"), ("revision", "revision", "id"), ("capture", "capture", "id")],
        (("revision",),),
    ),
    "file_link": (
        {"portal": str, "page": str, "digest": str, "url": str},
        ("portal", "page", "digest", "url"),
        [],
        (),
    ),
    "change": (
        {
            "id": int, "report": str, "source": str, "kind": str, "before": int, "after": int,
            "to_source": str, "last_seen": str, "first_seen": str, "parts": int, "zh": str, "en": str,
        },
        ("id",),
        [
            ("report", "report", "id"), ("source", "source", "id"), ("before", "revision", "id"),
            ("after", "revision", "id"), ("to_source", "source", "id"),
        ],
        (("report",), ("source",), ("first_seen",)),
    ),
    "changed": (
        {
            "change": int, "number": int, "item": int, "section": int, "part": str, "before": str,
            "after": str, "zh": str, "en": str,
        },
        ("change", "number"),
        [("change", "change", "id"), ("item", "form_item", "id")],
        (("item",),),
    ),
}  # fmt: skip


def to_3(db: sqlite_utils.Database) -> None:
    """Add sources' states, renderings, changes and what stands beside them.

    What a revision was read from becomes its first rendering; the digest of its content is only
    known once the document is read again.
    """
    for table, columns in _ADDED.items():
        for name, kind in columns.items():
            db.table(table).add_column(name, kind)
    db.table("capture").create_index(["referer"])
    db.add_foreign_keys([("source", "moved_to", "source", "id"), ("finding", "against", "report", "id")])
    for name, (fields, key, foreign, indexes) in _TABLES.items():
        pk = key if len(key) > 1 else key[0]
        db.create_table(name, fields, pk=pk, not_null=key, foreign_keys=foreign)
        for index in indexes:
            db.table(name).create_index(index)
    db.execute(
        """INSERT INTO rendering (source, digest, revision, capture, first_seen, last_seen)
        SELECT source, digest, id, capture, first_seen, last_seen FROM revision"""
    )
    db.execute(
        """UPDATE source SET state = 'present', (first_seen, last_seen, looked_at) = (
            SELECT min(first_seen), max(last_seen), max(last_seen) FROM revision WHERE source = source.id)"""
    )
