/**
 * A story being written: saved as any record is, looked at while one types, its pictures beside it.
 *
 * @import { Finding, Medium } from "../api.js"
 */
import { button, byId, h } from "../dom.js";
import { Fault, askJson, faultText, isAbort, send } from "../fetching.js";
import { pictureLine, sourcesOf, withParagraph } from "../logic/stories.js";
import { mountMedia } from "../media/manage.js";
import { text } from "../page-data.js";

/** @type {{ uuid: string, version: number, values: Record<string, unknown>, media: Medium[], place: { uuid: string, name: string, geometry: GeoJSON.Point | null } }} */
const story = JSON.parse(byId("story").textContent || "{}");
const body = byId("story-body", HTMLTextAreaElement);
const place = byId("story-place", HTMLInputElement);
const fault = byId("story-fault");
const PAUSE = 400;
/** Where a new story stands: at its place. @type {GeoJSON.Point | null} */
let geometry = story.place.geometry;
let timer = 0;
let abort = new AbortController();
let isChanged = false;

/** @param {string} id */
const control = (id) => /** @type {HTMLInputElement} */ (byId(id));

function values() {
  const named = ["title", "summary", "theme", "author"].map((name) => [name, control(`story-${name}`).value.trim() || null]);
  return { ...Object.fromEntries(named), body: body.value.trim() ? body.value : null, place_uuid: place.value.trim() ? place.dataset.uuid || null : null, sources: sourcesOf(byId("story-sources", HTMLTextAreaElement).value) };
}

async function preview() {
  abort.abort();
  abort = new AbortController();
  const { signal } = abort;
  try {
    const { html } = await (await send("/api/stories/preview", { body: { body: body.value, uuid: story.uuid || undefined }, signal })).json();
    // the server's renderer lets no HTML of the text through
    byId("story-preview").innerHTML = html;
  } catch (error) {
    if (!isAbort(error)) byId("story-preview").replaceChildren(h("p", { class: "note note-danger" }, faultText(error)));
  }
}

function later() {
  isChanged = true;
  clearTimeout(timer);
  timer = window.setTimeout(preview, PAUSE);
}

/** @param {readonly Finding[]} findings */
function showFindings(findings) {
  for (const said of document.querySelectorAll("#story-form .edit-said")) {
    const name = said.closest("[data-field]")?.getAttribute("data-field");
    const own = findings.filter(({ field, severity }) => field === name && severity === "error");
    said.replaceChildren(...own.map((one) => h("p", { class: `edit-finding is-${one.severity}` }, `${one.message} ${one.advice}`)));
  }
}

/** @param {"draft" | "published"} state */
async function save(state) {
  const buttons = [byId("story-draft", HTMLButtonElement), byId("story-publish", HTMLButtonElement)];
  for (const one of buttons) one.disabled = true;
  fault.replaceChildren();
  showFindings([]);
  try {
    /** @type {Record<string, unknown>} */
    const draft = { values: { ...values(), state }, why: state === "draft" ? text("Draft of a story") : text("Story published") };
    if (story.uuid) draft.version = story.version;
    else if (geometry) draft.geometry = geometry;
    const path = story.uuid ? `/api/records/stories/${story.uuid}` : "/api/records/stories";
    const saved = await (await send(path, { method: story.uuid ? "PUT" : "POST", body: draft })).json();
    isChanged = false;
    location.assign(state === "published" ? `/stories/${saved.uuid}` : `/stories/${saved.uuid}/edit`);
  } catch (error) {
    for (const one of buttons) one.disabled = false;
    const problem = error instanceof Fault ? error.problem : null;
    if (Array.isArray(problem?.findings)) showFindings(problem.findings);
    const conflict = problem?.conflict
      ? h("p", {}, h("a", { href: `/history/stories/${story.uuid}`, target: "_blank", rel: "noopener" }, text("What the other has changed")), " ", button(text("Save mine over it"), { small: true, onclick: () => over(Number(problem.conflict?.version), state) }))
      : null;
    fault.replaceChildren(h("div", { class: "note note-danger" }, h("p", {}, faultText(error)), conflict));
  }
}

/** Somebody has seen what the other did, and wants their own all the same. @param {number} version @param {"draft" | "published"} state */
function over(version, state) {
  story.version = version;
  save(state);
}

/** Places by name, for the story to hang on. */
async function offerPlaces() {
  const list = byId("story-places");
  const asked = place.value.trim();
  place.dataset.uuid = "";
  if (!asked) {
    list.hidden = true;
    return;
  }
  try {
    /** @type {{ items: { layer: string, uuid: string, name: string, where: { zh: string, en: string }, lon: number | null, lat: number | null }[] }} */
    const { items } = await askJson(`/api/search?q=${encodeURIComponent(asked)}&limit=20`);
    if (place.value.trim() !== asked) return;
    const places = items.filter(({ layer }) => layer === "place-names").slice(0, 8);
    list.replaceChildren(
      ...places.map((one) =>
        h("li", { role: "option" }, h("button", {
          type: "button", class: "button button-plain",
          onclick: () => {
            place.value = one.name;
            place.dataset.uuid = one.uuid;
            if (one.lon !== null && one.lat !== null) geometry = { type: "Point", coordinates: [one.lon, one.lat] };
            list.hidden = true;
            place.setAttribute("aria-expanded", "false");
          },
        }, `${one.name} · ${one.where[document.documentElement.lang.startsWith("zh") ? "zh" : "en"]}`)),
      ),
    );
    list.hidden = places.length === 0;
    place.setAttribute("aria-expanded", String(!list.hidden));
  } catch {
    list.hidden = true;
  }
}

if (story.uuid) {
  mountMedia(byId("story-media"), {
    owner: "article", uuid: story.uuid, media: story.media,
    onInsert: (picture) => {
      body.value = withParagraph(body.value, body.selectionStart ?? body.value.length, pictureLine(picture));
      later();
    },
    onChange: preview,
  });
}
byId("story-form").addEventListener("input", later);
byId("story-form").addEventListener("submit", (event) => event.preventDefault());
let asking = 0;
place.addEventListener("input", () => {
  clearTimeout(asking);
  asking = window.setTimeout(offerPlaces, PAUSE);
});
byId("story-draft").addEventListener("click", () => save("draft"));
byId("story-publish").addEventListener("click", () => save("published"));
addEventListener("beforeunload", (event) => {
  if (isChanged) event.preventDefault();
});
preview();
document.documentElement.classList.add("is-ready");
