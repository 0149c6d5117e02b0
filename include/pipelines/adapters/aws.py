"""Create AWS clients for task functions from the Airflow connection."""

from __future__ import annotations

import json
from typing import Any

from prodml.aws.client import Aws
from prodml.aws.s3 import holds_something, read, read_json, split
from prodml.vocabulary import Json

from include.settings import settings

# Up to 20 s between two tries, two minutes in all; task functions have no other retries.
PATIENCE = {"mode": "standard", "total_max_attempts": 16}


def client(service: str) -> Any:
    """Return a boto3 client of *service* for the deployment's connection and region."""
    aws = Aws(settings().aws_conn_id, settings().region, botocore_config={"retries": PATIENCE})
    return aws.client(service)


def read_text(uri: str) -> str:
    """Return the object at *uri*; raise MissingObjectError if it does not exist."""
    return read(client("s3"), uri).decode()


def read_document(uri: str) -> Json:
    """Return the JSON object at *uri*; raise MissingObjectError if it does not exist."""
    return read_json(client("s3"), uri)


def held(uri: str | None) -> str | None:
    """Return *uri* if there is anything below it; outputs of a run may have been deleted."""
    return uri if uri and holds_something(client("s3"), uri) else None


def write_text(uri: str, text: str) -> str:
    bucket, key = split(uri)
    client("s3").put_object(Bucket=bucket, Key=key, Body=text.encode())
    return uri


def write_json(uri: str, document: Any) -> str:
    return write_text(uri, json.dumps(document, indent=1) + "\n")
