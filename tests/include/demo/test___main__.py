"""The commands of `python -m include.demo` end with a sentence and an exit code."""

from __future__ import annotations

import httpx
import pytest

from include.demo import __main__ as demo
from include.demo import control
from include.demo.control import ServiceError
from include.settings import ROOT

MAKEFILE = (ROOT / "Makefile").read_text()


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (ServiceError("Port 8080 is taken."), "✗ Port 8080 is taken."),
        (httpx.ConnectError("refused"), "refused\nRun `make status`"),
    ],
)
def test_a_failure_is_a_sentence_and_no_traceback(
    error: Exception,
    sentence: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(control, "down", fail)
    assert demo.main(["down"]) == 1
    assert sentence in capsys.readouterr().out


def test_an_interrupted_command_says_that_the_services_keep_running(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(control, "down", interrupt)
    assert demo.main(["down"]) == 130
    assert "`make down` stops them" in capsys.readouterr().out


@pytest.mark.parametrize(("good", "code"), [(True, 0), (False, 1)])
def test_status_is_for_scripts_too(monkeypatch: pytest.MonkeyPatch, good: bool, code: int) -> None:
    monkeypatch.setattr(control, "status", lambda console: good)
    assert demo.main(["status"]) == code


@pytest.mark.parametrize("command", [name for name in demo.COMMANDS if name != "supervise"])
def test_make_has_every_command(command: str) -> None:
    assert f"-m include.demo {command}" in MAKEFILE


def test_an_unknown_command_is_refused_with_the_known_ones(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        demo.main(["start"])
    assert "shell" in capsys.readouterr().err
