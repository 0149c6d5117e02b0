"""The candidates of one run: those of the pipeline's file, as the form has changed them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from include.pipelines.definition.candidate import Candidate

MOST_PARAMETERS = 100  # of a training job, by SageMaker
LONGEST = 2500  # characters of a value


class CandidateError(ValueError):
    """Raised for a candidate, or a hyperparameter of one, that a run cannot train with."""


def chosen(stated: Sequence[Candidate], params: Mapping[str, Any]) -> list[Candidate]:
    """Return the run's candidates in the order of the pipeline's file.

    The form's `candidates` has a run's hyperparameters by candidate; one that is not in it is left
    out. Raises CandidateError for what cannot be trained.
    """
    asked: Mapping[str, Any] = params["candidates"]
    names = [candidate.name for candidate in stated]
    if unknown := [name for name in asked if name not in names]:
        raise CandidateError(
            f"Unknown candidate {unknown[0]!r} in `candidates`. Available: {', '.join(names)}. "
            "Correct the name, or state the candidate in the pipeline's file."
        )
    if not asked:
        raise CandidateError(f"`candidates` is empty. Give it one at least: {', '.join(names)}.")
    return [
        _changed(candidate, asked[candidate.name])
        for candidate in stated
        if candidate.name in asked
    ]


def _changed(candidate: Candidate, asked: Mapping[str, Any]) -> Candidate:
    stated = candidate.hyperparameters
    if len(asked) > MOST_PARAMETERS:
        raise CandidateError(
            f"Candidate {candidate.name!r} has {len(asked)} hyperparameters, and a training job "
            f"takes {MOST_PARAMETERS}. Remove some."
        )
    for name, value in asked.items():
        _check_value(candidate.name, name, value)
    # A form may return 1.0 as 1: the same value must ask for the same job.
    kept = {
        name: stated[name] if _same(stated.get(name), asked[name]) else asked[name]
        for name in asked
    }
    return replace(candidate, hyperparameters=kept)


def _same(one: object, other: object) -> bool:
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def _check_value(candidate: str, name: str, value: Any) -> None:
    is_scalar = isinstance(value, bool | int | float | str)
    is_finite = not isinstance(value, float) or math.isfinite(value)
    if not is_scalar or not is_finite or len(str(value)) > LONGEST:
        raise CandidateError(
            f"Hyperparameter {name!r} of candidate {candidate!r} is {value!r}. Give it a number, "
            f"a text of at most {LONGEST} characters, true or false."
        )
