"""Plain English: no private word, no variable called `found`, docstrings that start with a verb."""

from __future__ import annotations

import ast
import re
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.root import ROOT
from tests.sources import parsed, source

# Words that a reader has to translate; one pattern each, matched in prose and in names.
WORDS = r"""
some(body|one)
nobody
who(m)?ever
anybody
everybody
mend(s|ed|ing)?
beside
(?-i:(is|are) none)
one's
of one's own
go(es|ing)? on
t(ake|akes|aken|ook|aking) up
look(s|ed|ing)?(?! up| like)
tell(s|ing)?
told
(is|are) busy
(give|gives|given|giving|gave) back
(bring|brings|brought) (?:\w+ ){0,3}back
has otherwise
otherwise than
decisive
hasty
hold off
insist(s|ed|ing)?
is blind
pace
patiently
rivalry
saboteur
bound cost
""".strip().splitlines()
# Code has a `contest` operator and `slices`; documents speak of A/B tests and partitions.
WORDS_OF_DOCUMENTS = ["contests?", "slices?"]
FILE_METHODS = {"tell"}  # names that Python gives
WH_WORDS = {
    *("what", "whatever", "which", "whichever", "how", "however", "whether"),
    *("where", "wherever", "when", "whenever", "who", "whoever", "whose", "whom", "why"),
}
TREES = ("bench", "chaos", "dags", "docs", "examples", "include", "plugins", "tests")
ADVICE = {
    "word": "Use the words of the AWS and Airflow documentation.",
    "found": "Name the variable after what it holds: result, response, jobs.",
    "wh": "Start the docstring with a verb: 'Return ...', 'Refuse ...'.",
}
LIMITS = {"word": 40, "found": 40}
LIMIT_OF_WH = 0.03  # of all docstrings


class Hit(NamedTuple):
    """A place that breaks the language rule."""

    path: Path
    line: int
    kind: str  # word, found or wh
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.text}"


def pattern(words: list[str]) -> re.Pattern[str]:
    """Return a pattern for *words*, in prose and inside of snake_case and CamelCase names."""
    spaced = (word.replace(" ", r"[\s_]+") for word in words)
    return re.compile(rf"(?<![A-Za-z])(?:{'|'.join(spaced)})(?![A-Za-z])", re.IGNORECASE)


IN_CODE = pattern(WORDS)
IN_DOCUMENTS = pattern(WORDS + WORDS_OF_DOCUMENTS)


def split_camel_case(text: str) -> str:
    """Return *text* with an underscore before each capital that follows a small letter."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", text)


def identifiers(node: ast.AST) -> Iterator[str]:
    """Yield the names that *node* defines or uses."""
    for field in ("id", "arg", "attr", "name", "asname"):
        if isinstance(name := getattr(node, field, None), str) and name not in FILE_METHODS:
            yield split_camel_case(name)


def comments(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the comments of *path*, with their lines."""
    with path.open("rb") as file:
        for token in tokenize.tokenize(file.readline):
            if token.type == tokenize.COMMENT:
                yield token.start[0], token.string


def words_of_code(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the old words in the names, strings and comments of *path*."""
    for node in ast.walk(parsed(path)):
        line = getattr(node, "lineno", 1)
        for name in identifiers(node):
            yield from ((line, match.group()) for match in IN_CODE.finditer(name))
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            for match in IN_CODE.finditer(node.value):
                lines = node.value.count("\n", 0, match.start()) if is_multiline(node) else 0
                yield node.lineno + lines, match.group()
    for line, text in comments(ROOT / path):
        yield from ((line, match.group()) for match in IN_CODE.finditer(text))


def is_multiline(node: ast.Constant) -> bool:
    """Return whether a line break of the constant is a line break of the file."""
    span = (node.end_lineno or node.lineno) - node.lineno
    return span == str(node.value).count("\n")


def bindings_of_found(tree: ast.AST) -> Iterator[int]:
    """Yield the lines that bind a variable, parameter or attribute called `found`."""
    for node in ast.walk(tree):
        match node:
            case (
                ast.Name(id="found", ctx=ast.Store())
                | ast.Attribute(attr="found", ctx=ast.Store())
                | ast.arg(arg="found")
            ):
                yield node.lineno


def starts_with_wh(docstring: str) -> bool:
    first = re.match(r"\W*([A-Za-z]+)", docstring)
    return first is not None and first[1].lower() in WH_WORDS


@cache
def files() -> list[Path]:
    """Return the project's Python files and documents, relative to its root."""
    paths = [*ROOT.glob("*.md"), *(path for tree in TREES for path in (ROOT / tree).rglob("*"))]
    own = Path(__file__)
    return sorted(
        path.relative_to(ROOT) for path in paths if path.suffix in (".py", ".md") and path != own
    )


@cache
def hits() -> list[Hit]:
    """Return every place that breaks the language rule."""
    return [hit for path in files() for hit in hits_of(path)]


def hits_of(path: Path) -> Iterator[Hit]:
    if path.suffix == ".md":
        for line, text in enumerate((ROOT / path).read_text().splitlines(), 1):
            for match in IN_DOCUMENTS.finditer(text):
                yield Hit(path, line, "word", match.group())
        return
    text = (ROOT / path).read_text()  # which spares most files the slow walks for words and names
    for line, word in words_of_code(path) if IN_CODE.search(split_camel_case(text)) else ():
        yield Hit(path, line, "word", word)
    for line in bindings_of_found(parsed(path)) if "found" in text else ():
        yield Hit(path, line, "found", "a variable called 'found'")
    for line, docstring in source(path).docstrings:
        if starts_with_wh(docstring):
            yield Hit(path, line, "wh", docstring.partition("\n")[0])


@pytest.mark.parametrize("kind", LIMITS)
def test_few_hits_are_left(kind: str) -> None:
    lines = [str(hit) for hit in hits() if hit.kind == kind]
    assert len(lines) <= LIMITS[kind], explain(kind, lines, LIMITS[kind])


def test_docstrings_start_with_a_verb() -> None:
    modules = [source(path) for path in files() if path.suffix == ".py"]
    limit = LIMIT_OF_WH * sum(len(module.docstrings) for module in modules)
    lines = [str(hit) for hit in hits() if hit.kind == "wh"]
    assert len(lines) <= limit, explain("wh", lines, limit)


def explain(kind: str, lines: list[str], limit: float) -> str:
    """Return the failure of a count: each hit with its file and line, and what to do."""
    listed = "\n".join(lines)
    return f"{len(lines)} of kind {kind!r}, at most {limit:.0f}. {ADVICE[kind]}\n{listed}"


def test_each_kind_of_hit_is_noticed(tmp_path: Path) -> None:
    code = tmp_path / "code.py"
    code.write_text('"""What it is."""\nfound = lookUp = 1  # look, and tell Somebody\n')
    assert [hit.text for hit in hits_of(code) if hit.kind == "word"] == ["look", "tell", "Somebody"]
    assert [hit.kind for hit in hits_of(code) if hit.kind != "word"] == ["found", "wh"]
    page = tmp_path / "page.md"
    page.write_text("A contest\nis on.")
    assert [str(hit) for hit in hits_of(page)] == [f"{page}:1: contest"]
