// Fetch JSON, again and again while the page is visible.

import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { isRenewed, noteFailed, noteRead } from "./age";

export interface Problem {
  error: string;
  remedy: string;
}

export class LoadError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.error);
  }
}

export type Loaded<T> =
  | { state: "loading" }
  | { state: "failed"; problem: Problem }
  | { state: "ready"; data: T; problem?: Problem };

const SOON = 2; // seconds after which a page asks for data that are being read
const ELSE = "Reload the page; if it fails again, read the log of Airflow's API server.";
const REMEDIES: Record<number, string> = {
  401: "Log in to Airflow, then reload this page.",
  403: "Ask your Airflow administrator for a role that may do this.",
  404: "Reload the page: it was deleted, or this page is of an older version.",
  409: "Reload the page: another answer or change came first.",
};

async function problemOf(response: Response): Promise<Problem> {
  const body: unknown = await response.json().catch(() => null);
  const said = body as { error?: string; remedy?: string; detail?: unknown } | null;
  if (said?.error && said.remedy) return { error: said.error, remedy: said.remedy };
  const detail = typeof said?.detail === "string" ? said.detail : response.statusText;
  return {
    error: `Airflow answered ${response.status}: ${detail}.`,
    remedy: REMEDIES[response.status] ?? ELSE,
  };
}

/** Return the JSON at `url`, relative to this page; throw LoadError with what to do otherwise. */
export async function call<T>(url: string, method = "GET", body?: unknown): Promise<T> {
  const request: RequestInit = { method, credentials: "same-origin" };
  if (body !== undefined) {
    request.headers = { "Content-Type": "application/json" };
    request.body = JSON.stringify(body);
  }
  let response: Response;
  try {
    response = await fetch(url, request);
  } catch {
    throw new LoadError({
      error: "Airflow's API server does not answer.",
      remedy: "Check your connection and that the API server runs; this page asks again.",
    });
  }
  if (!response.ok) {
    noteFailed(url);
    throw new LoadError(await problemOf(response));
  }
  noteRead(url, response);
  return (await response.json()) as T;
}

export function problemIn(error: unknown): Problem {
  return error instanceof LoadError ? error.problem : { error: String(error), remedy: ELSE };
}

/**
 * Load by `load` now, soon again if the data are old, and every `seconds` while the page is visible;
 * a failure keeps older data.
 * Return what there is, and a function that loads again at once.
 */
export function useLoaded<T>(load: () => Promise<T>, seconds = 60): [Loaded<T>, () => void] {
  const [loaded, set] = useState<Loaded<T>>({ state: "loading" });
  const wanted = useRef(load);
  wanted.current = load;
  const later = useRef<number | undefined>(undefined);
  const refresh = useCallback(() => {
    clearTimeout(later.current);
    // The answer to an earlier choice may come after that to the present one.
    const settle = (next: (before: Loaded<T>) => Loaded<T>) => wanted.current === load && set(next);
    load().then(
      (data) => {
        settle(() => ({ state: "ready", data }));
        if (isRenewed()) later.current = setTimeout(() => wanted.current === load && refresh(), SOON * 1000);
      },
      (error: unknown) =>
        settle((before) => {
          const problem = problemIn(error);
          return before.state === "ready" ? { ...before, problem } : { state: "failed", problem };
        }),
    );
  }, [load]);
  useLayoutEffect(refresh, [refresh]); // does not wait for the frame that says “Loading”
  useEffect(() => () => clearTimeout(later.current), []);
  useEffect(() => {
    const timer = setInterval(() => document.hidden || refresh(), seconds * 1000);
    return () => clearInterval(timer);
  }, [refresh, seconds]);
  return [loaded, refresh];
}
