"""Read the credential scope of a signature: key id, region and service."""

from __future__ import annotations

import base64
import functools
import re
import secrets
import zlib
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import parse_qs

SCOPE = re.compile(r"Credential=([^/\s,]+)/\d+/([^/\s,]+)/([^/\s,]+)/aws4_request")
OLDER = re.compile(r"AWS ([^:\s]+):")  # signature version 2, which only S3 still accepts
PRESIGNED = (b"X-Amz-Credential=", b"AWSAccessKeyId=")
ACCOUNT = re.compile(r"[0-9]{12}")
ISSUED = re.compile(r"(?:AKIA|ASIA)([A-Z2-7]{16})")
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"  # of base32
OFFSET = 1 << 39  # AWS's key ids hold the account's upper 39 bits above it, then its last bit
CHECKED = 3  # characters at the end of an issued key id


class Credential(NamedTuple):
    """A key id with the region and service that the request was signed for; "" for unknown."""

    key: str
    region: str = ""
    service: str = ""


NONE = Credential("")


def signed(headers: Mapping[str, str], query: bytes = b"") -> Credential:
    """Return the credential of a request, from its header or from a presigned URL."""
    if authorization := headers.get("authorization"):
        if scope := SCOPE.search(authorization):
            return Credential(*scope.groups())
        older = OLDER.match(authorization)
        return Credential(older[1], service="s3") if older else NONE
    return _presigned(query) if any(name in query for name in PRESIGNED) else NONE


def _presigned(query: bytes) -> Credential:
    parameters = parse_qs(query.decode("latin-1"))
    if older := parameters.get("AWSAccessKeyId"):
        return Credential(older[0], service="s3")
    scope = SCOPE.fullmatch(f"Credential={parameters.get('X-Amz-Credential', [''])[0]}")
    return Credential(*scope.groups()) if scope else NONE


@functools.lru_cache(maxsize=1024)
def account_of(key: str) -> str | None:
    """Return the account that *key* belongs to; None if it was not issued here.

    A key id of twelve digits is the account's own id.
    """
    if ACCOUNT.fullmatch(key):
        return key
    issued = ISSUED.fullmatch(key)
    if issued is None or _check(key[:-CHECKED]) != key[-CHECKED:]:
        return None
    upper = int.from_bytes(base64.b32decode(issued[1][:8]), "big") - OFFSET
    account = upper * 2 + ALPHABET.index(issued[1][8]) // 16
    return f"{account:012}" if 0 <= account < 10**12 else None


def issued_key(account: str, prefix: str) -> str:
    """Return a new key id of *account*, in AWS's own encoding.

    Its last characters are a checksum: the key of a real account is never accepted.
    """
    upper, last = divmod(int(account), 2)
    encoded = base64.b32encode((upper + OFFSET).to_bytes(5, "big")).decode()
    middle = ALPHABET[16 * last + secrets.randbelow(16)]
    random = "".join(secrets.choice(ALPHABET) for _ in range(16 - len(encoded) - 1 - CHECKED))
    key = f"{prefix}{encoded}{middle}{random}"
    return key + _check(key)


def _check(text: str) -> str:
    digest = zlib.crc32(text.encode())
    return "".join(ALPHABET[digest >> 5 * place & 31] for place in range(CHECKED))
