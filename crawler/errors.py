"""What can go wrong in a crawl.

* CrawlError
  - PortalError      a portal's declaration is wrong: the message names file, portal and field
  - UnknownPortal    no portal of that name is declared
  - NoContact        a public host may only be asked when the operator has given a contact
"""


class CrawlError(Exception):
    """Base class of every error raised by `crawler`."""


class PortalError(CrawlError):
    """Raised by `portal.read_portals` when a declaration is wrong."""


class UnknownPortal(CrawlError):
    """Raised by `portal.choose` for a name that no file declares."""


class NoContact(CrawlError):
    """Raised by `portal.require_contact` before anything is asked."""
