// Follow Airflow's light or dark mode: the class of the page around this one, or what it has stored.

export type Theme = "light" | "dark";

const listeners = new Set<(theme: Theme) => void>();

function around(): Element | null {
  try {
    return window.parent === window ? null : window.parent.document.documentElement;
  } catch {
    return null; // another origin
  }
}

function present(): Theme {
  const host = around();
  if (host) return host.classList.contains("dark") ? "dark" : "light";
  const stored = localStorage.getItem("theme");
  if (stored === "dark" || stored === "light") return stored;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

function apply(): void {
  const theme = present();
  if (document.documentElement.dataset["theme"] === theme) return;
  document.documentElement.dataset["theme"] = theme;
  for (const listener of listeners) listener(theme);
}

/** Set the theme now, and again whenever Airflow changes it. */
export function followTheme(): void {
  apply();
  const host = around();
  if (host) new MutationObserver(apply).observe(host, { attributeFilter: ["class"] });
  addEventListener("storage", apply);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", apply);
}

export function theme(): Theme {
  return document.documentElement.dataset["theme"] === "dark" ? "dark" : "light";
}

/** Call `listener` at each change of the theme; return how to stop that. */
export function onTheme(listener: (theme: Theme) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
