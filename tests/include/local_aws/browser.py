"""A real browser, and servers of other origins for its pages."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
OPTIONS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--disable-dev-shm-usage", "--no-proxy-server", "--virtual-time-budget=5000", "--dump-dom"),
    "--disable-features=HttpsUpgrades",
    # Names of other sites that lead to this machine, as after DNS rebinding.
    "--host-resolver-rules=MAP *.example 127.0.0.1",
)
PICTURE = b'<svg xmlns="http://www.w3.org/2000/svg" width="7" height="7"/>'
SCRIPT = b"window.loaded = true;"
KINDS = {".svg": ("image/svg+xml", PICTURE), ".js": ("text/javascript", SCRIPT)}


def document(url: str, profile: Path) -> str:
    """Return the document that a browser has when it has opened *url* and waited."""
    command = [str(CHROMIUM), *OPTIONS, f"--user-data-dir={profile}", url]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout


def results(url: str, profile: Path) -> dict[str, str]:
    """Return the results on the page of `page`, by the name of the attempt."""
    match = re.search(r"<pre id=\"results\">(.*?)</pre>", document(url, profile), re.DOTALL)
    assert match, "the page did not end"
    return dict(json.loads(html.unescape(match[1])))


@dataclass(frozen=True)
class Sent:
    """A request that a browser made."""

    method: str
    path: str
    headers: Mapping[str, str]

    @property
    def is_navigation(self) -> bool:
        return "upgrade-insecure-requests" in self.headers and self.method == "POST"


@dataclass
class Site:
    """A server that lets every page do everything; it serves `/page` too."""

    port: int
    page: str = ""
    requests: list[Sent] = field(default_factory=list)


@contextmanager
def site() -> Iterator[Site]:
    """Run a site on every name of loopback."""

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            self.rfile.read(int(headers.get("content-length", 0)))
            made.requests.append(Sent(self.command, self.path, headers))
            kind, body = KINDS.get(Path(urlsplit(self.path).path).suffix, ("text/plain", b"open"))
            if self.path == "/page":
                kind, body = "text/html", made.page.encode()
            self.send_response(200)
            for name in ("Origin", "Methods", "Headers"):
                self.send_header(f"Access-Control-Allow-{name}", "*")
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_OPTIONS = _answer  # noqa: N815

        def log_message(self, *_: Any) -> None:
            """Keep the test's output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made = Site(server.server_port)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()


def page(targets: Mapping[str, str], attempts: Mapping[str, Any]) -> str:
    """Return a page that makes all *attempts* on all *targets*, and shows the results."""
    given = json.dumps({"targets": targets, "attempts": attempts}).replace("<", "\\u003c")
    script = f"<script>const given = {given};{ATTACK}</script>"
    return f"<!doctype html><meta charset=utf-8><body>{script}"


ATTACK = """
const learned = {};
const bytes = encoded => Uint8Array.from(atob(encoded), c => c.charCodeAt(0));

async function fetched(name, url, options) {
  try {
    const answer = await fetch(url, options);
    learned[name] = answer.type === "opaque" ? "opaque" : `read ${answer.status}`;
  } catch (error) {
    learned[name] = "blocked";
  }
}

function element(name, kind, url, options) {
  return new Promise(done => {
    const made = Object.assign(document.createElement(kind), options);
    made.onload = () => { learned[name] = "loaded"; done(); };
    made.onerror = () => { learned[name] = "blocked"; done(); };
    made.src = url;
    document.body.append(made);
  });
}

function form(url, type, fields) {
  const frame = document.createElement("iframe");
  frame.name = `frame${document.forms.length}`;
  const made = document.createElement("form");
  Object.assign(made, {method: "POST", action: url, enctype: type, target: frame.name});
  for (const [name, value] of fields) {
    const input = document.createElement("input");
    Object.assign(input, {type: "hidden", name, value});
    made.append(input);
  }
  document.body.append(frame, made);
  made.submit();
}

async function all() {
  for (const [target, base] of Object.entries(given.targets)) {
    for (const [attempt, what] of Object.entries(given.attempts)) {
      const name = `${target} ${attempt}`, url = base + what.path;
      if (what.element) {
        await element(name, what.element, url, what.options);
      } else if (what.fields) {
        form(url, what.type, what.fields);
      } else {
        const body = what.body === undefined ? undefined : bytes(what.body);
        const {method, headers} = what;
        await fetched(`${name} cors`, url, {method, headers, body, mode: "cors"});
        if (["GET", "POST"].includes(method)) {
          await fetched(`${name} no-cors`, url, {method, headers, body, mode: "no-cors"});
        }
      }
    }
  }
  await new Promise(done => setTimeout(done, 1000));
  const shown = Object.assign(document.createElement("pre"), {id: "results"});
  shown.textContent = JSON.stringify(learned);
  document.body.append(shown);
}
all();
"""
