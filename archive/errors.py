"""What can go wrong on the shelf.

* ArchiveError
  - BadRecord        a WARC record is not what its headers promise
    + TornRecord     the file ends inside a record: cut it back (`repair.cut_back`)
  - ContentTooLarge  a stored body decodes to more than the limit
  - IndexDamaged     `captures.db` was damaged and has been built anew: start again
  - LockHeld         another command has the host or the loader
  - OriginalRefused  a stored original is not shown, or cannot be: `why` says which
  - NoArchive        the folder that is named holds no archive: say which with --data, or crawl first
  - NotifyError      the operator's command took no notice; the next crawl gives it again
    + NotifyHangs    it took too long
  - ProgramFailed    a program of ours that handles hostile bytes ended badly or was ended at its limit
  - PublishError     the working database is missing or empty, `public` cannot be written, the key cannot sign
  - PublicationStopped  something that was published is not there any more: look, then accept it
  - CiteError        no such version, table or field is kept, or a query is none
  - RestoreError     what is given to restore holds nothing or contradicts itself or what is there
  - ServeError       the site cannot be served (port taken, nothing published)
  - Unsearchable     which text a stored body holds cannot be told
"""


class ArchiveError(Exception):
    """Base class of every error raised by `archive`."""


class BadRecord(ArchiveError):
    """Raised by `warc.read` when a record is damaged or is no WARC record."""


class TornRecord(BadRecord):
    """Raised by `warc.read` when the file ends inside a record."""


class ContentTooLarge(ArchiveError):
    """Raised by `captures.content` when a body decodes to more than the limit."""


class UnknownCapture(ArchiveError):
    """Raised by `index.Index.capture` when there is no capture of that id, or none any more."""


class IndexDamaged(ArchiveError):
    """Raised by `index.Index.rows` when the index turns out damaged while it is listed."""


class OriginalRefused(ArchiveError):
    """Raised by `originals` and `stored` where an original is not handed out; `why` is one of their words.

    `capture` is the id of the one it is about, where that is not what was asked for.
    """

    def __init__(self, why: str, detail: str, capture: str = "") -> None:
        super().__init__(detail)
        self.why, self.capture = why, capture


class ProgramFailed(ArchiveError):
    """Raised by `processes.run` when the program ended badly, took too long or printed too much."""


class Unsearchable(ArchiveError):
    """Raised by `texts` when nobody can tell which text a body holds: encrypted, packed, damaged, unknown."""


class LockHeld(ArchiveError):
    """Raised by `locks.hold` when another process holds the lock."""


class NoArchive(ArchiveError):
    """Raised by `commands` before a command that makes no archive begins where there is none."""


class NotifyError(ArchiveError):
    """Raised within `notify` when the operator's command did not take a notice."""


class NotifyHangs(NotifyError):
    """Raised within `notify` when that command took too long: the next call would, too."""


class PublishError(ArchiveError):
    """Raised by `publish` when no snapshot could be made; what was published before stands."""


class PublicationStopped(ArchiveError):
    """Raised by `publish` when the gate stops it; each line of the message is one of its reasons."""


class CiteError(ArchiveError):
    """Raised by `cited` when a publication does not have what a citation asks for."""


class RestoreError(ArchiveError):
    """Raised by `restoring` where it would have to guess or to overwrite; what was copied before is whole."""


class ServeError(ArchiveError):
    """Raised by `serve` when the site cannot be served."""
