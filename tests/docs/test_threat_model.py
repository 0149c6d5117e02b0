"""docs/explanation/threat-model.md: each statement names tests, and the tests exist."""

from __future__ import annotations

import ast
import re
from functools import cache

import pytest

from tests.root import ROOT

PAGE = ROOT / "docs" / "explanation" / "threat-model.md"
REFERENCE = re.compile(r"`([\w/.]+\.py)::(test_\w+)`")
RULE = re.compile(r"\|(-+\|)+")


def rows(text: str) -> list[list[str]]:
    """Return the cells of each row of the tables in *text*, without heads and rules."""
    lines = text.splitlines()
    tables = [number for number, line in enumerate(lines) if RULE.fullmatch(line)]
    heads = {number - 1 for number in tables}
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for number, line in enumerate(lines)
        if line.startswith("|") and number not in heads.union(tables)
    ]


@cache
def names_in(path: str) -> frozenset[str]:
    """Return the names of the tests in the file *path* below `tests/`."""
    file = ROOT / "tests" / path
    if not file.is_file():
        return frozenset()
    nodes = ast.walk(ast.parse(file.read_text()))
    return frozenset(node.name for node in nodes if isinstance(node, ast.FunctionDef))


def problems(text: str) -> list[str]:
    """Return a sentence about each statement whose tests are not there."""
    below = text[text.index("\n## ") :] if "\n## " in text else text
    reports = [
        f"{line!r} is not in a table: give it a row with its test."
        for line in below.splitlines()
        if line and not line.startswith(("## ", "|"))
    ]
    for *claim, last in rows(text):
        references = REFERENCE.findall(last)
        if not references or REFERENCE.sub("", last).strip():
            reports.append(f"{claim}: name its tests as `file.py::test_name`, not {last!r}.")
        for path, name in references:
            if name not in names_in(path):
                reports.append(f"{claim}: there is no {name} in tests/{path}.")
    return reports


def test_each_claim_names_tests_that_exist() -> None:
    text = PAGE.read_text()
    assert len(rows(text)) > 40
    assert problems(text) == []


HEAD = "| what | test |\n|---|---|\n"


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("| safe | |", "name its tests"),
        ("| safe | believe it |", "name its tests"),
        ("| safe | `test_compose.py::test_nothing_of_that_name` |", "there is no test_nothing"),
        ("| safe | `test_no_file.py::test_it` |", "in tests/test_no_file.py"),
        ("It is safe.", "is not in a table"),
    ],
)
def test_a_statement_without_a_test_is_found(row: str, problem: str) -> None:
    (reported,) = problems(HEAD + row)
    assert problem in reported


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "docs/explanation/local-aws.md"])
def test_users_find_it(name: str) -> None:
    text = (ROOT / name).read_text()
    prefix = "" if name.startswith("docs/") else "docs/explanation/"
    assert f"({prefix}threat-model.md)" in text
    assert "SECURITY.md)" in text


def test_how_to_report_is_said() -> None:
    text = (ROOT / "SECURITY.md").read_text()
    assert "(docs/explanation/threat-model.md)" in text
    assert "Report a vulnerability" in text
