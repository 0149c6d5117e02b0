from __future__ import annotations

from include.local_aws.sagemaker.runtime import headers


def test_only_fields_that_a_model_may_see_are_forwarded() -> None:
    given = {
        headers.CONTENT_TYPE: b"text/csv",
        headers.INFERENCE_ID: b"a-1",
        headers.TARGET_VARIANT: b"Blue",
        b"authorization": b"AWS4-HMAC-SHA256 Credential=x",
    }
    expected = [(headers.CONTENT_TYPE, b"text/csv"), (headers.INFERENCE_ID, b"a-1")]
    assert headers.forwarded(given) == expected


def test_nothing_is_made_up() -> None:
    assert headers.forwarded({}) == []
