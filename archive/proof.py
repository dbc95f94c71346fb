"""What `verify` finds: faults by kind, and what can be done about each."""

from dataclasses import dataclass, field

REMEDIES = {
    "damaged": "damaged bytes are never touched; the next crawl asks again for what stood there",
    "misnamed": "give the file the name it was written under, or take it out of the archive",
    "payload": "the record is as it was written; whoever wrote it was wrong",
    "revisit": "the page it repeats is not here; the next crawl asks for it whole",
    "twofold": "compare the two by hand; nothing is thrown away",
    "incomplete": "if there is a backup, put the missing file back into its folder",
    "published": "the next gongkai publish sets the version aside, and makes a whole one if it is the newest",
    "not_sealed": "the next crawl of the portal continues and seals it",
}
"""By kind of fault, what is left to be done where `mend` can do nothing."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: `kind` in a word, where, and what in words.

    Kinds: those of `REMEDIES`; `torn` (an open file that ends inside an exchange); and, of the
    index, `no_index`, `lost`, `not_indexed`, `index_differs`.
    """

    kind: str
    file: str
    detail: str


@dataclass(slots=True)
class Proof:
    """What was proved: counts, and all faults.

    After `mend`, `mended` says what was done, and `left` what was not and why.
    """

    files: int = 0
    records: int = 0
    responses: int = 0
    versions: int = 0
    faults: list[Fault] = field(default_factory=list)
    mended: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
