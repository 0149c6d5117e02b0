from __future__ import annotations

from include.local_aws.iam.principals import Grant, Principal, root, session

ROLE = "arn:aws:iam::123456789012:role/service-role/trainer"


def test_session_is_named_without_the_path_of_its_role() -> None:
    """reference_identifiers.html: arn:aws:sts::account:assumed-role/role-name/session-name."""
    principal = session(ROLE, "SageMaker", "AROAEXAMPLE", {"team": "ml"})
    assert principal.arn == "arn:aws:sts::123456789012:assumed-role/trainer/SageMaker"
    assert principal.user_id == "AROAEXAMPLE:SageMaker"


def test_strongest_element_counts() -> None:
    principal = session(ROLE, "run", "AROAEXAMPLE", {})
    assert principal.grant((("AWS", "123456789012"), ("AWS", ROLE))) is Grant.ROLE
    assert principal.grant((("AWS", ROLE), ("AWS", principal.arn))) is Grant.SESSION
    assert principal.grant((("Service", "123456789012"),)) is Grant.NONE


def test_account_is_its_root_user_and_delegates_to_its_users() -> None:
    user = Principal("User", "123456789012", "arn:aws:iam::123456789012:user/a")
    element = (("AWS", "arn:aws:iam::123456789012:root"),)
    assert root("123456789012").grant(element) is Grant.SESSION
    assert user.grant(element) is Grant.DELEGATED
