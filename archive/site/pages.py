"""How a page of ours is asked for and answered: its language, its two forms, how long it may be kept.

`/zh/…` and `/en/…` are pages, the same address with neither leads to the reader's language, and with
`.json` at its end it gives what the page shows as data. A view is a function from what was asked to the
data of one page; it knows no language but what `Asked` tells it, and makes no markup.
"""

import dataclasses
import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote
from weakref import WeakKeyDictionary

from datasette.app import Datasette
from datasette.database import Database
from datasette.utils.asgi import Request, Response
from jinja2 import Environment

from archive.site import assets
from archive.site.queries import publication
from archive.site.words import LANGUAGES, TAGS, Words, negotiate

# No script at all, and nothing from anywhere else.
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'"
)

FRAMES = "; frame-src 'self'"
"""Where a copy of an original is shown: it has a policy of its own, and runs nothing either."""

NEVER: Mapping[str, str] = {"cache-control": "no-store"}

FRESH = "public, max-age=60"
"""A page may be another with the next publication: it is asked again, and mostly answered by a 304."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked: `language` is empty where data is wanted."""

    datasette: Datasette
    request: Request
    language: str

    @property
    def db(self) -> Database:
        """Return the publication's database."""
        return self.datasette.get_database()

    @property
    def folder(self) -> Path:
        """Return the publication's folder."""
        return Path(self.db.path).parent

    def part(self, name: str) -> str:
        """Return a part of the address."""
        return unquote(self.request.url_vars[name])

    def said(self, name: str) -> str:
        """Return a value of the query, without spaces around it; empty if it is not there."""
        return (self.request.args.get(name) or "").strip()

    def number(self, name: str, otherwise: int) -> int:
        """Return a value of the query that is a whole number of at most six digits, else what is given."""
        said = self.said(name)
        return int(said) if said.isascii() and said.isdigit() and len(said) < 7 else otherwise


@dataclass(frozen=True, slots=True)
class View:
    """What one page shows.

    Attributes:
        template: its template.
        data: what it shows, all of which is given as JSON too: rows, dataclasses, lists, texts, numbers.
        more: what only the template needs.
        framing: whether the page holds a frame of ours, as a copy of an original is shown in.
        leads_to: another address, without a language, that the reader is sent to instead of shown anything.
    """

    template: str
    data: Mapping[str, Any]
    status: int = 200
    more: Mapping[str, Any] = field(default_factory=dict)
    framing: bool = False
    leads_to: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """One kind of page: the pattern of its address, and its view.

    Where `leads` is false the address without a language is answered in place: it names what is not there.
    Where `lasts` is false the page may change within one publication, so it is made anew each time.
    """

    pattern: str
    view: Callable[[Asked], Awaitable[View]]
    leads: bool = True
    lasts: bool = True

    def routes(self) -> list[tuple[str, Any]]:
        """Return what Datasette is to answer: data, the page in each language, the way to it."""

        async def data(datasette: Datasette, request: Request) -> Response:
            return await _asked(self, Asked(datasette, request, ""))

        async def page(datasette: Datasette, request: Request) -> Response:
            return await _asked(self, Asked(datasette, request, request.url_vars["language"]))

        async def in_place(datasette: Datasette, request: Request) -> Response:
            language = negotiate(request.headers.get("accept-language", ""))
            return await _asked(self, Asked(datasette, request, language))

        named = self.pattern if self.pattern != "/" else "/home"
        languages = "|".join(LANGUAGES)
        return [
            (rf"^{named}\.json$", data),
            (rf"^/(?P<language>{languages}){self.pattern}$", page),
            (rf"^{self.pattern}$", lead if self.leads else in_place),
        ]


async def lead(datasette: Datasette, request: Request) -> Response:
    """Lead to the page in the language that the reader's browser asks for."""
    language = negotiate(request.headers.get("accept-language", ""))
    path = request.scope.get("raw_path", b"").decode("latin-1").partition("?")[0] or quote(request.path)
    query = f"?{request.query_string}" if request.query_string else ""
    headers = {"location": f"/{language}{path}{query}", "vary": "accept-language", "cache-control": FRESH}
    return Response("", status=302, headers=headers)


async def _asked(page: Page, asked: Asked) -> Response:
    """Answer with a page, or with nothing if the reader has it already."""
    if not page.lasts:
        return await answer(asked, await page.view(asked))
    kept = {"cache-control": FRESH, "etag": f'W/"{_mark(asked)}"'}
    if kept["etag"] in asked.request.headers.get("if-none-match", ""):
        return Response("", status=304, headers=kept)
    view = await page.view(asked)
    if view.leads_to and asked.language:
        location = f"/{asked.language}{view.leads_to}"
        return Response("", status=302, headers={"location": location, "cache-control": FRESH})
    return await answer(asked, view, kept if view.status < 400 else NEVER)


async def answer(asked: Asked, view: View, kept: Mapping[str, str] = NEVER) -> Response:
    """Return what a view shows, as a page or as data; the headers `kept` say how long it may be."""
    headers = {"content-security-policy": POLICY + (FRAMES if view.framing else ""), **kept}
    if asked.language:
        return Response.html(await render(asked, view), status=view.status, headers=headers)
    headers |= {"access-control-allow-origin": "*"}
    body = json.dumps(view.data, default=plain, ensure_ascii=False)
    return Response(body, status=view.status, headers=headers, content_type="application/json; charset=utf-8")


def plain(value: Any) -> Any:
    """Return what JSON can hold in the place of a value that it cannot."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {each.name: getattr(value, each.name) for each in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, set | frozenset | tuple):
        return list(value)
    if isinstance(value, Path):
        return value.name
    return str(value)


async def render(asked: Asked, view: View) -> str:
    """Return a page as HTML, with what every page shows."""
    path = asked.request.scope["path"].removeprefix(f"/{asked.language}")
    path = quote(path, safe="/:@!$&'()*+,;=~-._")
    query = f"?{asked.request.query_string}" if asked.request.query_string else ""
    shared = {
        "t": Words(asked.language),
        "language": asked.language,
        "tags": TAGS,
        "other": next(each for each in LANGUAGES if each != asked.language),
        "here": path + query,
        "as_data": f"{'/home' if path == '/' else path}.json{query}",
        "site": asked.datasette.absolute_url(asked.request, "/").rstrip("/"),
        "to": lambda address: f"/{asked.language}{address}",
        "publication": await publication(asked.db),
        "query": "",
    }
    context = {"urls": asked.datasette.urls, **shared, **view.data, **view.more}
    return str(_templates(asked.datasette.jinja_env).get_template(view.template).render(context))


_AT_ONCE: WeakKeyDictionary[Environment, Environment] = WeakKeyDictionary()


def _templates(env: Environment) -> Environment:
    """Return Datasette's environment for templates that wait for nothing.

    A template of Datasette's awaits every single thing that it prints, and gives each on through every
    template around it: a page of hundreds of cells takes three times as long.
    """
    if env not in _AT_ONCE:
        _AT_ONCE[env] = env.overlay(enable_async=False)
    return _AT_ONCE[env]


def _mark(asked: Asked) -> str:
    """Return what changes when an answer may: the publication, and the program that makes pages of it."""
    return f"{asked.folder.name}-{program()}"


@lru_cache(maxsize=1)
def program() -> str:
    """Return a digest of the site's own files."""
    digest = hashlib.sha256()
    here = Path(__file__).parent
    for path in sorted(here.rglob("*")):
        if path.is_file() and path.suffix in {".py", ".html", ".toml", *assets.TYPES}:
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
