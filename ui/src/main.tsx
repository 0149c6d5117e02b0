// Start the page that the address names.

import { render } from "preact";
import { followLinksOut } from "./frame";
import { drift } from "./pages/drift";
import { endpoints } from "./pages/endpoints";
import { experiments } from "./pages/experiments";
import { model } from "./pages/model";
import { models } from "./pages/models";
import { Shell } from "./shell";
import { followTheme } from "./theme";
import "./studio.css";

const PAGES = [models, model, experiments, endpoints, drift];

followTheme();
followLinksOut();
const route = location.pathname.split("/").pop();
const page = PAGES.find((each) => each.route === route) ?? models;
document.title = `${page.title} – Studio`;
render(<Shell pages={PAGES} page={page} />, document.getElementById("studio")!);
