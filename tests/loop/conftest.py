"""The churn loop in a fresh world: an embedded AWS, an Airflow, an empty landing folder."""

from __future__ import annotations

import contextlib
import functools
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from prodml.vocabulary import Json

from include.local_aws.testing import Server, running_server
from tests import preloaded
from tests.root import ROOT

RunSteps = Callable[..., list[Json]]


@pytest.fixture
def run_steps(tmp_path: Path) -> RunSteps:
    """Run steps of the loop in a world of the test's own and return their results."""
    return functools.partial(run_in_new_world, tmp_path)


def run_in_new_world(
    folder: Path, *steps: Json, sandbox: str = "auto", root: Path = ROOT, **variables: str
) -> list[Json]:
    """Run steps of the loop (see tests/loop/churn.py) in a new world and return their results.

    A whole world takes half a minute of CPU time: tests that fit after each other share one.
    """
    with run_in(folder, root, sandbox=sandbox) as (_, run):
        return run(*steps, **variables)


@contextlib.contextmanager
def run_in(
    folder: Path, root: Path = ROOT, **options: Any
) -> Iterator[tuple[Server, Callable[..., list[Json]]]]:
    """Yield a new embedded AWS, and a function that runs steps in it with more variables.

    :param options: Those of :func:`running_server`.
    """
    with running_server(folder / "aws", time_scale=60, **options) as server:
        own = _variables(folder, server.url)

        def run(*steps: Json, **more: str) -> list[Json]:
            asked, answered = folder / "steps.json", folder / "results.json"
            asked.write_text(json.dumps(steps))
            files = {"home": folder / "airflow", "log": folder / "steps.log", "root": root}
            preloaded.run("tests.loop.churn", asked, answered, more=own | more, **files)
            return list(json.loads(answered.read_text())["results"])

        yield server, run


def _variables(folder: Path, aws_url: str) -> dict[str, str]:
    return {
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": "True",  # who answers Required Actions
        "AIRFLOW_CONN_AWS_DEFAULT": "aws://",
        "AWS_ENDPOINT_URL": aws_url,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
        "PRODML_CAPTURE_LAG_MINUTES": "0",  # else a check waits until twenty minutes past the hour
        "PRODML_AWS_PORT": aws_url.rpartition(":")[2],
        "PRODML_LANDING": str(folder / "landing"),
    }
