"""From a task to its job in the AWS console."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow.sdk import BaseOperatorLink

if TYPE_CHECKING:
    from airflow.sdk import BaseOperator
    from airflow.sdk.types import TaskInstanceKey

KEY = "sagemaker_link"


class SageMakerLink(BaseOperatorLink):
    """Opens what the task started in the AWS console."""

    @property
    def name(self) -> str:
        return "SageMaker"

    def get_link(self, operator: BaseOperator, *, ti_key: TaskInstanceKey) -> str:
        from airflow.providers.common.compat.sdk import XCom

        return XCom.get_value(key=KEY, ti_key=ti_key) or ""


def address(endpoint: str, region: str, room: str, name: str) -> str:
    """Where the console shows *name*; nothing where the connection does not point at AWS."""
    if ".amazonaws.com" not in endpoint:
        return ""
    domain = "amazonaws.cn" if endpoint.endswith(".cn") else "aws.amazon.com"
    return f"https://console.{domain}/sagemaker/home?region={region}#/{room}/{name}"
