"""The notifications of an asynchronous endpoint to its SNS topics."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

from ...core.store import Doc
from .connections import Response

if TYPE_CHECKING:
    from ...core.account import Aws


def notify(
    aws: Aws, role: str, doc: Doc, config: Doc, response: Response, failure: str | None
) -> None:
    """Publish the result of the request *doc* to its topic, if one is configured."""
    topics = config["OutputConfig"].get("NotificationConfig", {})
    topic = topics.get("ErrorTopic" if failure else "SuccessTopic")
    if topic:
        message = json.dumps(_notice(aws, doc, response, failure))
        aws.client("sns", role).publish(TopicArn=topic, Message=message)


def _notice(aws: Aws, doc: Doc, response: Response, failure: str | None) -> Doc:
    return _outcome(doc, response, failure) | {
        "awsRegion": aws.region,
        "eventTime": _stamp(aws.clock.now()),
        "receivedTime": _stamp(doc["Received"]),
        "requestParameters": {
            "endpointName": doc["EndpointName"],
            "inputLocation": doc.get("InputLocation"),
        },
        "inferenceId": doc["InferenceId"],
        "eventVersion": "1.0",
        "eventSource": "aws:sagemaker",
        "eventName": "InferenceResult",
    }


def _outcome(doc: Doc, response: Response, failure: str | None) -> Doc:
    if failure:
        return {"invocationStatus": "Failed", "failureReason": failure}
    kind = dict(response.headers).get(b"content-type", b"").decode("latin-1")
    answered = {"contentType": kind, "outputLocation": doc["OutputLocation"]}
    return {"invocationStatus": "Completed", "responseParameters": answered}


def _stamp(at: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))
