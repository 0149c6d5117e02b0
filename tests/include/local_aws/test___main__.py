"""The command: `python -m include.local_aws`."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from include.local_aws.__main__ import parsed
from include.local_aws.testing import Server, running_server
from tests.include.local_aws.moto.processes import listening, moto_of
from tests.root import ROOT

SCP = '{"Statement": {"Effect": "Deny", "Action": "iam:*", "Resource": "*"}}'


def family(server: Server) -> list[psutil.Process]:
    process = psutil.Process(server.process.pid)
    return [process, *process.children(recursive=True)]


def gone(processes: list[psutil.Process]) -> bool:
    return not psutil.wait_procs(processes, timeout=10)[1]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_no_process_is_left_behind(tmp_path: Path, number: signal.Signals) -> None:
    """The server's children end with it, however it ends."""
    with running_server(tmp_path) as server:
        processes = family(server)
        assert len(processes) > 1
        server.process.send_signal(number)
        server.process.wait(30)
        assert gone(processes)


def test_no_process_listens_elsewhere_than_on_loopback(local_aws: Server) -> None:
    server = psutil.Process(local_aws.process.pid)
    for process in (server, moto_of(local_aws)):
        assert {address.ip for address in listening(process)} == {"127.0.0.1"}


@pytest.mark.parametrize(
    "arguments",
    [
        ["--time-scale", "0"],
        ["--sandbox", "magic"],
        ["--port", "http"],
        ["--data-dir", "/proc/self/fdinfo/data"],  # not even root can write there
    ],
)
def test_bad_option_is_refused_in_a_sentence(tmp_path: Path, arguments: list[str]) -> None:
    command = [sys.executable, "-m", "include.local_aws", "--data-dir", str(tmp_path), *arguments]
    ended = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == 2
    assert "Traceback" not in ended.stderr
    assert arguments[0] in ended.stderr


@pytest.mark.parametrize("region", ["cn-north-1", "frankfurt"])
def test_region_that_is_not_emulated_is_refused(
    region: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        parsed(["--region", region])
    assert region in capsys.readouterr().err


def test_options_have_whole_paths_and_regions_once() -> None:
    given = ["--region", "eu-west-1", "--region", "us-east-1", "--region", "eu-west-1"]
    options = parsed(["--data-dir", "data", *given])
    assert options.regions == ("eu-west-1", "us-east-1")
    assert (options.data_dir.is_absolute(), options.data_dir.name) == (True, "data")
    assert parsed([]).regions == ("us-east-1",)


@pytest.mark.parametrize(
    ("text", "arguments", "sentence"),
    [
        (SCP, [], "--scp decides nothing without --iam enforce. Add it."),
        (SCP, ["--iam", "record"], "--scp decides nothing without --iam enforce. Add it."),
        ("{", ["--iam", "enforce"], "scp.json: Expecting property name"),
        ("[]", ["--iam", "enforce"], ""),
        (None, ["--iam", "enforce"], "scp.json"),
    ],
    ids=["off", "record", "no-json", "empty", "missing"],
)
def test_policies_of_the_organization_are_read_before_the_server_starts(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    text: str | None,
    arguments: list[str],
    sentence: str,
) -> None:
    path = tmp_path / "scp.json"
    if text is not None:
        path.write_text(text)
    given = ["--scp", str(path), *arguments]
    if not sentence:
        assert parsed(given).scps == (path,)
        return
    with pytest.raises(SystemExit) as ended:
        parsed(given)
    assert (ended.value.code, sentence in capsys.readouterr().err) == (2, True)
