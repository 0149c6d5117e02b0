from __future__ import annotations

from collections.abc import Iterator

import pytest

from include.local_aws.testing import Server, connection_to
from include.pipelines.adapters.aws import client
from include.settings import settings


@pytest.fixture(scope="module")
def bucket(local_aws_server: Server) -> Iterator[None]:
    """Point the pipelines at the embedded AWS of the session, with the bucket of their runs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AIRFLOW_CONN_AWS_DEFAULT", connection_to(local_aws_server.url))
        client("s3").create_bucket(Bucket=settings().bucket)
        yield
