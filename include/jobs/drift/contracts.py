"""Distinguish records of another input contract from those of the baseline's model.

They are no drift: other columns cannot be compared with those of the baseline.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from .errors import UnreadableData

CONTRACT = "contract.json"  # of the model that the data are for: digests, the key and the inputs
SHOWN = 5  # columns that a sentence names


@dataclass(frozen=True)
class Contract:
    """The columns of a record in order, and the column that identifies it and is not compared."""

    inputs: tuple[str, ...]
    key: str | None = None

    @cached_property
    def names(self) -> frozenset[str]:
        """Return the columns without their order."""
        return frozenset(self.inputs)

    def difference(self, names: Iterable[str]) -> str | None:
        """Return how the columns of a record differ from these; None if they do not."""
        there = {*names} - {self.key}
        if there == self.names:
            return None
        differences = [self.missing(there)] if self.missing(there) else []
        if others := sorted(there - self.names):
            differences.append(f"it has {_named(others)}")
        return " and ".join(map(str, differences))

    def missing(self, names: Iterable[str]) -> str | None:
        """Return which columns are missing from *names*; None if all are there."""
        there = {*names}
        missing = [name for name in self.inputs if name not in there]
        return f"it lacks {_named(missing)}" if missing else None


@dataclass
class Foreign:
    """Counts the requests or files with other columns than the contract's, and those without."""

    noun: str
    fitting: int = 0
    count: int = 0
    first: str = ""

    def add(self, place: str, difference: str) -> None:
        """Count one, and keep where the first one is."""
        self.count += 1
        self.first = self.first or f"{place}: {difference}"

    @property
    def prevails(self) -> bool:
        """Return whether at least half of the data are of another contract."""
        return 0 < self.count >= self.fitting

    @property
    def sentence(self) -> str | None:
        """Return what was left out of the comparison; None if nothing was."""
        if not self.count:
            return None
        return (
            f"{self.count} of {self.count + self.fitting} {self.noun} are of another contract and "
            f"were not compared: {self.first}."
        )


def read_contract(folder: Path) -> Contract | None:
    """Return the contract of the baseline in *folder*; None of one that states none."""
    path = folder / CONTRACT
    if not path.is_file():
        return None
    try:
        document = json.loads(path.read_text())
        return Contract(tuple(document["inputs"]), document.get("key"))
    except (ValueError, KeyError, TypeError) as error:
        raise UnreadableData(
            f"{path} is no contract ({type(error).__name__}). Write the baseline again."
        ) from None


def _named(columns: list[str]) -> str:
    more = f" and {len(columns) - SHOWN} more" if len(columns) > SHOWN else ""
    return f"{columns[:SHOWN]}{more}"
