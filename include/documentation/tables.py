"""Tables of Markdown, from rows of text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table whose cells may hold line breaks and pipes."""
    lines = [list(head), ["---"] * len(head), *([_cell(text) for text in row] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def code(value: object) -> str:
    """Return *value* in a code span, true and false as in JSON; nothing for what is not there."""
    text = str(value).lower() if isinstance(value, bool) else value
    return f"`{text}`" if text not in (None, "") else ""


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
