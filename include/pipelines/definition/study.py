"""Define an experiment that compares trials of one script and deploys nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from prodml.vocabulary import Json

from include.pipelines.definition.pipeline import JOBS, task_defaults
from include.pipelines.definition.resources import InputMode, Instances
from include.settings import settings

SCRIPT = "train.py"
ONE = Instances()


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
    :param resources: The instances of each trial; a form may change their number.
    :param input_mode: ``File``, or ``FastFile``, which reads objects from S3 when they are opened.
    """

    name: str
    image: Callable[[str], str]
    serving_image: Callable[[str], str]
    metrics: Mapping[str, str]
    shared: tuple[str, ...]
    varied: tuple[str, ...]
    parallel: int = 2
    max_runtime: int = 1800
    resources: Instances = ONE
    input_mode: str = InputMode.FILE

    def __post_init__(self) -> None:
        if self.input_mode not in (InputMode.FILE, InputMode.FAST_FILE):
            raise StudyError(
                f"Study {self.name!r} has input_mode {self.input_mode!r}, and a script reads "
                "files. Use 'File' or 'FastFile'."
            )

    def instances(self, params: Mapping[str, Any]) -> Instances:
        """Return the instances of each trial; the form of a distributed script has their number."""
        return replace(self.resources, count=params.get("instances", self.resources.count))

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
