"""Emit the data sets of a job as OpenLineage does for the Amazon provider's operators.

Airflow asks for them only where apache-airflow-providers-openlineage is installed and has a
transport. An event has the addresses of prefixes and artifacts, and no data.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from prodml.aws.s3 import split
from prodml.jobs import datasets
from prodml.operators.base import AwsOperator
from prodml.vocabulary import Json, Kind

if TYPE_CHECKING:
    from airflow.providers.openlineage.extractors.base import OperatorLineage


class LineageEmitter(AwsOperator):
    """Base of the operators whose job reads and writes data sets in S3."""

    kind: ClassVar[Kind]
    completed: Json | None = None  # the description of the job whose result the task returns

    def models(self, description: Json) -> list[str]:
        """Return the S3 addresses of the model artifacts that the job has read."""
        return []

    def get_openlineage_facets_on_complete(self, task_instance: Any) -> OperatorLineage[Any, Any]:
        """Return the S3 prefixes and model artifacts that the job has read and written."""
        from airflow.providers.openlineage.extractors.base import OperatorLineage

        job = self.completed
        if job is None:
            return OperatorLineage()
        read = [*datasets.inputs(self.kind, job), *self.models(job)]
        written = datasets.outputs(self.kind, job)
        return OperatorLineage(
            inputs=[_dataset(uri) for uri in read], outputs=[_dataset(uri) for uri in written]
        )


def _dataset(uri: str) -> Any:
    from airflow.providers.common.compat.openlineage.facet import Dataset

    bucket, key = split(uri)
    return Dataset(namespace=f"s3://{bucket}", name=key, facets={})
