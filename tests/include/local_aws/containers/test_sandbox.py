"""Attempts of jobs on the machine that they run on, in both modes."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from include.local_aws.containers import sandbox
from include.local_aws.containers.sandbox import toolchain, uses_bubblewrap
from include.local_aws.testing import running_server
from tests.include.local_aws.jobs import CLUSTER, SKLEARN, Jobs, made

Unique = Callable[[str], str]
GROUP = "/aws/sagemaker/TrainingJobs"
CALLS = """
import ctypes, errno, json, os
libc = ctypes.CDLL(None, use_errno=True)
def call(*arguments):
    ctypes.set_errno(0)
    libc.syscall(*arguments)
    return errno.errorcode.get(ctypes.get_errno(), 'done')
"""
X86 = os.uname().machine == "x86_64"


@pytest.fixture
def sandboxed(request: pytest.FixtureRequest) -> bool:
    return uses_bubblewrap(request.node.callspec.params["jobs"])


def output_of(jobs: Jobs, name: str, code: str, **members: Any) -> Any:
    """Run *code* as a job and return the JSON that it prints last."""
    jobs.run(name, code, **members)
    job = jobs.ended("Training", name)
    lines = jobs.lines(GROUP, name)
    assert job["TrainingJobStatus"] == "Completed", (job.get("FailureReason"), lines)
    return json.loads(lines[-1])


def test_a_job_has_no_capability_and_gains_none(
    jobs: Jobs, unique: Unique, sandboxed: bool
) -> None:
    code = (
        "import json\n"
        "lines = open('/proc/self/status').read().splitlines()\n"
        "print(json.dumps(dict(line.split(':\\t') for line in lines)))\n"
    )
    status = output_of(jobs, unique("status"), code)
    kinds = ["CapInh", "CapPrm", "CapEff", "CapAmb"]
    if sandboxed or os.geteuid() == 0:  # other users have no capabilities to drop
        kinds.append("CapBnd")
    assert {int(status[kind], 16) for kind in kinds} == {0}
    assert (status["NoNewPrivs"], status["Seccomp"]) == ("1", "2")


@pytest.mark.skipif(not X86, reason="the numbers are those of x86-64")
def test_calls_that_change_the_machine_are_refused(jobs: Jobs, unique: Unique) -> None:
    code = CALLS + (
        "tried = [call(165, b'none', b'/tmp', b'tmpfs', 0, 0), call(165, b'', b'/usr', b'', 0x1020"
        ", 0), call(166, b'/usr', 2), call(155, b'/', b'/'), call(161, b'/tmp'),\n"
        "    call(272, 0x10000000), call(272, 0x20000), call(308, 0, 0), call(101, 0, 0, 0, 0),\n"
        "    call(250, 0, 0, 0, 0, 0), call(321, 0, 0, 0), call(246, 0, 0, 0, 0),\n"
        "    call(175, 0, 0, b''), call(56, 0x10000000 | 17, 0, 0, 0, 0), call(298, 0, 0, 0, 0)]\n"
        "print(json.dumps([tried, call(435, 0, 0), call(425, 1, 0), call(272, 0x400)]))\n"
    )
    refused, clone3, io_uring, harmless = output_of(jobs, unique("calls"), code)
    assert set(refused) == {"EPERM"}, refused
    assert (clone3, io_uring, harmless) == ("ENOSYS", "ENOSYS", "done")


def test_limits_hold(jobs: Jobs, unique: Unique, sandboxed: bool) -> None:
    code = (
        "import json, os, resource as r\n"
        "kinds = (r.RLIMIT_CPU, r.RLIMIT_DATA, r.RLIMIT_FSIZE, r.RLIMIT_CORE, r.RLIMIT_NPROC)\n"
        "print(json.dumps([os.getuid(), *[r.getrlimit(kind)[1] for kind in kinds]]))\n"
    )
    user, cpu, data, size, core, processes = output_of(jobs, unique("limits"), code)
    assert 0 <= (300 + 300) * (os.cpu_count() or 1) - cpu < 30
    assert (data, size, core) == (8 << 30, 10 << 30, 0)
    assert (processes == 4096) == (sandboxed or user != os.getuid())


def test_a_fork_bomb_ends_with_its_job(jobs: Jobs, unique: Unique, sandboxed: bool) -> None:
    if not sandboxed:
        pytest.skip("processes are not counted without namespaces: docs/explanation/local-aws.md")
    code = (
        "import json, os, resource, time\n"
        "resource.setrlimit(resource.RLIMIT_NPROC, (64, 64))\n"
        "made = 0\n"
        "try:\n"
        "    while True:\n"
        "        if os.fork() == 0: time.sleep(300)\n"
        "        made += 1\n"
        "except BlockingIOError: print(json.dumps(made), flush=True)\n"
    )
    assert 0 < output_of(jobs, unique("bomb"), code) < 64


def test_no_process_shows_the_servers_environment(
    unique: Unique, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Check every process that a job can see, especially its first one."""
    monkeypatch.setenv("PRODML_SECRET", "the-server-knows-this")
    code = (
        "import json, os\n"
        "seen = b''\n"
        "for name in filter(str.isdigit, os.listdir('/proc')):\n"
        "    for file in ('environ', 'cmdline'):\n"
        "        try: seen += open(f'/proc/{name}/{file}', 'rb').read()\n"
        "        except OSError: pass\n"
        "print(json.dumps('the-server' + '-knows-this' in seen.decode(errors='replace')))\n"
    )
    if not uses_bubblewrap("auto"):
        pytest.skip("without namespaces a job sees this machine's processes")
    with running_server(tmp_path / "aws") as server:
        assert output_of(made(server), unique("environ"), code) is False


def test_a_root_servers_jobs_are_no_roots(jobs: Jobs, unique: Unique, sandboxed: bool) -> None:
    """Neither the toolchain nor the system can be changed, and two jobs are two users."""
    if os.geteuid() or not sandboxed:
        pytest.skip("only a root server that has namespaces changes the user")
    code = (
        "import json, numpy, os, shutil, sys\n"
        "for own in ('/opt/ml/model', '/tmp', '/dev/shm', '/run', '/etc', '/', '/root', '/var'):\n"
        "    open(own + '/own', 'w').close()\n"
        "for own in ('/lib', '/usr/local/bin', '/usr/share', '/var/log'):\n"  # as the SDK does
        "    shutil.copytree('/opt/ml/model', own, dirs_exist_ok=True)\n"
        "paths = ['/usr', '/etc/hosts', numpy.__file__, sys.base_prefix, sys.executable]\n"
        "print(json.dumps([os.getresuid(), os.getgroups(), [os.access(p, 2) for p in paths]]))\n"
    )
    users, groups, writable = output_of(jobs, unique("user"), code)
    others = output_of(jobs, unique("user"), code)[0]
    assert len(set(users)) == len(set(others)) == 1
    assert 0 < users[0] != others[0] > 0
    assert groups in ([], [users[0]])
    assert not any(writable)


def test_preloaded_code_never_runs_as_root(jobs: Jobs, unique: Unique, sandboxed: bool) -> None:
    """LD_PRELOAD of the request is not read before the user is changed."""
    if os.geteuid() or not sandboxed:
        pytest.skip("only a root server that has namespaces changes the user")
    name = unique("preload")
    jobs.run(name, "print('up', flush=True)", Environment={"LD_PRELOAD": "/opt/ml/no.so"})
    jobs.ended("Training", name)
    lines = jobs.lines(GROUP, name)
    complaints = [line for line in lines if "/opt/ml/no.so" in line]
    assert complaints, lines
    assert not any("setpriv" in line or "bwrap" in line for line in lines)


def test_isolated_instances_reach_each_other_and_nothing_else(
    jobs: Jobs, unique: Unique, sandboxed: bool
) -> None:
    if not sandboxed:
        pytest.skip("without namespaces there is no isolation")
    port = jobs.sagemaker.meta.endpoint_url.rpartition(":")[2]
    name = unique("pair")
    code = (
        "import json, socket, time\n"
        "host = json.load(open('/opt/ml/input/config/resourceconfig.json'))['current_host']\n"
        "if host == 'algo-1':\n"
        "    with socket.create_server(('algo-1', 5000)) as server:\n"
        "        server.accept()[0].sendall(b'hello')\n"
        "    raise SystemExit\n"
        "end = time.monotonic() + 30\n"
        "while True:\n"
        "    try: greeting = socket.create_connection(('algo-1', 5000)).recv(9).decode(); break\n"
        "    except OSError:\n"
        "        if time.monotonic() > end: raise\n"
        "        time.sleep(0.05)\n"
        f"api = socket.socket().connect_ex(('127.0.0.1', {port}))\n"
        "internet = socket.socket().connect_ex(('192.0.2.1', 80))\n"
        "cards = [name for _, name in socket.if_nameindex()]\n"
        "print(json.dumps([greeting, api == 0, internet == 0, cards]))\n"
    )
    two = CLUSTER | {"InstanceCount": 2}
    output = output_of(jobs, name, code, ResourceConfig=two, EnableNetworkIsolation=True)
    assert output == ["hello", False, False, ["lo"]]


def test_without_namespaces_auto_warns_and_bubblewrap_refuses(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sandbox, "_bubblewrap_works", lambda: False)
    asked = uses_bubblewrap.__wrapped__  # without the cache
    assert asked("auto") is False
    assert "Namespaces are not available" in caplog.text
    with pytest.raises(RuntimeError, match="start with --sandbox none"):
        asked("bubblewrap")
    assert asked("none") is False


DAEMON = (
    "import os, sys, time\n"
    "if os.fork() == 0:\n"
    "    os.setsid()\n"
    "    if os.fork() == 0:\n"
    "        os.execve(sys.executable, [sys.executable, '-c', 'import time; time.sleep(99)', "
    "'{}'], {{}})\n"
    "    os._exit(0)\n"
    "time.sleep(0.5)\n"
    "print('up', flush=True)\n"
)


def running(marker: str) -> list[int]:
    pids = []
    for process in psutil.process_iter(["cmdline"]):
        words = process.info["cmdline"] or []
        if words[-1:] == [marker]:
            pids.append(process.pid)
    return pids


@pytest.mark.parametrize("end", ["by itself", "by a stop", "by a failure"])
def test_no_process_outlives_its_job(jobs: Jobs, unique: Unique, end: str) -> None:
    """Start a daemon in its own session, without the job's variables."""
    name = marker = unique("daemon")
    more = {"by a stop": "time.sleep(99)", "by a failure": "raise ValueError", "by itself": ""}
    jobs.run(name, DAEMON.format(marker) + more[end])
    if end == "by a stop":
        jobs.wait_for_line(GROUP, name, "up")
        assert running(marker)
        jobs.sagemaker.stop_training_job(TrainingJobName=name)
    jobs.ended("Training", name, timeout=60)
    assert "up" in jobs.lines(GROUP, name)
    assert running(marker) == []


@pytest.mark.parametrize("mode", ["auto", "none"])
def test_no_process_outlives_a_killed_server(unique: Unique, tmp_path: Path, mode: str) -> None:
    name = marker = unique("daemon")
    with running_server(tmp_path / "aws", sandbox=mode) as server:
        jobs = made(server)
        jobs.run(name, DAEMON.format(marker) + "time.sleep(99)")
        jobs.wait_for_line(GROUP, name, "up")
        assert running(marker)
        server.kill()
    deadline = time.monotonic() + 10
    while running(marker):
        assert time.monotonic() < deadline, "the daemon is still there"
        time.sleep(0.05)


@pytest.mark.parametrize("variables", [{"A": "x\0y"}, {"A": "y" * 400, "B": "\0"}])
def test_a_variable_that_no_process_can_have_is_the_users_error(
    jobs: Jobs, unique: Unique, variables: dict[str, str]
) -> None:
    name = unique("nul")
    jobs.run(name, "pass", Environment=variables)
    reason = jobs.failure("Training", name)
    assert reason.startswith("ClientError: Environment variable")
    assert "NUL" in reason


def test_a_program_that_is_not_there_is_named(jobs: Jobs, unique: Unique) -> None:
    name = unique("missing")
    specification = {
        "TrainingImage": SKLEARN,
        "TrainingInputMode": "File",
        "ContainerEntrypoint": ["no-such-program"],
    }
    jobs.train(name, SKLEARN, AlgorithmSpecification=specification)
    assert jobs.failure("Training", name).startswith("AlgorithmError: exit code: ")
    assert any("no-such-program" in line for line in jobs.lines(GROUP, name))


def test_a_job_sees_the_base_of_its_environment_not_that_of_the_server(tmp_path: Path) -> None:
    base, python = tmp_path / "base" / "bin" / "python3.10", tmp_path / "environment/bin/python"
    for program in (base, python):
        program.parent.mkdir(parents=True)
    base.touch()
    python.symlink_to(base)
    assert toolchain(python) == (tmp_path / "environment", tmp_path / "base")
