"""State what the API answers for an endpoint with two variants, a test, scaling and requests."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

Answers = dict[str, tuple[int, Any]]
API = "**/prodml/api/endpoints"
MINUTE, HOURS_3 = 60_000, 180
END = int(time.time() // 60) * MINUTE  # so that pictures for the docs say "minutes ago"
DENIED = {"error": "AWS could not be read: denied.", "remedy": "Allow this call."}


def _iso(minutes_ago: int) -> str:
    moment = datetime.fromtimestamp(END / 1000 - 60 * minutes_ago, UTC)
    return moment.isoformat(timespec="seconds")


def _variant(name: str, weight: float, instances: int) -> dict[str, Any]:
    return {
        "name": name,
        "shadow": False,
        "weight": weight,
        "desired_weight": weight,
        "instances": instances,
        "desired": 2,
        "instance_type": "ml.m5.large",
        "serverless": False,
        "model": f"churn-{name.lower()}-3f0c9a1e",
        "image": "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:3.0-5",
        "status": "",
        "usd_per_hour": 0.115 * instances,
    }


def _activity(minutes_ago: int, count: int) -> dict[str, Any]:
    return {
        "scaled": "AllTraffic",
        "started": _iso(minutes_ago),
        "ended": _iso(minutes_ago - 4),
        "status": "Successful",
        "description": f"Setting desired instance count to {count}.",
        "cause": "monitor alarm TargetTracking-endpoint/churn/variant/AllTraffic-High in state "
        "ALARM triggered policy target",
        "not_scaled": [],
    }


def _alarm(name: str, state: str, use: str) -> dict[str, Any]:
    return {
        "name": f"prodml/churn/{name}",
        "use": use,
        "state": state,
        "reason": "Threshold Crossed: 1 datapoint [0.0] was not greater than the threshold (0.01).",
        "since": _iso(100),
        "metric": "Invocation5XXErrors",
        "statistic": "Average",
        "comparison": "GreaterThanOrEqualToThreshold",
        "threshold": 0.01,
    }


def _series(served: str, metric: str, statistic: str, level: float) -> dict[str, Any]:
    steps = range(HOURS_3)
    return {
        "served": served,
        "metric": metric,
        "statistic": statistic,
        "unit": "requests",
        "x": [END - MINUTE * (HOURS_3 - step) for step in steps],
        "y": [level * (1 + (step % 17) / 40 + (step > 90) * 0.5) for step in steps],
    }


LEVELS = {
    ("InvocationsPerInstance", "Sum"): 80.0,
    ("Invocations", "Sum"): 110.0,
    ("Invocation5XXErrors", "Sum"): 0.2,
    ("ModelLatency", "p50"): 4.0,
    ("ModelLatency", "p90"): 7.0,
    ("ModelLatency", "p99"): 15.0,
    ("OverheadLatency", "p50"): 2.0,
    ("OverheadLatency", "p90"): 3.0,
    ("OverheadLatency", "p99"): 6.0,
    ("CPUUtilization", "Average"): 34.0,
    ("MemoryUtilization", "Average"): 21.0,
}
TARGET = {
    "scaled": "AllTraffic",
    "least": 1,
    "most": 3,
    "suspended": False,
    "policy": "target",
    "kind": "TargetTrackingScaling",
    "metric": "SageMakerVariantInvocationsPerInstance",
    "value": 130.0,
}
DEPLOYMENT = {
    "config": "churn-3f0c9a1e2b",
    "created": _iso(300),
    "verified": _iso(290),
    "state": "in service",
    "dag": "deploy_model",
    "run": "manual__2",
}
ENDPOINT = {
    "name": "churn",
    "status": "InService",
    "failure": "",
    "config": "churn-3f0c9a1e2b",
    "created": _iso(9000),
    "modified": _iso(300),
    "variants": [_variant("AllTraffic", 0.8, 1), _variant("Challenger", 0.2, 2)],
    "components": [],
    "usd_per_hour": 0.345,
    "scaling": {
        "targets": [TARGET],
        "activities": [_activity(80, 2), _activity(20, 1)],
        "alarms": [],
    },
    "alarms": [_alarm("AllTraffic/errors", "OK", "rollback"), _alarm("x", "ALARM", "watch")],
    "capture": {"enabled": True, "percent": 100, "uri": "s3://prodml-local/churn/capture"},
    "deployments": {
        "strategy": "canary of 10 %, 300 s",
        "rollback_alarms": ["prodml/churn/AllTraffic/errors"],
        "history": [DEPLOYMENT],
    },
}
METRICS = {
    "start": END - MINUTE * HOURS_3,
    "end": END,
    "period": 60,
    "series": [
        _series(variant, *measure, level * share)
        for measure, level in LEVELS.items()
        for variant, share in (("AllTraffic", 1.0), ("Challenger", 0.4))
    ],
}
SUMMARY = {
    "name": "churn",
    "status": "InService",
    "created": None,
    "modified": None,
    "dag": "retrain_churn",
    "run": "manual__1",
}
TEST = {
    "shadow": False,
    "config": "churn-3f0c9a1e2b",
    "began": _iso(300),
    "read_at": _iso(2),
    "hours": 5.0,
    "least_hours": 24.0,
    "incumbent": {"variant": "AllTraffic", "model": "churn-a", "requests": 9120, "failed": 2},
    "challenger": {"variant": "Challenger", "model": "churn-b", "requests": 2280, "failed": 1},
    "judgements": [
        {
            "metric": "errors",
            "unit": "%",
            "incumbent": 0.022,
            "challenger": 0.044,
            "winner": "challenger",
            "decision": "The challenger wins: errors 0.04386 % against 0.02193 %, better by "
            "-0.02193; with 95 % confidence at least -0.2277; min_gain is -1.",
        },
        {
            "metric": "latency",
            "unit": "ms",
            "incumbent": 5.1,
            "challenger": 5.0,
            "winner": "",
            "decision": "The test continues: latency 5 ms against 5.1 ms, better by 0.1; with 95 % "
            "confidence between -0.2 and 0.4; min_gain is 0.",
        },
    ],
}
VALUES = {"total_day_minutes": 265.1, "voice_mail_plan": "yes", "state": "KS"}


def _request(minutes_ago: int, **members: Any) -> dict[str, Any]:
    return {
        "at": _iso(minutes_ago),
        "variant": "AllTraffic",
        "inference_id": "",
        "test": False,
        "type": "application/json",
        "bytes": 388,
        "records": 1,
        "values": VALUES,
        "hidden": "",
        "answer": '{"class": "no", "probability": 0.0431, "version": "churn/2"}',
    } | members


CAPTURED = {
    "uri": "s3://prodml-local/churn/capture",
    "requests": [
        _request(1, test=True, inference_id="prodml-test-ask"),
        _request(2, inference_id="order-7"),
        _request(
            3, records=0, values={}, hidden="Hidden: not a record of the columns.", type="text/csv"
        ),
    ],
    "personal": ["account_length"],
    "read_bytes": 52_000,
    "cut": True,
}
ENDPOINTS: Answers = {
    API: (200, [SUMMARY]),
    f"{API}/churn": (200, ENDPOINT),
    f"{API}/churn/metrics?*": (200, METRICS),
    f"{API}/churn/test": (200, {"test": TEST}),
    f"{API}/churn/requests": (200, {"captured": CAPTURED}),
}


def _component(name: str, version: int, copies: int, **members: Any) -> dict[str, Any]:
    return {
        "name": name,
        "variant": "AllTraffic",
        "status": "InService",
        "failure": "",
        "model": f"{name}-3f0c9a1e",
        "version": version,
        "copies": copies,
        "desired": 2,
        "memory_mb": 1024,
        "cpus": 0.5,
        "accelerators": 0.0,
        "modified": _iso(60),
    } | members


FLEET = ENDPOINT | {
    "name": "shared",
    "variants": [_variant("AllTraffic", 1.0, 2) | {"model": "", "image": ""}],
    "components": [
        _component("churn", 3, 2),
        _component("wine", 1, 1, status="Updating", failure="No room for a copy."),
    ],
    "scaling": {
        "targets": [
            TARGET | {"scaled": "churn", "metric": "SageMakerInferenceComponentInvocationsPerCopy"}
        ],
        "activities": [_activity(80, 2) | {"scaled": "churn"}],
        "alarms": [],
    },
    "capture": None,
}
OF_COPIES = {
    "Invocations": "Invocations",
    "ModelLatency": "ModelLatency",
    "InvocationsPerInstance": "InvocationsPerCopy",
    "CPUUtilization": "CPUUtilizationNormalized",
}
FLEETS: Answers = {
    API: (200, [SUMMARY | {"name": "shared"}]),
    f"{API}/shared": (200, FLEET),
    f"{API}/shared/components/metrics?*": (
        200,
        METRICS
        | {
            "series": [
                _series(name, OF_COPIES[metric], statistic, level)
                for (metric, statistic), level in LEVELS.items()
                if metric in OF_COPIES
                for name in ("churn", "wine")
            ]
        },
    ),
    f"{API}/shared/test": (200, {"test": None}),
}
