// The frame of every page: heading, links to the other pages, and the states of what is loaded.

import type { ComponentChildren } from "preact";
import { Age } from "./age";
import type { Loaded, Problem } from "./load";

export interface Page {
  route: string; // the last part of its address, such as "models"
  title: string;
  within?: string; // the route of the page that leads to it; it is not in the navigation then
  isTab?: boolean; // of a page of Airflow, which has the navigation
  hasOnlyTables?: boolean; // and draws no picture
  view: () => preact.JSX.Element;
}

export function Shell(props: { pages: Page[]; page: Page }) {
  const { pages, page } = props;
  return (
    <>
      {!page.isTab && <Navigation pages={pages.filter(({ within, isTab }) => !within && !isTab)} page={page} />}
      <main id="content" tabIndex={-1}>
        <Age />
        <page.view />
      </main>
    </>
  );
}

function Navigation({ pages, page }: { pages: Page[]; page: Page }) {
  return (
    <>
      <a class="skip" href="#content">
        Skip to content
      </a>
      <nav aria-label="Studio">
        {pages.map(({ route, title }) => (
          <a href={route} aria-current={route === (page.within ?? page.route) ? "page" : undefined}>
            {title}
          </a>
        ))}
      </nav>
    </>
  );
}

export function Failure({ problem }: { problem: Problem }) {
  return (
    <div class="failure" role="alert">
      <p>
        <strong>{problem.error}</strong>
      </p>
      <p>{problem.remedy}</p>
    </div>
  );
}

export function Empty(props: { title: string; children: ComponentChildren }) {
  return (
    <div class="empty">
      <h2>{props.title}</h2>
      <p>{props.children}</p>
    </div>
  );
}

export function Loading() {
  return (
    <div class="loading" role="status">
      Loading …
    </div>
  );
}

/** Show `view` of what is loaded, or that it is loading, or why it could not be loaded. */
export function Ready<T>(props: { loaded: Loaded<T>; view: (data: T) => preact.JSX.Element }) {
  const { loaded, view } = props;
  if (loaded.state === "loading") return <Loading />;
  if (loaded.state === "failed") return <Failure problem={loaded.problem} />;
  return (
    <>
      {loaded.problem && <Failure problem={loaded.problem} />}
      {view(loaded.data)}
    </>
  );
}
