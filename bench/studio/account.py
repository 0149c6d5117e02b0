"""Fill an embedded AWS with pipelines: versions, endpoints with metrics, jobs, drift checks."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path

from prodml.naming import REQUEST, Identity

from bench.studio import jobs
from bench.studio.size import ACCOUNT, ARN, BUCKET, Doc, Size, at, pipeline
from include.local_aws.cloudwatch.metrics import INSERT
from include.local_aws.core.store import Store
from include.local_aws.testing import REGION, Server

COLUMNS = [f"column_{number}" for number in range(20)]
LAST_HOUR, WINDOWS = 60, 60


def fill(server: Server, data_dir: Path, size: Size) -> None:
    """Write the account into the store of a running server; nothing of it runs."""
    server.client("sagemaker").list_endpoints()  # the account is made when it is first used
    store = Store(data_dir / "accounts" / ACCOUNT / REGION / "state.sqlite")
    for table, columns, rows in (
        ("resources (kind, name, doc)", 3, _resources(size)),
        ("tags", 3, chain(_tags(size), jobs.tags(size))),
        ("links", 4, jobs.links(size)),
        ("series", 5, jobs.series(size)),
    ):
        marks = ", ".join("?" * columns)
        store.write_many(f"INSERT INTO {table} VALUES ({marks})", rows)
    server.client("cloudwatch").list_metrics()  # makes the table
    store.write_many(INSERT, _metrics(size))
    store.close()
    _write_windows(server, size)


def _resources(size: Size) -> Iterator[tuple[str, str, str]]:
    for kind, name, doc in (
        *_registry(size),
        *(resource for number in range(size.endpoints) for resource in _endpoint(number)),
        *jobs.experiments(size),
        *(resource for number in range(size.jobs) for resource in jobs.job(number, size)),
    ):
        yield kind, name, json.dumps(doc)


def _registry(size: Size) -> Iterator[tuple[str, str, Doc]]:
    for number in range(size.pipelines):
        group = pipeline(number)
        arn = f"{ARN}:model-package-group/{group}"
        known = {"ModelPackageGroupName": group, "ModelPackageGroupArn": arn}
        status = {"ModelPackageGroupStatus": "Completed", "LastVersion": size.versions}
        yield "model-package-group", group, known | status | at(10 * number)
    for version in range(1, size.versions + 1):
        for number in range(size.pipelines):
            arn = f"{ARN}:model-package/{pipeline(number)}/{version}"
            age = 86_400 * 7 * (size.versions - version) + 60 * number
            yield "model-package", arn, _version(arn, pipeline(number), version) | at(age)


def _version(arn: str, group: str, version: int) -> Doc:
    container = {"Image": "xgboost:3.0-5", "ModelDataUrl": f"s3://{BUCKET}/{group}/model.tar.gz"}
    types = {"SupportedContentTypes": ["text/csv"], "SupportedResponseMIMETypes": ["text/csv"]}
    auc = 0.8 + 0.15 * random.Random(arn).random()
    facts = {
        REQUEST: f"{version:064x}",
        "judged_by": "auc",
        "metric:holdout_auc": f"{auc:.4f}",
        "metric:holdout_accuracy": f"{auc - 0.02:.4f}",
        "window_start": "2026-05-01T00:00:00+00:00",
        "window_end": "2026-06-01T00:00:00+00:00",
        "training_rows": "26660",
        "trial": "xgboost-deep",
        "made_by_dag": f"retrain_{group}",
        "made_by_run": f"scheduled__{version}",
    }
    return {
        "ModelPackageGroupName": group,
        "ModelPackageArn": arn,
        "ModelPackageVersion": version,
        "ModelPackageStatus": "Completed",
        "ModelApprovalStatus": "Rejected" if version % 5 == 0 else "Approved",
        "InferenceSpecification": {"Containers": [container]} | types,
        "CustomerMetadataProperties": facts,
    }


def _endpoint(number: int) -> Iterator[tuple[str, str, Doc]]:
    name, config = pipeline(number), f"{pipeline(number)}-c"
    variant = {
        "VariantName": "AllTraffic",
        "ModelName": f"{name}-m",
        "InstanceType": "ml.m5.large",
        "InitialInstanceCount": 1,
    }
    named = {"EndpointConfigName": config, "ProductionVariants": [variant]}
    arn = {"EndpointConfigArn": f"{ARN}:endpoint-config/{config}"}
    yield "endpoint-config", config, named | arn | at(3600)
    running = {"Containers": [], "Direct": False, "DesiredInstanceCount": 1, "DesiredWeight": 1.0}
    deployed = {"EndpointConfigName": config, "Variants": [variant | running], "ShadowVariants": []}
    endpoint = {
        "EndpointName": name,
        "EndpointArn": f"{ARN}:endpoint/{name}",
        "EndpointConfigName": config,
        "EndpointStatus": "InService",
        "Deployment": deployed | {"DataCapture": None, "Async": None},
    }
    yield "endpoint", name, endpoint | at(3600)


def _tags(size: Size) -> Iterator[tuple[str, str, str]]:
    for number in range(size.endpoints):
        name = pipeline(number)
        owner = Identity("local", f"retrain_{name}", "manual__1", "deploy")
        version = {REQUEST: f"{ARN}:model-package/{name}/1"}
        tags = {tag["Key"]: tag["Value"] for tag in owner.tags(1, "0" * 64)} | version
        for kind, resource in (("endpoint", name), ("endpoint-config", f"{name}-c")):
            for key, value in tags.items():
                yield f"{ARN}:{kind}/{resource}", key, value


def _metrics(size: Size) -> Iterator[tuple[object, ...]]:
    now = time.time()
    for number in range(size.endpoints):
        place = [["EndpointName", pipeline(number)], ["VariantName", "AllTraffic"]]
        for minute in range(LAST_HOUR):
            for metric, value, unit in (
                ("Invocations", 1.0, "None"),
                ("InvocationsPerInstance", 1.0, "None"),
                ("ModelLatency", 1500.0 + minute, "Microseconds"),
                ("OverheadLatency", 900.0 + minute, "Microseconds"),
            ):
                samples = 100.0
                numbers = (now - 60 * minute, value * samples, samples, value, value)
                counts = json.dumps([[value, samples]])
                yield ("AWS/SageMaker", metric, json.dumps(place), *numbers, counts, unit)


def _write_windows(server: Server, size: Size) -> None:
    s3 = server.client("s3", s3={"addressing_style": "path"})
    s3.create_bucket(Bucket=BUCKET)
    begin = datetime(2026, 5, 6, tzinfo=UTC)
    for number in range(size.pipelines):
        name = pipeline(number)
        # All have a history, and the first one, which the page opens, has a long one.
        for hour in range(WINDOWS if number == 0 else 1):
            start = begin + timedelta(hours=hour)
            end = start + timedelta(hours=1)
            key = f"{name}/drift/windows/{name}/{end:%Y%m%dT%H%M%SZ}.json"
            s3.put_object(Bucket=BUCKET, Key=key, Body=json.dumps(_verdict(start, end)))


def _verdict(start: datetime, end: datetime) -> Doc:
    return {
        "window_start": start.isoformat(),
        "window_end": end.isoformat(),
        "outcome": "OK",
        "rows": 500,
        "distances": {name: (n + end.hour) % 30 / 100 for n, name in enumerate(COLUMNS)},
        "thresholds": {name: [0.1, 0.2] for name in COLUMNS},
    }
