"""What can go wrong between a capture and a row.

* PipelineError
  - UnreadableDocument   the bytes are no document this room reads: problem `unreadable_document`
  - LimitExceeded        the document is too large or too deep: problem `limit_exceeded`
  - WorkersFailed        no worker process could be started: the command ends (exit 3)
  - LoadError            the database cannot be written: nothing of the document is in it, load it again
    + NewerDatabase      a later version of the program made it: update the program

Rows, columns and numbers that do not fit raise nothing: each becomes a `Problem` of the
reading, because the rest of the table is still good.
"""


class PipelineError(Exception):
    """Base class of every error raised by `pipelines`."""


class UnreadableDocument(PipelineError):
    """Raised by the readers in `pipelines.documents`: the bytes are not what they claim to be."""


class LimitExceeded(PipelineError):
    """Raised by the readers in `pipelines.documents`: more elements, cells or nesting than a report has."""


class WorkersFailed(PipelineError):
    """Raised by `pipelines.workers` when a worker process ends before it read anything."""


class LoadError(PipelineError):
    """Raised by `pipelines.load` and `pipelines.dump`: no database, a locked, full or read-only one."""


class NewerDatabase(LoadError):
    """Raised by `pipelines.migrations`: this program does not know the database's version."""
