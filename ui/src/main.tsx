// Start the page that the address names.

import { render } from "preact";
import { loadLibrary } from "./drawing";
import { followLinksOut } from "./frame";
import { costs } from "./pages/costs";
import { drift } from "./pages/drift";
import { endpoints } from "./pages/endpoints";
import { experiments } from "./pages/experiments";
import { jobs } from "./pages/jobs";
import { model } from "./pages/model";
import { models } from "./pages/models";
import { dag, run, task } from "./pages/tabs";
import { Shell } from "./shell";
import { followTheme } from "./theme";
import "./studio.css";

const PAGES = [models, model, experiments, endpoints, drift, jobs, costs, dag, run, task];

followTheme();
followLinksOut();
const route = location.pathname.split("/").pop();
const page = PAGES.find((each) => each.route === route) ?? models;
document.title = `${page.title} – Studio`;
render(<Shell pages={PAGES} page={page} />, document.getElementById("studio")!);
if (!page.hasOnlyTables) void loadLibrary();
// On a phone, the navigation is wider than the window.
document.querySelector("nav [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });
