"""CloudWatch Logs' filter patterns: terms, JSON selectors and space-delimited fields."""

from __future__ import annotations

import functools
import json
import re
from dataclasses import dataclass
from typing import Any, Protocol

from .filter_conditions import Condition, InvalidPatternError, Parser, Regex, unquoted

Fields = dict[str, str]  # values by name, such as "$.status" or "$status"
TERM = re.compile(r'([?-]?)("(?:[^"\\]|\\.)*"|%[^%]*%|\S+)')
WORDS = re.compile(r'\[([^\]]*)\]|"([^"]*)"|(\S+)')
NAME = re.compile(r"\w+")
PROPERTY = re.compile(r"""\$(?:\.?\[(?:\d+|\*|"[^"]*"|'[^']*')\]|\.[\w-]+)+|\$(?=\s)""")
STEP = re.compile(r"""\[(\d+)\]|\[(\*)\]|\[["']([^"']*)["']\]|\.([\w-]+)""")
ELLIPSIS = "..."


class Pattern(Protocol):
    """A parsed filter pattern."""

    def match(self, message: str) -> Fields | None:
        """Return the named fields of *message*, or None if it does not match."""


@dataclass(frozen=True)
class Terms:
    """Terms anywhere in a message: all required and no excluded ones, else any optional one."""

    required: tuple[str | Regex, ...]
    excluded: tuple[str | Regex, ...]
    optional: tuple[str | Regex, ...]

    def match(self, message: str) -> Fields | None:
        if self.required or self.excluded:  # AWS then ignores optional terms
            matches = all(_contains(message, term) for term in self.required)
            matches &= not any(_contains(message, term) for term in self.excluded)
        else:
            matches = not self.optional or any(_contains(message, t) for t in self.optional)
        return {} if matches else None


@dataclass(frozen=True)
class JsonPattern:
    """A condition on the properties of a message that is a JSON object."""

    condition: Condition
    names: frozenset[str]

    def match(self, message: str) -> Fields | None:
        document = _document(message)
        if document is None or not self.condition(lambda name: selected(document, name)):
            return None
        values = {name: selected(document, name) for name in self.names}
        return {name: text(matches[0]) for name, matches in values.items() if matches}


@dataclass(frozen=True)
class FieldsPattern:
    """Conditions on the words of a message, in their order; `...` stands for any number."""

    names: tuple[str, ...]
    conditions: tuple[Condition, ...]

    def match(self, message: str) -> Fields | None:
        words = ["".join(groups) for groups in WORDS.findall(message)]
        fields = self._named(words)
        if fields is None:
            return None
        lookup = lambda name: [fields[name]] if name in fields else []  # noqa: E731
        if not all(condition(lookup) for condition in self.conditions):
            return None
        return {f"${name}": value for name, value in fields.items()}

    def _named(self, words: list[str]) -> Fields | None:
        if ELLIPSIS not in self.names:
            return dict(zip(self.names, words, strict=True)) if self._fits(words) else None
        at = self.names.index(ELLIPSIS)
        head, tail = self.names[:at], self.names[at + 1 :]
        if len(words) < len(head) + len(tail):
            return None
        last = words[len(words) - len(tail) :]
        return dict(zip(head, words, strict=False)) | dict(zip(tail, last, strict=True))

    def _fits(self, words: list[str]) -> bool:
        return len(words) == len(self.names)


@functools.lru_cache(maxsize=256)
def parse(pattern: str) -> Pattern:
    """Parse a filter pattern; raise InvalidPatternError."""
    pattern = pattern.strip()
    if pattern.startswith("{"):
        return _json(pattern)
    if pattern.startswith("["):
        return _fields(pattern)
    return _terms(pattern)


def selected(document: Any, selector: str) -> list[Any]:
    """Return every value of *document* at a selector such as `$.a[0].b`."""
    values = [document]
    for index, every, quoted, plain in STEP.findall(selector):
        if index or every:
            lists = [value for value in values if isinstance(value, list)]
            part = slice(None) if every else slice(int(index), int(index) + 1)
            values = [item for value in lists for item in value[part]]
        else:
            name = quoted or plain
            values = [v[name] for v in values if isinstance(v, dict) and name in v]
    return values


def value_of(message: str, selector: str) -> str | None:
    """Return the first value of a selector in *message*; else None."""
    values = selected(_document(message), selector)
    return text(values[0]) if values else None


def text(value: Any) -> str:
    """Return a JSON value as the text that patterns compare."""
    return value if isinstance(value, str) else json.dumps(value)


def _document(message: str) -> Any:
    try:
        document = json.loads(message)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def _contains(message: str, term: str | Regex) -> bool:
    return term in message if isinstance(term, str) else term.search(message)


def _terms(pattern: str) -> Terms:
    terms: dict[str, list[str | Regex]] = {"": [], "-": [], "?": []}
    position = 0
    while position < len(pattern):
        match = TERM.match(pattern, position)
        if match is None:
            raise InvalidPatternError(f"Unexpected {pattern[position:]!r}.")
        sign, term = match.groups()
        terms[sign].append(_term(term))
        position = match.end() + len(pattern[match.end() :]) - len(pattern[match.end() :].lstrip())
    return Terms(tuple(terms[""]), tuple(terms["-"]), tuple(terms["?"]))


def _term(term: str) -> str | Regex:
    if term.startswith('"'):
        return unquoted(term)
    if term.startswith("%"):
        return Regex.of(term)
    if not NAME.fullmatch(term):
        raise InvalidPatternError(f"Invalid character(s) in term {term!r}. Put it in quotes.")
    return term


def _json(pattern: str) -> JsonPattern:
    if not pattern.endswith("}"):
        raise InvalidPatternError("A pattern that begins with { must end with }.")
    parser = Parser(pattern[1:-1], PROPERTY)
    return JsonPattern(parser.condition(), frozenset(parser.names))


def _fields(pattern: str) -> FieldsPattern:
    if not pattern.endswith("]"):
        raise InvalidPatternError("A pattern that begins with [ must end with ].")
    names, conditions = [], []
    for field in re.split(r',(?=(?:[^"]*"[^"]*")*[^"]*$)', pattern[1:-1]):
        name = field.strip()
        if name != ELLIPSIS and not NAME.fullmatch(name):
            parser = Parser(field, NAME)
            conditions.append(parser.condition())
            if len(set(parser.names)) != 1:
                raise InvalidPatternError(f"Field {name!r} must name one word.")
            name = parser.names[0]
        names.append(name)
    if len(set(names)) != len(names):
        raise InvalidPatternError("Each field, and the ellipsis, can be named once.")
    return FieldsPattern(tuple(names), tuple(conditions))
