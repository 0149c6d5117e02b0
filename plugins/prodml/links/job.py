"""From a task to its job: in the AWS console, or on the page of the AWS that is embedded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow.sdk import BaseOperatorLink

from prodml.vocabulary import Kind

if TYPE_CHECKING:
    from airflow.sdk import BaseOperator
    from airflow.sdk.types import TaskInstanceKey

KEY = "sagemaker_link"


class SageMakerLink(BaseOperatorLink):
    """Opens what the task started."""

    @property
    def name(self) -> str:
        return "SageMaker"

    def get_link(self, operator: BaseOperator, *, ti_key: TaskInstanceKey) -> str:
        from airflow.providers.common.compat.sdk import XCom

        return XCom.get_value(key=KEY, ti_key=ti_key) or ""


def address(endpoint: str, region: str, kind: Kind, name: str) -> str:
    """Where a person looks at *name*: AWS's console, else the page of whatever answers instead."""
    if ".amazonaws.com" not in endpoint:
        return f"{endpoint.rstrip('/')}/_local/jobs/{kind.noun}/{name}"
    domain = "amazonaws.cn" if endpoint.endswith(".cn") else "aws.amazon.com"
    return f"https://console.{domain}/sagemaker/home?region={region}#/{kind.console}/{name}"
