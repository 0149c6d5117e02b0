"""Time the Studio pages in a browser: until the first picture, and while trials are scrolled."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bench.studio.size import pipeline

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

# The element that a page draws first.
PAGES = {
    "models": ".card canvas",
    f"model?name={pipeline(0)}": "canvas",
    "experiments": "canvas",
    "endpoints": "canvas",
    f"endpoints?endpoint={pipeline(2)}": "canvas",
    "drift": "canvas",
    "jobs": "tbody tr",
    "costs": "canvas",
}
# Seconds from the navigation until the browser has drawn the frame with the element.
DRAWN = """selector => document.querySelector(selector) && new Promise(resolve =>
    requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() / 1000))))"""
LISTED = """number => document.querySelector("table")?.getAttribute("aria-rowcount") == number + 1
    && performance.now() / 1000"""
# Milliseconds between frames while the table of trials is scrolled by twenty rows a frame.
SCROLLED = """async () => {
  const table = document.querySelector("[aria-label='Table of trials']");
  const frame = () => new Promise(requestAnimationFrame);
  const gaps = [];
  let last = await frame();
  for (let step = 1; step <= 50; step++) {
    table.scrollTop = step * 680;
    const now = await frame();
    gaps.push(now - last);
    last = now;
  }
  return gaps.sort((left, right) => left - right);
}"""
# Milliseconds until the frame with the filtered rows.
FILTERED = """async text => {
  const began = performance.now(), field = document.querySelector("input[type=search]");
  field.value = text;
  field.dispatchEvent(new Event("input", {bubbles: true}));
  await new Promise(next => requestAnimationFrame(() => requestAnimationFrame(next)));
  return performance.now() - began;
}"""


@dataclass(frozen=True)
class Tab:
    """Opens pages of the API server *url* in new profiles of a browser."""

    browser: Browser
    url: str
    token: str

    @contextmanager
    def opened(self, page: str) -> Iterator[Page]:
        context = self.browser.new_context(viewport={"width": 1440, "height": 900})
        try:
            context.add_cookies([{"name": "_token", "value": self.token, "url": self.url}])
            tab = context.new_page()
            tab.goto(f"{self.url}/prodml/studio/{page}")
            yield tab
        finally:
            context.close()

    def first_picture(self, page: str) -> float:
        """Return the seconds from the navigation to *page* until its first picture is drawn."""
        with self.opened(page) as tab:
            drawn = tab.wait_for_function(DRAWN, arg=f"main {PAGES[page]}", timeout=60_000)
            return float(drawn.json_value())

    def trials(self, number: int) -> dict[str, Any]:
        """Return the seconds until all trials are listed, and how smooth their table is."""
        with self.opened("experiments") as tab:
            listed = float(tab.wait_for_function(LISTED, arg=number, timeout=60_000).json_value())
            tab.wait_for_timeout(1000)  # the pictures below the table are drawn while it is idle
            gaps: list[float] = tab.evaluate(SCROLLED)
            filtered = [tab.evaluate(FILTERED, text) for text in ("eta<0.5", "eta<0.2 auc", "")]
        return {
            "trials": number,
            "listed_s": round(listed, 3),
            "frame_median_ms": round(gaps[len(gaps) // 2], 1),
            "frame_p90_ms": round(gaps[len(gaps) * 9 // 10], 1),
            "filter_most_ms": round(max(filtered), 1),
        }
