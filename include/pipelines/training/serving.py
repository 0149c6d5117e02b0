"""Make an inference pipeline of a trained model: raw records in, answers out."""

from __future__ import annotations

from collections.abc import Sequence

from prodml.results import Container

from include.jobs.tabular.answers import EVEN, THRESHOLD
from include.jobs.tabular.archive import NAME
from include.jobs.tabular.columns import COLUMNS
from include.jobs.tabular.records import CSV
from include.pipelines.definition import images
from include.pipelines.definition.pipeline import Pipeline
from include.pipelines.definition.scores import BINARY
from include.pipelines.training.automl import names_of
from include.settings import settings

CODE = "/opt/ml/model/code"


def containers(
    pipeline: Pipeline,
    trained: Sequence[Container],
    preprocessing: str,
    threshold: float | None = None,
) -> list[Container]:
    """Return the containers that serve *trained*, those of a model that takes numbers.

    *preprocessing* is the S3 prefix of the model.tar.gz that the run's preprocessing wrote;
    *threshold* is the probability from which a record is of the positive class, 0.5 if left out.
    """
    decides = {THRESHOLD: EVEN if threshold is None else f"{threshold:.12g}"}
    after = decides if pipeline.problem == BINARY else {}
    if pipeline.is_packed:
        (one,) = trained
        return [Container(**{**one, "Environment": {**one.get("Environment", {}), **after}})]
    before = {"SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT": CSV}
    model = [
        Container(**{**one, "ContainerHostname": name})
        for one, name in zip(trained, names_of(trained), strict=True)
    ]
    return [
        _program(preprocessing, "preprocessing", "features.py", before),
        *model,
        _program(preprocessing, "answers", "answers.py", after),
    ]


def with_columns(
    served: list[Container], columns: str | None, preprocessing: str
) -> list[Container]:
    """Return *served* with a container before it that passes these *columns* of a record.

    *preprocessing* is the S3 prefix of a model.tar.gz with its program; None passes all columns.
    """
    if columns is None:
        return served
    first = _program(preprocessing, "columns", "columns.py", {COLUMNS: columns})
    if any("ContainerHostname" not in one for one in served):  # either all have a name, or none
        del first["ContainerHostname"]
    return [first, *served]


def _program(preprocessing: str, name: str, program: str, variables: dict[str, str]) -> Container:
    """Return a container that runs a program of the preprocessing's archive."""
    region = settings().region
    return {
        "ContainerHostname": name,
        "Image": images.sklearn(region),
        "ModelDataUrl": f"{preprocessing.rstrip('/')}/{NAME}",
        "Environment": {
            "SAGEMAKER_PROGRAM": program,
            "SAGEMAKER_SUBMIT_DIRECTORY": CODE,
            "SAGEMAKER_REGION": region,
            **variables,
        },
    }
