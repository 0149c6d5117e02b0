"""The bucket that a request's host names: the guard and moto must agree on it."""

from __future__ import annotations

import pytest

from include.local_aws.iam.s3_requests import addressed


@pytest.mark.parametrize(
    ("host", "path"),
    [
        ("127.0.0.1:4566", "/victim/key"),
        ("[::1]:4566", "/victim/key"),
        ("localhost:4566", "/victim/key"),
        ("localhost", "/victim/key"),
        ("localstack.localhost:4566", "/victim/key"),
        ("127.0.0.1.localhost:4566", "/victim/key"),
        ("host.docker.internal:4566", "/victim/key"),
        ("aws.prod.svc.cluster.local:4566", "/victim/key"),
        ("local-aws:4566", "/victim/key"),
        ("s3.eu-west-1.amazonaws.com", "/victim/key"),
        ("mine.localhost:4566", "/mine/victim/key"),
        ("www.mine.localhost:4566", "/mine/victim/key"),
        ("mine.s3.amazonaws.com", "/mine/victim/key"),
        ("a.b.s3.eu-west-1.amazonaws.com", "/a.b/victim/key"),
    ],
)
def test_bucket_is_read_from_the_host_as_moto_reads_it(host: str, path: str) -> None:
    assert addressed("/victim/key", host) == path
