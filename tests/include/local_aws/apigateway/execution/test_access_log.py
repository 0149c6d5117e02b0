"""The access log has a line for each request, in the format of its stage."""

from __future__ import annotations

from include.local_aws.apigateway.addresses import Address
from include.local_aws.apigateway.execution.access_log import line
from include.local_aws.apigateway.execution.request import ApiRequest
from include.local_aws.testing import Server
from tests.include.local_aws.apigateway.published import MOCKED, ROLE, Api


def test_the_access_log_has_a_line_for_each_request(api: Api, local_aws: Server) -> None:
    logs, group = local_aws.client("logs"), f"/apis/{api.name}"
    arn = f"arn:aws:logs:us-east-1:000000000000:log-group:{group}"
    logs.create_log_group(logGroupName=group)
    api.method(api.resource("a"), MOCKED, "GET")
    api.deploy()
    role = [{"op": "replace", "path": "/cloudwatchRoleArn", "value": ROLE}]
    api.client.update_account(patchOperations=role)
    api.set_stage(
        ("/accessLogSettings/destinationArn", arn),
        ("/accessLogSettings/format", "$context.requestId $context.status $context.missing"),
    )
    replies = [api.call("/a"), api.call("/missing")]
    events = logs.filter_log_events(logGroupName=group)["events"]
    ids = [reply.headers["x-amzn-requestid"] for reply in replies]
    assert [event["message"] for event in events] == [f"{ids[0]} 200 -", f"{ids[1]} 403 -"]


def test_a_line_reads_nested_variables_and_has_a_hyphen_for_missing_ones() -> None:
    context = {"status": 200, "identity": {"apiKeyId": "k1", "apiKey": None}}
    request = ApiRequest(Address("a" * 10, "test", "/", ""), "GET", {}, {}, b"", context)
    form = "$context.status. $context.identity.apiKeyId|$context.identity.apiKey|$context.identity"
    assert line(form, request) == "200. k1|-|-"
    assert line('{"$input": "$context.error.message"}', request) == '{"$input": "-"}'
