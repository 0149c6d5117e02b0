"""Open a page of Studio in a real browser, and state what is wrong with it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Route

WIDE, PHONE = 1440, 375
SERIOUS = ("serious", "critical")
AXE = """async () => {
  const result = await axe.run(document, {resultTypes: ["violations"]});
  return result.violations.map(v => [v.impact, v.id, v.nodes.map(n => n.html).join(" ")]);
}"""


@cache
def axe() -> str:
    """Return the script of axe-core, which a package brings."""
    package = import_module("axe_playwright_python").__file__
    return (Path(str(package)).parent / "axe.min.js").read_text()


@dataclass
class Visit:
    """An open page with what the browser complained about."""

    page: Page
    errors: list[str]

    def refuse_faults(self) -> None:
        """Raise for an error in the console, a serious fault of accessibility, or a wide page."""
        assert self.errors == []
        self.page.evaluate(axe())
        faults = [fault for fault in self.page.evaluate(AXE) if fault[0] in SERIOUS]
        assert faults == []
        size: Any = self.page.evaluate(
            "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
        )
        assert size[0] <= size[1], f"the page is {size[0]} pixels wide, its window {size[1]}"

    def keep(self, name: str, top: str = "", *, full_page: bool = False) -> None:
        """Take the wide picture for the docs, if PRODML_SCREENSHOTS names a folder.

        :param top: The region with which the picture begins.
        """
        folder, size = os.environ.get("PRODML_SCREENSHOTS"), self.page.viewport_size
        if not folder or not size or size["width"] != WIDE:
            return
        if top:
            self.page.get_by_role("region", name=top).evaluate("region => region.scrollIntoView()")
        self.page.screenshot(path=f"{folder}/studio-{name}.png", full_page=full_page)


@dataclass
class Studio:
    """Opens pages at the API server *url* as the user of *token*."""

    url: str
    browser: Browser
    token: str

    @contextmanager
    def context(self, width: int = WIDE, scheme: str = "light") -> Iterator[BrowserContext]:
        """Yield a browser's profile that is logged in."""
        choices: Any = {"color_scheme": scheme}
        context = self.browser.new_context(viewport={"width": width, "height": 900}, **choices)
        context.add_cookies([{"name": "_token", "value": self.token, "url": self.url}])
        try:
            yield context
        finally:
            context.close()

    @contextmanager
    def visit(
        self,
        page: str,
        width: int = WIDE,
        scheme: str = "light",
        answers: Mapping[str, tuple[int, Any]] | None = None,
    ) -> Iterator[Visit]:
        """Open *page*, such as `models`, and wait until it has loaded.

        :param answers: By pattern of an address, the status and the document instead of the
            server's.
        """
        with self.context(width, scheme) as context:
            opened, errors = context.new_page(), list[str]()
            opened.on("pageerror", lambda error: errors.append(str(error)))
            opened.on(
                "console",
                lambda said: errors.append(said.text) if said.type == "error" else None,
            )
            for pattern, answer in (answers or {}).items():
                opened.route(pattern, _answering(*answer))
            opened.goto(f"{self.url}/prodml/studio/{page}")
            opened.wait_for_selector("main >> css=.loading", state="detached")
            yield Visit(opened, errors)


def _answering(status: int, document: Any) -> Any:
    def answer(route: Route) -> None:
        route.fulfill(status=status, json=document)

    return answer
