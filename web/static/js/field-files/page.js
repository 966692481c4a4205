/**
 * The page of files from the field: drop them, see them go, see what was read.
 *
 * @import { FieldFile, System, Upload } from "./types.js"
 */
import { byId } from "../dom.js";
import { mountDropZone } from "../drop-zone.js";
import { askJson } from "../fetching.js";
import { mountBanner } from "../status.js";
import { fileCard } from "./file.js";
import { mountSendings } from "./sendings.js";

const BUSY = 1000;
const QUIET = 10000;
/** @type {System[]} */
const systems = JSON.parse(byId("systems", HTMLScriptElement).textContent || "[]");
/** @type {Upload[]} */
let stopped = [];
/** @type {Set<string>} */
const open = new Set();
/** @type {Map<string, { said: string, card: HTMLElement }>} */
const drawn = new Map();
let timer = 0;

mountBanner();
const form = byId("upload", HTMLFormElement);
const sendings = mountSendings(byId("sendings"), { most: Number(form.dataset.mostMb) * 1e6, onSent: look });
mountDrop();
look();

/** The list, and again as long as something goes on. */
async function look() {
  clearTimeout(timer);
  let wait = QUIET;
  try {
    /** @type {{ files: FieldFile[], uploads: Upload[] }} */
    const { files, uploads } = await askJson("/api/field-files");
    stopped = uploads;
    draw(files);
    if (files.some(({ state }) => state === "received" || state === "reading")) wait = BUSY;
  } catch {
    // the banner says that the server is gone
  }
  document.documentElement.classList.add("is-ready");
  timer = window.setTimeout(() => (document.visibilityState === "visible" ? look() : document.addEventListener("visibilitychange", look, { once: true })), wait);
}

/** Cards that say the same stay as they are: with their map, and where the reader is. @param {FieldFile[]} files */
function draw(files) {
  const cards = files.map((found) => {
    const said = JSON.stringify(found);
    const known = drawn.get(found.uuid);
    if (known?.said === said) return known.card;
    const card = fileCard(found, { systems, open, changed: look });
    drawn.set(found.uuid, { said, card });
    return card;
  });
  const list = byId("files");
  const there = [...list.children];
  if (cards.length !== there.length || cards.some((card, place) => card !== there[place])) list.replaceChildren(...cards);
  byId("files-empty").hidden = files.length > 0;
}

function mountDrop() {
  const zone = byId("drop");
  const chooser = byId("upload-files", HTMLInputElement);

  /** @param {FileList | null | undefined} files */
  function take(files) {
    for (const file of files ?? []) sendings.add(file, stopped);
    chooser.value = "";
  }

  chooser.addEventListener("change", () => take(chooser.files));
  form.addEventListener("submit", (event) => event.preventDefault());
  mountDropZone(zone, take);
}
