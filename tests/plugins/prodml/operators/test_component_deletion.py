"""An inference component is deleted, and its endpoint with the last one."""

from __future__ import annotations

from typing import Any

from prodml.operators.alarms import EndpointAlarmsOperator
from prodml.operators.component_deletion import DeleteComponentOperator
from prodml.operators.smoke import SmokeTestOperator

from tests.include.local_aws.models import Platform
from tests.plugins.prodml.operators import components
from tests.plugins.runs import Ti, run


def test_an_endpoint_goes_with_its_last_component(platform: Platform, ti: Ti) -> None:
    fleet = platform.unique("fleet")
    first, last = platform.unique("first"), platform.unique("last")
    package = components.package(platform, "x")
    models = {
        name: run(components.deploy(fleet, name, package), ti)["model"] for name in (first, last)
    }
    watch = EndpointAlarmsOperator(task_id="watch", endpoint=fleet, component=first)
    alarms = run(watch, ti)["alarms"]
    asked = SmokeTestOperator(task_id="smoke", endpoint=fleet, component=last, payload="name")
    assert run(asked, ti)["answer"] == "x"

    def delete(name: str) -> dict[str, list[str]]:
        arguments: dict[str, Any] = {"endpoint": fleet, "component": name, "poll_interval": 0.1}
        return dict(run(DeleteComponentOperator(task_id="delete", **arguments), ti)["deleted"])

    assert delete(first) == {"components": [first], "models": [models[first]], "alarms": alarms}
    assert platform.invoke(fleet, "name", InferenceComponentName=last) == "x"
    deleted = delete(last)
    assert (deleted["components"], deleted["endpoints"]) == ([last], [fleet])
    assert deleted["models"] == [models[last]]
    assert delete(last)["components"] == []
