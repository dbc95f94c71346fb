"""What is said where a page of ours is not there or could not be made; Datasette speaks for its own."""

import logging
import re
from typing import Any

from datasette import hookimpl
from datasette.app import Datasette
from datasette.utils.asgi import NotFound, Request

from archive.site.pages import Asked, View, answer
from archive.site.words import LANGUAGES, negotiate

log = logging.getLogger(__name__)

OURS = re.compile(rf"/({'|'.join(LANGUAGES)})(?=/|$)")
THEIRS = ("/gongkai", "/-/")
DATA = (".json", ".csv", ".xml", ".txt")


@hookimpl(tryfirst=True)  # type: ignore[untyped-decorator]
def handle_exception(datasette: Datasette, request: Request, exception: Exception) -> Any:
    """Answer with a page of ours, where the address is no data and none of Datasette's."""
    ours = OURS.match(request.path)
    missing = isinstance(exception, NotFound)
    if request.path.startswith(THEIRS) or request.path.endswith(DATA) or not (ours or missing):
        return None
    language = ours[1] if ours else negotiate(request.headers.get("accept-language", ""))
    if not missing:
        log.error("%s could not be made", request.path, exc_info=exception)
    view = View("no_page.html", {"what": "page" if missing else "broken"}, status=404 if missing else 500)

    async def said() -> Any:
        return await answer(Asked(datasette, request, language), view)

    return said
