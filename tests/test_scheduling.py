"""The order of files among the workers."""

from __future__ import annotations

import pytest

from tests.scheduling import next_file

FILES = ["tests/a/test_1.py", "tests/b/c/test_2.py", "tests/b/d/test_3.py", "tests/test_4.py"]


@pytest.mark.parametrize(
    ("last", "elsewhere", "file"),
    [
        ("", [], "tests/a/test_1.py"),
        ("", ["tests/a/test_0.py"], "tests/b/c/test_2.py"),
        ("tests/b/d/test_0.py", ["tests/b/d/e/test_0.py"], "tests/b/d/test_3.py"),
        ("tests/b/e/test_0.py", ["tests/b/c/test_0.py"], "tests/b/d/test_3.py"),
        ("tests/e/test_0.py", ["tests/a/test_0.py", "tests/b/c/test_0.py"], "tests/test_4.py"),
    ],
)
def test_short_files_are_kept_in_folders(last: str, elsewhere: list[str], file: str) -> None:
    assert next_file(FILES, last, elsewhere) == file


@pytest.mark.parametrize(
    ("elsewhere", "file"),
    [
        ([], "tests/loop/test_5.py"),
        (["tests/chaos/test_0.py", "tests/a/test_0.py"], "tests/loop/test_5.py"),
        (["tests/chaos/test_0.py", "tests/loop/test_0.py"], "tests/a/test_1.py"),
    ],
)
def test_two_long_files_run_at_once(elsewhere: list[str], file: str) -> None:
    assert next_file([*FILES, "tests/loop/test_5.py"], "tests/a/test_0.py", elsewhere) == file


def test_what_is_left_is_long() -> None:
    running = ["tests/chaos/test_0.py", "tests/loop/test_0.py"]
    assert next_file(["tests/loop/test_5.py"], "", running) == "tests/loop/test_5.py"
