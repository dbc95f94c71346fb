"""The rooms may import each other only downwards (DESIGN.md, the house)."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ALLOWED: dict[str, set[str]] = {"archive": set(), "crawler": {"archive"}, "pipelines": {"archive"}}
MODULES = [path.relative_to(ROOT) for room in ALLOWED for path in (ROOT / room).rglob("*.py")]


def imported(tree: ast.AST) -> set[str]:
    nodes = list(ast.walk(tree))
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
    return {name.split(".")[0] for name in names}


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_a_module_imports_only_what_its_room_may(path: Path) -> None:
    home = path.parts[0]
    ours = imported(ast.parse((ROOT / path).read_text())) & {*ALLOWED, "gongkai"}
    assert ours - {home} <= ALLOWED[home]


def test_the_rule_is_seen_to_bite() -> None:
    assert imported(ast.parse("from pipelines.load import Loader\nimport crawler.settings")) == {
        "pipelines",
        "crawler",
    }
