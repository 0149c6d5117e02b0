"""A client of pipelines on the session's server."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from include.local_aws.testing import Server
from tests.include.local_aws.jobs import Jobs
from tests.include.local_aws.sagemaker.pipelines.callback_messages import Queue
from tests.include.local_aws.sagemaker.pipelines.definitions import Pipelines


@pytest.fixture(scope="module")
def bucket(s3: Any) -> str:
    s3.create_bucket(Bucket="pipelines")
    return "pipelines"


@pytest.fixture
def pipelines(
    local_aws: Server, sagemaker: Any, s3: Any, bucket: str, unique: Callable[[str], str]
) -> Pipelines:
    return Pipelines(Jobs(sagemaker, s3, local_aws.client("logs"), bucket), unique)


@pytest.fixture
def queue(local_aws: Server, unique: Callable[[str], str]) -> Queue:
    """Return a client of SQS and the URL of a new queue."""
    sqs = local_aws.client("sqs")
    return sqs, sqs.create_queue(QueueName=unique("callbacks"))["QueueUrl"]
