"""The services that Airflow calls: each answers."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from prodml.aws.client import Aws
from prodml.preflight.findings import Finding, ok, unknown, wrong
from prodml.preflight.project import Project
from prodml.vocabulary import Json

READS: dict[str, tuple[str, Json]] = {  # a call of each service that reads little
    "sagemaker": ("list_endpoints", {"MaxResults": 1}),
    "logs": ("describe_log_groups", {"limit": 1}),
    "cloudwatch": ("describe_alarms", {"MaxRecords": 1}),
    "application-autoscaling": (
        "describe_scalable_targets",
        {"ServiceNamespace": "sagemaker", "MaxResults": 1},
    ),
}
RUNTIME = "sagemaker-runtime"
PATIENCE = 5.0  # seconds
FIX = "Allow HTTPS to it from Airflow: a VPC endpoint, a NAT gateway, or HTTPS_PROXY"


def check_services(aws: Aws, project: Project) -> Iterator[Finding]:
    """Check that every service answers; a denial is an answer."""
    from botocore.exceptions import ClientError
    from botocore.exceptions import ConnectionError as NoConnection

    for service, (operation, request) in READS.items():
        client = aws.client(service)
        try:
            getattr(client, operation)(**request)
        except NoConnection as error:
            yield wrong(f"reach {service}", str(error), FIX)
            continue
        except ClientError:
            pass  # permissions have a check of their own
        yield ok(f"reach {service}", client.meta.endpoint_url)
    yield _connected(aws)


def _connected(aws: Aws) -> Finding:
    """Connect to the runtime, which has no operation that only reads."""
    client: Any = aws.client(RUNTIME)
    check, url = f"reach {RUNTIME}", client.meta.endpoint_url
    if client.meta.config.proxies:
        return unknown(check, f"{url} is behind a proxy", "Deploy a model to find out")
    address = urlsplit(url)
    port = address.port or (80 if address.scheme == "http" else 443)
    try:
        socket.create_connection((address.hostname or "", port), PATIENCE).close()
    except OSError as error:
        return wrong(check, f"{url}: {error}", FIX)
    return ok(check, url)
