// Start the page that the address names.

import { render } from "preact";
import { model } from "./pages/model";
import { models } from "./pages/models";
import { Shell } from "./shell";
import { followTheme } from "./theme";
import "./studio.css";

const PAGES = [models, model];

followTheme();
const route = location.pathname.split("/").pop();
const page = PAGES.find((each) => each.route === route) ?? models;
document.title = `${page.title} – Studio`;
render(<Shell pages={PAGES} page={page} />, document.getElementById("studio")!);
