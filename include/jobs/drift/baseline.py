"""Write and read baselines: the profile of the training data or of earlier windows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from .constraints import PRODML, Constraints, Rules, from_json, read_constraints, suggest
from .contracts import Contract, read_contract
from .errors import UnreadableData
from .statistics import (
    CONSTRAINTS,
    PREDICTIONS,
    STATISTICS,
    Profile,
    read_profile,
    to_json,
    write_json,
)
from .tables import Batch

TRAINING, MERGED = "training set", "earlier windows"


@dataclass(frozen=True)
class Baseline:
    """The data to compare with; *predictions* are the model's predictions for it, if kept.

    *contract* is that of the data's model; None of a baseline that states none.
    """

    features: Profile
    constraints: Constraints
    predictions: Profile | None = None
    name: str = ""
    kind: str = TRAINING
    contract: Contract | None = None

    @property
    def key(self) -> str | None:
        """Return the column that identifies a row and is not compared."""
        return self.contract.key if self.contract else None


def profile_of(
    batches: Iterable[Batch], personal: Iterable[str] = (), texts: Iterable[str] = ()
) -> Profile:
    """Return the profile of all batches, which are read once and not kept.

    Of the columns in *personal* it has no value; those in *texts* are text, also if all are digits.
    """
    profile = Profile(personal=frozenset(personal))
    profile.extend(batches, tuple(texts))
    return profile


def write_baseline(
    features: Profile, output: Path, rules: Rules = PRODML, predictions: Profile | None = None
) -> None:
    """Write statistics.json, constraints.json and, if there are predictions, predictions.json."""
    write_profiles(features, predictions, output)
    write_json(output / CONSTRAINTS, suggest(features, rules))


def write_profiles(features: Profile, predictions: Profile | None, output: Path) -> None:
    write_json(output / STATISTICS, to_json(features))
    if predictions and predictions.rows:
        write_json(output / PREDICTIONS, to_json(predictions))


def read_baseline(folder: Path) -> Baseline:
    """
    The baseline in *folder*; without a statistics.json of its own, all those below it, merged.

    A merged baseline (of a rolling window, or of the same hour in earlier weeks) has the
    constraints that lie in *folder*, else those that its rows suggest.
    """
    if (folder / STATISTICS).is_file():
        return _single(folder)
    parts = sorted(path.parent for path in folder.rglob(STATISTICS))
    if not parts:
        raise UnreadableData(
            f"{folder} is not a baseline: it has no {STATISTICS}. Write one with "
            "`drift baseline DATA --output DIR`."
        )
    features = merged([read_profile(part / STATISTICS) for part in parts])
    answers = [part / PREDICTIONS for part in parts if (part / PREDICTIONS).is_file()]
    predictions = merged([read_profile(path) for path in answers]) if answers else None
    constraints = _constraints(folder, features)
    name = f"{len(parts)} windows"
    return Baseline(features, constraints, predictions, name, MERGED, read_contract(folder))


def _single(folder: Path) -> Baseline:
    features = read_profile(folder / STATISTICS)
    answers = folder / PREDICTIONS
    predictions = read_profile(answers) if answers.is_file() else None
    constraints = _constraints(folder, features)
    contract = read_contract(folder)
    return Baseline(features, constraints, predictions, folder.name, contract=contract)


def _constraints(folder: Path, features: Profile) -> Constraints:
    path = folder / CONSTRAINTS
    return read_constraints(path) if path.is_file() else from_json(suggest(features))


def merged(profiles: list[Profile]) -> Profile:
    """Merge profiles into one, without reading rows again."""
    total = Profile(personal=frozenset().union(*(profile.personal for profile in profiles)))
    for profile in profiles:
        total.merge(profile)
    return total.settled()
