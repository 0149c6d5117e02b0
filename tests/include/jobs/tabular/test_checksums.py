"""The check values of both checksums, and texts that fill lanes and end between them."""

from __future__ import annotations

import io
import random

import pytest

from include.jobs.tabular.checksums import CRC32C, CRC64NVME, LENGTH, Polynomial, checksum


def by_bits(content: bytes, polynomial: Polynomial) -> bytes:
    """Return the checksum by its definition."""
    word, bits = polynomial
    ones = (1 << bits) - 1
    state = ones
    for byte in content:
        state ^= byte
        for _ in range(8):
            state = (state >> 1) ^ (word if state & 1 else 0)
    return (state ^ ones).to_bytes(bits // 8, "big")


@pytest.mark.parametrize(
    ("polynomial", "value"), [(CRC32C, "e3069283"), (CRC64NVME, "ae8b14860a799888")]
)
def test_the_check_value_is_that_of_the_catalogue(polynomial: Polynomial, value: str) -> None:
    """https://reveng.sourceforge.io/crc-catalogue/"""
    assert checksum(io.BytesIO(b"123456789"), polynomial).hex() == value


@pytest.mark.parametrize("size", [0, LENGTH - 1, 2 * LENGTH, 11 * LENGTH + 7])
def test_lanes_give_what_bits_give(size: int) -> None:
    content = random.Random(size).randbytes(size)
    assert checksum(io.BytesIO(content), CRC64NVME) == by_bits(content, CRC64NVME)
