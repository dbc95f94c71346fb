"""What the crawl refuses: foreign hosts, other schemes, addresses that are not public, floods."""

import contextvars
import ipaddress
import logging
from typing import Any, Self

from scrapy import Request
from scrapy.core.downloader.handlers import http11
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError, IgnoreRequest
from scrapy.http import Response
from scrapy.resolver import CachingThreadedResolver
from twisted.internet.base import ReactorBase
from twisted.internet.defer import Deferred, fail
from twisted.internet.error import DNSLookupError

from crawler.portal import Portal

logger = logging.getLogger(__name__)

HEAD_LIMIT = 256 * 1024
"""Bytes of headers that an answer may have, interim answers included; Chromium allows as many."""

# Public by number, but answered by the machine's own host (Azure's WireServer).
_METADATA = {"168.63.129.16"}


class Guard:
    """Downloader middleware that stands before everything else, robots.txt included.

    Redirected requests come by again, so a redirect leads nowhere a link could not.
    """

    def __init__(self, crawler: Crawler, portal: Portal, contact: str) -> None:
        self._crawler = crawler
        self._portal = portal
        self._contact = contact

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the middleware for the spider's portal."""
        return cls(crawler, crawler.spider.portal, crawler.settings["GONGKAI_CONTACT"])  # type: ignore[union-attr]

    def process_request(self, request: Request) -> None:
        """Let the request pass.

        Raises:
            IgnoreRequest: The address is not on the portal's hosts, or nobody is named to
                whom the portal's operator could write.
        """
        if not self._portal.owns(request.url):
            self._crawler.spider.facts.skip(request.url, "", "foreign_host")  # type: ignore[union-attr]
            raise IgnoreRequest(f"{self._portal.name}: {request.url!r} is not on the portal's hosts")
        if not self._portal.local and not self._contact:
            raise IgnoreRequest(f"{self._portal.name}: public hosts are not asked without a contact")


class PublicResolver(CachingThreadedResolver):
    """Resolves names at connection time and refuses whatever is not a public address.

    Twisted connects to the very address that is returned here, literal and IPv6 ones included;
    names are looked up as IPv4 only. It is one for the process, so loopback is open only to the
    names that local portals list; `local_names` is filled before a crawl starts.
    """

    local_names: set[str] = set()  # noqa: RUF012 - Scrapy builds the resolver itself; see above

    def __init__(self, reactor: ReactorBase, cache_size: int, timeout: float) -> None:
        # No cache: a name must be public each time it is used.
        super().__init__(reactor, 0, timeout)

    def getHostByName(self, name: str, timeout: Any = ()) -> Deferred[str]:  # noqa: N802 - Twisted's name
        """Return the address of a name, literal addresses included.

        Raises (in the Deferred):
            DNSLookupError: The address is private, loopback, link-local or otherwise not public.
        """
        if name in self.local_names:
            return super().getHostByName(name, timeout)
        if _is_literal(name):
            return fail(_refusal(name, name)) if not is_public(name) else super().getHostByName(name, timeout)
        # The answer comes in a thread's time, which knows nothing of who asked.
        asking = contextvars.copy_context()
        found: Deferred[str] = super().getHostByName(name, timeout)
        return found.addCallback(lambda address: asking.run(_only_public, address, name))


def _only_public(address: str, name: str) -> str:
    if not is_public(address):
        raise _refusal(name, address)
    return address


def _refusal(name: str, address: str) -> DNSLookupError:
    # Twisted keeps the reason to itself: what is raised at last says only that nothing was found.
    logger.warning("%s leads to %s, which is no public address: it is not asked", name, address)
    return DNSLookupError(f"{name} leads to {address}, which is no public address")


def _is_literal(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def is_public(address: str) -> bool:
    """Tell whether an IP address is globally reachable.

    >>> is_public("127.0.0.1"), is_public("169.254.169.254"), is_public("::ffff:10.0.0.1")
    (False, False, False)
    >>> is_public("223.5.5.5")
    True
    """
    ip = ipaddress.ip_address(address)
    mapped = getattr(ip, "ipv4_mapped", None)
    return (mapped or ip).is_global and not ip.is_multicast and address not in _METADATA


class BoundedHandler(http11.HTTP11DownloadHandler):
    """Scrapy's download handler, whose limits count bodies only: headers without end filled memory."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = _Factory

    async def download_request(self, request: Request) -> Response:
        """Download; say why where Scrapy stops a body without a word.

        Raises:
            DownloadCancelledError: The body is larger than DOWNLOAD_MAXSIZE.
        """
        try:
            return await super().download_request(request)
        except DownloadCancelledError as error:
            reason = str(error) or f"the body has more than {self._default_maxsize} bytes"
            raise DownloadCancelledError(reason) from error


class _Factory(http11._LenientHTTP11ClientFactory):
    def buildProtocol(self, addr: Any) -> "_Protocol":  # noqa: N802 - Twisted's name
        return _Protocol(self._quiescentCallback)  # type: ignore[no-untyped-call]


class _Protocol(http11._LenientHTTP11ClientProtocol):
    def request(self, request: Any) -> Deferred[Any]:
        answer = super().request(request)
        # As Scrapy does: Twisted's protocol names its parser in the code.
        self._parser.__class__ = _Parser
        return answer


class _Parser(http11._LenientHTTPClientParser):
    head = 0

    def lineReceived(self, line: bytes) -> None:  # noqa: N802 - Twisted's name
        self.head += len(line)
        if self.head > HEAD_LIMIT:
            raise ValueError(f"the answer has more than {HEAD_LIMIT} bytes of headers")
        super().lineReceived(line)
