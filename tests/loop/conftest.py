"""The churn loop in a fresh world: an embedded AWS, an Airflow, an empty landing folder."""

from __future__ import annotations

import contextlib
import functools
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from prodml.vocabulary import Json

from include.local_aws.testing import Server, running_server
from tests.loop.preloaded import fork_server, home_variables, variables
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
        environment = _environment(root, folder, server.url)

        def run(*steps: Json, **more: str) -> list[Json]:
            asked, answered = folder / "steps.json", folder / "results.json"
            asked.write_text(json.dumps(steps))
            log, arguments = folder / "steps.log", [str(asked), str(answered)]
            process = fork_server(root).start(arguments, environment | more, log)
            try:
                assert process.wait() == 0, log.read_text()[-9000:]
            finally:
                process.kill()  # after a timeout of the test; it has ended otherwise
            return list(json.loads(answered.read_text())["results"])

        yield server, run


def _environment(root: Path, folder: Path, aws_url: str) -> dict[str, str]:
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "AIRFLOW"))}
    aws = {
        "AIRFLOW_CONN_AWS_DEFAULT": "aws://",
        "AWS_ENDPOINT_URL": aws_url,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
        "PRODML_AWS_PORT": aws_url.rpartition(":")[2],
        "PRODML_LANDING": str(folder / "landing"),
    }
    return inherited | variables(root) | home_variables(folder / "airflow") | aws
