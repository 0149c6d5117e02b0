"""Define one kind of job: its request, its outputs, and the task's result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from airflow.sdk import BaseOperatorLink

from prodml.jobs.examined import Examined
from prodml.jobs.fingerprint import fingerprint
from prodml.jobs.jobs import Jobs
from prodml.jobs.log_follower import Follower
from prodml.jobs.outputs import untouched
from prodml.links.job import SageMakerLink
from prodml.operators.base import AwsOperator, default_deferrable
from prodml.operators.openlineage import LineageEmitter
from prodml.vocabulary import JobStatus, Json, Kind

if TYPE_CHECKING:
    from airflow.sdk import Context


class JobDefinition(LineageEmitter):
    """
    Base of what a kind of job overrides: the request, the outputs, the result.

    :param config: The create request without the job's name; the operator's other arguments add
        members to it. Its members override the rules of :mod:`prodml.company_rules`; tags are
        merged.
    :param role_arn: The role that the job runs under, unless the config names one.
    :param fresh: Do not reuse a job of another run; a retry still adopts its own job.
    :param instance_types: Further instance types to try in order, if AWS lacks capacity or quota.
    :param capacity_waits: How many times to wait for capacity; each wait is twice as long as the
        one before, up to 15 minutes.
    :param poll_interval: Seconds between two polls in the first minute; later polls are rarer.
    :param follow_logs: Copy the job's log into the task's log while it runs.
    :param deferrable: Wait in the triggerer, without a worker slot.
    """

    kind: ClassVar[Kind]
    reusable: ClassVar[bool] = True  # False: the same request can have another result later
    template_fields: Sequence[str] = (
        *AwsOperator.template_fields,
        *("config", "role_arn", "fresh", "instance_types", "follow_logs"),
    )
    template_fields_renderers: ClassVar[dict[str, str]] = {"config": "json"}
    operator_extra_links: Sequence[BaseOperatorLink] = (SageMakerLink(),)

    def __init__(
        self,
        *,
        config: Json,
        role_arn: str | None = None,
        fresh: bool | str = False,
        instance_types: Sequence[str] = (),
        capacity_waits: int = 5,
        poll_interval: float = 1.0,
        follow_logs: bool | str = True,
        deferrable: bool | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.config = config
        self.role_arn = role_arn
        self.fresh = fresh
        self.instance_types = instance_types
        self.capacity_waits = capacity_waits
        self.poll_interval = poll_interval
        self.follow_logs = follow_logs
        self.deferrable = default_deferrable() if deferrable is None else deferrable

    @property
    def jobs(self) -> Jobs:
        return Jobs(self.aws, self.kind)

    def build(self, context: Context) -> Json:
        """Return the create request, without name and tags."""
        raise NotImplementedError

    def prepare(self, context: Context) -> None:
        """Create what a new job needs; not called for a reused job."""

    def outputs(self, description: Json) -> list[str]:
        """Return the S3 addresses of a completed job's outputs."""
        raise NotImplementedError

    def result(self, name: str, description: Json) -> Mapping[str, Any]:
        """Return the task's result, from the description of the completed job."""
        raise NotImplementedError

    def examined(self, *descriptions: Json) -> Examined | None:
        """Return the rules that watch the job, and what they need to know of it; None if none."""
        return None

    def follower(self, name: str, description: Json, with_lines: bool) -> Follower:
        """Return what copies the job's progress while the task waits in a worker."""
        return Follower(self.jobs, name, self.log, with_lines)

    def is_usable(self, description: Json) -> bool:
        """Return whether the end of a job that has ended counts, so that it is not run again."""
        if self.jobs.status(description) != JobStatus.COMPLETED:
            return False
        return untouched(self.jobs, self.s3, description, self.outputs(description))

    def fingerprint(self, request: Json) -> Any:
        """Return the part of *request* that decides the result, with inputs by content."""
        return fingerprint(self.s3, request)
