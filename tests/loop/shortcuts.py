"""Shortcuts of a process that runs many DAGs: repeat nothing that would give the same again."""

from __future__ import annotations

import functools
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.cheap_execution_api import answer_cheaply
from tests.cheap_schemas import check_each_schema_once


def take_shortcuts() -> None:
    """Take those that hold for each world; call this before a DAG is parsed."""
    check_each_schema_once()
    poll_often_for_tasks()
    share_clients()
    call_as_airflow()
    answer_cheaply()


def call_as_airflow() -> None:
    """Send traffic with Airflow's credentials: an AWS that enforces IAM knows no others."""
    from include.demo import jobs
    from include.pipelines.adapters import aws

    jobs.client = aws.client


def poll_often_for_tasks() -> None:
    """Let `dag.test()` poll for its next tasks ten times a second instead of once."""
    from airflow.sdk.definitions import dag

    sleep = time.sleep

    def shortened(seconds: float, /) -> None:
        caller = sys._getframe(1).f_globals["__name__"]
        sleep(seconds / 10 if caller == dag.__name__ else seconds)

    time.sleep = shortened  # type: ignore[assignment]


def share_clients() -> None:
    """Give all tasks the same clients: the connection of a process never changes here."""
    from prodml.aws.client import Aws

    create, shared = Aws.client, dict[tuple[str, ...], Any]()

    def client(aws: Aws, service: str) -> Any:
        key = (json.dumps(aws.arguments(), sort_keys=True), service)
        if key not in shared:
            shared[key] = create(aws, service)
        return shared[key]

    Aws.client = client  # type: ignore[method-assign, assignment]


def store_only(files: Sequence[Path]) -> None:
    """Let `dag.test()` parse and store these DAG files, once, instead of their whole folder."""
    from airflow.dag_processing import dagbag

    store, stored = dagbag.sync_bag_to_db, set[str]()
    make = dagbag.BundleDagBag

    def bag(dag_folder: Path, **options: Any) -> Any:
        first, *others = files
        made: Any = make(dag_folder=first, **options)
        for file in others:
            made.process_file(str(file))
        return made

    def store_new(bag: Any, bundle: str, version: str | None) -> None:
        if bundle not in stored:
            store(bag, bundle, version)
            stored.add(bundle)

    dagbag.BundleDagBag = functools.cache(bag)  # type: ignore[misc, assignment]
    dagbag.sync_bag_to_db = store_new  # type: ignore[assignment]
