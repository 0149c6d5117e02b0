"""Link a task to its job or endpoint: in the AWS console, or on the embedded AWS's page."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode, urlsplit

from airflow.sdk import BaseOperatorLink

from prodml.vocabulary import Resource

if TYPE_CHECKING:
    from airflow.sdk import BaseOperator
    from airflow.sdk.types import TaskInstanceKey

KEY = "sagemaker_link"
# The suffixes of AWS's hosts, including dual-stack, and the consoles of other partitions, from
# botocore's partitions.json and AWS's sign-in pages.
AWS = (
    *(".amazonaws.com", ".amazonaws.com.cn", ".amazonaws.eu", ".api.aws"),
    *(".api.amazonwebservices.com.cn", ".api.amazonwebservices.eu"),
)
CONSOLES = {
    "cn-": "console.amazonaws.cn",
    "eusc-": "console.amazonaws-eusc.eu",
    "us-gov-": "console.amazonaws-us-gov.com",
}


class SageMakerLink(BaseOperatorLink):
    """Open what the task started, created or changed."""

    @property
    def name(self) -> str:
        return "SageMaker"

    def get_link(self, operator: BaseOperator, *, ti_key: TaskInstanceKey) -> str:
        from airflow.providers.common.compat.sdk import XCom

        return XCom.get_value(key=KEY, ti_key=ti_key) or ""


def address(endpoint: str, region: str, kind: Resource, name: str) -> str:
    """Return the URL of *name*: in AWS's console, else on the page of another endpoint."""
    if (console := _console(endpoint, region)) is None:
        return f"{endpoint.rstrip('/')}/_local/jobs/{kind.noun}/{name}?region={region}"
    return f"https://{console}/sagemaker/home?region={region}#/{kind.console}/{name}"


def object_address(endpoint: str, region: str, uri: str) -> str:
    """Return the URL of an object or a folder of S3, as :func:`address` does."""
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    if (console := _console(endpoint, region)) is None:
        return f"{endpoint.rstrip('/')}/_local/buckets/{quote(bucket)}"
    kind = "object" if "." in key.rpartition("/")[2] else "buckets"
    query = urlencode({"region": region, "prefix": key})
    return f"https://{console}/s3/{kind}/{quote(bucket)}?{query}"


def _console(endpoint: str, region: str) -> str | None:
    """Return the host of AWS's console; None for an endpoint that is not AWS's."""
    if not (urlsplit(endpoint).hostname or "").endswith(AWS):
        return None
    consoles = (console for begin, console in CONSOLES.items() if region.startswith(begin))
    return next(consoles, "console.aws.amazon.com")
