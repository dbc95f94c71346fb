"""What can go wrong between a capture and a row.

* PipelineError
  - DocumentError        the document gives no rows but one problem, whose kind each error names
    + UnreadableDocument the bytes are no document this room reads
    + LimitExceeded      the document is larger or deeper than any report
    + Encrypted          a password is asked for
    + MissingProgram     a program that reads this format is not installed
  - WorkersFailed        no worker process could be started: the command ends (exit 3)
  - JournalDamaged       what people decided cannot be read: mend the line that is named, nothing is written
  - BadCorrection        a correction names no report, cell or value: nothing is written
  - BadWithholding       no such capture, or nothing to lift: nothing is written
  - LoadError            the database cannot be written: nothing of the document is in it, load it again
    + NewerDatabase      a later version of the program made it: update the program

Rows, columns and numbers that do not fit raise nothing: each becomes a `Problem` of the
reading, because the rest of the table is still good.
"""


class PipelineError(Exception):
    """Base class of every error raised by `pipelines`."""


class DocumentError(PipelineError):
    """Base class of what the readers in `pipelines.documents` raise; `kind` is that of the problem."""

    kind = "unreadable_document"


class UnreadableDocument(DocumentError):
    """Raised where the bytes are not what they claim to be, or of no format that is read."""


class LimitExceeded(DocumentError):
    """Raised where there are more bytes, elements, cells, pages or levels than a report has."""

    kind = "limit_exceeded"


class Encrypted(DocumentError):
    """Raised where the document opens with a password only."""

    kind = "encrypted"


class MissingProgram(DocumentError):
    """Raised where a format is read by a program that this machine does not have."""

    kind = "missing_program"


class WorkersFailed(PipelineError):
    """Raised by `pipelines.workers` when a worker process ends before it read anything."""


class JournalDamaged(PipelineError):
    """Raised by `pipelines.journal` where a line of the journal is none that was written there."""


class BadCorrection(PipelineError):
    """Raised by `pipelines.corrections` for one that cannot be written or withdrawn."""


class BadWithholding(PipelineError):
    """Raised by `pipelines.withholding` for a decision that cannot be written."""


class LoadError(PipelineError):
    """Raised by `pipelines.load` and `pipelines.dump`: no database, a locked, full or read-only one."""


class NewerDatabase(LoadError):
    """Raised by `pipelines.migrations`: this program does not know the database's version."""
