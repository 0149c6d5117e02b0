"""The frame of the embedded AWS's pages: style, header fields, links, account."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from html import escape
from urllib.parse import parse_qsl, quote, urlencode

from .accounts import Accounts
from .core.account import Aws
from .wire.credentials import Credential
from .wire.http import Send, reply

INDEX = "/_local/"
STYLE = (
    ":root{color-scheme:light dark;--text:#1f2733;--back:#fff;--soft:#f4f6f5;--line:#d5dbd8;"
    "--link:#0b5cad}"
    "@media(prefers-color-scheme:dark){:root{--text:#e4e8e6;--back:#15191c;--soft:#20262a;"
    "--line:#3a4247;--link:#7db8f0}}"
    "body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:72rem;padding:0 1rem;"
    "color:var(--text);background:var(--back)}"
    "h1{overflow-wrap:anywhere}a{color:var(--link)}"
    "pre{background:var(--soft);padding:1rem;overflow:auto;font-size:13px}"
    ".wide{overflow-x:auto}table{border-collapse:collapse;width:100%}"
    "th,td{text-align:left;vertical-align:top;padding:.3rem .6rem .3rem 0;"
    "border-bottom:1px solid var(--line)}td{overflow-wrap:anywhere;min-width:6rem}"
    "@media(max-width:40rem){body{margin:1rem auto}td,th{font-size:13px}}"
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


async def account_of(accounts: Accounts, query: bytes) -> Aws:
    """Return the account of `?region=...&account=...`; raise AwsError for another region."""
    parameters = dict(parse_qsl(query.decode("latin-1")))
    return await accounts.of(
        Credential(parameters.get("account", ""), parameters.get("region", ""))
    )


async def send_page(send: Send, status: int, title: str, body: str) -> None:
    """Answer with a page of *body*, which is HTML; *title* is text."""
    page = (
        "<!doctype html><html lang=en><meta charset=utf-8>"
        '<meta name=viewport content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style><h1>{escape(title)}</h1>{body}"
    )
    await reply(send, status, page.encode(), FIELDS)


def index_link(aws: Aws, text: str) -> str:
    """Return a link with *text* to the index of an account and region."""
    return f'<a href="{INDEX}{_place(aws)}">{escape(text)}</a>'


def resource_link(aws: Aws, noun: str, name: str) -> str:
    """Return a link to the page of a resource."""
    address = f"{INDEX}jobs/{noun}/{quote(name, safe='')}{_place(aws)}"
    return f'<a href="{address}">{escape(name)}</a>'


def bucket_link(aws: Aws, name: str) -> str:
    """Return a link to the page of a bucket."""
    return f'<a href="{INDEX}buckets/{quote(name)}{_place(aws)}">{escape(name)}</a>'


def log_link(aws: Aws, group: str, stream: str = "") -> str:
    """Return a link to the page of a log group, or of a stream in it."""
    place = _place(aws, **({"stream": stream} if stream else {}))
    return f'<a href="{INDEX}logs/{quote(group)}{place}">{escape(stream or group)}</a>'


def table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """Return a table whose *rows* are HTML already."""
    first = "".join(f"<th>{escape(head)}</th>" for head in heads)
    lines = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<div class=wide><table><tr>{first}</tr>{lines}</table></div>"


def moment(seconds: float | None) -> str:
    """Return a readable time; an empty text for None."""
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S} UTC" if seconds else ""


def _place(aws: Aws, **more: str) -> str:
    return "?" + escape(urlencode({"region": aws.region, "account": aws.account} | more))
