"""AWS::Budgets::Budget: stored only, since nothing here costs anything."""

from __future__ import annotations

from typing import Any

from moto.budgets.models import budgets_backends
from moto.core.common_models import CloudFormationModel

TYPE = "AWS::Budgets::Budget"
PARTITION = "aws"


class Budget(CloudFormationModel):  # type: ignore[misc]
    """A budget as a stack's resource; its physical id is its name, as on AWS."""

    def __init__(self, name: str) -> None:
        self.physical_resource_id = name

    @staticmethod
    def cloudformation_name_type() -> str:
        return ""

    @staticmethod
    def cloudformation_type() -> str:
        return TYPE

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:
        return False

    @classmethod
    def create_from_cloudformation_json(
        cls,
        resource_name: str,
        cloudformation_json: dict[str, Any],
        account_id: str,
        region_name: str,
        **_: Any,
    ) -> Budget:
        properties = cloudformation_json["Properties"]
        budget = {"BudgetName": resource_name} | properties["Budget"]
        if limit := budget.get("BudgetLimit"):
            budget["BudgetLimit"] = limit | {"Amount": str(limit["Amount"])}
        notifications = properties.get("NotificationsWithSubscribers", [])
        backend = budgets_backends[account_id][PARTITION]
        backend.create_budget(account_id, budget, notifications)
        return cls(budget["BudgetName"])

    @classmethod
    def update_from_cloudformation_json(
        cls,
        original_resource: Budget,
        new_resource_name: str,
        cloudformation_json: dict[str, Any],
        account_id: str,
        region_name: str,
    ) -> Budget:
        name = original_resource.physical_resource_id
        cls.delete_from_cloudformation_json(name, cloudformation_json, account_id, region_name)
        return cls.create_from_cloudformation_json(
            name, cloudformation_json, account_id, region_name
        )

    @classmethod
    def delete_from_cloudformation_json(
        cls,
        resource_name: str,
        cloudformation_json: dict[str, Any],
        account_id: str,
        region_name: str,
    ) -> None:
        budgets_backends[account_id][PARTITION].delete_budget(account_id, resource_name)
