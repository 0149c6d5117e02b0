"""One plain page per job, endpoint, configuration or model, where there is no AWS console."""

from __future__ import annotations

import json
import re
from html import escape
from urllib.parse import parse_qsl, unquote

from .accounts import Accounts
from .cloudwatch.logs import Logs
from .core.account import Aws
from .core.store import Doc
from .wire.credentials import Credential
from .wire.errors import AwsError
from .wire.http import Send, reply

LOGS = {
    "TrainingJob": "TrainingJobs",
    "HyperParameterTuningJob": "TrainingJobs",
    "ProcessingJob": "ProcessingJobs",
    "TransformJob": "TransformJobs",
    "Endpoint": "Endpoints",
}
NOUNS = {*LOGS, "EndpointConfig", "Model"}
LINES = 500  # of each log stream, the last ones
STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:72rem;padding:0 1rem}"
    "pre{background:#f4f6f5;padding:1rem;overflow:auto;font-size:13px}"
)


FIELDS = (
    (b"content-type", b"text/html; charset=utf-8"),
    (b"x-content-type-options", b"nosniff"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (
        b"content-security-policy",
        b"default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    ),
)


async def answer(send: Send, accounts: Accounts, path: str, query: bytes) -> None:
    """Answer `/_local/jobs/TrainingJob/NAME[?region=...&account=...]`, or 404 with a sentence."""
    noun, _, name = unquote(path.removeprefix("/_local/jobs/")).partition("/")
    asked = dict(parse_qsl(query.decode("latin-1")))
    try:
        aws = await accounts.of(Credential(asked.get("account", ""), asked.get("region", "")))
    except AwsError as error:
        await _reply(send, 404, _page(path, f"<p>{escape(error.message)}</p>"))
        return
    doc = aws.store.get(_kind(noun), name) if noun in NOUNS else None
    if doc is None:
        place = f"in account {aws.account}, {aws.region}"
        text = f"There is no {escape(noun)} {escape(name)!r} {place}."
        await _reply(send, 404, _page(path, f"<p>{text}</p>"))
    else:
        await _reply(send, 200, _page(name, _told(aws, noun, name, doc)))


async def _reply(send: Send, status: int, page: str) -> None:
    await reply(send, status, page.encode(), FIELDS)


def _kind(noun: str) -> str:
    return re.sub(r"(?<!^)([A-Z])", r"-\1", noun).lower()


def _told(aws: Aws, noun: str, name: str, doc: Doc) -> str:
    status = " ".join(
        str(doc[key]) for key in (f"{noun}Status", "SecondaryStatus", "FailureReason") if key in doc
    )
    described = json.dumps(doc, indent=1, default=str, sort_keys=True)
    log = f"<h2>Log</h2><pre>{escape(_log(aws, noun, name))}</pre>" if noun in LOGS else ""
    return f"<p><b>{escape(status)}</b></p>{log}<h2>Description</h2><pre>{escape(described)}</pre>"


def _log(aws: Aws, noun: str, name: str) -> str:
    group = f"/aws/sagemaker/{LOGS[noun]}"
    prefix = "" if noun == "Endpoint" else f"{name}/"
    group = f"{group}/{name}" if noun == "Endpoint" else group
    parts = []
    for stream in aws.part(Logs).streams(group, prefix):
        events = aws.part(Logs).events(group, [stream.name])
        lines = [event.message.rstrip() for event in events]
        parts += [f"--- {stream.name}", *lines[-LINES:]]
    return "\n".join(parts) or "Nothing yet."


def _page(title: str, body: str) -> str:
    return (
        f"<!doctype html><meta charset=utf-8><title>{escape(title)}</title><style>{STYLE}</style>"
        f"<h1>{escape(title)}</h1>{body}"
    )
