"""Show the newest captured requests of an endpoint, without personal values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TypedDict

from prodml.aws.client import Clients
from prodml.aws.retries import visible
from prodml.endpoints.variants import variants
from prodml.rendered import moment
from prodml.studio.endpoints.captured import Line, newest
from prodml.studio.endpoints.columns import Columns, columns_of
from prodml.studio.endpoints.payloads import Cell, records, size_of, text_of
from prodml.vocabulary import TEST_TRAFFIC, Json

MOST = 30
LONGEST_ANSWER = 200  # characters


class CapturedRequest(TypedDict):
    """A request and its answer; *values* are those of the first of its *records*.

    *test* marks a request that drift checks leave out; *hidden* says why there are no values.
    """

    at: str
    variant: str
    inference_id: str
    test: bool
    type: str
    bytes: int
    records: int
    values: dict[str, Cell]
    hidden: str
    answer: str


class CapturedRequests(TypedDict):
    """The newest requests; *personal* are the columns that are left out."""

    uri: str
    requests: list[CapturedRequest]
    personal: list[str]
    read_bytes: int
    cut: bool


def captured_requests(
    aws: Clients, endpoint: str, now: datetime, most: int = MOST
) -> CapturedRequests | None:
    """Return the newest captured requests; None without an endpoint that has ever captured any."""
    sagemaker = aws.client("sagemaker")
    described = visible(sagemaker.describe_endpoint, EndpointName=endpoint) or {}
    destination = described.get("DataCaptureConfig", {}).get("DestinationS3Uri")
    if not destination:
        return None
    name = described["EndpointConfigName"]
    config = visible(sagemaker.describe_endpoint_config, EndpointConfigName=name) or {}
    columns = {v["VariantName"]: columns_of(aws, v) for v in variants(config)}
    reading = newest(aws.client("s3"), destination, endpoint, [*columns], now, most)
    requests = [_request(line, columns, config.get("CreationTime")) for line in reading.lines]
    requests.sort(key=lambda request: request["at"], reverse=True)
    personal = {name for each in columns.values() if each for name in each.personal}
    return {
        "uri": destination,
        "requests": requests[:most],
        "personal": sorted(personal),
        "read_bytes": reading.read,
        "cut": reading.cut or len(requests) > most,
    }


def _request(
    line: Line, columns: Mapping[str, Columns | None], since: datetime | None
) -> CapturedRequest:
    event, halves = line.record["eventMetadata"], line.record["captureData"]
    asked, answered = halves.get("endpointInput") or {}, halves.get("endpointOutput") or {}
    at, identity = moment(event["inferenceTime"]), str(event.get("inferenceId") or "")
    known, is_test = columns.get(line.variant), identity.startswith(TEST_TRAFFIC)
    names_key = known is not None and known.key not in known.personal
    values = _values(asked, known, is_present=since is None or at >= since.replace(microsecond=0))
    return {
        "at": at.isoformat(timespec="seconds"),
        "variant": line.variant,
        "inference_id": identity if is_test or names_key else "",
        "test": is_test,
        "type": asked.get("observedContentType", ""),
        "bytes": size_of(asked),
        "records": len(values),
        "values": values[0] if values else {},
        "hidden": "" if values else _reason(asked, known),
        "answer": (text_of(answered) or "").strip()[:LONGEST_ANSWER] if known else "",
    }


def _values(asked: Json, columns: Columns | None, *, is_present: bool) -> list[dict[str, Cell]]:
    """Return the records of a request to the model that serves, or to an earlier one."""
    text = text_of(asked) if asked else None
    return records(text, columns, by_position=is_present) if text and columns else []


def _reason(asked: Json, columns: Columns | None) -> str:
    if not asked:
        return "Only answers are captured."
    if columns is None:
        return "Hidden: no contract says which columns of this model are personal."
    return "Hidden: not a record of the columns of the model that serves."
