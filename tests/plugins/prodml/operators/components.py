"""Inference components for tests: half of an instance each, with fast polling."""

from __future__ import annotations

from typing import Any

from prodml.endpoints.component import Component, Hosts
from prodml.operators.component import DeployComponentOperator

from tests.include.local_aws.models import OBEDIENT, Platform
from tests.plugins.conftest import register
from tests.plugins.runs import ROLE

HALF = Component(memory_mb=1024, cpus=1.0)


def package(platform: Platform, name: str, code: str = OBEDIENT) -> str:
    return register(platform.sagemaker, platform.container(code, name))


def deploy(fleet: str, component: str, package: str, **arguments: Any) -> DeployComponentOperator:
    return DeployComponentOperator(
        task_id="deploy",
        endpoint=fleet,
        component=component,
        model_package_arn=package,
        role_arn=ROLE,
        hosts=Hosts(most=4),
        needs=arguments.pop("needs", HALF),
        poll_interval=0.1,
        **arguments,
    )
