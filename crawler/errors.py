"""What can go wrong in a crawl.

* CrawlError
  - PortalError      a portal's declaration is wrong: the message names file, portal and field
  - UnknownPortal    no portal of that name is declared
  - NoContact        a public host may only be asked when the operator has given a contact
  - NoRoom           the disk has less room than a crawl leaves free: free some
  - BadRoom          GONGKAI_ROOM is no number of megabytes
  - WrongClock       the time lies long before the newest run: set the clock
  - UnsafeText       a text cannot stand in a unit or a crontab
  - NotOurFile       a unit's place is taken by a file that this program did not write
"""


class CrawlError(Exception):
    """Base class of every error raised by `crawler`."""


class PortalError(CrawlError):
    """Raised by `portal.read_portals` when a declaration is wrong."""


class UnknownPortal(CrawlError):
    """Raised by `portal.choose` for a name that no file declares."""


class NoContact(CrawlError):
    """Raised by `portal.require_contact` before anything is asked."""


class NoRoom(CrawlError):
    """Raised by `room.require` before anything is asked."""


class BadRoom(CrawlError):
    """Raised by `room.look` for what the environment says of it."""


class WrongClock(CrawlError):
    """Raised by `clock_check.require` before anything is asked."""


class UnsafeText(CrawlError):
    """Raised by `units` for a text that cannot be written so that it is read as it is."""


class NotOurFile(CrawlError):
    """Raised by `units.install` before anything is written."""
