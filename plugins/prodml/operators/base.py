"""What every operator shares: the connection, an identity, and one job per task."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from airflow.sdk import BaseOperator, BaseOperatorLink, conf

from prodml.hooks.aws import Aws
from prodml.hooks.jobs import Jobs
from prodml.hooks.s3 import content_digest
from prodml.links.job import KEY, SageMakerLink, address
from prodml.naming import Identity, request_hash
from prodml.triggers.job import SageMakerTrigger
from prodml.vocabulary import Json, Kind

if TYPE_CHECKING:
    from airflow.sdk import Context

# Where a result is put, who pays and what it is called do not decide what the result is.
INDIFFERENT = frozenset(
    {"ExperimentConfig", "RoleArn", "S3OutputPath", "StoppingCondition", "Tags"}
)


def default_deferrable() -> bool:
    """Airflow's own switch: ``[operators] default_deferrable``."""
    return bool(conf.getboolean("operators", "default_deferrable", fallback=False))


class AwsOperator(BaseOperator):
    """
    Base of all operators: clients that the connection decides, and the identity of the task.

    :param deployment: Which Airflow asks, so that two of them share one AWS account in peace.
    :param aws_conn_id: The Airflow connection with credentials, region and endpoint.
    :param region_name: The region, if not the connection's.
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

    def link_to(self, context: Context, kind: Kind, name: str) -> None:
        """Make the task's SageMaker button open *name*."""
        meta = self.sagemaker.meta
        url = address(meta.endpoint_url, meta.region_name, kind.console, name)
        context["ti"].xcom_push(key=KEY, value=url)


class SageMakerJobOperator(AwsOperator):
    """
    Base of the operators that run one job: create or adopt, wait, tell the truth about the end.

    The job's name is computed from deployment, DAG, run, task, map index and request, so a retry,
    a clear or a second scheduler finds the job instead of paying for another one.

    :param config: The create request without the job's name; members that the operator's own
        arguments make are added to it.
    :param role_arn: The role that the job runs under, unless the config names one.
    :param poll_interval: Seconds between two looks in the first minute; later looks are rarer.
    :param deferrable: Wait in the triggerer, without a worker slot.
    """

    kind: ClassVar[Kind]
    template_fields: Sequence[str] = (*AwsOperator.template_fields, "config", "role_arn")
    template_fields_renderers: ClassVar[dict[str, str]] = {"config": "json"}
    operator_extra_links: Sequence[BaseOperatorLink] = (SageMakerLink(),)

    def __init__(
        self,
        *,
        config: Json,
        role_arn: str | None = None,
        poll_interval: float = 1.0,
        deferrable: bool | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.config = config
        self.role_arn = role_arn
        self.poll_interval = poll_interval
        self.deferrable = default_deferrable() if deferrable is None else deferrable
        self.job_name: str | None = None

    @property
    def jobs(self) -> Jobs:
        return Jobs(self.aws, self.kind)

    def build(self, context: Context) -> Json:
        """The create request, without name and tags."""
        raise NotImplementedError

    def result(self, name: str, description: Json) -> Json:
        """What the task returns, from the description of the completed job."""
        raise NotImplementedError

    def execute(self, context: Context) -> Any:
        request = self.build(context)
        digest = request_hash(self.decisive(request))
        request["Tags"] = [*request.get("Tags", []), *self.tags(context, digest)]
        self.job_name = self.jobs.start(self.identity(context), digest, request)
        self.link_to(context, self.kind, self.job_name)
        return self._await(self.job_name)

    def _await(self, name: str) -> Any:
        description = self.jobs.look(name)
        if self.deferrable and not self.jobs.settled(description):
            arguments = (self.kind.noun, name, self.poll_interval, self.aws.arguments())
            self.defer(trigger=SageMakerTrigger(*arguments), method_name="execute_complete")
        return self.finish(name, self.jobs.wait(name, self.poll_interval))

    def execute_complete(self, context: Context, event: Json) -> Any:
        """Go on after the trigger has fired."""
        return self.finish(event["name"], self.jobs.describe(event["name"]))

    def finish(self, name: str, description: Json) -> Any:
        return self.result(name, self.jobs.completed(name, description))

    def on_kill(self) -> None:
        if self.job_name:
            self.jobs.stop(self.job_name)

    def decisive(self, request: Json) -> Any:
        """The part of *request* that decides the result; inputs by content, not by address."""
        return self._decisive(request, is_input=True)

    def _decisive(self, value: Any, is_input: bool) -> Any:
        if isinstance(value, list):
            return [self._decisive(item, is_input) for item in value]
        if not isinstance(value, dict):
            return value
        kept = {}
        for key, member in value.items():
            if key in ("S3Uri", "ModelDataUrl") and isinstance(member, str):
                kept[key] = content_digest(self.s3, member) if is_input else None
            elif key not in INDIFFERENT:
                kept[key] = self._decisive(member, is_input and key != "ProcessingOutputConfig")
        return kept
