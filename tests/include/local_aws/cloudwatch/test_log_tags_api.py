from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.include.local_aws.refusals import refusal

Unique = Callable[[str], str]


def test_tags_of_a_group_are_the_same_by_its_arn_and_by_its_name(logs: Any, unique: Unique) -> None:
    name = unique("/aws/tagged")
    logs.create_log_group(logGroupName=name, tags={"team": "ml"})
    arn = logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"][0]["logGroupArn"]
    logs.tag_resource(resourceArn=arn, tags={"env": "prod"})
    assert logs.list_tags_log_group(logGroupName=name)["tags"] == {"team": "ml", "env": "prod"}
    logs.untag_log_group(logGroupName=name, tags=["team"])
    logs.tag_log_group(logGroupName=name, tags={"env": "dev"})
    assert logs.list_tags_for_resource(resourceArn=arn)["tags"] == {"env": "dev"}
    logs.untag_resource(resourceArn=arn, tagKeys=["env"])
    assert logs.list_tags_for_resource(resourceArn=arn)["tags"] == {}


def test_tags_go_with_their_group(logs: Any, unique: Unique) -> None:
    name = unique("/aws/tagged")
    logs.create_log_group(logGroupName=name, tags={"team": "ml"})
    logs.delete_log_group(logGroupName=name)
    logs.create_log_group(logGroupName=name)
    assert logs.list_tags_log_group(logGroupName=name)["tags"] == {}


def test_tags_of_other_resources_are_refused(logs: Any, group: str) -> None:
    arn = logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"][0]["logGroupArn"]
    for number in range(2):
        tags = {f"{number}-{n}": "x" for n in range(25)}
        logs.tag_resource(resourceArn=arn, tags=tags)
    code, _ = refusal(logs.tag_resource, resourceArn=arn, tags={"one": "more"})
    assert code == "TooManyTagsException"
    code, _ = refusal(logs.list_tags_for_resource, resourceArn=f"{arn}-gone")
    assert code == "ResourceNotFoundException"
    code, _ = refusal(logs.list_tags_for_resource, resourceArn="arn:aws:s3:::bucket")
    assert code == "InvalidParameterException"
