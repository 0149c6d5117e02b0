"""The leaderboard that several stages end with."""

from __future__ import annotations

from include.pipelines import params
from include.pipelines.stages.shared import SOME, leaderboard
from tests.include.pipelines.stages.conftest import Wired


def test_the_leaderboard_is_written_although_a_trial_has_failed(wired: Wired) -> None:
    board = wired(leaderboard, "s3://bucket/board", [])["leaderboard"]
    assert board.trigger_rule.value == SOME
    assert board.output_uri == "s3://bucket/board"


def test_the_leaderboard_ranks_as_the_form_asks(wired: Wired) -> None:
    board = wired(leaderboard, "s3://bucket/board", [])["leaderboard"]
    assert {name: getattr(board, name) for name in params.SELECTION} == params.SELECTION
