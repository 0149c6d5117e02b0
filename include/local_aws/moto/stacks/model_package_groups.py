"""AWS::SageMaker::ModelPackageGroup: created in this server's own registry."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from moto.core.common_models import CloudFormationModel

from ..own_services import Origin

TYPE = "AWS::SageMaker::ModelPackageGroup"
POLICY = "ModelPackageGroupPolicy"
Properties = dict[str, Any]


class ModelPackageGroup(CloudFormationModel):  # type: ignore[misc]
    """A group as a stack's resource; its physical id is its ARN, as on AWS."""

    origin: ClassVar[Origin]

    def __init__(self, arn: str, description: dict[str, Any]) -> None:
        self.physical_resource_id = arn
        self._attributes: dict[str, str] = {
            "ModelPackageGroupArn": arn,
            "ModelPackageGroupStatus": description["ModelPackageGroupStatus"],
            "CreationTime": description["CreationTime"].isoformat(),
        }

    @staticmethod
    def cloudformation_name_type() -> str:
        return "ModelPackageGroupName"

    @staticmethod
    def cloudformation_type() -> str:
        return TYPE

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:
        return attr in ("ModelPackageGroupArn", "ModelPackageGroupStatus", "CreationTime")

    def get_cfn_attribute(self, attribute_name: str) -> str:
        return self._attributes[attribute_name]

    @classmethod
    def create_from_cloudformation_json(
        cls,
        resource_name: str,
        cloudformation_json: dict[str, Any],
        account_id: str,
        region_name: str,
        **_: Any,
    ) -> ModelPackageGroup:
        properties: Properties = cloudformation_json["Properties"]
        request = {"ModelPackageGroupName": resource_name} | {
            name: properties[name]
            for name in ("ModelPackageGroupDescription", "Tags")
            if name in properties
        }
        sagemaker = cls.origin.client("sagemaker", account_id, region_name)
        arn = sagemaker.create_model_package_group(**request)["ModelPackageGroupArn"]
        _put_policy(sagemaker, resource_name, properties)
        return cls(arn, sagemaker.describe_model_package_group(ModelPackageGroupName=resource_name))

    @classmethod
    def update_from_cloudformation_json(
        cls,
        original_resource: ModelPackageGroup,
        new_resource_name: str,
        cloudformation_json: dict[str, Any],
        account_id: str,
        region_name: str,
    ) -> ModelPackageGroup:
        name = _name(original_resource.physical_resource_id)
        sagemaker = cls.origin.client("sagemaker", account_id, region_name)
        _put_policy(sagemaker, name, cloudformation_json["Properties"])
        return original_resource

    @classmethod
    def delete_from_cloudformation_json(
        cls,
        resource_name: str,
        cloudformation_json: dict[str, Any],
        account_id: str,
        region_name: str,
    ) -> None:
        sagemaker = cls.origin.client("sagemaker", account_id, region_name)
        sagemaker.delete_model_package_group(ModelPackageGroupName=_name(resource_name))


def emulate(origin: Origin) -> None:
    """Create groups through *origin*."""
    ModelPackageGroup.origin = origin


def _name(arn: str) -> str:
    return arn.rpartition("/")[2]


def _put_policy(sagemaker: Any, group: str, properties: Properties) -> None:
    if policy := properties.get(POLICY):
        text = policy if isinstance(policy, str) else json.dumps(policy)
        sagemaker.put_model_package_group_policy(ModelPackageGroupName=group, ResourcePolicy=text)
