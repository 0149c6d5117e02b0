"""One plain page per job, endpoint, configuration or model, instead of the AWS console."""

from __future__ import annotations

import asyncio
import json
import re
from html import escape
from urllib.parse import unquote

from .accounts import Accounts
from .cloudwatch.logs import Logs
from .core.account import Aws
from .core.store import Doc
from .page_html import account_of, index_link, log_link, send_page
from .wire.errors import AwsError
from .wire.http import Send

LOGS = {
    "TrainingJob": "TrainingJobs",
    "HyperParameterTuningJob": "TrainingJobs",
    "ProcessingJob": "ProcessingJobs",
    "TransformJob": "TransformJobs",
    "Endpoint": "Endpoints",
    "InferenceComponent": "InferenceComponents",
}
OWN_GROUP = ("Endpoint", "InferenceComponent")  # a log group for each, not for all together
NOUNS = (*LOGS, "AutoMLJob", "EndpointConfig", "Model")
LINES = 500  # last lines of each log stream


async def answer(send: Send, accounts: Accounts, path: str, query: bytes) -> None:
    """Answer `/_local/jobs/TrainingJob/NAME[?region=...&account=...]`, or 404 with the reason."""
    noun, _, name = unquote(path.removeprefix("/_local/jobs/")).partition("/")
    try:
        aws = await account_of(accounts, query)
    except AwsError as error:
        await send_page(send, 404, path, f"<p>{escape(error.message)}</p>")
        return
    doc = aws.store.get(_kind(noun), name) if noun in NOUNS else None
    back = f"<p>{index_link(aws, 'All jobs and endpoints')}</p>"
    if doc is None:
        await send_page(send, 404, path, f"<p>{escape(_missing(aws, noun, name))}</p>{back}")
    else:
        content = await asyncio.to_thread(_content, aws, noun, name, doc)
        await send_page(send, 200, name, back + content)


def _missing(aws: Aws, noun: str, name: str) -> str:
    if noun not in NOUNS:
        return f"No pages of {noun!r}. Available: {', '.join(NOUNS)}."
    return f"No {noun} {name!r} in account {aws.account}, {aws.region}."


def _kind(noun: str) -> str:
    """Return the kind in the store, such as `training-job`; an acronym is one word."""
    return re.sub(r"(?<!^)([A-Z])", r"-\1", noun.replace("AutoML", "Automl")).lower()


def _content(aws: Aws, noun: str, name: str, doc: Doc) -> str:
    shown = (doc.get(key) for key in (f"{noun}Status", "SecondaryStatus", "FailureReason"))
    status = ": ".join(dict.fromkeys(str(value) for value in shown if value))
    described = json.dumps(doc, indent=1, default=str, sort_keys=True)
    log = f"<h2>Log</h2>{_log(aws, noun, name)}" if noun in LOGS else ""
    return f"<p><b>{escape(status)}</b></p>{log}<h2>Description</h2><pre>{escape(described)}</pre>"


def _log(aws: Aws, noun: str, name: str) -> str:
    """Return the last lines of each stream, below their log group."""
    prefix = "" if noun in OWN_GROUP else f"{name}/"
    group = f"/aws/sagemaker/{LOGS[noun]}" + (f"/{name}" if noun in OWN_GROUP else "")
    parts = []
    for stream in aws.part(Logs).streams(group, prefix):
        lines = aws.part(Logs).last_lines(group, stream.name, LINES)
        parts += [f"--- {stream.name}", *lines]
    if aws.part(Logs).group(group) is None:
        return f"<p>There is no log group {escape(group)}: no container has printed a line.</p>"
    if not parts:
        return f"<p>Log group {log_link(aws, group)} has no lines of {escape(name)} yet.</p>"
    return f"<p>{log_link(aws, group)}</p><pre>{escape(chr(10).join(parts))}</pre>"
