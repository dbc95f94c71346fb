"""The pages of the site that are measured, and random addresses of each."""

import sqlite3
from dataclasses import dataclass
from random import Random
from urllib.parse import quote

from datasette.utils import tilde_encode

from tests.bench.synthetic.texts import TOPICS

ROW = "Datasette's row page"
PAGE, SEARCH = 3.0, 5.0
"""How many times the row page's p95 a page, and a search, may take."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of page: its address, `{}` in it for what a query gives, and what it may take."""

    name: str
    address: str
    query: str = ""
    most: float = PAGE


REPORTS = "SELECT id FROM report ORDER BY id"
KINDS = (
    Kind(ROW, "/gongkai/report/{~}", REPORTS),
    Kind("home", "/zh/"),
    Kind("report", "/zh/report/{}", REPORTS),
    Kind("report with changes", "/zh/report/{}", "SELECT DISTINCT report FROM change ORDER BY 1"),
    Kind(
        "report with findings",
        "/zh/report/{}",
        """SELECT DISTINCT r.id FROM finding f JOIN report r ON r.revision = f.revision
        WHERE f.severity = 'error' ORDER BY 1""",
    ),
    Kind("agency", "/zh/agency/{}", "SELECT id FROM agency ORDER BY id"),
    Kind("division", "/zh/division/{}", "SELECT id FROM division ORDER BY id"),
    Kind(
        "division of a province",
        "/zh/division/{}",
        "SELECT id FROM division WHERE level = 'province' ORDER BY id",
    ),
    Kind("capture", "/zh/capture/{}", "SELECT id FROM capture WHERE reading = 'report' ORDER BY id"),
    Kind("coverage", "/zh/coverage"),
    Kind("changes", "/zh/changes"),
    Kind("quality", "/zh/quality"),
    Kind("runs", "/zh/runs"),
    Kind("politeness", "/zh/politeness"),
    Kind("downloads", "/zh/downloads"),
    Kind("about", "/zh/about"),
    Kind("sitemap", "/sitemap.xml"),
    Kind("search form", "/zh/search"),
    Kind("search, two characters of a text", "/zh/search?q={}", "pairs", SEARCH),
    Kind("search, a common subject", "/zh/search?q={}", "topics", SEARCH),
    Kind("search, 公开", f"/zh/search?q={quote('公开')}", "", SEARCH),
    Kind("search, two words", "/zh/search?q={}", "two topics", SEARCH),
    Kind("search, name of an agency", "/zh/search?q={}", "SELECT name FROM agency ORDER BY id", SEARCH),
    Kind("Datasette's table page", "/gongkai/report", "", 0),
)
"""The pages that are measured; those that a site does not have yet are left out, with a word."""


def addresses(db: sqlite3.Connection, kind: Kind, count: int, random: Random) -> list[str]:
    """Return so many random addresses of a kind; none where the archive holds nothing of it."""
    if not kind.query:
        return [kind.address] * count
    found = list(dict.fromkeys(_values(db, kind.query, count, random)))
    drawn = random.choices(found, k=count) if found else []
    return [
        kind.address.replace("{~}", tilde_encode(each)).replace("{}", quote(each, safe="")) for each in drawn
    ]


def _values(db: sqlite3.Connection, query: str, count: int, random: Random) -> list[str]:
    if query == "topics":
        return [topic[:2] for topic in TOPICS]
    if query == "two topics":
        return [" ".join(each[:2] for each in random.sample(TOPICS, 2)) for _ in range(count)]
    if query == "pairs":
        return [_pair(db, random) for _ in range(count)]
    return [value for (value,) in db.execute(query)]


def _pair(db: sqlite3.Connection, random: Random) -> str:
    """Return two Chinese characters that stand together in a text."""
    last = db.execute("SELECT max(revision) FROM section").fetchone()[0]
    sql = "SELECT text FROM section WHERE revision >= ? AND number = 1 ORDER BY revision LIMIT 1"
    (text,) = db.execute(sql, (random.randrange(last),)).fetchone()
    pairs = [text[at : at + 2] for at in range(len(text) - 1)]
    return random.choice([pair for pair in pairs if all("一" <= each <= "鿿" for each in pair)])
