"""A monitoring schedule is brought into a state."""

from __future__ import annotations

import pytest
from prodml.aws.client import Aws
from prodml.exceptions import MonitoringError, RequestRefusedError
from prodml.model_monitor.schedule import MonitoringSchedule


def test_a_schedule_that_does_not_exist_is_none_and_deleting_it_is_no_error(unique: str) -> None:
    schedule = MonitoringSchedule(Aws(), unique, timeout=5, poll_interval=0.05)
    assert schedule.describe() is None
    schedule.delete()


def test_a_state_that_never_comes_is_an_error_with_its_name(unique: str) -> None:
    schedule = MonitoringSchedule(Aws(), unique, timeout=0, poll_interval=0.01)
    with pytest.raises(MonitoringError, match=f"{unique}' is not Scheduled after 0 s") as error:
        schedule.wait(lambda found: found is not None, "Scheduled")
    assert str(error.value).endswith("then clear the task.")


def test_a_definition_that_aws_refuses_is_not_retried(unique: str) -> None:
    schedule = MonitoringSchedule(Aws(), unique)
    config = {"MonitoringJobDefinitionName": "nothing", "MonitoringType": "DataQuality"}
    with pytest.raises(RequestRefusedError, match="AWS refused to create the schedule"):
        schedule.put(config)


def test_undefining_what_is_not_there_is_no_error(unique: str) -> None:
    schedule = MonitoringSchedule(Aws(), unique)
    schedule.undefine({"MonitoringJobDefinitionName": unique, "MonitoringType": "DataQuality"})
    schedule.undefine({})
