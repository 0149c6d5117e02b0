"""Wildcards, policy variables and ARNs, as the elements of a policy have them."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence

Context = Mapping[str, Sequence[str]]  # condition keys in lower case, with their values
VARIABLE = re.compile(r"\$\{([^}]*)\}")
DEFAULT = re.compile(r"([^,]+?)\s*,\s*'([^']*)'\s*")
LITERAL = {"*": "*", "?": "?", "$": "$"}  # written ${*}, ${?} and ${$}
ESCAPE = "\0"  # in front of a character that is no wildcard; no policy contains it
SEGMENTS = 6  # of an ARN: arn, partition, service, region, account, resource


@functools.lru_cache(maxsize=4096)
def _compiled(pattern: str, ignore_case: bool) -> re.Pattern[str]:
    parts = re.split(f"({ESCAPE}.|[*?])", pattern, flags=re.DOTALL)
    regex = "".join({"*": ".*", "?": "."}.get(part) or re.escape(_plain(part)) for part in parts)
    return re.compile(regex, re.DOTALL | (re.IGNORECASE if ignore_case else 0))


def _plain(text: str) -> str:
    return text.replace(ESCAPE, "")


def matches(pattern: str, value: str, *, ignore_case: bool = False) -> bool:
    """Return whether *value* fits *pattern*, whose `*` and `?` are wildcards."""
    return pattern == "*" or bool(_compiled(pattern, ignore_case).fullmatch(value))


def equals(pattern: str, value: str) -> bool:
    """Return whether *value* is *pattern*, of which nothing is a wildcard."""
    return _plain(pattern) == value


def matches_arn(pattern: str, arn: str) -> bool:
    """Return whether *arn* fits *pattern*; a wildcard does not reach beyond its segment."""
    expected, given = pattern.split(":", SEGMENTS - 1), arn.split(":", SEGMENTS - 1)
    if len(expected) < SEGMENTS or len(given) < SEGMENTS:
        return matches(pattern, arn)
    return all(matches(part, value) for part, value in zip(expected, given, strict=True))


def substituted(text: str, context: Context) -> str | None:
    """Return *text* with the values of its variables; None if one has no single value."""
    if "${" not in text:
        return text
    missing: list[str] = []

    def value(match: re.Match[str]) -> str:
        name = match[1].strip()
        if name in LITERAL:
            return ESCAPE + name
        default = DEFAULT.fullmatch(name)
        values = context.get((default[1] if default else name).lower(), ())
        if len(values) == 1:
            return "".join(ESCAPE + char if char in "*?" else char for char in values[0])
        if default is None or values:
            missing.append(name)
        return default[2] if default else ""

    result = VARIABLE.sub(value, text)
    return None if missing else result
