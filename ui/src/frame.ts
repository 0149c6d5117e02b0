// Open links out of the frame in the page around it.
//
// Airflow's frame may not navigate its top window. The page around is of the same origin: its router
// follows its history.

/** Let links with the target `_top` change the address of the page around this one. */
export function followLinksOut(): void {
  if (window.parent === window) return;
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a[target=_top]") : null;
    if (!(link instanceof HTMLAnchorElement) || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const around = window.parent;
    around.history.pushState({}, "", link.href);
    around.dispatchEvent(new PopStateEvent("popstate", { state: {} }));
  });
}
