"""Define an experiment that compares trials of one script and deploys nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from prodml.vocabulary import Json

from include.pipelines.definition.pipeline import JOBS, task_defaults
from include.settings import settings

SCRIPT = "train.py"


class StudyError(ValueError):
    """Raised for an invalid set of hyperparameters."""


@dataclass(frozen=True)
class Study:
    """
    Trials of one script over the same images.

    :param name: The experiment; with underscores, the folder of the script.
    :param image: By region, the image that runs the script.
    :param serving_image: By region, the image that serves what it has trained.
    :param metrics: Patterns that find the script's metrics in its log, by name.
    :param shared: Hyperparameters that the form sets for all trials.
    :param varied: Hyperparameters that a trial may set in addition to those.
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
        """Return the arguments that the tasks of the study's DAG share."""
        return task_defaults() | {
            "experiment": self.name,
            "source_dir": str(JOBS / self.name.replace("-", "_")),
            "entry_point": SCRIPT,
            "code_prefix": self.uri("code"),
            "serving_image": self.serving_image(settings().region),
        }
