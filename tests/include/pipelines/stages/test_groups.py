"""The boxes of a graph."""

from __future__ import annotations

from airflow.sdk import task

from include.pipelines.stages.groups import group
from tests.include.pipelines.stages.conftest import Wired


@task
def work() -> None:
    """Do nothing."""


def test_a_group_leaves_the_ids_of_its_tasks_alone(wired: Wired) -> None:
    def stage() -> None:
        with group("prepare_data", "Prepare data", "About"):
            work()

    tasks = wired(stage)
    assert list(tasks) == ["work"]
    box = tasks["work"].task_group
    assert (box.group_id, box.group_display_name) == ("prepare_data", "Prepare data")
