"""Several instances of a job, as threads of this process."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from include.jobs.churn.schema import SCHEMA as CHURN
from include.jobs.tabular.cluster import Cluster, joined
from include.jobs.tabular.follower import follow
from include.jobs.tabular.leader import Leader
from include.jobs.tabular.preprocess import Outcome, reported, split
from include.jobs.tabular.sources import INPUT_ADDRESS
from include.jobs.tabular.window import BadData
from include.local_aws.testing import Server
from tests.include.jobs.tabular.three_instances import BUCKET, START_JOB, start_three
from tests.include.jobs.tabular.window_files import SCHEMA, Row, prepared, rows_of, write_csv
from tests.include.local_aws.jobs import made

HOSTS = ("algo-1", "algo-2", "algo-3")
pytestmark = pytest.mark.usefixtures("address")
FILES: dict[str, list[Row]] = {
    "2024-01-01.csv": rows_of(0, 150),
    "dt=2024-01-08/part-0.csv": rows_of(150, 150),
    "dt=2024-01-08/part-1.csv": rows_of(300, 100),
    "2024-01-15.csv": rows_of(400, 100),
}


def sharded(folder: Path, hosts: tuple[str, ...], files: dict[str, list[Row]]) -> None:
    """Give each host its share of the files, as ShardedByS3Key does."""
    for number, (file, rows) in enumerate(files.items()):
        write_csv(folder / hosts[number % len(hosts)] / "raw" / file, rows)


def together(folder: Path, hosts: tuple[str, ...]) -> tuple[Outcome, set[int]]:
    """Run the job on *hosts*; return how the first one ends, and the others' exit codes."""
    first, *others = (Cluster(host, hosts, start=20) for host in hosts)
    with ThreadPoolExecutor(len(others)) as pool:
        ends = [
            pool.submit(follow, one, SCHEMA, folder / one.host / "raw", folder / one.host)
            for one in others
        ]
        raw, output = folder / first.host / "raw", folder / first.host
        with Leader(first, SCHEMA, raw, output) as engine:
            outcome = reported(lambda: split(SCHEMA, engine.connected(), output), output)
            engine.end(outcome.code, outcome.message)
        return outcome, {end.result() for end in ends}


def contents(folder: Path) -> dict[str, bytes]:
    parts = (path for path in folder.rglob("*") if path.is_file() and "raw" not in path.parts)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in parts}


@pytest.mark.parametrize("hosts", [HOSTS[:2], HOSTS, (*HOSTS, "algo-4", "algo-5")], ids=len)
def test_instances_with_a_share_each_write_what_one_writes(
    tmp_path: Path, hosts: tuple[str, ...]
) -> None:
    sharded(tmp_path, hosts, FILES)
    sharded(tmp_path, ("one",), FILES)
    prepared(tmp_path / "one" / "raw", tmp_path / "one")
    outcome, codes = together(tmp_path, hosts)
    assert (outcome.code, codes) == (0, {0})
    parts = [contents(tmp_path / host) for host in hosts]
    names = [name for part in parts for name in part]
    assert len(names) == len({*names})
    both = {name: content for part in parts for name, content in part.items()}
    assert "violations" in both.pop("violations/violations.json").decode()
    assert both == contents(tmp_path / "one")


def test_violations_of_all_instances_are_reported_as_one_reports_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the order of the files, and a key that two instances have is a duplicate."""
    monkeypatch.setenv(INPUT_ADDRESS, "s3://lake/")
    first, *rest = FILES["2024-01-01.csv"]
    changed = FILES | {
        "2024-01-01.csv": [{**first, "city": "Basel"}, *rest],
        "2024-01-15.csv": [*rows_of(400, 99), {**rest[0], "age": "old"}],
    }
    sharded(tmp_path, HOSTS, changed)
    sharded(tmp_path, ("one",), changed)
    outcome, codes = together(tmp_path, HOSTS)
    with pytest.raises(BadData) as caught:
        prepared(tmp_path / "one" / "raw", tmp_path / "one")
    assert (outcome, codes) == (Outcome(1, str(caught.value)), {1})
    assert "(vocabulary 1, number 1, duplicate 1)" in outcome.message
    assert contents(tmp_path / "algo-2") == {}
    report = json.loads(contents(tmp_path / "algo-1")["violations/violations.json"])
    assert report == caught.value.violations.to_json()
    assert "'customer-1' is in row 3 of s3://lake/2024-01-01.csv" in json.dumps(report)


def test_a_job_of_three_instances_shares_its_manifest(local_aws: Server, tmp_path: Path) -> None:
    """Cut off from any other network, and from S3."""
    jobs = made(local_aws, BUCKET)
    slices = start_three(jobs, "three", START_JOB)
    for path in slices:
        write(tmp_path / "raw" / path.name, path.read_bytes())
    ended = jobs.ended("Processing", "three")
    assert ended["ProcessingJobStatus"] == "Completed", ended
    assert ended["ExitMessage"].endswith("500 held out")
    prepared(tmp_path / "raw", tmp_path / "one", CHURN)
    keys = [key for key in jobs.keys("three/") if "violations" not in key]
    written = {key: jobs.read(f"s3://{BUCKET}/{key}") for key in keys}
    one = contents(tmp_path / "one")
    assert [key.removeprefix("three/") for key in keys] == sorted(one)
    data_sets = [name for name in one if "model.tar.gz" not in name]  # it has the engine's modules
    assert {name: written[f"three/{name}"] for name in data_sets} == {n: one[n] for n in data_sets}


def write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


@contextmanager
def leading(folder: Path, start: float) -> Iterator[Leader]:
    with Leader(Cluster("algo-1", HOSTS[:2], start), SCHEMA, folder / "raw", folder) as engine:
        yield engine


def test_an_instance_that_ends_early_is_named(tmp_path: Path) -> None:
    sharded(tmp_path, ("",), FILES)

    def end_early() -> None:
        with joined(Cluster("algo-2", HOSTS[:2], start=20)) as leader:
            leader.send({"files": ["2024-01-22.csv"], "refused": ""})
            leader.receive()

    with ThreadPoolExecutor() as pool, leading(tmp_path, 20) as engine:
        ended = pool.submit(end_early)
        outcome = reported(lambda: split(SCHEMA, engine.connected(), tmp_path), tmp_path)
        ended.result()
    assert outcome.code == 1
    assert outcome.message.startswith("Instance algo-2 was lost: it ended or closed its connect")
    assert not (tmp_path / "train").exists()


def test_an_instance_that_fails_is_named_with_its_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sharded(tmp_path, ("",), FILES)

    def fail() -> None:
        with joined(Cluster("algo-2", HOSTS[:2], start=20)) as leader:
            leader.send({"files": ["2024-01-22.csv"], "refused": ""})
            leader.receive()
            raise MemoryError("too little")

    with ThreadPoolExecutor() as pool, leading(tmp_path, 20) as engine:
        failed = pool.submit(fail)
        outcome = reported(lambda: split(SCHEMA, engine.connected(), tmp_path), tmp_path)
        with pytest.raises(MemoryError):
            failed.result()
        engine.end(outcome.code, outcome.message)  # nothing waits for the lost one
    assert outcome.message.startswith("Instance algo-2 was lost: it failed (MemoryError: too lit")


def test_an_instance_with_a_replaced_file_fails_the_job(tmp_path: Path) -> None:
    """Otherwise a model would be trained on other rows than those that the run has listed."""
    sharded(tmp_path, HOSTS[:2], FILES)
    listing = tmp_path / "listing"
    listing.mkdir()
    objects = [{"name": name, "size": 7, "digest": "", "etag": ""} for name in FILES]
    (listing / "listing.json").write_text(json.dumps({"objects": objects}))
    other = Cluster("algo-2", HOSTS[:2], start=20)
    raw, output = tmp_path / "algo-2" / "raw", tmp_path / "algo-2"
    with ThreadPoolExecutor() as pool:
        end = pool.submit(follow, other, SCHEMA, raw, output, listing)
        with Leader(Cluster("algo-1", HOSTS[:2], 20), SCHEMA, raw, tmp_path) as engine:
            outcome = reported(lambda: split(SCHEMA, engine.connected(), tmp_path), tmp_path)
            engine.end(outcome.code, outcome.message)
        assert (outcome.code, end.result()) == (1, 1)
    assert "was replaced after the run had listed it: it has" in outcome.message
    assert not (tmp_path / "train").exists()


def test_an_instance_without_the_first_one_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert follow(Cluster("algo-2", HOSTS[:2], 0.2), SCHEMA, tmp_path, tmp_path) == 1
    assert "Instance algo-1 was lost: it cannot be reached within" in capsys.readouterr().err
