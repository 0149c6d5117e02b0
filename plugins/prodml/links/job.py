"""From a task to its job or endpoint: in the AWS console, or on a page of the embedded AWS."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from airflow.sdk import BaseOperatorLink

from prodml.vocabulary import Resource

if TYPE_CHECKING:
    from airflow.sdk import BaseOperator
    from airflow.sdk.types import TaskInstanceKey

KEY = "sagemaker_link"
# How the hosts of AWS end, dual-stack ones too, and which regions have another console: as
# botocore's partitions.json and AWS's sign-in pages have it.
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
    """Opens what the task started, made or changed."""

    @property
    def name(self) -> str:
        return "SageMaker"

    def get_link(self, operator: BaseOperator, *, ti_key: TaskInstanceKey) -> str:
        from airflow.providers.common.compat.sdk import XCom

        return XCom.get_value(key=KEY, ti_key=ti_key) or ""


def address(endpoint: str, region: str, kind: Resource, name: str) -> str:
    """Where a person looks at *name*: AWS's console, else the page of whatever answers instead."""
    host = urlsplit(endpoint).hostname or ""
    if not host.endswith(AWS):
        return f"{endpoint.rstrip('/')}/_local/jobs/{kind.noun}/{name}?region={region}"
    found = (console for begin, console in CONSOLES.items() if region.startswith(begin))
    console = next(found, "console.aws.amazon.com")
    return f"https://{console}/sagemaker/home?region={region}#/{kind.console}/{name}"
