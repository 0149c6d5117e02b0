"""One run of a DAG, in a process of tests/preloaded.py whose argument is the DAG's file."""

from __future__ import annotations

import sys


def main() -> None:
    from airflow.dag_processing.dagbag import DagBag
    from airflow.listeners.listener import get_listener_manager

    bag = DagBag(sys.argv[1])
    if bag.import_errors:
        raise RuntimeError(bag.import_errors)
    (dag,) = bag.dags.values()
    run = dag.test()
    get_listener_manager().hook.before_stopping(component=dag)  # ends processes of OpenLineage
    if run.state != "success":
        raise RuntimeError(f"The run ended as {run.state}.")
