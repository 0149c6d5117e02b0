"""moto's WSGI app: `python -m include.local_aws.moto.server PORT DIR REGION URL IAM`.

Its S3 is stored on disk; requests that moto does not implement are refused in their protocol.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable
from functools import lru_cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from ..core.garbage import collect_seldom, spare_present_objects
from ..wire import http, naming
from ..wire.errors import AwsError
from .access import given_key, may_enter
from .bodies import LARGE
from .bucket_defaults import give_defaults
from .bucket_policies import leave_to_server
from .checksums import state_types
from .disk import Snapshot, current, persistent_s3
from .forms import hide_form, is_readable, keep_form_types
from .iam import allow_simulation, load_managed_policies, make_role, refuse_bounded_users
from .identities import exported
from .keys import issue_own_keys, keep_sessions
from .multipart import join_on_disk
from .own_services import CLOSED, Origin, keep_out
from .saved_state import SERVICES, SavedState
from .uploads import encryption

log = logging.getLogger(__name__)
Environ = dict[str, Any]
Answer = tuple[str, list[tuple[str, str]], Iterable[bytes]]
Wsgi = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
HOSTS = 256  # names of hosts, of which the service is remembered
UPLOADS = 2  # concurrent large bodies: moto has several copies of each in memory
USING_POLICIES = ("iam", "cloudformation")
CHANGES = frozenset({"PUT", "POST", "DELETE"})


class Front:
    """Runs moto for one request, and saves its changes before the response."""

    def __init__(self, app: Wsgi, snapshot: Snapshot, state: SavedState, key: str) -> None:
        self._app = app
        self._snapshot = snapshot
        self._state = state
        self._key = key
        self._administered = state.load()
        self._with_policies: set[str] = set()
        self._preparing = threading.Lock()
        self._uploads = threading.BoundedSemaphore(UPLOADS)

    def __call__(self, environ: Environ, start: Callable[..., Any]) -> Iterable[bytes]:
        if not may_enter(environ, self._key):
            start("403 Forbidden", [("Content-Length", "0")])
            return []
        if environ["PATH_INFO"] == "/_local/health":
            problem = (self._snapshot.problem or "").encode()
            start("200 OK", [("Content-Length", str(len(problem)))])
            return [problem]
        if environ["PATH_INFO"] == "/_local/iam":
            return self._answer_identities(environ["HTTP_X_MOTO_ACCOUNT_ID"], start)
        if environ["PATH_INFO"] == "/_local/upload":
            query = dict(parse_qsl(environ["QUERY_STRING"]))
            return _answer_json(encryption(query["bucket"], query["id"]), start)
        hide_form(environ)
        if not is_readable(environ):
            error = AwsError("MalformedQueryString", "The body of the request is not UTF-8.")
            status, headers, body = _answered(environ, error, "400 Bad Request")
            start(status, headers)
            return body
        current.for_range = environ["REQUEST_METHOD"] == "GET" and bool(environ.get("HTTP_RANGE"))
        self._administer(environ["HTTP_X_MOTO_ACCOUNT_ID"], _service(environ))
        with self._uploads if _is_large(environ) else contextlib.nullcontext():
            status, headers, body = self._answer(environ)
        try:
            self._save(environ)
        except OSError as error:
            status, headers, body = storage_failure(environ, error)
        start(status, headers)
        return body

    def _save(self, environ: Environ) -> None:
        """Save what a request may have changed; raise OSError if that fails."""
        service = _service(environ)
        if environ["REQUEST_METHOD"] in CHANGES and service == "s3":
            self._snapshot.commit()
        elif service in SERVICES:
            self._state.commit()

    def _answer_identities(self, account: str, start: Callable[..., Any]) -> Iterable[bytes]:
        self._administer(account, "iam")
        return _answer_json(exported(account), start)

    def _administer(self, account: str, service: str) -> None:
        """Create the execution role before an account's first request, and policies for IAM's."""
        with self._preparing:
            if account not in self._administered:
                self._administered.add(account)
                make_role(account)
            if service in USING_POLICIES and account not in self._with_policies:
                self._with_policies.add(account)
                load_managed_policies(account)

    def _answer(self, environ: Environ) -> Answer:
        from werkzeug.test import run_wsgi_app

        try:
            body, status, headers = run_wsgi_app(self._app, environ)
        except NotImplementedError as error:
            return refusal(environ, str(error))
        except OSError as error:
            log.error("Storage failed under moto: %s", error)
            return storage_failure(environ, error)
        except Exception:
            log.exception("moto failed on %s %s", environ["REQUEST_METHOD"], environ["PATH_INFO"])
            return refusal(environ, "moto failed; see the server's log.")
        is_page = headers.get("Content-Type", "").startswith("text/html")
        if is_page and status.startswith("403"):  # denied by a policy of the bucket
            denied = AwsError("AccessDenied", "Access Denied")
            return _answered(environ, denied, "403 Forbidden")
        if status[0] in "45" and is_page and environ["REQUEST_METHOD"] != "HEAD":
            return refusal(environ, "moto does not implement it.")
        return status, headers.to_wsgi_list(), body


def _answer_json(document: Any, start: Callable[..., Any]) -> Iterable[bytes]:
    body = json.dumps(document).encode()
    start("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]


def _is_large(environ: Environ) -> bool:
    return int(environ.get("CONTENT_LENGTH") or 0) >= LARGE


def storage_failure(environ: Environ, error: OSError) -> Answer:
    """Return S3's error for a failed write; a retry may succeed."""
    message = f"We encountered an internal error. Please try again. ({error.strerror or error})"
    return _answered(environ, AwsError("InternalError", message), "500 Internal Server Error")


def refusal(environ: Environ, why: str) -> Answer:
    """Return a 501 that names the operation, in the protocol of the request."""
    service = _service(environ)
    message = f"{service}:{_operation(environ)} is not emulated. {why}".strip()
    error = AwsError("NotImplementedException", message)
    return _answered(environ, error, "501 Not Implemented")


def _answered(environ: Environ, error: AwsError, status: str) -> Answer:
    kind, body = http.refusal(error, _service(environ), environ.get("CONTENT_TYPE", ""))
    headers = [
        ("Content-Type", kind),
        ("Content-Length", str(len(body))),
        ("x-amzn-errortype", error.code),
    ]
    return status, headers, [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]


def _service(environ: Environ) -> str:
    return naming.signed_for({"authorization": environ.get("HTTP_AUTHORIZATION", "")})


def _operation(environ: Environ) -> str:
    target = str(environ.get("HTTP_X_AMZ_TARGET", "")).rpartition(".")[2]
    return target or f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}"


def _backend(origin: Origin, service: Any) -> Any:
    """Return moto's app for *service*, unless this server emulates it or it is moto's admin API."""
    from moto.server import create_backend_app

    if service in CLOSED:
        raise NotImplementedError("The server emulates it by its own protocols alone.")
    if service == "cloudformation":
        from .stacks.preparation import prepare

        prepare(origin)
    return create_backend_app(service)


def serve(port: int, root: Path, region: str, url: str, iam: str) -> None:
    """Serve requests until the server ends.

    :param region: The region of unsigned requests.
    :param url: The URL of the server, which has the services that moto must not have.
    :param iam: "off", or what the server does about policies.
    """
    collect_seldom()
    from moto.core.responses import BaseResponse
    from moto.server import DomainDispatcherApplication, MotoRequestHandler
    from werkzeug.serving import make_server

    BaseResponse.default_region = region
    key = given_key()
    snapshot = persistent_s3(root)
    join_on_disk()
    state_types()
    give_defaults()
    allow_simulation()
    refuse_bounded_users()
    issue_own_keys()
    keep_sessions()
    origin = Origin(url, key)
    keep_out(origin)
    keep_form_types()
    if iam != "off":
        leave_to_server()
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))  # acknowledged writes are on disk
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the server sends SIGTERM
    threading.Thread(target=snapshot.keep_saving, daemon=True).start()
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    app = DomainDispatcherApplication(partial(_backend, origin))
    # moto lists its folder and tries the patterns of all services for each request.
    app.get_backend_for_host = lru_cache(HOSTS)(app.get_backend_for_host)
    front = Front(app, snapshot, SavedState(root), key)
    server = make_server(
        "127.0.0.1", port, front, threaded=True, request_handler=MotoRequestHandler
    )
    spare_present_objects()
    server.serve_forever()


if __name__ == "__main__":
    serve(int(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:])
