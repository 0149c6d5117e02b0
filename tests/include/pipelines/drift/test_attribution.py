"""Each captured answer belongs to the version that gave it, even while others answer."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from prodml.aws.s3 import objects, split
from prodml.endpoints.attribution import RECORD
from prodml.exceptions import RolledBackError

from include.local_aws.testing import Server
from include.pipelines.adapters.aws import client, read_text, write_json, write_text
from include.pipelines.churn import PIPELINE
from include.pipelines.contracts.drift import DriftQuestion
from include.pipelines.drift import attribution, checks
from include.pipelines.evaluation.champion import Champion, find_champion
from include.settings import settings
from tests.include.local_aws.models import Platform
from tests.include.local_aws.traffic import Traffic
from tests.include.pipelines.drift.windows import MODEL, NOON, context
from tests.plugins.runs import Ti, deploying, run

BASELINE = PIPELINE.uri("baseline") + "/"
HOUR = (NOON - timedelta(hours=1), NOON)
ROOT = PIPELINE.uri("capture")


@pytest.fixture(scope="module")
def platform(aws: Server) -> Iterator[Platform]:
    platform = Platform(aws, lambda stem: f"{stem}-{uuid.uuid4().hex[:8]}")
    platform.sagemaker.create_model_package_group(ModelPackageGroupName="churn")
    yield platform
    platform.clean_up()


def version(platform: Platform, name: str) -> str:
    """Register a model that answers every request with its name."""
    made = platform.sagemaker.create_model_package(
        ModelPackageGroupName="churn",
        ModelApprovalStatus="Approved",
        CustomerMetadataProperties={"baseline": f"{BASELINE}{name}/"},
        InferenceSpecification={
            "Containers": [platform.container(name=name)],
            "SupportedContentTypes": ["text/csv"],
            "SupportedResponseMIMETypes": ["text/csv"],
        },
    )
    return str(made["ModelPackageArn"])


def test_versions_that_answer_at_the_same_time_are_kept_apart_for_certain(
    platform: Platform, aws: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A canary that bakes and is rolled back, then an A/B test, under traffic that never pauses."""
    endpoint, began = platform.unique("apart"), datetime.now(UTC)
    first, second = (version(platform, name) for name in ("first", "second"))
    monkeypatch.setattr(checks, "find_champion", find_champion)

    def deploy(arn: str, **how: Any) -> dict[str, Any]:
        ti = Ti(run_id=f"manual__{uuid.uuid4()}")
        return dict(run(deploying(endpoint, arn, data_capture_uri=ROOT, **how), ti))

    platform.adopt(endpoint)
    one = deploy(first, instance_count=2)
    with Traffic(platform, endpoint, callers=2) as traffic:
        rolled_back = _rolled_back(aws, deploy, second, traffic)
        aws.client("sagemaker").delete_endpoint_config(EndpointConfigName=rolled_back)
        seen = len(traffic.answers)
        two = deploy(second, rollout="ab", rollout_step=50, smoke_payload="name")
        traffic.until(lambda answers: {"first", "second"} <= set(answers[seen + 10 :]))
    assert traffic.failures == []
    plan = _planned(endpoint, began, captures=4)
    assert [question["model_package_arn"] for question in plan] == [first, second]
    assert [question["baseline_uri"] for question in plan] == [
        f"{BASELINE}first/",
        f"{BASELINE}second/",
    ]
    served = [{uri.removeprefix(f"{ROOT}/") for uri in question["captures"]} for question in plan]
    names = one["config"], rolled_back, two["config"]
    a, b, c = (f"{name}/{endpoint}" for name in names)
    assert served == [
        {f"{a}/AllTraffic", f"{c}/AllTraffic"},
        {f"{b}/AllTraffic", f"{c}/Challenger"},
    ]
    for question, name in zip(plan, ("first", "second"), strict=True):
        assert _answers(question["captures"]) == {name}


def _planned(endpoint: str, began: datetime, captures: int) -> list[DriftQuestion]:
    """Plan the check of all answers since *began*, once as many *captures* have arrived."""
    window = {"window_start": began.isoformat(), "window_end": datetime.now(UTC).isoformat()}
    plan: list[DriftQuestion] = []
    deadline = time.monotonic() + 60
    while sum(len(question["captures"]) for question in plan) < captures:
        assert time.monotonic() < deadline, f"not {captures} captures within 60 s: {plan}"
        time.sleep(0.1)
        plan = checks.plan(PIPELINE, context(endpoints=[endpoint], **window))
    return plan


def _rolled_back(aws: Server, deploy: Any, arn: str, traffic: Traffic) -> str:
    """Let an alarm take a canary back while it bakes; return its configuration."""
    cloudwatch = aws.client("cloudwatch")
    cloudwatch.put_metric_alarm(
        AlarmName="drill",
        Namespace="drill",
        MetricName="drill",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
    )
    canary = {"rollout": "canary", "rollout_step": 50, "rollout_wait": 1800, "instance_count": 2}
    with ThreadPoolExecutor(1) as executor:
        update = executor.submit(deploy, arn, rollback_alarms=["drill"], **canary)
        try:
            traffic.until(lambda answers: "second" in answers or update.done())
        finally:  # also when no canary answers: the executor waits for the update to end
            while not update.done():
                cloudwatch.set_alarm_state(
                    AlarmName="drill", StateValue="ALARM", StateReason="a drill"
                )
                wait([update], timeout=0.2)
    with pytest.raises(RolledBackError) as raised:
        update.result()
    assert "second" in traffic.answers
    cloudwatch.delete_alarms(AlarmNames=["drill"])
    return str(raised.value).partition("not in service on ")[2].partition(":")[0]


def _answers(captures: list[str]) -> set[str]:
    """Return what was answered, as captured."""
    s3 = client("s3")
    keys = [item["Key"] for uri in captures for item in objects(s3, f"{uri}/")]
    texts = [read_text(settings().uri(key)) for key in keys]
    records = [json.loads(line) for text in texts for line in text.splitlines()]
    return {record["captureData"]["endpointOutput"]["data"] for record in records}


def capture(endpoint: str, config: str, *files: str, **served: str | None) -> None:
    """Lay down captured files, and the record of what each variant serves."""
    for file in files:
        write_text(f"{ROOT}/{config}/{endpoint}/{file}", "{}\n")
    records = [
        {"variant": variant, "model": variant.lower(), "model_package_arn": arn}
        for variant, arn in served.items()
    ]
    if records:
        write_json(f"{ROOT}/{config}/{RECORD}", {"variants": records})


def attributed(
    endpoint: str, champion: Champion, window: attribution.Window = HOUR
) -> tuple[dict[str | None, list[str]], list[str]]:
    versions, unjudged = attribution.find_versions(PIPELINE, endpoint, champion, window)
    captures = {
        version.model.arn: [uri.removeprefix(f"{ROOT}/") for uri in version.captures]
        for version in versions
    }
    return captures, unjudged


@pytest.fixture
def former(monkeypatch: pytest.MonkeyPatch) -> None:
    """Versions other than the champion, known by their numbers; the ninth has no baseline."""
    monkeypatch.setattr(
        attribution,
        "find_version",
        lambda arn: Champion(arn, None, {} if arn.endswith("9") else {"baseline": BASELINE}),
    )


@pytest.mark.usefixtures("former")
def test_only_what_lies_in_the_hours_of_the_window_has_answered(
    endpoint: str, champion: Champion
) -> None:
    name = f"{endpoint}-c"
    capture(endpoint, f"{name}1", "AllTraffic/2024/05/06/10/59-59-999-x.jsonl", AllTraffic="v/2")
    capture(endpoint, f"{name}2", "AllTraffic/2024/05/06/11/00-00-001-x.jsonl", AllTraffic="v/3")
    capture(endpoint, f"{name}3", "AllTraffic/2024/05/06/12/00-00-001-x.jsonl", AllTraffic="v/4")
    assert attributed(endpoint, champion)[0] == {"v/3": [f"{name}2/{endpoint}/AllTraffic"]}
    soon = datetime.now(UTC) + timedelta(hours=1)
    today = soon.strftime("AllTraffic/%Y/%m/%d/%H/00-00-001-x.jsonl")
    capture(endpoint, f"{name}5", today, AllTraffic="v/5")
    assert list(attributed(endpoint, champion, (soon, soon + timedelta(minutes=1)))[0]) == [MODEL]
    later = NOON, NOON + timedelta(minutes=1)
    assert list(attributed(endpoint, champion, later)[0]) == ["v/4"]


@pytest.mark.usefixtures("former")
@pytest.mark.parametrize(("hours", "first"), [(-2, MODEL), (2, "v/3")])
def test_the_version_in_service_comes_first_with_traffic_or_without(
    hours: int, first: str, endpoint: str, champion: Champion
) -> None:
    """A champion that came after the window has not been in service in it."""
    name = f"{endpoint}-c"
    early, late = "AllTraffic/2024/05/06/11/10.jsonl", "AllTraffic/2024/05/06/11/50.jsonl"
    capture(endpoint, f"{name}1", early, AllTraffic="v/2")
    capture(
        endpoint,
        f"{name}2",
        late,
        "Challenger/2024/05/06/11/59.jsonl",
        AllTraffic="v/3",
        Challenger="v/4",
    )
    since = NOON + timedelta(hours=hours)
    serving = Champion(MODEL, None, champion.facts, since)
    captures, unjudged = attributed(endpoint, serving)
    assert next(iter(captures)) == first
    assert set(captures) == {first, "v/2", "v/3", "v/4"}
    assert unjudged == []


@pytest.mark.usefixtures("former")
def test_answers_that_cannot_be_judged_are_named(endpoint: str, champion: Champion) -> None:
    name, file = f"{endpoint}-c", "AllTraffic/2024/05/06/11/10.jsonl"
    capture(endpoint, f"{name}1", file, AllTraffic="v/9")
    capture(endpoint, f"{name}2", file, AllTraffic=None)
    capture(endpoint, f"{name}3", file)
    bucket, key = split(f"{ROOT}/{endpoint}/{file}")  # no configuration above the endpoint
    client("s3").put_object(Bucket=bucket, Key=key, Body=b"{}\n")
    captures, unjudged = attributed(endpoint, champion)
    assert captures == {MODEL: []}
    assert [sentence.partition(": ")[2].partition(" served")[0] for sentence in unjudged] == [
        "a deleted model",
        "v/9",
        "alltraffic",
        "a deleted model",
    ]
    assert "v/9 served too, but has no baseline" in unjudged[1]
    assert f"{ROOT}/{name}3/{endpoint}/AllTraffic was not checked" in unjudged[3]


def test_a_capture_folder_that_configurations_share_is_refused(endpoint: str) -> None:
    """Refuse such a folder: time alone cannot attribute the answers in it."""
    facts = {"baseline": BASELINE}
    shared = Champion(MODEL, None, facts, config="mine", capture=f"{ROOT}/")
    with pytest.raises(ValueError, match="does not end with its configuration's name, mine"):
        attributed(endpoint, shared)
