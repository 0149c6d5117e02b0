"""What an experiment states that compares trials of one script and puts none into production."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from prodml.naming import readable

from include.pipelines import requests
from include.pipelines.pipeline import JOBS, task_defaults
from include.settings import settings

Json = dict[str, Any]
SCRIPT = "train.py"


class StudyError(ValueError):
    """Raised for a set of hyperparameters that cannot be tried."""


@dataclass(frozen=True)
class Study:
    """
    Trials of one script over the same images.

    :param name: The experiment; with underscores, the folder of the script.
    :param image: By region, the image that runs the script.
    :param serving_image: By region, the image that serves what it has trained.
    :param metrics: Patterns that find the script's metrics in its log, by name.
    :param shared: Hyperparameters that the form sets for all trials.
    :param varied: Hyperparameters that a trial may set beside those.
    :param parallel: How many trials run side by side.
    :param max_runtime: Seconds after which SageMaker stops a trial.
    """

    name: str
    image: Callable[[str], str]
    serving_image: Callable[[str], str]
    metrics: Mapping[str, str]
    shared: tuple[str, ...]
    varied: tuple[str, ...]
    parallel: int = 2
    max_runtime: int = 1800

    def uri(self, *parts: str) -> str:
        return settings().uri(self.name, *parts)

    def default_args(self) -> Json:
        """What the tasks of the study's DAG have in common."""
        return task_defaults() | {
            "experiment": self.name,
            "source_dir": str(JOBS / self.name.replace("-", "_")),
            "entry_point": SCRIPT,
            "code_prefix": self.uri("code"),
            "serving_image": self.serving_image(settings().region),
        }


def trials(
    study: Study, params: Mapping[str, Any], images: str, measured: Json, prefix: str
) -> list[Json]:
    """The mapped arguments of the training task, one for each set of the form's `trials`."""
    sets: Sequence[Json] = params["trials"]
    names = [_name(study, values) for values in sets]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise StudyError(f"trials has {twice[0]!r} twice. Give each set its own values.")
    shared = {name: params[name] for name in study.shared}
    statistics = {name: round(measured[name], 4) for name in measured if name in NORMALIZATION}
    return [
        {
            "name": name,
            "config": training(study, shared | statistics | values, images, prefix)
            | {"ResourceConfig": requests.cluster(params.get("instances", 1))},
        }
        for name, values in zip(names, sets, strict=True)
    ]


NORMALIZATION = ("normalization_mean", "normalization_std")


def _name(study: Study, values: Json) -> str:
    """What people call the trial, and whether it can be one."""
    known = (*study.shared, *study.varied)
    if unknown := [name for name in values if name not in known]:
        raise StudyError(
            f"trials has a set with {unknown[0]!r}, which {SCRIPT} of {study.name} does not take. "
            f"It takes {', '.join(known)}."
        )
    return readable([f"{name}-{value}" for name, value in values.items()] or ["defaults"], 120)


def training(study: Study, hyperparameters: Json, images: str, prefix: str) -> Json:
    """CreateTrainingJob of one trial, on one instance."""
    return {
        "AlgorithmSpecification": {
            "TrainingImage": study.image(settings().region),
            "TrainingInputMode": "File",
            "MetricDefinitions": [{"Name": n, "Regex": r} for n, r in study.metrics.items()],
        },
        "HyperParameters": hyperparameters,
        "InputDataConfig": [requests.channel("training", images)],
        "OutputDataConfig": {"S3OutputPath": f"{prefix}/models"},
        "StoppingCondition": {"MaxRuntimeInSeconds": study.max_runtime},
    }
