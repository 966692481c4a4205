/** The page of a boundary line: its map, and what those who keep it change. */
import { byId } from "../dom.js";
import { mountMedia } from "../media/manage.js";
import { text } from "../page-data.js";
import { mountDocuments } from "./documents.js";
import { mountLineMap } from "./line-map.js";
import { reload, tellSaved } from "./saved.js";

const page = JSON.parse(document.getElementById("boundary")?.textContent || "{}");
const element = byId("map");
byId("print").addEventListener("click", () => print());
tellSaved(byId("said"), page);
if (page.mayEdit) {
  for (const holder of page.holders) mountDocuments(page, holder, reload);
  mountMedia(byId("media"), { owner: "line", uuid: page.uuid, media: page.media });
}
mountLineMap(element, { line: page.line, stakes: page.stakes }).catch(() => element.replaceChildren(text("The map cannot be drawn here.")));
document.documentElement.classList.add("is-ready");
