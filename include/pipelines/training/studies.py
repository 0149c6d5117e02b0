"""Plan the trials of a study: one training job for each set of hyperparameters in the form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from prodml.naming import readable
from prodml.vocabulary import Json

from include.pipelines.contracts.data import Pixels
from include.pipelines.contracts.training import TrialArguments
from include.pipelines.definition.resources import Step
from include.pipelines.definition.scores import refuse_direction
from include.pipelines.definition.study import SCRIPT, Study, StudyError
from include.pipelines.training import requests
from include.settings import settings

Normalization = Literal["normalization_mean", "normalization_std"]
NORMALIZATION: tuple[Normalization, ...] = ("normalization_mean", "normalization_std")


def trials(
    study: Study, params: Mapping[str, Any], images: str, measured: Pixels, prefix: str
) -> list[TrialArguments]:
    """Return the mapped arguments of the training task, one for each set of the form's `trials`."""
    refuse_direction(params["metric"], params["direction"])
    sets: Sequence[Json] = params["trials"]
    names = [_name(study, values) for values in sets]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise StudyError(f"trials has {twice[0]!r} twice. Give each set its own values.")
    shared = {name: params[name] for name in study.shared}
    instances = study.instances(params)
    statistics = {name: round(measured[name], 4) for name in NORMALIZATION}
    return [
        {
            "name": name,
            "config": training(study, shared | statistics | values, images, prefix)
            | {"ResourceConfig": instances.cluster(Step.TRAINING)},
            "instance_types": instances.fallbacks(Step.TRAINING),
        }
        for name, values in zip(names, sets, strict=True)
    ]


def _name(study: Study, values: Json) -> str:
    """Return the display name of a trial; raise for an invalid set."""
    known = (*study.shared, *study.varied)
    if unknown := [name for name in values if name not in known]:
        raise StudyError(
            f"trials has a set with {unknown[0]!r}, which {SCRIPT} of {study.name} does not take. "
            f"It takes {', '.join(known)}."
        )
    return readable([f"{name}-{value}" for name, value in values.items()] or ["defaults"], 120)


def training(study: Study, hyperparameters: Json, images: str, prefix: str) -> Json:
    """Return CreateTrainingJob of one trial, without its instances."""
    return {
        "AlgorithmSpecification": {
            "TrainingImage": study.image(settings().region),
            "TrainingInputMode": str(study.input_mode),
            "MetricDefinitions": [{"Name": n, "Regex": r} for n, r in study.metrics.items()],
        },
        "HyperParameters": hyperparameters,
        "InputDataConfig": [requests.channel("training", images)],
        "OutputDataConfig": {"S3OutputPath": f"{prefix}/models"},
        "StoppingCondition": {"MaxRuntimeInSeconds": study.max_runtime},
    }
