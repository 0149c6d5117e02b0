"""Benchmark what a REST API in front of an endpoint adds to InvokeEndpoint.

One inference pipeline, called with the same record at 50 requests a second: directly, and through
the API that `publish_api` makes, with its key, validation, mapping template, limits and access log.
Both are called in turns in the same run.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(1, str(Path(__file__).resolve().parents[1] / "plugins"))

from prodml.apis.building import Builder
from prodml.apis.keys import give_key
from prodml.apis.names import OWNER, api_name, log_group, url_of
from prodml.apis.specification import ApiSpecification
from prodml.apis.stages import Stage

from bench.bench_raw_records import endpoint, models
from bench.load import Sample, Target, paced
from bench.report import ROOT, report
from bench.requests import ROLE
from include.local_aws.testing import REGION, Server, running_server
from include.pipelines.churn import PIPELINE
from include.pipelines.deployment.request_schema import request_schema

RESULT = ROOT / "bench" / "results" / "api.json"
ROUNDS, REQUESTS, RATE = int(os.environ.get("BENCH_ROUNDS", "10")), 100, 50.0
MOST_MS = 2.0  # that the API may add at the median
NAME = "pipeline"
ACCOUNT = "000000000000"


def published(server: Server, body: str) -> Target:
    """Return the API of the endpoint, published as the operator does it."""
    client = server.client("apigateway")
    schema = request_schema(PIPELINE.contract, PIPELINE.schema.key)
    wanted = ApiSpecification(NAME, ROLE, schema, rate=1_000, burst=1_000)
    tags = {OWNER: NAME}
    api = client.create_rest_api(name=api_name(NAME), tags=tags)
    Builder(client, api["id"], wanted, "aws").build(api["rootResourceId"])
    stage = Stage(client, api["id"], "bench")
    stage.deploy(wanted.digest)
    stage.limit(wanted.throttle)
    group = log_group(NAME, stage.name)
    arn = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{group}"
    stage.log_to(server.client("logs"), group, arn, ROLE)
    key = give_key(client, api["id"], stage.name, wanted, tags)
    value = client.get_api_key(apiKey=key, includeValue=True)["value"]
    url = url_of(server.url, REGION, api["id"], stage.name)
    return Target(url, body.encode(), "application/json", (("x-api-key", value),))


def measured(folder: Path) -> dict[str, Any]:
    with running_server(folder / "aws") as server:
        body = models(server)[NAME]
        targets = {"InvokeEndpoint": endpoint(server, NAME, body), "API": published(server, body)}
        samples = {name: Sample() for name in targets}
        for target in targets.values():
            paced(target, REQUESTS, RATE)
        for _ in range(ROUNDS):
            for name, target in targets.items():
                samples[name].add(paced(target, REQUESTS, RATE))
    added = round(samples["API"].percentile(50) - samples["InvokeEndpoint"].percentile(50), 2)
    return {
        "cores": os.cpu_count(),
        "load_average": os.getloadavg()[0],
        "niceness": os.nice(0),
        "requests_per_second": RATE,
        "targets": {name: sample.summary() for name, sample in samples.items()},
        "added_ms_at_the_median": added,
        "claims": {f"the API adds at most {MOST_MS:g} ms at the median": added <= MOST_MS},
    }


if __name__ == "__main__":
    report(measured, RESULT)
