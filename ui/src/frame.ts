// Open links out of the frame, in the page around it or in a new tab.
//
// Airflow's frame may neither navigate its top window nor open windows. The page around is of the same
// origin: its router follows its history, and a link of its own opens a tab.

/** Let links with the target `_top` change the address of the page around, and `_blank` open a tab. */
export function followLinksOut(): void {
  if (window.parent === window) return;
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a[target]") : null;
    // The page around has no policy against scripts in addresses.
    if (!(link instanceof HTMLAnchorElement) || !link.protocol.startsWith("http")) return;
    const isModified = event.ctrlKey || event.metaKey;
    if (link.target === "_blank" || isModified) open(event, link.href);
    else if (link.target === "_top") follow(event, link.href);
  });
}

function follow(event: Event, address: string): void {
  event.preventDefault();
  const around = window.parent;
  around.history.pushState({}, "", address);
  around.dispatchEvent(new PopStateEvent("popstate", { state: {} }));
}

function open(event: Event, address: string): void {
  event.preventDefault();
  const page = window.parent.document;
  const link = Object.assign(page.createElement("a"), { href: address, target: "_blank", rel: "noopener" });
  page.body.append(link);
  link.click();
  link.remove();
}
