"""The arguments of a trigger for the rules of a job, and the tag of a job that a rule stopped."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from prodml.debugger.rules import Finding, LowUse, NotFinite
from prodml.jobs.examined import Examined, rule_in, stop_tag

DEFINITIONS = [{"Name": "loss", "Regex": "loss=(.*)"}]
ALGORITHM = {"AlgorithmSpecification": {"MetricDefinitions": DEFINITIONS}}
RESOURCES = {"ResourceConfig": {"InstanceType": "ml.m5.large", "VolumeSizeInGB": 1}}


def test_it_travels_as_json() -> None:
    unreachable = {"TrainingJobStatus": "InProgress"}
    one = Examined.of([NotFinite(), LowUse()], unreachable, ALGORITHM | RESOURCES)
    again = Examined.from_json(json.loads(json.dumps(one.as_json())))
    assert again == Examined((NotFinite(), LowUse()), DEFINITIONS, {"InstanceType": "ml.m5.large"})
    reader = again.watched_usage("job", datetime.now(UTC))
    assert reader
    assert [one.resource for one in reader.series] == ["cpu"]
    assert Examined.of([NotFinite()]).watched_usage("job", datetime.now(UTC)) is None


def test_the_tag_has_only_what_aws_allows() -> None:
    text = "loss (of 1,000 rows) is 100%; " + "x" * 300
    finding = Finding("Plateau", text, "", True, True, "metric", "loss", 1.0, 2.0)
    tag = stop_tag(finding)
    assert tag.startswith("rule Plateau: loss  of 1 000 rows  is 100")
    assert len(tag) <= 256
    assert rule_in(tag) == "Plateau"
    assert rule_in("kill") is None
