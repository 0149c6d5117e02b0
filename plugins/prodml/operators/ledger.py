"""Add up what a run's jobs were billed for."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from prodml.aws.retries import pages, visible
from prodml.aws.s3 import join, put_text
from prodml.aws.tags import by_key
from prodml.jobs.automl_steps import steps_of
from prodml.jobs.billing import Rates, billed_seconds
from prodml.jobs.jobs import Jobs
from prodml.naming import Identity, deployment_stem, identity_of, is_own, job_stem
from prodml.operators.base import AwsOperator
from prodml.rendered import given
from prodml.run_notes import skip
from prodml.vocabulary import AUTOML, PROCESSING, TRAINING, TRANSFORM, Json, Kind

if TYPE_CHECKING:
    from airflow.sdk import Context

COLUMNS = ("kind", "job", "status", "instance_type", "instances", "volume_gb", "seconds", "usd")


class LedgerOperator(AwsOperator):
    """
    Add up the billable seconds of every job that this DAG run started, including failed ones.

    The tags that the operators set identify the jobs; those that an AutoML job has started are the
    steps of its candidates. For a training job, the seconds are SageMaker's
    ``BillableTimeInSeconds``, which a spot instance lowers; for other jobs, the time from start to
    end. Both are multiplied by the number of instances.

    Returns ``{"jobs", "seconds", "usd", "csv"}``; ``usd`` omits types that *prices* does not list.

    :param output_uri: The S3 prefix of ``ledger.csv``, one row per job. If empty, the run ended
        before it started a job, and the task is skipped.
    :param prices: USD per hour by instance type.
    :param storage_price: USD per gigabyte and month of a job's volumes.
    """

    template_fields: Sequence[str] = (*AwsOperator.template_fields, "output_uri")

    def __init__(
        self,
        *,
        output_uri: str,
        prices: Mapping[str, float],
        storage_price: float = 0.0,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.output_uri = output_uri
        self.prices = prices
        self.storage_price = storage_price

    def execute(self, context: Context) -> Json:
        if not given(self.output_uri):
            skip(
                "The run ended before its first job, so it has no cost. "
                "Read the log of the task that failed."
            )
        wanted, since = self.identity(context), context["dag_run"].start_date
        kinds = (PROCESSING, TRAINING, TRANSFORM)
        rows = [self._row(kind, job) for kind in kinds for job in self._jobs(kind, since, wanted)]
        rows += [self._row(*started) for started in self._started_by_automl(since, wanted)]
        text = io.StringIO()
        writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        self.log.info("%s", text.getvalue())
        return {
            "jobs": len(rows),
            "seconds": sum(row["seconds"] for row in rows),
            "usd": round(sum(row["usd"] or 0.0 for row in rows), 4),
            "csv": put_text(self.s3, join(self.output_uri, "ledger.csv"), text.getvalue()),
        }

    def _jobs(self, kind: Kind, since: Any, wanted: Identity) -> Iterator[Json]:
        """Yield the descriptions of the run's jobs of one kind."""
        jobs = Jobs(self.aws, kind)
        listed = partial(jobs.call, "list")
        stems = [deployment_stem(wanted.deployment)] if kind.has_room else []
        if kind in (TRAINING, AUTOML):
            stems.append(job_stem(wanted.dag))  # a tuning job's training jobs have its name
        summaries: dict[str, Json] = {}
        for stem in stems:
            asked = {"CreationTimeAfter": since, "NameContains": stem, "MaxResults": 100}
            for page in pages(listed, **asked):
                summaries |= {s[kind.name_key]: s for s in page[f"{kind.noun}Summaries"]}
        for name, summary in summaries.items():
            if is_own(name) and self._is_of_run(summary[f"{kind.noun}Arn"], wanted):
                yield jobs.describe(name)

    def _started_by_automl(self, since: Any, wanted: Identity) -> Iterator[tuple[Kind, Json]]:
        """Yield the jobs of the run's AutoML jobs, whose names are AWS's."""
        for automl in self._jobs(AUTOML, since, wanted):
            for kind, name in steps_of(self.sagemaker, automl[AUTOML.name_key]):
                yield kind, Jobs(self.aws, kind).describe(name)

    def _is_of_run(self, arn: str, wanted: Identity) -> bool:
        """Return whether the job is of the run; one that may not be seen is not."""
        page = visible(self.sagemaker.list_tags, ResourceArn=arn)
        owner = identity_of(by_key(page["Tags"])) if page else None
        return owner is not None and owner.same_run(wanted)

    def _row(self, kind: Kind, job: Json) -> Json:
        resources = kind.resources(job)
        count, instance = resources["InstanceCount"], resources["InstanceType"]
        seconds = billed_seconds(kind, job) * count
        gigabytes = resources.get("VolumeSizeInGB", 0)  # AWS sizes those of transform jobs
        hourly = Rates(self.prices, self.storage_price).hourly(instance, gigabytes)
        return {
            "kind": kind.words,
            "job": job[kind.name_key],
            "status": job[kind.status_member],
            "instance_type": instance,
            "instances": count,
            "volume_gb": gigabytes,
            "seconds": seconds,
            "usd": None if hourly is None else round(seconds / 3600 * hourly, 6),
        }
