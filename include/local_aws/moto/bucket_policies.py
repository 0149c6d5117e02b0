"""Policies of buckets, which the server evaluates itself with `--iam record` and `enforce`."""

from __future__ import annotations


def leave_to_server() -> None:
    """Let moto allow everything: it evaluates bucket policies again, without their conditions."""
    from moto.iam.access_control import PermissionResult
    from moto.s3.models import FakeBucket

    FakeBucket.get_permission = lambda bucket, action, resource: PermissionResult.PERMITTED
