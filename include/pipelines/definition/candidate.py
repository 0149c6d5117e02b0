"""Define a candidate of a pipeline: an algorithm with its hyperparameters and instances."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from prodml.debugger.rules import Rule

from include.pipelines.definition.metrics import built_in_error, pattern_error
from include.pipelines.definition.resources import InputMode, Instances

BUILT_IN, SCRIPTS = "xgboost", "scikit-learn"  # algorithms that need no image of your own
IMAGE = re.compile(r"[a-z0-9][a-z0-9._/-]*:[\w.-]+")


@dataclass(frozen=True)
class Candidate:
    """
    One candidate: an algorithm with its hyperparameters.

    :param name: What people call it, such as ``xgboost-deep``.
    :param algorithm: ``xgboost``, the built-in one, ``scikit-learn`` for a script, or what people
        call that of an image.
    :param hyperparameters: As the algorithm, or the script's command line, names them.
    :param script: A file of the pipeline's job folder; None for a built-in algorithm.
    :param image: Your own image, ``repository:tag``; None for AWS's.
    :param metrics: Patterns that find a script's or an own image's metrics in its log, by name.
    :param resources: The instances of its training jobs; None for the pipeline's.
    :param input_mode: ``File``; ``FastFile``, which reads objects from S3 when they are opened; or
        ``Pipe`` for an image of your own that reads FIFOs.
    :param rules: Rules that watch its training; None for the pipeline's.
    """

    name: str
    algorithm: str
    hyperparameters: Mapping[str, object]
    script: str | None = None
    image: str | None = None
    metrics: Mapping[str, str] = field(default_factory=dict)
    resources: Instances | None = None
    input_mode: str = InputMode.FILE
    rules: tuple[Rule, ...] | None = None


def error_of(
    candidate: Candidate,
    scripts: Path,
    instances: Instances,
    rules: Iterable[object],
    metric: str,
) -> str | None:
    """Return why *candidate* cannot be trained, as a sentence without its period; None if it can.

    :param scripts: The folder of the pipeline's scripts.
    :param instances: The instances of its training jobs.
    :param rules: The rules that watch its training.
    :param metric: The pipeline's, which its training must report.
    """
    if candidate.script and not (scripts / candidate.script).is_file():
        return f"{scripts / candidate.script} does not exist; write the script"
    if candidate.image and not IMAGE.fullmatch(candidate.image):
        return f"image {candidate.image!r} is not repository:tag, without a registry"
    for rule in rules:
        if not isinstance(rule, Rule):
            return f"{rule!r} is no rule; use those of prodml.debugger.rules"
    return (
        _unknown(candidate)
        or _unsupported(candidate, instances.count)
        or _unreported(candidate, metric)
    )


def _unknown(candidate: Candidate) -> str | None:
    """Return why there is no image for the algorithm."""
    wanted = SCRIPTS if candidate.script else BUILT_IN
    if candidate.image or candidate.algorithm == wanted:
        return None
    what = "with a script" if candidate.script else "without a script and an image"
    return (
        f"candidate {candidate.name!r} has algorithm {candidate.algorithm!r}, {what}; use "
        f"{wanted!r}, or an image of your own"
    )


def _unsupported(candidate: Candidate, count: int) -> str | None:
    """Return which input mode or number of instances the algorithm does not support."""
    name, mode = f"candidate {candidate.name!r}", candidate.input_mode
    if mode not in [*InputMode]:
        return f"{name} has input_mode {mode!r}; use one of {[str(m) for m in InputMode]}"
    if candidate.image:
        return None
    if mode == InputMode.PIPE:
        what = "a script" if candidate.script else "AWS's XGBoost 3 image"
        return f"{name} has input_mode 'Pipe', and {what} reads files; use 'FastFile'"
    if candidate.script and count > 1:
        return (
            f"{name} trains on {count} instances, and scikit-learn trains on one; give it "
            "resources=Instances(count=1), or an image of your own"
        )
    return None


def _unreported(candidate: Candidate, metric: str) -> str | None:
    """Return why the training of *candidate* does not report *metric*."""
    if candidate.script or candidate.image:
        why = pattern_error(candidate.metrics, metric)
    else:
        why = built_in_error(candidate.hyperparameters, metric)
    return why and f"candidate {candidate.name!r}: {why}"
