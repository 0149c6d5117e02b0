"""Data capture: requests and responses as JSON lines in S3, in AWS's layout."""

from __future__ import annotations

import asyncio
import base64
import json
import logging
import random
import time
import uuid
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ...core.s3_encryption import Encryption, under_key

if TYPE_CHECKING:
    from ...core.account import Aws
    from .connections import Response

log = logging.getLogger(__name__)
FLUSH_BYTES = 4 * 1024 * 1024
FLUSH_SECONDS = 5.0  # of AWS time; AWS itself takes minutes
MOST_PENDING = 64 * 1024 * 1024  # bytes that are kept while S3 fails


@dataclass(frozen=True)
class CapturePlan:
    """The capture settings of an endpoint configuration, prepared for the hot path."""

    destination: str
    share: float
    modes: frozenset[str]
    csv_types: frozenset[str]
    json_types: frozenset[str]
    role: str  # as which the records are written
    encryption: Encryption

    @classmethod
    def of(cls, config: dict[str, Any] | None, role: str) -> CapturePlan | None:
        """Return the plan of a configuration; None if nothing is captured."""
        if not config or not config.get("EnableCapture"):
            return None
        types = config.get("CaptureContentTypeHeader", {})
        modes = {option["CaptureMode"] for option in config["CaptureOptions"]}
        return cls(
            destination=config["DestinationS3Uri"].rstrip("/"),
            share=config["InitialSamplingPercentage"] / 100,
            modes=frozenset({"Input", "Output"} if "InputAndOutput" in modes else modes),
            csv_types=frozenset(name.lower() for name in types.get("CsvContentTypes", [])),
            json_types=frozenset(name.lower() for name in types.get("JsonContentTypes", [])),
            role=role,
            encryption=under_key(config),
        )

    def side(self, mode: str, content_type: bytes, body: bytes) -> dict[str, str]:
        """Return the input or output of a record; BASE64 unless configured as CSV or JSON."""
        observed = content_type.decode("latin-1")
        media = observed.partition(";")[0].strip().lower()
        encoding = "CSV" if media in self.csv_types else "JSON" if media in self.json_types else ""
        try:
            data = body.decode() if encoding else ""
        except UnicodeDecodeError:
            encoding = ""
        if not encoding:
            encoding, data = "BASE64", base64.b64encode(body).decode()
        return {"observedContentType": observed, "mode": mode, "data": data, "encoding": encoding}


@dataclass
class Pending:
    """The records of one variant and hour that are not in S3 yet."""

    folder: str
    began: float
    lines: list[str] = field(default_factory=list)
    size: int = 0
    role: str = ""
    encryption: Encryption = field(default_factory=dict)
    name: str = ""  # of the object: a repeated write replaces it

    def __post_init__(self) -> None:
        if not self.name:
            began = time.strftime("%M-%S", time.gmtime(self.began))
            self.name = f"{began}-{int(self.began * 1000) % 1000:03d}-{uuid.uuid4()}.jsonl"

    def add(self, line: str) -> None:
        """Add a record, unless S3 fails for so long that there is no memory for it."""
        if self.size < MOST_PENDING:
            self.lines.append(line)
            self.size += len(line)


class Capture:
    """Collects records and writes them, by size and by age."""

    def __init__(self, aws: Aws) -> None:
        self._aws = aws
        self._pending: dict[str, Pending] = {}
        self._writing = asyncio.Lock()
        self._spool = aws.directory / "captures"

    def note(
        self,
        place: tuple[str, str],
        plan: CapturePlan | None,
        headers: dict[bytes, bytes],
        body: bytes,
        response: Response,
        shadow: bool = False,
    ) -> None:
        """Add one invocation, if it is in the sample."""
        if plan is None or random.random() >= plan.share:
            return
        now = self._aws.clock.now()
        record = _record(plan, headers, body, response, now)
        if shadow:  # Model Monitor leaves such records out by this
            record["eventMetadata"]["invocationSource"] = "ShadowExperiment"
        line = json.dumps(record, separators=(",", ":"))
        hour = time.strftime("%Y/%m/%d/%H", time.gmtime(now))
        folder = f"{plan.destination}/{place[0]}/{place[1]}/{hour}"
        pending = self._pending.get(folder)
        if pending is None:
            pending = Pending(folder, now, role=plan.role, encryption=plan.encryption)
            self._pending[folder] = pending
        pending.add(line)

    async def run(self) -> None:
        """Write the records that are due, without end."""
        age = max(0.2, self._aws.clock.real(FLUSH_SECONDS))
        while True:
            await asyncio.sleep(min(0.5, age / 2))
            now = self._aws.clock.now()
            for pending in list(self._pending.values()):
                if now - pending.began >= age or pending.size >= FLUSH_BYTES:
                    await self._write(pending)

    async def flush(self, endpoint: str | None = None) -> None:
        """Write all records now, or those of one endpoint."""
        for folder, pending in list(self._pending.items()):
            if endpoint is None or f"/{endpoint}/" in folder:
                await self._write(pending)

    async def _write(self, pending: Pending) -> None:
        async with self._writing:
            if self._pending.get(pending.folder) is not pending:
                return
            del self._pending[pending.folder]
            try:
                await asyncio.to_thread(self._put, pending)
            except asyncio.CancelledError:  # by the server's end, which saves it
                self._keep(pending)
                raise
            except Exception as error:  # noqa: BLE001  (serving continues; the next flush retries)
                log.warning("Writing captured data to %s failed: %s", pending.folder, error)
                self._keep(pending)

    def save(self) -> None:
        """Save pending records on disk at the server's end, when its S3 has stopped."""
        self._spool.mkdir(parents=True, exist_ok=True)
        for number, pending in enumerate(self._pending.values()):
            (self._spool / f"{number}.json").write_text(json.dumps(asdict(pending)))

    def load(self) -> None:
        """Load the saved records."""
        for path in sorted(self._spool.glob("*.json")):
            pending = Pending(**json.loads(path.read_text()))
            self._pending[pending.folder] = pending
            path.unlink()

    def _keep(self, pending: Pending) -> None:
        newer = self._pending.get(pending.folder)
        self._pending[pending.folder] = pending
        pending.began = self._aws.clock.now()
        for line in newer.lines if newer else []:
            pending.add(line)

    def _put(self, pending: Pending) -> None:
        url = urlsplit(pending.folder)
        body = "\n".join([*pending.lines, ""]).encode()
        s3 = self._aws.client("s3", pending.role)
        key = f"{url.path[1:]}/{pending.name}"
        s3.put_object(Bucket=url.netloc, Key=key, Body=body, **pending.encryption)


def _record(
    plan: CapturePlan, headers: dict[bytes, bytes], body: bytes, response: Response, now: float
) -> dict[str, Any]:
    data = {}
    if "Input" in plan.modes:
        data["endpointInput"] = plan.side("INPUT", headers.get(b"content-type", b""), body)
    if "Output" in plan.modes:
        answered = dict(response.headers).get(b"content-type", b"")
        data["endpointOutput"] = plan.side("OUTPUT", answered, response.body)
    stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now))
    metadata: dict[str, Any] = {"eventId": str(uuid.uuid4()), "inferenceTime": stamp}
    if inference_id := headers.get(b"x-amzn-sagemaker-inference-id"):
        metadata["inferenceId"] = inference_id.decode("latin-1")
    if attributes := headers.get(b"x-amzn-sagemaker-custom-attributes"):
        metadata["customAttributes"] = [attributes.decode("latin-1")]
    return {"captureData": data, "eventMetadata": metadata, "eventVersion": "0"}
