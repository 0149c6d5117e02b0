"""Send rows to the endpoint as callers would, and wait until their capture is in S3."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import cycle
from typing import Any

from prodml.aws.s3 import split

from include.demo.jobs import client
from include.jobs.tabular.records import JSON


class Traffic:
    """Send requests to one endpoint, each with one record as JSON."""

    def __init__(self, endpoint: str, threads: int = 4) -> None:
        self.endpoint = endpoint
        self._runtime = client("sagemaker-runtime")
        self._threads = threads

    def send(self, rows: Sequence[str]) -> list[float]:
        """One request per row; return the scores in the order of the rows."""
        return [float(answer["probability"]) for answer in self.ask_all(rows)]

    def ask_all(self, rows: Sequence[str]) -> list[dict[str, Any]]:
        """Return the answers to the rows, in their order."""
        with ThreadPoolExecutor(self._threads) as pool:
            return list(pool.map(self.ask, rows))

    def score(self, row: str) -> float:
        return float(self.ask(row)["probability"])

    def ask(self, row: str) -> dict[str, Any]:
        """Return the answer to one row: its class, its probability and the model's version."""
        answer = self._runtime.invoke_endpoint(
            EndpointName=self.endpoint, ContentType=JSON, Accept=JSON, Body=row.encode()
        )
        return dict(json.loads(answer["Body"].read()))

    def press(self, rows: Sequence[str], until: Callable[[], bool], timeout: float) -> int:
        """Send *rows* round and round until *until* holds; return how many requests were sent."""
        deadline = time.monotonic() + timeout
        sent = 0
        with ThreadPoolExecutor(self._threads) as pool:
            for batch in _batches(rows, 200):
                sent += len(list(pool.map(self.score, batch)))
                if until():
                    return sent
                if time.monotonic() > deadline:
                    raise RuntimeError(
                        f"Endpoint {self.endpoint!r} did not scale out within {timeout:.0f} s and "
                        f"{sent} requests. Read DescribeScalingActivities for the reason."
                    )
        raise AssertionError("rows never end")


def _batches(rows: Sequence[str], size: int) -> Iterator[list[str]]:
    endless = cycle(rows)
    while True:
        yield [next(endless) for _ in range(size)]


class Capture:
    """Records that the endpoint's data capture wrote to S3, counted by inference time."""

    def __init__(self, endpoint: str) -> None:
        self._s3 = client("s3")
        self._sagemaker = client("sagemaker")
        self._endpoint = endpoint

    def wait_for(self, rows: int, since: datetime, timeout: float = 60) -> None:
        """Wait for *rows* since *since*: capture arrives late, on AWS by minutes."""
        deadline = time.monotonic() + timeout
        while (captured := self.count(since)) < rows:
            if time.monotonic() > deadline:
                raise RuntimeError(
                    f"Captured {captured} of {rows} requests since {since:%H:%M:%S} after "
                    f"{timeout:.0f} s. Check the endpoint's DataCaptureConfig."
                )
            time.sleep(0.5)

    def count(self, since: datetime) -> int:
        return sum(_time_of(record) >= since for record in self._records(since))

    def _records(self, since: datetime) -> Iterator[dict[str, Any]]:
        description = self._sagemaker.describe_endpoint(EndpointName=self._endpoint)
        bucket, prefix = split(description["DataCaptureConfig"]["DestinationS3Uri"])
        prefix = "/".join(filter(None, [prefix.rstrip("/"), self._endpoint])) + "/"
        pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
        for page in pages:
            for item in page.get("Contents", []):
                if item["LastModified"] >= since:
                    body = self._s3.get_object(Bucket=bucket, Key=item["Key"])["Body"].read()
                    yield from map(json.loads, body.splitlines())


def _time_of(record: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(record["eventMetadata"]["inferenceTime"])


def next_second() -> datetime:
    """Wait for a second to begin: captured times have no fractions, so windows start there."""
    moment = datetime.now(UTC)
    time.sleep(1 - moment.microsecond / 1_000_000)
    return datetime.now(UTC).replace(microsecond=0)
