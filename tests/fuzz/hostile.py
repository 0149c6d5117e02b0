"""Hypothesis strategies: values that no shape allows, and damaged bodies."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from tests.fuzz.encodings import Raw
from tests.fuzz.http_request import Headers

SCALARS: tuple[Any, ...] = (
    *(0, -1, 1, 1.0, 1.5, -0.0, 2**31, 2**63, -(2**63) - 1, 10**400, -(10**400), 1e308, 5e-324),
    *(float("nan"), float("inf"), float("-inf"), True, False, None, [], {}, [None], {"": None}),
    *("", "\x00", "a\x00b", "\ud800", "\udfff\ud800", "\U0001f600", "\ufeff", "\u202e", "٣٣"),
    *("NaN", "Infinity", "1e400", "0x10", "..", "../..", "%00", "{{x}}", "'; --", "a" * 5000),
    *("s3://", "s3:///", "s3://..//..", "arn:", "arn:aws:sagemaker:::", "exists", "[" * 20_000),
    *("(" * 120, "rate(0 minutes)", "cron(* * * * ? *)", "cron(0 0 31 2 ? *)", "at(9999-12-31)"),
    *(253402300800, -62135596801, 1e18, -1e18),
)
# CBOR that is too short for its lengths, or has no meaning.
RAW = (
    *(b"\x9b\x00\x00\x01\x00\x00\x00\x00\x00", b"\xbb\x00\x00\x01\x00\x00\x00\x00\x00"),
    *(b"\x5b\x00\x00\x01\x00\x00\x00\x00\x00", b"\x7b\x00\x00\x01\x00\x00\x00\x00\x00"),
    *(b"\x9f", b"\xbf", b"\x5f", b"\x7f\xff", b"\x5f\x41a\xff", b"\xff", b"\xf8\x18", b"\x1c"),
    *(b"\xc1\xfb\x7f\xf0\x00\x00\x00\x00\x00\x00", b"\xc1\x1b" + b"\xff" * 8, b"\xc1\x61a"),
    *(b"\xf9\x7e\x00", b"\xf9\x7c\x00", b"\xa1\x80\x01", b"\xc6\xf7", b"\xf7", b"\x41\xff"),
)


def nested(depth: int) -> Any:
    value: Any = "deep"
    for level in range(depth):
        value = [value] if level % 2 else {"a": value}
    return value


hostile = st.one_of(
    st.sampled_from(SCALARS),
    st.sampled_from(SCALARS),
    st.sampled_from(RAW).map(Raw),
    st.integers(1, 300).map(nested),
    st.integers(-(2**70), 2**70),
    st.floats(),
    st.text(st.characters(), max_size=20),
    st.lists(st.sampled_from(SCALARS[:6]), max_size=3),
)


def _doubled(body: bytes) -> bytes:
    """Return an object that has each of its keys twice."""
    inside = body[1:-1]
    return b"{" + inside + b"," + inside + b"}" if body[:1] == b"{" and inside else body


DAMAGES: tuple[Callable[[bytes, int], bytes], ...] = (
    lambda body, at: body[: at % (len(body) + 1)],
    lambda body, at: _doubled(body),
    lambda body, at: b"\xef\xbb\xbf" + body,
    lambda body, at: body.decode("latin-1").encode("utf-16"),
    lambda body, at: body[: at % (len(body) + 1)] + b"\xff" + body[at % (len(body) + 1) :],
    lambda body, at: body + body,
    lambda body, at: (b"[", b'{"a":', b"\x81", b"\xa1\x61a", b"(")[at % 5] * (at % 3000),
    lambda body, at: b"",
)
bodies = st.binary(max_size=200)


@st.composite
def damaged(draw: st.DrawFn, body: bytes) -> bytes:
    """Draw *body*, unchanged in three of four cases."""
    if draw(st.integers(0, 3)):
        return body
    damage = draw(st.sampled_from(DAMAGES))
    return damage(body, draw(st.integers(0, 5000)))


@st.composite
def packed(draw: st.DrawFn, body: bytes) -> tuple[Headers, bytes]:
    """Draw *body*, sometimes as gzip, truncated gzip, or only declared as gzip."""
    how = draw(st.integers(0, 11))
    if how == 0:
        return {"content-encoding": "gzip"}, gzip.compress(body, mtime=0)
    if how == 1:
        whole = gzip.compress(body, mtime=0)
        return {"content-encoding": "gzip"}, whole[: draw(st.integers(0, len(whole)))]
    if how == 2:
        return {"content-encoding": draw(st.sampled_from(["gzip", "br", "GZIP, gzip"]))}, body
    return {}, body
