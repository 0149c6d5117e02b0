"""Compute the cyclic checksums of S3 that the standard library lacks: CRC32C and CRC64NVME.

Bytes are read in lanes of one length, all of which advance together in NumPy. A checksum is linear:
that of two joined texts follows from those of the parts.
"""

from __future__ import annotations

from functools import cache
from typing import BinaryIO

import numpy as np

CRC32C = 0x82F63B78, 32  # the reversed polynomial, and its bits
CRC64NVME = 0x9A6C9329AC4BC9B5, 64
LENGTH = 512  # bytes of a lane
LANES = 1 << 13  # at most, at once
Polynomial = tuple[int, int]
Words = np.ndarray


def checksum(file: BinaryIO, polynomial: Polynomial) -> bytes:
    """Return the checksum of the rest of *file*."""
    _, bits = polynomial
    ones = (1 << bits) - 1
    state = ones
    while block := file.read(LANES * LENGTH):
        state = _advanced(polynomial, state, block)
    return (state ^ ones).to_bytes(bits // 8, "big")


def _advanced(polynomial: Polynomial, state: int, block: bytes) -> int:
    lanes, start = LANES, 0
    while lanes:
        if len(block) - start >= lanes * LENGTH:
            piece = np.frombuffer(block, np.uint8, lanes * LENGTH, start)
            behind = _shifted(_zeros(polynomial, lanes * LENGTH), np.array([state], np.uint64))
            state = int(behind[0]) ^ _joined(polynomial, piece.reshape(lanes, LENGTH))
            start += lanes * LENGTH
        lanes //= 2
    table = _table(polynomial)
    for byte in block[start:]:
        state = int(table[(state ^ byte) & 255]) ^ (state >> 8)
    return state


def _joined(polynomial: Polynomial, rows: Words) -> int:
    """Return the state after all lanes, from the state 0; their number is a power of two."""
    table, states = _table(polynomial, 16), np.zeros(len(rows), np.uint64)
    for column in np.ascontiguousarray(rows.view("<u2").T):
        states = table[states.astype(np.uint16) ^ column] ^ (states >> np.uint64(16))
    length = LENGTH
    while len(states) > 1:
        states = _shifted(_zeros(polynomial, length), states[::2]) ^ states[1::2]
        length *= 2
    return int(states[0])


@cache
def _table(polynomial: Polynomial, bits: int = 8) -> Words:
    """Return what each text of *bits* adds to a state."""
    states = np.arange(1 << bits, dtype=np.uint64)
    for _ in range(bits):
        states = np.where(states & np.uint64(1), np.uint64(polynomial[0]), 0) ^ (
            states >> np.uint64(1)
        )
    return states.astype(np.uint64)


@cache
def _zeros(polynomial: Polynomial, length: int) -> Words:
    """Return what each bit of a state becomes after *length* zero bytes, a power of two."""
    if length == 1:
        bits = np.uint64(1) << np.arange(polynomial[1], dtype=np.uint64)
        return np.asarray(_table(polynomial)[bits & np.uint64(255)] ^ (bits >> np.uint64(8)))
    half = _zeros(polynomial, length // 2)
    return _shifted(half, half)


def _shifted(zeros: Words, states: Words) -> Words:
    shifted = np.zeros_like(states)
    for bit, word in enumerate(zeros):
        shifted ^= np.where((states >> np.uint64(bit)) & np.uint64(1), word, np.uint64(0))
    return shifted
