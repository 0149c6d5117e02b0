"""Time the Studio pages: each page's first picture in a browser, and each route of the API.

On data of the demo's size, and with 50 pipelines, 10,000 jobs and 100 endpoints; the latter also
with the summaries of `summarize_studio`. *cold_s* is the first page that is opened when the API
server answers, which is started again for each page. The others are opened again and again: no
response of AWS is new enough then. The browser has a new profile each time.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, Any, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(1, str(Path(__file__).resolve().parents[1] / "plugins"))

from bench.report import ROOT, report
from bench.studio.account import fill
from bench.studio.airflow import running_airflow
from bench.studio.browser import PAGES, Tab
from bench.studio.size import BUCKET, DEMO, LARGE, Size, pipeline
from include.local_aws.testing import Server, connection_to, running_server

if TYPE_CHECKING:
    from playwright.sync_api import Browser

RESULT = ROOT / "bench" / "results" / "studio.json"
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
LIMITS = {"demo": 1.0, "large": 2.0, "large, summarized": 2.0}  # seconds to the first picture
SMOOTH = 34.0  # milliseconds of a frame while the table is scrolled: thirty a second
ALL_TRIALS = f"experiments/{pipeline(0)}/trials"
ROUTES = (
    *("models", "experiments", f"{ALL_TRIALS}?most=100", ALL_TRIALS, "endpoints"),
    *(f"endpoints/{pipeline(0)}", f"endpoints/{pipeline(0)}/metrics?hours=3&variant=AllTraffic"),
    *("drift?most=1", "drift", f"drift/{pipeline(0)}/{pipeline(0)}?most=24", "models/drift"),
    *("models/costs", "jobs?days=7", "costs?days=30"),
)


class Account(NamedTuple):
    """A filled account, and the home of an Airflow that reads it."""

    server: Server
    home: Path
    size: Size
    browser: Browser

    @contextmanager
    def airflow(self, *, aged: bool) -> Iterator[Tab]:
        """Yield what opens pages of an API server that was just started."""
        with running_airflow(self.server, self.home, self.size.pipelines, aged=aged) as url:
            yield Tab(self.browser, url, _read(f"{url}/auth/token")["access_token"])

    def measured(self) -> dict[str, Any]:
        """Return the seconds of pages and routes."""
        with self.airflow(aged=True) as tab:  # it makes the database
            warm: dict[str, list[float]] = {page: [] for page in PAGES}
            for _ in range(ROUNDS + 1):
                for page in PAGES:
                    warm[page].append(tab.first_picture(page))
            api = routes(tab.url, tab.token)
        with self.airflow(aged=False) as tab:
            trials = tab.trials(len(_trials(tab)))
        pictures = {page: {"cold_s": self._cold(page)} | _summary(warm[page][1:]) for page in PAGES}
        return {"first_picture": pictures, "all_trials": trials, "api": api}

    def _cold(self, page: str) -> float:
        with self.airflow(aged=False) as tab:
            return round(tab.first_picture(page), 3)


def _trials(tab: Tab) -> list[Any]:
    return list(_read(f"{tab.url}/prodml/api/{ALL_TRIALS}", Cookie=f"_token={tab.token}"))


def _read(url: str, **headers: str) -> Any:
    request = urllib.request.Request(url, headers=headers)
    with urllib.request.urlopen(request, timeout=60) as response:
        return json.load(response)


def routes(url: str, token: str) -> dict[str, dict[str, Any]]:
    """Return the seconds and the size of each route's response, the first one apart."""
    return {route: _route(f"{url}/prodml/api/{route}", token) for route in ROUTES}


def _route(url: str, token: str) -> dict[str, Any]:
    headers = {"Cookie": f"_token={token}", "Accept-Encoding": "gzip"}
    request, seconds = urllib.request.Request(url, headers=headers), []
    for _ in range(ROUNDS + 1):
        began = time.perf_counter()
        with urllib.request.urlopen(request, timeout=60) as response:
            size = len(response.read())
        seconds.append(time.perf_counter() - began)
    first = {"first_s": round(seconds[0], 3), "kb": round(size / 1000, 1)}
    return first | _summary(seconds[1:])


def _summary(seconds: list[float]) -> dict[str, Any]:
    return {"median_s": round(statistics.median(seconds), 3), "most_s": round(max(seconds), 3)}


def of_size(folder: Path, size: Size, browser: Browser) -> Iterator[dict[str, Any]]:
    """Yield the measurements on an account of *size*: while pages read AWS, and with summaries."""
    with running_server(folder / "aws") as server:
        fill(server, folder / "aws", size)
        account = Account(server, folder / "airflow", size, browser)
        yield {"size": size._asdict()} | account.measured()
        with _written(server) as written:
            yield {"summaries": written} | account.measured()


@contextmanager
def _written(server: Server) -> Iterator[dict[str, Any]]:
    """Write the summaries every minute, as the DAG does; yield a run's result and seconds."""
    os.environ["AIRFLOW_CONN_AWS_DEFAULT"] = connection_to(server.url)
    written, ended = [_write(), _write()], Event()

    def again() -> None:
        while not ended.wait(60):
            written.append(_write())

    writer = Thread(target=again)
    writer.start()
    try:
        yield written[1]
    finally:
        ended.set()
        writer.join()


def _write() -> dict[str, Any]:
    from prodml.aws.client import Aws
    from prodml.studio.summaries.writing import Writer

    began = time.perf_counter()
    written = Writer(Aws(), f"s3://{BUCKET}", "local").write()
    return {**written, "seconds": round(time.perf_counter() - began, 2)}


def measured(folder: Path) -> dict[str, Any]:
    from playwright.sync_api import sync_playwright

    os.environ.setdefault("AIRFLOW_HOME", str(folder / "home"))
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    load, niceness = os.getloadavg()[0], os.nice(0)
    result: dict[str, Any] = {"cores": os.cpu_count(), "load_average": load, "niceness": niceness}
    with sync_playwright() as driver:
        arguments = ["--no-sandbox", "--no-proxy-server", "--disable-dev-shm-usage"]
        browser = driver.chromium.launch(executable_path=chromium, args=arguments)
        demo = islice(of_size(folder / "demo", DEMO, browser), 1)
        large = of_size(folder / "large", LARGE, browser)
        for name, figures in zip(LIMITS, chain(demo, large), strict=True):
            result[name] = figures
            print(name, json.dumps(figures["first_picture"]), file=sys.stderr, flush=True)
        browser.close()
    return result | {"claims": claims(result)}


def claims(result: dict[str, Any]) -> dict[str, bool]:
    """Return which claims of the documentation the figures bear out."""
    proven = {}
    for name, limit in LIMITS.items():
        pages = result[name]["first_picture"].values()
        claim = f"each page's first picture within {limit:g} s, {name}"
        proven[claim] = all(page["median_s"] <= limit for page in pages)
        proven[f"{claim}, API server just started"] = all(page["cold_s"] <= limit for page in pages)
    trials = result["large, summarized"]["all_trials"]
    proven["1,000 trials load in 1 s"] = trials["listed_s"] <= 1.0
    proven["1,000 trials stay smooth"] = trials["frame_p90_ms"] <= SMOOTH
    return proven


if __name__ == "__main__":
    report(measured, RESULT)
