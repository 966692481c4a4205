/** The page of the design system: its colours fill themselves from the variables that they name. */
import { mount as mountTheme } from "./theme.js";
import { byId, s } from "./dom.js";
import { KIND_KEYS } from "./logic/kinds.js";
import { swatch } from "./swatch.js";

for (const holder of document.querySelectorAll("[data-colour]")) {
  const rect = s("rect", { x: 1, y: 1, width: 30, height: 22, rx: 5 });
  rect.style.fill = `var(--${holder.getAttribute("data-colour")})`;
  holder.prepend(s("svg", { width: 32, height: 24, "aria-hidden": "true" }, rect));
}
for (const holder of document.querySelectorAll("[data-swatch]")) {
  const [layer = "", key = ""] = (holder.getAttribute("data-swatch") ?? "").split(":");
  holder.prepend(swatch(layer, key, { isBatch: key === "batch" }));
}
const kinds = document.getElementById("design-kinds");
kinds?.append(...KIND_KEYS.map((key) => swatch("facilities", key)));
mountTheme(byId("theme"));
