"""Values are read at once, in the context of the caller."""

from __future__ import annotations

from datetime import UTC, datetime
from threading import Barrier

from prodml.studio.reader import note_read, oldest_read
from prodml.studio.together import AT_ONCE, together

LONG_AGO = datetime(2024, 5, 6, tzinfo=UTC)


def test_reads_meet_and_note_their_times() -> None:
    barrier = Barrier(AT_ONCE, timeout=30)

    def read(number: int) -> int:
        barrier.wait()
        note_read(LONG_AGO)
        return 2 * number

    with oldest_read() as oldest:
        assert together(read, range(AT_ONCE)) == [2 * n for n in range(AT_ONCE)]
    assert oldest.moment == LONG_AGO
