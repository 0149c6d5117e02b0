"""Define the instances of each step; the environment has the types that a file leaves out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from prodml.vocabulary import Json

from include.pipelines.errors import PipelineError
from include.settings import INSTANCE_TYPE, settings

MOST_INSTANCES = 100
LARGEST_VOLUME = 16_384  # gigabytes
USUAL_VOLUME = 10


class Step(StrEnum):
    """The steps of a pipeline that run on instances."""

    PROCESSING = "processing"
    TRAINING = "training"
    TRANSFORM = "transform"
    ENDPOINT = "endpoint"


class InputMode(StrEnum):
    """The ways in which a training job reads a channel."""

    FILE = "File"
    FAST_FILE = "FastFile"
    PIPE = "Pipe"


class Engine(StrEnum):
    """The engines of preprocessing, which write the same data sets."""

    ARROW = "arrow"
    SPARK = "spark"


@dataclass(frozen=True)
class Instances:
    """
    The instances of one step.

    :param instance_type: Such as ``ml.m5.xlarge``. None: the environment's, which is
        ``PRODML_<STEP>_INSTANCE_TYPE``, else ``PRODML_INSTANCE_TYPE``.
    :param count: How many; an endpoint starts with as many.
    :param volume_gb: The size of each volume in gigabytes. None: 10 for a job, AWS's own for an
        endpoint.
    :param more_types: Types to try in order if AWS lacks capacity or quota. Where the type is the
        environment's, they are ``PRODML_MORE_INSTANCE_TYPES`` unless stated here.
    """

    instance_type: str | None = None
    count: int = 1
    volume_gb: int | None = None
    more_types: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for kind in (*filter(None, [self.instance_type]), *self.more_types):
            if not INSTANCE_TYPE.fullmatch(kind):
                raise PipelineError(
                    f"{kind!r} is not an instance type. Use one such as ml.m5.xlarge."
                )
        _check_range("count", self.count, MOST_INSTANCES)
        if self.volume_gb is not None:
            _check_range("volume_gb", self.volume_gb, LARGEST_VOLUME)

    def types(self, step: Step) -> tuple[str, ...]:
        """Return the instance types in the order in which they are tried."""
        if self.instance_type:
            return tuple(dict.fromkeys([self.instance_type, *self.more_types]))
        usual = settings().instance_type_of(step)
        return tuple(dict.fromkeys([usual, *(self.more_types or settings().fallback_types)]))

    def cluster(self, step: Step) -> Json:
        """Return the members of a job's request that ask for the instances."""
        return {
            "InstanceCount": self.count,
            "InstanceType": self.types(step)[0],
            "VolumeSizeInGB": self.volume_gb or USUAL_VOLUME,
        }

    def fallbacks(self, step: Step) -> list[str]:
        """Return the types to try after the first one."""
        return list(self.types(step)[1:])


def _check_range(name: str, value: int, most: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
        raise PipelineError(f"{name} is {value!r}. Set it to a whole number from 1 to {most}.")


@dataclass(frozen=True)
class Resources:
    """
    The instances of a pipeline's steps.

    :param processing: Of preprocessing, which may use several, and of the other processing jobs,
        each on one.
    :param training: Of each candidate that does not state its own, and of a search.
    :param transform: Of batch transforms; their volume is AWS's own.
    :param endpoint: Of the endpoint, before autoscaling changes the count.
    :param engine: The engine of preprocessing: ``arrow`` in the scikit-learn image, or ``spark`` in
        AWS's Spark Processing image.
    """

    processing: Instances = Instances()
    training: Instances = Instances()
    transform: Instances = Instances()
    endpoint: Instances = Instances()
    engine: Engine | str = Engine.ARROW

    def __post_init__(self) -> None:
        if self.transform.volume_gb is not None:
            raise PipelineError(
                "transform has a volume_gb, and AWS sizes the volumes of transform jobs itself. "
                "Remove it."
            )
        if self.engine not in {*Engine}:
            known = ", ".join(Engine)
            raise PipelineError(f"engine is {self.engine!r}. Set it to one of: {known}.")
        if self.endpoint.more_types:
            raise PipelineError(
                "endpoint has more_types, and a variant of an endpoint has one instance type. "
                "Remove them, or deploy again with another instance_type."
            )
