"""Time the Studio pages: each page's first picture in a browser, and each route of the API.

On data of the demo's size, and with 50 pipelines, 10,000 jobs and 100 endpoints; the latter also
with the summaries of `summarize_studio`. No response of AWS is new enough when a page opens, and
the browser has a new profile each time. A page's first opening, for which the server has no earlier
response, is measured apart.
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
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(1, str(Path(__file__).resolve().parents[1] / "plugins"))

from bench.report import ROOT, report
from bench.studio.account import fill
from bench.studio.airflow import running_airflow
from bench.studio.size import BUCKET, DEMO, LARGE, Size
from include.local_aws.testing import Server, connection_to, running_server

if TYPE_CHECKING:
    from playwright.sync_api import Browser

RESULT = ROOT / "bench" / "results" / "studio.json"
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
LIMITS = {"demo": 1.0, "large, summarized": 2.0}  # seconds to the first picture
FIRST = "pipeline-00"
# The element that a page draws first.
PAGES = {
    "models": ".card canvas",
    f"model?name={FIRST}": "canvas",
    "experiments": "canvas",
    "endpoints": "canvas",
    "drift": "canvas",
    "jobs": "tbody tr",
    "costs": "canvas",
}
ALL_TRIALS = f"experiments/{FIRST}/trials"
ROUTES = (
    *("models", "experiments", f"{ALL_TRIALS}?most=100", ALL_TRIALS, "endpoints"),
    *(f"endpoints/{FIRST}", f"endpoints/{FIRST}/metrics?variant=AllTraffic&hours=3"),
    *("drift", f"drift/{FIRST}/{FIRST}", "models/drift", "models/costs"),
    *("jobs?days=7", "costs?days=30"),
)
# Seconds from the navigation until the browser has drawn the frame with the element.
DRAWN = """selector => document.querySelector(selector) && new Promise(resolve =>
    requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() / 1000))))"""


def first_pictures(url: str, token: str, browser: Browser) -> dict[str, dict[str, Any]]:
    """Return the seconds of each page; *first_s* are those of the first round."""
    seconds: dict[str, list[float]] = {page: [] for page in PAGES}
    for _ in range(ROUNDS + 1):
        for page in PAGES:
            seconds[page].append(_first_picture(url, token, browser, page))
    return {
        page: {"first_s": round(first, 3)} | _summary(others)
        for page, (first, *others) in seconds.items()
    }


def _first_picture(url: str, token: str, browser: Browser, page: str) -> float:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    try:
        context.add_cookies([{"name": "_token", "value": token, "url": url}])
        tab = context.new_page()
        tab.goto(f"{url}/prodml/studio/{page}")
        drawn = tab.wait_for_function(DRAWN, arg=f"main {PAGES[page]}", timeout=60_000)
        return float(drawn.json_value())
    finally:
        context.close()


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
        with running_airflow(server, folder / "airflow", size.pipelines) as url:
            with urllib.request.urlopen(f"{url}/auth/token") as response:
                token = str(json.load(response)["access_token"])
            yield {"size": size._asdict()} | pages_and_routes(url, token, browser)
            written = write_summaries(server)
            yield {"summaries": written} | pages_and_routes(url, token, browser)


def pages_and_routes(url: str, token: str, browser: Browser) -> dict[str, Any]:
    pictures = first_pictures(url, token, browser)
    return {"first_picture": pictures, "api": routes(url, token)}


def write_summaries(server: Server) -> dict[str, Any]:
    """Write the summaries twice, as the DAG does; return the second run's result and seconds."""
    os.environ["AIRFLOW_CONN_AWS_DEFAULT"] = connection_to(server.url)
    from prodml.aws.client import Aws
    from prodml.studio.summaries.writing import Writer

    Writer(Aws(), f"s3://{BUCKET}", "local").write()
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
        (result["demo"],) = islice(of_size(folder / "demo", DEMO, browser), 1)
        large = of_size(folder / "large", LARGE, browser)
        result["large"], result["large, summarized"] = large
        browser.close()
    trials = result["large, summarized"]["api"][ALL_TRIALS]["median_s"]
    claims = {claim(name, limit): holds(result[name], limit) for name, limit in LIMITS.items()}
    return result | {"claims": claims | {"1,000 trials load in 1 s": trials <= 1.0}}


def claim(name: str, limit: float) -> str:
    return f"each page's first picture within {limit:g} s, {name}"


def holds(figures: dict[str, Any], limit: float) -> bool:
    return all(page["median_s"] <= limit for page in figures["first_picture"].values())


if __name__ == "__main__":
    report(measured, RESULT)
