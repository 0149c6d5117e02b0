"""A forked program behaves as one that `python -m` starts."""

from __future__ import annotations

from pathlib import Path

from tests.include.jobs.programs import run_module


def test_the_output_of_a_program_is_returned(tmp_path: Path) -> None:
    (tmp_path / "given.json").write_text('{"b": 1, "a": 2}')
    done = run_module("json.tool", "--sort-keys", "--compact", tmp_path / "given.json")
    assert (done.returncode, done.stdout, done.stderr) == (0, '{"a":2,"b":1}\n', "")


def test_a_program_that_ends_with_a_sentence_has_failed(tmp_path: Path) -> None:
    (tmp_path / "given.json").write_text("no JSON")
    done = run_module("json.tool", tmp_path / "given.json")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "Expecting value: line 1 column 1 (char 0)\n"


def test_a_traceback_is_among_the_errors() -> None:
    done = run_module("include.jobs.unknown")
    assert done.returncode == 1
    assert done.stderr.startswith("Traceback")
    assert "No module named include.jobs.unknown" in done.stderr
