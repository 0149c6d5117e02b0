from __future__ import annotations

from include.local_aws.testing import Server
from tests.include.local_aws.refusals import refusal


def test_execution_role_exists(local_aws: Server) -> None:
    role = local_aws.client("iam").get_role(RoleName="prodml")["Role"]
    assert role["Arn"] == "arn:aws:iam::000000000000:role/prodml"
    assert local_aws.client("sts").get_caller_identity()["Account"] == "000000000000"


def test_no_action_of_a_role_is_denied(local_aws: Server) -> None:
    """SDKs ask before they start; signatures are not checked here."""
    iam = local_aws.client("iam")
    results = iam.simulate_principal_policy(
        PolicySourceArn="arn:aws:iam::000000000000:role/prodml",
        ActionNames=["s3:GetObject", "sagemaker:CreateTrainingJob"],
    )["EvaluationResults"]
    assert {item["EvalActionName"]: item["EvalDecision"] for item in results} == {
        "s3:GetObject": "allowed",
        "sagemaker:CreateTrainingJob": "allowed",
    }


def test_execution_role_has_the_managed_policy_of_the_console(local_aws: Server) -> None:
    iam = local_aws.client("iam")
    attached = iam.list_attached_role_policies(RoleName="prodml")["AttachedPolicies"]
    assert [policy["PolicyName"] for policy in attached] == ["AmazonSageMakerFullAccess"]


def test_user_with_a_boundary_is_refused(local_aws: Server) -> None:
    """A user without it could do more than its creator asked for."""
    iam = local_aws.client("iam")
    request = {"UserName": "bounded", "PermissionsBoundary": "arn:aws:iam::aws:policy/ReadOnly"}
    code, message = refusal(iam.create_user, **request)
    assert code == "NotImplementedException"
    assert "Set it on a role that the user assumes." in message
    assert refusal(iam.get_user, UserName="bounded")[0] == "NoSuchEntity"


def test_unknown_role_is_refused(local_aws: Server) -> None:
    code, _ = refusal(
        local_aws.client("iam").simulate_principal_policy,
        PolicySourceArn="arn:aws:iam::000000000000:role/unknown",
        ActionNames=["s3:GetObject"],
    )
    assert code == "NoSuchEntity"
