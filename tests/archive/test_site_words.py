"""The catalogue of the site's words, and how a reader's language is chosen."""

import re
from pathlib import Path
from string import Formatter

import pytest
from markupsafe import Markup

from archive.site.words import LANGUAGES, Words, catalogue, negotiate

SITE = Path(__file__).parents[2] / "archive" / "site"
KEY = re.compile(r"""\bt(?:\.get)?\(\s*["']([a-z_]+\.[a-z_0-9]*)["']\s*([~+])?""")


def used() -> tuple[set[str], set[str]]:
    """Return the keys that templates and views name, and the beginnings of those that they put together."""
    texts = [path.read_text("utf-8") for path in (*SITE.rglob("*.html"), *SITE.rglob("*.py"))]
    found = [match for text in texts for match in KEY.findall(text)]
    return {key for key, joined in found if not joined}, {key for key, joined in found if joined}


def forms(key: str, language: str) -> list[str]:
    text = catalogue()[key][language]
    return [text] if isinstance(text, str) else list(text.values())


def test_every_word_that_a_page_asks_for_is_in_the_catalogue_and_no_other() -> None:
    whole, begun = used()
    assert len(whole) > 20
    assert whole - catalogue().keys() == set()
    idle = {key for key in catalogue().keys() - whole if not key.startswith(tuple(begun))}
    assert idle == set()


@pytest.mark.parametrize("key", sorted(catalogue()))
def test_an_entry_speaks_both_languages_of_the_same_values(key: str) -> None:
    entry = catalogue()[key]
    assert tuple(sorted(entry)) == tuple(sorted(LANGUAGES))
    names = [
        {name for _, name, _, _ in Formatter().parse(text) if name} - {"count"}
        for language in LANGUAGES
        for text in forms(key, language)
    ]
    assert all(each == names[0] for each in names), names
    assert all(text.strip() == text and text for language in LANGUAGES for text in forms(key, language))


def test_values_are_escaped_and_counted() -> None:
    words = Words("en")
    assert words("listed.errors", count=1) == "1 finding"
    assert words("listed.errors", count=1234) == "1,234 findings"
    assert words("listed.year", year=2021) == "for 2021"
    assert words("missing.said", id="<i>") == Markup(
        "This version of the archive holds no report of the id &lt;i&gt;."
    )
    assert words.get("listed.unheard_of", "<b>") == "&lt;b&gt;"
    assert (words.pick("甲", None), words.pick("甲", "A"), Words("zh").pick(None, "A")) == ("甲", "A", "A")


@pytest.mark.parametrize(
    ("accept", "language"),
    [
        ("", "zh"),
        ("en", "en"),
        ("en-US,en;q=0.9,zh-CN;q=0.8", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("fr;q=0.9, en;q=0.2", "en"),
        ("en;q=0, zh;q=0.1", "zh"),
        ("en;q=x", "zh"),
        ("*", "zh"),
        (",;=,;q=" * 999, "zh"),
    ],
)
def test_the_language_a_browser_likes_best_is_chosen(accept: str, language: str) -> None:
    assert negotiate(accept) == language
