"""The variant or the inference component that a request's header fields choose."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from include.local_aws.core.account import Aws
from include.local_aws.sagemaker.runtime.components import NoCapacityError
from include.local_aws.sagemaker.runtime.deployments import Deployment
from include.local_aws.sagemaker.runtime.routing import NOT_ALLOWED, REQUIRED, Router
from include.local_aws.sagemaker.runtime.streaming import Stream
from include.local_aws.sagemaker.runtime.traffic import Traffic
from include.local_aws.wire.errors import AwsError

VARIANT, COMPONENT = b"x-amzn-sagemaker-target-variant", b"x-amzn-sagemaker-inference-component"
IMAGE = {"Containers": [{"Image": "image"}]}


class Routing:
    """A router of the components *first*, which has copies, and *idle*, which has none."""

    def __init__(self, aws: Aws, *names: str, **members: Any) -> None:
        variants = [
            {"VariantName": name, "DesiredWeight": 1.0, "DesiredInstanceCount": 1} | members
            for name in names
        ]
        doc = {"EndpointConfigName": "c", "Variants": variants}
        self.traffic = Traffic(Deployment(aws, "churn", doc))
        self.without_capacity: list[str] = []
        self.copies = self.traffic.present.variants[names[0]]
        components: Any = {
            "first": SimpleNamespace(endpoint="churn", choose=lambda: self.copies),
            "idle": SimpleNamespace(endpoint="churn", choose=self._refuse),
            "other": SimpleNamespace(endpoint="fraud", choose=lambda: self.copies),
        }
        recorder = SimpleNamespace(record_no_capacity=self.without_capacity.append)
        observations: Any = SimpleNamespace(recorder=recorder)
        self._router = Router(aws, components, observations)

    def _refuse(self) -> None:
        raise NoCapacityError

    def directed(self, headers: dict[bytes, bytes], stream: Stream | None = None) -> Any:
        return self._router.directed(self.traffic, headers, "churn", b"1,2", stream)

    def refusal(self, headers: dict[bytes, bytes]) -> str:
        """Return the message with which a request is refused."""
        with pytest.raises(AwsError) as caught:
            self.directed(headers)
        assert caught.value.code == "ValidationError"
        return caught.value.message


def test_a_request_goes_to_the_variant_that_it_names(aws: Aws) -> None:
    routing = Routing(aws, "Blue", "Green", **IMAGE)
    chosen = {routing.directed({VARIANT: b"Green"})[0].name for _ in range(20)}
    assert chosen == {"Green"}
    assert {routing.directed({})[0].name for _ in range(100)} == {"Blue", "Green"}


def test_an_unknown_variant_is_refused_with_those_that_there_are(aws: Aws) -> None:
    assert Routing(aws, "Blue", "Green", **IMAGE).refusal({VARIANT: b"Red"}) == (
        "Variant Red not found in endpoint churn. It has: Blue, Green."
    )


def test_the_model_receives_the_body_and_its_header_fields_alone(aws: Aws) -> None:
    headers = {b"content-type": b"text/csv", b"authorization": b"secret", VARIANT: b"Blue"}
    _, invocation = Routing(aws, "Blue", **IMAGE).directed(headers)
    assert (invocation.headers, invocation.body) == ([(b"content-type", b"text/csv")], b"1,2")
    assert (invocation.target, invocation.stream) == (None, None)


def test_a_streamed_response_names_its_variant(aws: Aws) -> None:
    async def directed() -> Stream:
        stream = Stream()
        _, invocation = Routing(aws, "Blue", **IMAGE).directed({}, stream)
        assert invocation.stream == stream.add
        return stream

    stream = asyncio.run(directed())
    assert (b"x-amzn-invoked-production-variant", b"Blue") in stream.fields()


def test_an_endpoint_of_components_needs_the_name_of_one(aws: Aws) -> None:
    routing = Routing(aws, "AllTraffic", Containers=[])
    assert routing.refusal({}) == REQUIRED
    assert routing.directed({COMPONENT: b"first"})[0] is routing.copies


@pytest.mark.parametrize("name", ["none", "other"])
def test_a_component_of_another_endpoint_is_refused(aws: Aws, name: str) -> None:
    assert Routing(aws, "AllTraffic", Containers=[]).refusal({COMPONENT: name.encode()}) == (
        f"Inference Component {name} of account 000000000000 not found on endpoint churn."
    )


def test_an_endpoint_of_models_refuses_a_component(aws: Aws) -> None:
    assert Routing(aws, "Blue", **IMAGE).refusal({COMPONENT: b"first"}) == NOT_ALLOWED


def test_a_component_without_capacity_is_counted(aws: Aws) -> None:
    routing = Routing(aws, "AllTraffic", Containers=[])
    assert routing.refusal({COMPONENT: b"idle"}).startswith("Inference Component has no capacity")
    assert routing.without_capacity == ["idle"]
