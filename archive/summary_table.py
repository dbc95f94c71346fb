"""What a summary is: a table of a publication that follows from its others, made for the site's pages."""

from dataclasses import dataclass

F = tuple[str, str, str, str]
"""A field: name, type, description in Chinese and in English."""


@dataclass(frozen=True, slots=True)
class Summary:
    """A table: its fields, the first `keys` of which are its key, and the statements that fill it."""

    name: str
    zh: str
    en: str
    keys: int
    fields: tuple[F, ...]
    fill: tuple[str, ...]
    indexes: tuple[str, ...] = ()
