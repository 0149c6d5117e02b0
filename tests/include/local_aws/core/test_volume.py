"""The disk of an instance: what does not fit is refused before it is written."""

from __future__ import annotations

import pytest

from include.local_aws.core.volume import Volume, VolumeFull


def test_data_beyond_the_volume_are_refused_and_smaller_ones_accepted() -> None:
    volume = Volume(100)
    volume.take(60)
    with pytest.raises(VolumeFull, match=r"volume of 100 bytes\. Raise VolumeSizeInGB"):
        volume.take(41)
    volume.take(40)


def test_files_are_counted_too() -> None:
    volume = Volume(100, files=1)
    volume.take_file()
    with pytest.raises(VolumeFull, match="too many files"):
        volume.take_file()


def test_a_negative_size_makes_no_room() -> None:
    with pytest.raises(VolumeFull, match="-1 bytes"):
        Volume(100).take(-1)
