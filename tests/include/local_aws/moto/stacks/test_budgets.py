"""Budgets of stacks are stored."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from include.local_aws.testing import Server
from tests.include.local_aws.moto.stacks.conftest import Stacks

ACCOUNT = "000000000000"


def _budget(name: str, dollars: int) -> dict[str, Any]:
    limit = {"Amount": dollars, "Unit": "USD"}
    budget = {"BudgetName": name, "BudgetType": "COST", "TimeUnit": "MONTHLY", "BudgetLimit": limit}
    return {"Type": "AWS::Budgets::Budget", "Properties": {"Budget": budget}}


def test_budget_is_created_changed_and_deleted(
    local_aws: Server, stacks: Stacks, unique: Callable[[str], str]
) -> None:
    budgets, name = local_aws.client("budgets"), unique("budget")

    def amounts() -> list[float]:
        known = budgets.describe_budgets(AccountId=ACCOUNT)["Budgets"]
        return [float(b["BudgetLimit"]["Amount"]) for b in known if b["BudgetName"] == name]

    stacks.create(Budget=_budget(name, 100))
    assert amounts() == [100]
    stacks.update(Budget=_budget(name, 50))
    assert amounts() == [50]
    stacks.delete()
    assert amounts() == []
