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
    "grid": (
        {"revision": int, "page": int, "number": int, "path": str},
        ("revision", "page", "number"),
        [("revision", "revision", "id")],
        (),
    ),
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
    "correction": (
        {
            "id": str, "report": str, "item": int, "part": str, "digest": str, "before": str, "after": str,
            "value": float, "reason": str, "author": str, "made_at": str, "withdrawn_at": str,
            "withdrawn_by": str, "withdrawn_why": str,
        },
        ("id",),
        [("item", "form_item", "id")],
        (("report",), ("item",)),
    ),
    "withheld": (
        {
            "id": str, "capture": str, "digest": str, "reason": str, "author": str, "made_at": str,
            "lifted_at": str, "lifted_by": str, "lifted_why": str,
        },
        ("id",),
        [],
        (("digest",),),
    ),
    "reextraction": (
        {
            "id": str, "extractors": str, "extractor": str, "reason": str, "documents": int,
            "differing": int, "differences": int,
        },
        ("id",),
        [],
        (),
    ),
    "reread": (
        {
            "reextraction": str, "number": int, "capture": str, "report": str, "cause": str, "item": int,
            "before": str, "after": str,
        },
        ("reextraction", "number"),
        [("reextraction", "reextraction", "id"), ("capture", "capture", "id"), ("item", "form_item", "id")],
        (("capture",), ("cause",)),
    ),
    "listed_agency": ({"portal": str, "name": str, "url": str}, ("portal", "name"), [], ()),
    "agency_portal": (
        {"agency": str, "portal": str, "basis": str},
        ("agency", "portal"),
        [("agency", "agency", "id"), ("portal", "portal", "id")],
        (("portal",),),
    ),
    "coverage": (
        {
            "agency": str, "year": int, "state": str, "report": str, "due_on": str, "basis": str,
            "basis_en": str, "published_on": str, "days_late": int, "dates": str, "searched": str,
            "searched_at": str, "zh": str, "en": str,
        },
        ("agency", "year"),
        [("agency", "agency", "id"), ("report", "report", "id")],
        (("state",), ("year",), ("report",)),
    ),
    "succession": (
        {"agency": str, "successor": str, "from_year": int, "kind": str, "zh": str, "en": str},
        ("agency", "successor"),
        [("agency", "agency", "id"), ("successor", "agency", "id")],
        (("successor",),),
    ),
    "indicator_definition": (
        {
            "id": str, "zh": str, "en": str, "kind": str, "unit": str, "numerator_zh": str,
            "numerator_en": str, "denominator_zh": str, "denominator_en": str, "minimum": int,
            "note_zh": str, "note_en": str,
        },
        ("id",),
        [],
        (),
    ),
    "indicator_term": (
        {"indicator": str, "form": str, "part": str, "item": int, "factor": int},
        ("indicator", "form", "part", "item"),
        [("indicator", "indicator_definition", "id"), ("form", "form", "id"), ("item", "form_item", "id")],
        (("item",),),
    ),
    "indicator_break": (
        {"indicator": str, "from_form": str, "to_form": str, "comparability": str, "zh": str, "en": str},
        ("indicator", "from_form", "to_form"),
        [
            ("indicator", "indicator_definition", "id"), ("from_form", "form", "id"),
            ("to_form", "form", "id"),
        ],
        (),
    ),
    "indicator": (
        {
            "report": str, "indicator": str, "revision": int, "value": float, "numerator": float,
            "denominator": float, "n": int, "enough": int, "basis": str,
        },
        ("report", "indicator"),
        [
            ("report", "report", "id"), ("indicator", "indicator_definition", "id"),
            ("revision", "revision", "id"),
        ],
        (("indicator",),),
    ),
}  # fmt: skip
_WITHOUT_ROWID = {"indicator"}


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
        keys = [(name, *each) for each in foreign]
        sql = db.create_table_sql(name, fields, pk=pk, not_null=key, foreign_keys=keys).strip().rstrip(";")
        db.execute(f"{sql} WITHOUT ROWID" if name in _WITHOUT_ROWID else sql)
        for index in indexes:
            db.table(name).create_index(index)
    db.table("division").create_index(["parent"])
    db.table("agency").create_index(["division", "kind"])
    db.execute(
        """INSERT INTO rendering (source, digest, revision, capture, first_seen, last_seen)
        SELECT source, digest, id, capture, first_seen, last_seen FROM revision"""
    )
    db.execute(
        """UPDATE source SET state = 'present', (first_seen, last_seen, looked_at) = (
            SELECT min(first_seen), max(last_seen), max(last_seen) FROM revision WHERE source = source.id)"""
    )
