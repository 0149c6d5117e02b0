"""The pages of buckets and log groups: what is in them, for a person without a console."""

from __future__ import annotations

import asyncio
from html import escape
from urllib.parse import parse_qsl

from botocore.exceptions import BotoCoreError, ClientError

from .accounts import Accounts
from .cloudwatch.logs import Logs, Stream
from .core.account import Aws
from .page_html import account_of, index_link, log_link, moment, send_page, table
from .wire.errors import AwsError
from .wire.http import Send

BUCKETS, LOGS = "/_local/buckets/", "/_local/logs/"
MOST = 1000  # objects or streams of a page
LINES = 500  # of a log stream, the last ones


async def answer(send: Send, accounts: Accounts, path: str, query: bytes) -> None:
    """Answer `/_local/buckets/NAME` or `/_local/logs/GROUP[?stream=NAME]`, or 404."""
    try:
        aws = await account_of(accounts, query)
    except AwsError as error:
        await send_page(send, 404, path, f"<p>{escape(error.message)}</p>")
        return
    name = path.removeprefix(BUCKETS).removeprefix(LOGS)
    stream = dict(parse_qsl(query.decode("latin-1"))).get("stream", "")
    # A thread: requests to endpoints must not wait for thousands of objects or lines.
    if path.startswith(BUCKETS):
        status, body = await asyncio.to_thread(_bucket, aws, name)
    else:
        status, body = await asyncio.to_thread(_group, aws, name, stream)
    await send_page(send, status, name, f"<p>{index_link(aws, 'All jobs and endpoints')}</p>{body}")


def _bucket(aws: Aws, name: str) -> tuple[int, str]:
    try:
        listed = aws.s3.list_objects_v2(Bucket=name, MaxKeys=MOST)
    except ClientError as error:
        message = f"Bucket {name!r} of account {aws.account}: {error}"
        return 404, f"<p>{escape(message)}</p>"
    except BotoCoreError as error:
        return 503, f"<p>S3 does not answer: {escape(str(error))}. Read this server's log.</p>"
    rows = [
        (escape(item["Key"]), f"{item['Size']:,}", moment(item["LastModified"].timestamp()))
        for item in listed.get("Contents", [])
    ]
    if not rows:
        return 200, "<p>The bucket is empty.</p>"
    more = f"<p>The first {MOST:,} objects by name.</p>" if listed["IsTruncated"] else ""
    return 200, more + table(("Object", "Bytes", "Changed"), rows)


def _group(aws: Aws, name: str, stream: str) -> tuple[int, str]:
    logs = aws.part(Logs)
    if logs.group(name) is None:
        message = f"There is no log group {name!r} in account {aws.account}, {aws.region}."
        return 404, f"<p>{escape(message)}</p>"
    if not stream:
        streams = sorted(logs.streams(name), key=_age, reverse=True)
        rows = [_row(aws, name, listed) for listed in streams[:MOST]]
        heads = ("Stream", "First line", "Last line")
        return 200, table(heads, rows) if rows else "<p>The group has no stream.</p>"
    if not logs.has_stream(name, stream):
        return 404, f"<p>There is no stream {escape(repr(stream))} in log group {escape(name)}.</p>"
    lines = logs.last_lines(name, stream, LINES)
    text = escape("\n".join(lines))
    shown = f"<pre>{text}</pre>" if lines else "<p>The stream has no line.</p>"
    back = log_link(aws, name)
    return 200, f"<p>{back}: {escape(stream)}, its last {LINES} lines at most</p>{shown}"


def _age(stream: Stream) -> int:
    return stream.last or stream.created


def _row(aws: Aws, group: str, stream: Stream) -> tuple[str, ...]:
    first, last = (at / 1000 if at else None for at in (stream.first, stream.last))
    return log_link(aws, group, stream.name), moment(first), moment(last)
