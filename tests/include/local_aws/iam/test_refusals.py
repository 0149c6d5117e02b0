"""Codes and statuses of refusals, which clients of each protocol match on."""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args

import pytest

from include.local_aws.iam import refusals
from include.local_aws.iam.refusals import Protocol, Refused

Refuse = Callable[[Protocol], Refused]
PROTOCOLS: tuple[Protocol, ...] = get_args(Protocol)
INVALID = "The security token included in the request is invalid."


def codes(refuse: Refuse, *protocols: Protocol) -> list[tuple[str, int]]:
    refused = [refuse(protocol) for protocol in protocols or ("json", "runtime", "query", "s3")]
    return [(error.code, error.status) for error in refused]


def test_unknown_key_and_ended_session() -> None:
    assert codes(refusals.unknown_key) == [
        ("UnrecognizedClientException", 400),
        ("UnrecognizedClientException", 403),
        ("InvalidClientTokenId", 403),
        ("InvalidAccessKeyId", 403),
    ]
    assert codes(refusals.expired) == [
        ("ExpiredTokenException", 400),
        ("ExpiredTokenException", 403),
        ("ExpiredToken", 403),
        ("ExpiredToken", 400),
    ]


def test_wrong_token_is_named_by_s3_alone() -> None:
    assert codes(refusals.other_token, "s3") == [("InvalidToken", 400)]
    assert refusals.other_token("query").message == INVALID


@pytest.mark.parametrize(
    "refuse",
    [
        refusals.mismatch,
        refusals.other_content,
        lambda protocol: refusals.skewed(protocol, "Signature expired"),
        lambda protocol: refusals.unsigned_header(protocol, "host"),
    ],
    ids=["secret", "content", "clock", "header"],
)
def test_wrong_signature_has_one_code_outside_of_s3(refuse: Refuse) -> None:
    assert codes(refuse, "json", "runtime", "query", "sns") == [
        ("InvalidSignatureException", 400),
        ("InvalidSignatureException", 403),
        ("SignatureDoesNotMatch", 403),
        ("SignatureDoesNotMatch", 403),
    ]


def test_s3_names_what_is_wrong_with_a_signature() -> None:
    refused = [
        refusals.mismatch("s3"),
        refusals.other_content("s3"),
        refusals.skewed("s3", "Signature expired"),
        refusals.unsigned_header("s3", "host"),
    ]
    assert [error.code for error in refused] == [
        *("SignatureDoesNotMatch", "XAmzContentSHA256Mismatch"),
        *("RequestTimeTooSkewed", "AccessDenied"),
    ]
    assert "Signature expired" not in refused[2].message


def test_missing_and_unreadable_signatures() -> None:
    assert codes(refusals.missing) == [
        ("MissingAuthenticationTokenException", 403),
        ("MissingAuthenticationTokenException", 403),
        ("MissingAuthenticationToken", 403),
        ("AccessDenied", 403),
    ]
    assert codes(refusals.older_version, "json", "query", "s3") == [
        ("IncompleteSignatureException", 400),
        ("IncompleteSignature", 400),
        ("InvalidRequest", 400),
    ]


def test_denial_keeps_its_sentence_in_every_protocol() -> None:
    denied = [refusals.denied(protocol, "not authorized") for protocol in PROTOCOLS]
    assert {error.message for error in denied} == {"not authorized"}
    assert {error.code for error in denied} == {
        *("AccessDeniedException", "AuthorizationError", "AccessDenied")
    }
