"""Keys of a request's meta: what is known of a request, and what came of it."""

from scrapy import Request

CONTEXT = "context"
"""The `Context` it is asked in."""

LISTING = "listing"
"""Address of the first page of the list that it belongs to."""

ASKED = "asked"
"""The `Ask` of a platform that it comes from."""

STORED = "stored"
"""The capture that it was asked to be newer than."""

CAPTURE = "capture"
"""The id of the capture that answered it."""

JUDGED = "judged"
"""What the answer is instead of the page, or empty."""

REPEATED = "repeated"
"""Whether the answer is what was archived before."""

_OF_ANSWERS = (STORED, CAPTURE, JUDGED, REPEATED)


def forget_answer(request: Request) -> None:
    """Forget what came of the request before: redirects and retries inherit its meta."""
    for key in _OF_ANSWERS:
        request.meta.pop(key, None)
