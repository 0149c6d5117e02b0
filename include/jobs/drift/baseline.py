"""Write and read baselines: the profile of the training data or of earlier windows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from .constraints import PRODML, Constraints, Rules, from_json, read_constraints, suggest
from .contracts import Contract, read_contract
from .errors import UnreadableData
from .samples import Sample, read_sample, write_sample
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

    *contract* is that of the data's model; None of a baseline that states none. *sample* are some
    of its rows; None of a baseline that has statistics alone.
    """

    features: Profile
    constraints: Constraints
    predictions: Profile | None = None
    name: str = ""
    kind: str = TRAINING
    contract: Contract | None = None
    sample: Sample | None = None

    @property
    def key(self) -> str | None:
        """Return the column that identifies a row and is not compared."""
        return self.contract.key if self.contract else None


def profile_of(
    batches: Iterable[Batch],
    personal: Iterable[str] = (),
    texts: Iterable[str] = (),
    sample: Sample | None = None,
) -> Profile:
    """Return the profile of all batches, which are read once; add their rows to *sample*.

    Of the columns in *personal* it has no value; those in *texts* are text, also if all are digits.
    """
    profile = Profile(personal=frozenset(personal))
    for batch in batches:
        profile.add(batch, tuple(texts))
        if sample is not None:
            sample.add(batch.rows)
    return profile


def write_baseline(
    features: Profile,
    output: Path,
    rules: Rules = PRODML,
    predictions: Profile | None = None,
    sample: Sample | None = None,
) -> None:
    """Write statistics.json, constraints.json and what there is of the others."""
    write_profiles(features, predictions, output)
    write_json(output / CONSTRAINTS, suggest(features, rules))
    if sample is not None:
        write_sample(sample, output)


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
    contract, sample = read_contract(folder), _merged_sample(parts)
    return Baseline(features, constraints, predictions, name, MERGED, contract, sample)


def _merged_sample(parts: list[Path]) -> Sample | None:
    """Return a sample of all windows; None, if one of them has none."""
    total = Sample()
    for part in parts:
        sample = read_sample(part)
        if sample is None:
            return None
        total.merge(sample)
    return total


def _single(folder: Path) -> Baseline:
    features = read_profile(folder / STATISTICS)
    answers = folder / PREDICTIONS
    predictions = read_profile(answers) if answers.is_file() else None
    constraints = _constraints(folder, features)
    contract, sample = read_contract(folder), read_sample(folder)
    return Baseline(
        features, constraints, predictions, folder.name, contract=contract, sample=sample
    )


def _constraints(folder: Path, features: Profile) -> Constraints:
    path = folder / CONSTRAINTS
    return read_constraints(path) if path.is_file() else from_json(suggest(features))


def merged(profiles: list[Profile]) -> Profile:
    """Merge profiles into one, without reading rows again."""
    total = Profile(personal=frozenset().union(*(profile.personal for profile in profiles)))
    for profile in profiles:
        total.merge(profile)
    return total.settled()
