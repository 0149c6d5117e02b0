"""A project whose account is the embedded AWS of the session."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from prodml.aws.client import Aws
from prodml.preflight.checks import CONFIG
from prodml.preflight.findings import Finding
from prodml.preflight.project import Project

from include.local_aws.testing import REGION
from tests.plugins.runs import ROLE

Check = Callable[[Aws, Project], Iterator[Finding]]
Lines = dict[str, tuple[str, str]]


class Checked:
    """Runs a check on a project that differs from the usual one."""

    def __init__(self) -> None:
        self.aws = Aws("aws_default", REGION, botocore_config=CONFIG)
        self.project = Project("prodml-tests", ROLE, REGION, "tests")

    def __call__(self, check: Check, aws: Aws | None = None, **changes: Any) -> Lines:
        """Return the state and value of each line; fail if a wrong one names no fix."""
        lines = list(check(aws or self.aws, replace(self.project, **changes)))
        assert all(bool(line.fix) == (line.state != "OK") for line in lines)
        return {line.check: (line.state.value, line.value) for line in lines}


@pytest.fixture
def checked() -> Checked:
    return Checked()
