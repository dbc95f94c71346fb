"""Where elements stand in a page: XPaths from its root that lead to one element each."""

import re
from functools import lru_cache

from lxml import etree

DEEPEST_PATH = 200
"""Elements nested deeper than this get no path: paths of a hostile page would fill the memory."""

_LONGEST_PATH = 4000
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_PLAIN = re.compile(r"[A-Za-z0-9/\[\]_-]+")


class PathWalk:
    """The path of the element that is open while a tree is walked, from its root down."""

    __slots__ = ("_alone", "_children", "_paths", "_root")

    def __init__(self, root: etree._Element, within: str | None) -> None:
        """Begin above the root.

        Args:
            root: of the page.
            within: what stands before each path; None where there is no path then.
        """
        self._root = within
        self._paths: list[str | None] = []
        self._children: list[dict[str, int]] = [{}]
        # Of these a page has one. Of two pages put together the parser lets the second body stand, and it
        # makes a second root of what stands behind `</html>`.
        self._alone = ("html",) if len(root.findall("body")) > 1 else ("html", "body")

    @property
    def here(self) -> str | None:
        """Return the path of the element that is open."""
        return self._paths[-1] if self._paths else None

    def enter(self, tag: str) -> None:
        """Open a child of the element that is open."""
        siblings = self._children[-1]
        siblings[tag] = count = siblings.get(tag, 0) + 1
        self._children.append({})
        above = self._paths[-1] if self._paths else self._root
        if above is None or len(self._paths) >= DEEPEST_PATH:
            self._paths.append(None)
        elif tag in self._alone and count == 1:
            self._paths.append(f"{above}/{tag}")
        else:
            name = step_to(tag)
            self._paths.append(f"{above}/{name}[{count}]" if name else None)

    def leave(self) -> None:
        """Close the element that is open."""
        self._paths.pop()
        self._children.pop()


@lru_cache(maxsize=1024)
def step_to(tag: str) -> str:
    """Return a step of XPath to a tag, or nothing where no step leads to it.

    >>> step_to("td"), step_to("o:p"), step_to("a'")
    ('td', "*[name()='o:p']", '')
    """
    if _NAME.fullmatch(tag):
        return tag
    return "" if "'" in tag else f"*[name()='{tag}']"


def path_of(element: etree._Element) -> str | None:
    """Return the path of one element; None where lxml has none that leads to it again."""
    path = element.getroottree().getpath(element)  # an element o:p is written as if o were a namespace
    return path if len(path) < _LONGEST_PATH and _PLAIN.fullmatch(path) else None
