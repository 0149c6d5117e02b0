"""The messages of callback steps in a queue."""

from __future__ import annotations

import json
from typing import Any

from include.local_aws.core.store import Doc

Queue = tuple[Any, str]


def message(queue: Queue) -> Doc:
    """Take the next message of a queue."""
    sqs, url = queue
    (received,) = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=10)["Messages"]
    sqs.delete_message(QueueUrl=url, ReceiptHandle=received["ReceiptHandle"])
    body: Doc = json.loads(received["Body"])
    return body
