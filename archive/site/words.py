"""The words of the site in Chinese and English: one catalogue, and how a reader's language is chosen.

The catalogue is `words/*.toml`: an entry `[found]` of `search.toml` is `search.found`. It has a text for each
language, or forms of it: `one` where `count` is 1, else `other`. Texts are markup of ours; values put into
their braces are escaped.
"""

import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from markupsafe import Markup

FOLDER = Path(__file__).parent / "words"

LANGUAGES = ("zh", "en")
"""The first is spoken to those who ask for neither."""

TAGS = {"zh": "zh-Hans", "en": "en"}
"""Language tags (BCP 47) for HTML."""

Text = str | Mapping[str, str]


@lru_cache(maxsize=1)
def catalogue() -> Mapping[str, Mapping[str, Text]]:
    """Return every entry by its key, with its texts by language."""
    return {
        f"{path.stem}.{name}": entry
        for path in sorted(FOLDER.glob("*.toml"))
        for name, entry in tomllib.loads(path.read_text("utf-8")).items()
    }


class Words:
    """The catalogue in one language: called with a key, it returns the text."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, key: str, **values: Any) -> Markup:
        """Return a text with values in its braces; whole numbers get their thousands apart.

        Raises:
            KeyError: The catalogue has no such entry, or its text asks for another value.
        """
        if not values:
            return _unchanging(key, self.language)
        text = catalogue()[key][self.language]
        if not isinstance(text, str):
            text = text["one" if values.get("count") == 1 else "other"]
        return Markup(text).format(**{name: _shown(name, value) for name, value in values.items()})  # noqa: S704

    def get(self, key: str, otherwise: str = "") -> Markup:
        """Return the text of a code that the database holds; where the catalogue has none, what is given."""
        return self(key) if key in catalogue() else Markup("{}").format(otherwise)

    def pick(self, zh: str | None, en: str | None) -> str:
        """Return which of two texts of the database is the reader's; the other where it is empty."""
        return (zh or en or "") if self.language == "zh" else (en or zh or "")


@cache
def _unchanging(key: str, language: str) -> Markup:
    """Return a text without values: most are, and a page asks for hundreds of them."""
    text = catalogue()[key][language]
    return Markup(text if isinstance(text, str) else text["other"]).format()  # noqa: S704


def _shown(name: str, value: Any) -> Any:
    # A year is a whole number too, but no quantity.
    return f"{value:,}" if isinstance(value, int) and not name.startswith("year") else value


def negotiate(accept: str) -> str:
    """Return the language of ours that an Accept-Language header (RFC 9110) likes best.

    >>> negotiate("de, en-GB;q=0.8, zh;q=0.5"), negotiate(""), negotiate("fr")
    ('en', 'zh', 'zh')
    """
    best, chosen = 0.0, LANGUAGES[0]
    for each in accept.split(",")[:20]:
        tag, _, parameter = each.partition(";")
        language = tag.strip().lower().partition("-")[0]
        weight = _weight(parameter)
        if language in LANGUAGES and weight > best:
            best, chosen = weight, language
    return chosen


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    try:
        return float(value) if name.strip() == "q" else 1.0
    except ValueError:
        return 0.0
