"""The form of publish_api."""

from __future__ import annotations

from collections.abc import Sequence

from airflow.sdk import Param

from include.pipelines.params.fields import Fields, section

ACCESS: Fields = {
    "allow_origin": Param(
        None,
        type=["null", "string"],
        pattern=r"^(\*|https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?)$",
        title="Web pages that may call it",
        description="Their origin, such as https://app.example.com, or * for all. Empty: none.",
    ),
    "access_log": Param(
        True,
        type="boolean",
        title="Access log",
        description="Write a line for each request to CloudWatch Logs.",
    ),
}
LIMITS: Fields = {
    "rate": Param(
        50,
        type="number",
        exclusiveMinimum=0,
        maximum=10_000,
        title="Requests a second",
        description="Requests beyond it are refused with 429.",
    ),
    "burst": Param(
        100,
        type="integer",
        minimum=1,
        maximum=5_000,
        title="Requests at once",
        description="Requests that may come at one moment.",
    ),
    "quota": Param(
        None,
        type=["null", "integer"],
        minimum=1,
        title="Quota",
        description="Requests of the key in a period. Empty: no quota.",
    ),
    "period": Param("DAY", type="string", enum=["DAY", "WEEK", "MONTH"], title="Period"),
}


def publish(pipelines: Sequence[str]) -> Fields:
    """Return the form of publish_api."""
    return {
        "pipeline": Param(pipelines[0], type="string", enum=list(pipelines), title="Pipeline"),
        **ACCESS,
        **section("Limits", LIMITS),
    }
