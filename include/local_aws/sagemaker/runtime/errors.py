"""Errors of the data plane, as sagemaker-runtime has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...wire.errors import AwsError
from .connections import Response

if TYPE_CHECKING:
    from ...core.account import Aws

LOG_GROUP = "/aws/sagemaker/Endpoints"  # followed by the name of an endpoint
COMPONENT_LOG_GROUP = "/aws/sagemaker/InferenceComponents"  # followed by a component's name


class ModelError(AwsError):
    """The model answered with an error, which is passed on."""

    def __init__(self, message: str, status: int, text: str, log_arn: str) -> None:
        super().__init__("ModelError", message, 424)
        self.members = {
            "OriginalStatusCode": status,
            "OriginalMessage": text,
            "LogStreamArn": log_arn,
        }


def model_error(aws: Aws, endpoint: str, response: Response, component: str = "") -> ModelError:
    region, account = aws.region, aws.account
    kind = "client" if 400 <= response.status < 500 else "server"
    text = response.body.decode("utf-8", "replace")
    group = f"{COMPONENT_LOG_GROUP}/{component}" if component else f"{LOG_GROUP}/{endpoint}"
    message = (
        f"Received {kind} error ({response.status}) from {response.container} with message "
        f'"{text}". See '
        f"https://{region}.console.aws.amazon.com/cloudwatch/home?region={region}"
        f"#logEventViewer:group={group} in account {account} for more information."
    )
    log_arn = f"arn:aws:logs:{region}:{account}:log-group:{group}"
    return ModelError(message, response.status, text, log_arn)


def invalid(message: str) -> AwsError:
    """Return a ValidationError, which other services call ValidationException."""
    return AwsError("ValidationError", message)


def silent(message: str) -> Response:
    """Return AWS's error for a container without a response: server error 0."""
    return Response(0, [], message.encode())
