"""An endpoint's REST API is deleted alone, or with its endpoint."""

from __future__ import annotations

from prodml.apis.names import api_name
from prodml.operators.api_deletion import DeleteApiOperator
from prodml.operators.deletion import DeleteEndpointOperator

from include.local_aws.testing import Server
from tests.include.local_aws.models import Platform, variant
from tests.plugins.prodml.operators.published import post, publish
from tests.plugins.runs import Ti, run


def test_the_api_goes_alone_or_with_its_endpoint(
    platform: Platform, server: Server, ti: Ti
) -> None:
    gateway = server.client("apigateway")
    endpoint = platform.serving(variant(platform.model()))
    first = publish(endpoint, ti)
    deleted = run(DeleteApiOperator(task_id="delete", endpoint=endpoint), ti)["deleted"]
    assert (deleted["apis"], deleted["api_keys"]) == ([first["api_id"]], [first["api_key_id"]])
    assert post(first["url"], "{}")[0] == 403
    assert not any(
        run(DeleteApiOperator(task_id="delete", endpoint=endpoint), ti)["deleted"].values()
    )
    second = publish(endpoint, ti)
    operator = DeleteEndpointOperator(task_id="delete", endpoint=endpoint, poll_interval=0.1)
    deleted = run(operator, ti)["deleted"]
    assert (deleted["apis"], deleted["endpoints"]) == ([second["api_id"]], [endpoint])
    assert api_name(endpoint) not in {api["name"] for api in gateway.get_rest_apis()["items"]}
