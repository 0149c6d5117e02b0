"""`/_local/`: the resources of an account in a region, with links to their pages."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from botocore.exceptions import BotoCoreError, ClientError

from .accounts import Accounts
from .cloudwatch.logs import Logs
from .core.account import Aws
from .core.store import Doc
from .page_html import (
    account_of,
    bucket_link,
    index_link,
    log_link,
    moment,
    resource_link,
    send_page,
    table,
)
from .sagemaker.endpoints import snapshots, states
from .sagemaker.endpoints.fleet import Fleet
from .sagemaker.endpoints.hosting import components_on, hosts_components
from .wire.errors import AwsError
from .wire.http import Send

log = logging.getLogger(__name__)
JOBS = {  # by noun: the kind in the store, and the heading
    "TrainingJob": ("training-job", "Training jobs"),
    "HyperParameterTuningJob": ("hyper-parameter-tuning-job", "Tuning jobs"),
    "AutoMLJob": ("automl-job", "AutoML jobs"),
    "ProcessingJob": ("processing-job", "Processing jobs"),
    "TransformJob": ("transform-job", "Transform jobs"),
}
MODEL = "model"
EXECUTION = "pipeline-execution"
MOST = 100  # rows of a table; buckets are not limited


@dataclass(frozen=True)
class Holdings:
    """The resources on the index, the newest first; buckets are None if S3 fails."""

    jobs: dict[str, list[Doc]]
    executions: list[Doc]
    endpoints: list[Doc]
    groups: list[Doc]
    buckets: list[Doc] | None


async def answer(send: Send, accounts: Accounts, query: bytes) -> None:
    """Answer `/_local/[?region=...&account=...]`, or 404 for a region that is not served."""
    try:
        aws = await account_of(accounts, query)
    except AwsError as error:
        await send_page(send, 404, "Embedded AWS", f"<p>{escape(error.message)}</p>")
        return
    # In a thread, so that thousands of documents do not delay requests to endpoints.
    held = await asyncio.to_thread(_held, aws)
    body = _places(accounts, aws) + _endpoints(aws, held.endpoints)
    body += "".join(_jobs(aws, noun, docs) for noun, docs in held.jobs.items())
    body += _executions(held.executions) + _buckets(aws, held.buckets) + _groups(aws, held.groups)
    await send_page(send, 200, f"Embedded AWS: {aws.account}, {aws.region}", body)


def _held(aws: Aws) -> Holdings:
    return Holdings(
        {noun: aws.store.list(kind)[::-1] for noun, (kind, _) in JOBS.items()},
        aws.store.list(EXECUTION)[::-1],
        aws.store.list(states.KIND)[::-1],
        aws.part(Logs).groups(),
        _listed_buckets(aws),
    )


def _listed_buckets(aws: Aws) -> list[Doc] | None:
    try:
        buckets: list[Doc] = aws.s3.list_buckets()["Buckets"]
    except (BotoCoreError, ClientError) as error:
        log.warning("Listing the buckets of account %s failed: %s", aws.account, error)
        return None
    return buckets


def _places(accounts: Accounts, shown: Aws) -> str:
    """Return links to the other accounts and regions of this server."""
    others = [aws for aws in accounts.all() if aws is not shown]
    links = " · ".join(index_link(aws, f"{aws.account}, {aws.region}") for aws in others)
    return f"<p>Also here: {links}</p>" if links else ""


def _endpoints(aws: Aws, docs: list[Doc]) -> str:
    rows = [
        (
            resource_link(aws, "Endpoint", doc["EndpointName"]),
            _status(doc, "Endpoint"),
            "<br>".join(_variants(aws, doc)),
            moment(doc["LastModifiedTime"]),
        )
        for doc in docs[:MOST]
    ]
    heads = ("Endpoint", "Status", "Variants", "Changed")
    return _section("Endpoints", heads, rows, len(docs))


def _variants(aws: Aws, doc: Doc) -> list[str]:
    running = aws.part(Fleet).running(doc["EndpointName"])
    return [
        f"{escape(spec['VariantName'])}: {running.get(spec['VariantName'], 0)} of "
        f"{_most_instances(spec)} instances, {_served(aws, doc['EndpointName'], spec)}"
        for spec in snapshots.specs(doc["Deployment"])
    ]


def _most_instances(spec: Doc) -> str:
    """Return the instances that are asked for, or that a serverless variant may start."""
    serverless = spec.get("ServerlessConfig")
    return f"at most {serverless['MaxConcurrency']}" if serverless else spec["DesiredInstanceCount"]


def _served(aws: Aws, endpoint: str, spec: Doc) -> str:
    """Return the model of a variant, or the inference components that it hosts."""
    if not hosts_components(spec):
        return _model(aws, spec["ModelName"])
    names = [
        one["InferenceComponentName"]
        for one in components_on(aws, endpoint)
        if one["VariantName"] == spec["VariantName"]
    ]
    links = [resource_link(aws, "InferenceComponent", name) for name in names]
    return ", ".join(links) or "no inference component"


def _model(aws: Aws, name: str) -> str:
    """Return the model's name, as a link unless the model was deleted."""
    return resource_link(aws, "Model", name) if aws.store.has(MODEL, name) else escape(name)


def _jobs(aws: Aws, noun: str, docs: list[Doc]) -> str:
    rows = [
        (
            resource_link(aws, noun, doc[f"{noun}Name"]),
            _status(doc, noun),
            moment(doc["CreationTime"]),
        )
        for doc in docs[:MOST]
    ]
    return _section(JOBS[noun][1], ("Job", "Status", "Created"), rows, len(docs))


def _executions(docs: list[Doc]) -> str:
    rows = [
        (
            escape(doc["PipelineName"]),
            escape(doc["PipelineExecutionArn"].rpartition("/")[2]),
            _status(doc, "PipelineExecution"),
            escape(", ".join(f"{n}: {s['StepStatus']}" for n, s in doc["Steps"].items())),
            moment(doc["CreationTime"]),
        )
        for doc in docs[:MOST]
    ]
    heads = ("Pipeline", "Execution", "Status", "Steps", "Created")
    return _section("Pipeline executions", heads, rows, len(docs))


def _buckets(aws: Aws, buckets: list[Doc] | None) -> str:
    if buckets is None:
        return "<h2>Buckets</h2><p>S3 does not answer. Read this server's log.</p>"
    rows = [
        (bucket_link(aws, bucket["Name"]), moment(bucket["CreationDate"].timestamp()))
        for bucket in buckets
    ]
    return _section("Buckets", ("Bucket", "Created"), rows, len(rows))


def _groups(aws: Aws, groups: list[Doc]) -> str:
    rows = [
        (log_link(aws, str(group["logGroupName"])), moment(group["creationTime"] / 1000))
        for group in groups[:MOST]
    ]
    return _section("Log groups", ("Log group", "Created"), rows, len(groups))


def _status(doc: Doc, noun: str) -> str:
    reason = doc.get("FailureReason") or ""
    return escape(": ".join(filter(None, [doc[f"{noun}Status"], reason])))


def _section(
    title: str, heads: tuple[str, ...], rows: Sequence[tuple[str, ...]], total: int
) -> str:
    if not rows:
        return f"<h2>{title}</h2><p>None.</p>"
    count = f"{len(rows)} of {total}" if total > len(rows) else f"{total}"
    return f"<h2>{title} ({count})</h2>{table(heads, rows)}"
