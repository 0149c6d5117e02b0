"""Share between all operators the connection and the identity of the task."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from airflow.sdk import BaseOperator, conf

from prodml.aws.client import Aws
from prodml.company_rules import company_rules
from prodml.links.job import KEY, address
from prodml.naming import Identity
from prodml.notifications.receivers import receivers
from prodml.vocabulary import Json, Resource

if TYPE_CHECKING:
    from airflow.sdk import Context


def default_deferrable() -> bool:
    """Return Airflow's setting ``[operators] default_deferrable``."""
    return bool(conf.getboolean("operators", "default_deferrable", fallback=False))


class AwsOperator(BaseOperator):
    """
    Base of all operators: AWS clients from the connection, and the identity of the task.

    :param deployment: The name of this Airflow; keeps two of them apart in one AWS account.
    :param aws_conn_id: The Airflow connection with credentials, region and endpoint.
    :param region_name: The region; that of the connection if left out.
    :param verify: Whether to verify TLS certificates, or the path of a CA bundle.
    :param botocore_config: Arguments of ``botocore.config.Config``.
    """

    template_fields: Sequence[str] = ("deployment", "aws_conn_id", "region_name")
    ui_color = "#e8f3ee"

    def __init__(
        self,
        *,
        deployment: str = "airflow",
        aws_conn_id: str | None = "aws_default",
        region_name: str | None = None,
        verify: bool | str | None = None,
        botocore_config: Json | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        company_rules()  # an invalid rule is refused when the DAG file is parsed
        receivers()  # likewise
        self.deployment = deployment
        self.aws_conn_id = aws_conn_id
        self.region_name = region_name
        self.verify = verify
        self.botocore_config = botocore_config

    @cached_property
    def aws(self) -> Aws:
        return Aws(self.aws_conn_id, self.region_name, self.verify, self.botocore_config)

    @property
    def sagemaker(self) -> Any:
        return self.aws.client("sagemaker")

    @property
    def s3(self) -> Any:
        return self.aws.client("s3")

    def identity(self, context: Context) -> Identity:
        ti = context["ti"]
        index = -1 if ti.map_index is None else ti.map_index
        return Identity(self.deployment, ti.dag_id, ti.run_id, ti.task_id, index)

    def tags(self, context: Context, digest: str) -> list[dict[str, str]]:
        return self.identity(context).tags(context["ti"].try_number, digest)

    def link_to(self, context: Context, kind: Resource, name: str) -> None:
        """Make the task's SageMaker button open *name*."""
        meta = self.sagemaker.meta
        url = address(meta.endpoint_url, meta.region_name, kind, name)
        context["ti"].xcom_push(key=KEY, value=url)
