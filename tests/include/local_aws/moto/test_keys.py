"""Keys that IAM and STS issue; `tests/include/local_aws/test_accounts.py` has them used."""

from __future__ import annotations

from include.local_aws.testing import Server
from include.local_aws.wire.credentials import account_of

ACCOUNT = "123456789012"


def test_key_of_a_user_has_its_account(local_aws: Server) -> None:
    iam = local_aws.client("iam", account=ACCOUNT)
    iam.create_user(UserName="keys")
    key = iam.create_access_key(UserName="keys")["AccessKey"]["AccessKeyId"]
    assert (key[:4], account_of(key)) == ("AKIA", ACCOUNT)


def test_sessions_of_two_callers_have_different_keys(local_aws: Server) -> None:
    keys = [
        local_aws.client("sts", account=account).get_session_token()["Credentials"]["AccessKeyId"]
        for account in (ACCOUNT, "210987654321")
    ]
    assert [account_of(key) for key in keys] == [ACCOUNT, "210987654321"]


def test_federated_user_belongs_to_the_caller(local_aws: Server) -> None:
    sts = local_aws.client("sts", account=ACCOUNT)
    key = sts.get_federation_token(Name="guest")["Credentials"]["AccessKeyId"]
    assert (key[:4], account_of(key)) == ("ASIA", ACCOUNT)


def test_role_keeps_its_longer_id(local_aws: Server) -> None:
    role = local_aws.client("iam", account=ACCOUNT).get_role(RoleName="prodml")["Role"]
    assert (role["RoleId"][:4], len(role["RoleId"])) == ("AROA", 21)
