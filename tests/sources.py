"""The project's Python files, each parsed once for all tests that read syntax trees."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import NamedTuple

from tests.root import ROOT

_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


class Source(NamedTuple):
    """The parts of a file that tests read; its tree would hold a hundred times the memory."""

    imports: tuple[ast.Import | ast.ImportFrom, ...]
    docstrings: tuple[tuple[int, str], ...]  # with their lines


@cache
def source(path: Path) -> Source:
    """Return the imports and docstrings of the file at *path*, relative to the project's root."""
    imports: list[ast.Import | ast.ImportFrom] = []
    docstrings = []
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            imports.append(node)
        elif isinstance(node, _DOCUMENTED) and (text := ast.get_docstring(node)):
            docstrings.append((node.body[0].lineno, text))
    return Source(tuple(imports), tuple(docstrings))


def parsed(path: Path) -> ast.Module:
    """Return the syntax tree of the file at *path*, relative to the project's root."""
    return ast.parse((ROOT / path).read_text())
