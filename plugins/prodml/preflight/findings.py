"""The result of one check: what is right, what is wrong, and the command or link that fixes it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum

from prodml.vocabulary import Json


class State(StrEnum):
    """The states of a finding; UNKNOWN is what AWS does not show to this caller."""

    OK = "OK"
    WRONG = "WRONG"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True)
class Finding:
    """One line of the table."""

    check: str
    state: State
    value: str
    fix: str = ""

    def document(self) -> Json:
        """Return the finding as JSON."""
        return asdict(self) | {"state": self.state.value}


def ok(check: str, value: str) -> Finding:
    return Finding(check, State.OK, value)


def wrong(check: str, value: str, fix: str) -> Finding:
    return Finding(check, State.WRONG, value, fix)


def unknown(check: str, value: str, fix: str) -> Finding:
    return Finding(check, State.UNKNOWN, value, fix)


def table(findings: Iterable[Finding]) -> str:
    """Return the lines of *findings*, with each fix below its own."""
    rows = list(findings)
    width = max((len(row.check) for row in rows), default=0)
    lines = []
    for row in rows:
        lines.append(f"{row.state:<7}  {row.check:<{width}}  {row.value}")
        if row.fix:
            lines.append(f"{'':7}  {'':{width}}  -> {row.fix}")
    return "\n".join(lines)
