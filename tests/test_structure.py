"""The import graph, read from the syntax trees: no circle, and only the allowed directions."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
TREES = ("bench", "chaos", "dags", "include", "plugins", "tests")


def module_of(path: Path) -> str:
    """Return the dotted name under which *path* is imported."""
    parts = list(path.relative_to(ROOT).with_suffix("").parts)
    if parts[0] == "plugins":
        parts = parts[1:]
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def files() -> dict[str, Path]:
    """Return every Python file of the project by its dotted name."""
    return {module_of(path): path for tree in TREES for path in sorted((ROOT / tree).rglob("*.py"))}


def imported(module: str, path: Path) -> Iterator[tuple[str, int]]:
    """Yield each module of the project that *path* imports, anywhere in it, with the line."""
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, base]).rstrip(".")
            for alias in node.names:
                full = f"{base}.{alias.name}"
                yield (full if full in files() else base), node.lineno


@cache
def graph() -> dict[str, dict[str, int]]:
    """Return by module what it imports of the project, and on which line."""
    return {
        module: {
            target: line
            for target, line in imported(module, path)
            if target in files() and target != module
        }
        for module, path in files().items()
    }


def circle() -> list[str]:
    """Return the modules of one import circle, the first again at the end; empty if none."""
    done: set[str] = set()

    def visit(module: str, trail: list[str]) -> list[str]:
        if module in trail:
            return [*trail[trail.index(module) :], module]
        if module in done:
            return []
        for target in graph()[module]:
            if ring := visit(target, [*trail, module]):
                return ring
        done.add(module)
        return []

    return next(filter(None, (visit(module, []) for module in graph())), [])


def test_no_import_closes_a_circle() -> None:
    ring = circle()
    if ring:
        last, first = ring[-2], ring[-1]
        where = f"{files()[last].relative_to(ROOT)}:{graph()[last][first]}"
        raise AssertionError(f"{where} imports {first} and closes a circle: {' -> '.join(ring)}")
