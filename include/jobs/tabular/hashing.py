"""Hash keys: the same 64 bits for the same text, on any machine and in any file format."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

SEED = np.uint64(7)
WORD = 8  # bytes that one step takes in
STEP = np.uint64(0x9E3779B97F4A7C15)
FIRST, SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)  # of splitmix64

Hashes = np.ndarray


def hashes_of(cells: pa.Array) -> Hashes:
    """Return a hash for each cell of a string or binary array without nulls."""
    _, offset_buffer, data = cells.buffers()
    count = len(cells)
    if not count:
        return np.empty(0, np.uint64)
    places = np.frombuffer(offset_buffer, np.int32)[cells.offset : cells.offset + count + 1]
    starts, lengths = places[:-1].astype(np.int64), np.diff(places).astype(np.int64)
    words = _words(data)
    state = _mixed(lengths.astype(np.uint64) + SEED)
    for done in range(0, int(lengths.max()), WORD):
        state = _step(state, words, starts + done, lengths - done)
    return state


def _words(data: pa.Buffer | None) -> np.ndarray:
    """Return the eight bytes from each place of *data* on, as numbers."""
    padded = bytes(data or b"") + bytes(WORD)
    words: np.ndarray = np.ndarray((len(padded) - WORD + 1,), "<u8", padded, strides=(1,))
    return words


def _step(state: Hashes, words: np.ndarray, starts: np.ndarray, left: np.ndarray) -> Hashes:
    """Take in the next word of every cell that has bytes left."""
    rows = np.flatnonzero(left > 0)
    taken = words[starts[rows]].astype(np.uint64)
    surplus = np.uint64(8) * (WORD - np.minimum(left[rows], WORD)).astype(np.uint64)
    taken = (taken << surplus) >> surplus
    mixed: Hashes = state.copy()
    mixed[rows] = _mixed((state[rows] ^ taken) + STEP)
    return mixed


def _mixed(value: Hashes) -> Hashes:
    value = (value ^ (value >> np.uint64(30))) * FIRST
    value = (value ^ (value >> np.uint64(27))) * SECOND
    mixed: Hashes = value ^ (value >> np.uint64(31))
    return mixed


def shuffled(hashes: Hashes) -> Hashes:
    """Return numbers in an order that has nothing to do with that of the hashes."""
    return _mixed(hashes + STEP)


def below(hashes: Hashes, share: float) -> np.ndarray:
    """Return which hashes are in the first *share* of all possible ones."""
    first: np.ndarray = hashes < np.uint64(int(share * 2.0**64))
    return first
