"""Write values as Python source in the form that `ruff format` leaves as it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

WIDTH = 100
STEP = " " * 4


def text(value: str) -> str:
    """Return a string literal, in double quotes unless single ones need fewer escapes."""
    inner = repr(value)[1:-1].replace("\\'", "'")
    if value.count('"') > value.count("'"):
        return "'" + inner.replace("'", "\\'") + "'"
    return '"' + inner.replace('"', '\\"') + '"'


def comment(remark: str) -> str:
    """Return a comment at the end of a line; nothing without a remark."""
    return f"  # {' '.join(remark.split())}" if remark else ""


def names(prefix: str, items: Sequence[tuple[str, str]], depth: int) -> list[str]:
    """Return the lines of a tuple of strings after *prefix*, each with its remark."""
    if len(items) == 1 and not items[0][1]:
        return [f"{STEP * depth}{prefix}{pair([items[0][0]])},"]
    inner = [line for name, remark in items for line in remarked(f"{text(name)},", remark, depth)]
    return block(f"{prefix}(", inner, "),", depth)


def remarked(line: str, remark: str, depth: int) -> list[str]:
    """Return *line* with its remark: behind it, or above it where that is too long."""
    whole = f"{line}{comment(remark)}"
    if not remark or len(whole) + len(STEP) * (depth + 1) <= WIDTH:
        return [whole]
    return [comment(remark).strip(), line]


def pair(values: Sequence[str]) -> str:
    """Return a tuple of strings on one line."""
    inner = ", ".join(map(text, values))
    return f"({inner},)" if len(values) == 1 else f"({inner})"


def vocabulary(name: str, values: Sequence[str], remark: str, depth: int) -> list[str]:
    """Return the lines of one entry of a mapping from a name to a tuple of strings."""
    inline = f"{text(name)}: {pair(values)},"
    if len(inline) + len(STEP) * depth <= WIDTH:
        return [f"{STEP * depth}{line}" for line in remarked(inline, remark, depth - 1)]
    above = [f"{STEP * depth}{comment(remark).strip()}"] if remark else []
    lines = (f"{text(value)}," for value in values)
    return [*above, *block(f"{text(name)}: (", lines, "),", depth)]


def block(head: str, lines: Iterable[str], tail: str, depth: int) -> list[str]:
    """Return *lines* one level below *head*."""
    inner = STEP * (depth + 1)
    return [f"{STEP * depth}{head}", *(f"{inner}{line}" for line in lines), f"{STEP * depth}{tail}"]
