"""The Session of docs/how-to/sagemaker-sdk.md, for version 2 of the SDK."""

from __future__ import annotations

from typing import Any

import boto3


class Regional(boto3.session.Session):  # type: ignore[misc]
    """Asks STS at AWS_ENDPOINT_URL, where the SDK names AWS's address."""

    def client(self, service_name: str, *args: Any, **kwargs: Any) -> Any:
        if service_name == "sts":
            kwargs.pop("endpoint_url", None)
        return super().client(service_name, *args, **kwargs)
