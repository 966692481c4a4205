/**
 * The page of imports: drop a file, and see what became of the earlier ones.
 *
 * @import { ImportLine } from "./types.js"
 */
import { byId, h } from "../dom.js";
import { mountDropZone } from "../drop-zone.js";
import { askJson, faultText, isAbort } from "../fetching.js";
import { formatBytes, formatNumber, formatPercent } from "../logic/format.js";
import { lang, text } from "../page-data.js";
import { mountBanner } from "../status.js";
import { upload } from "./upload.js";

const BADGES = { new: "", checking: "badge-accent", checked: "badge-accent", unchecked: "badge-warning", faulty: "badge-danger", importing: "badge-accent", imported: "badge-good", failed: "badge-danger" };
const BUSY = 1000;
const QUIET = 10000;
const MOMENT = new Intl.DateTimeFormat(lang === "zh" ? "zh-CN" : "en-GB", { dateStyle: "medium", timeStyle: "short" });

mountBanner();
mountDrop();
look();

/** The list, and again as long as something goes on. */
async function look() {
  let wait = QUIET;
  try {
    /** @type {{ imports: ImportLine[] }} */
    const { imports } = await askJson("/api/imports");
    draw(imports);
    if (imports.some(({ state }) => state === "checking" || state === "importing")) wait = BUSY;
  } catch {
    // the banner says that the server is gone
  }
  document.documentElement.classList.add("is-ready");
  setTimeout(() => (document.visibilityState === "visible" ? look() : document.addEventListener("visibilitychange", look, { once: true })), wait);
}

let drawn = "";

/** @param {ImportLine[]} imports */
function draw(imports) {
  const now = JSON.stringify(imports);
  if (now === drawn) return;
  drawn = now;
  const focus = document.activeElement?.id;
  byId("imports").replaceChildren(...imports.map(line));
  byId("imports-empty").hidden = imports.length > 0;
  if (focus) document.getElementById(focus)?.focus();
}

/** @param {ImportLine} found */
function line({ uuid, name, size, subject_title: subject, who, created, state, state_title: stateTitle, counts }) {
  const facts = [subject, formatBytes(size, lang), who, MOMENT.format(new Date(created))];
  const parts = counts && [
    [text("new"), counts.new],
    [text("changed"), counts.changed],
    [text("the same"), counts.same],
    [text("refused"), counts.refused],
  ];
  return h(
    "li",
    { class: "card import-line", "data-state": state },
    h("div", {}, h("a", { href: `/imports/${uuid}`, id: `import-${uuid}`, class: "import-name" }, name), h("p", { class: "small quiet" }, facts.join(" · "))),
    h("p", { class: "small figures import-counts" }, parts && parts.map(([label, count]) => `${label} ${formatNumber(Number(count), lang)}`).join(" · ")),
    h("span", { class: `badge ${BADGES[state]}` }, stateTitle),
  );
}

function mountDrop() {
  const form = byId("upload", HTMLFormElement);
  const zone = byId("drop");
  const chooser = byId("upload-file", HTMLInputElement);
  const subject = byId("upload-subject", HTMLSelectElement);
  const going = byId("upload-going");
  const bar = byId("upload-bar", HTMLProgressElement);
  const share = byId("upload-share");
  const wrong = byId("upload-wrong");
  const most = Number(form.dataset.mostMb) * 1e6;
  const remembered = sessionStorage.getItem("import-subject");
  if (remembered && [...subject.options].some(({ value }) => value === remembered)) subject.value = remembered;
  let abort = new AbortController();

  /** @param {string} words */
  function complain(words) {
    wrong.textContent = words;
    wrong.hidden = !words;
  }

  /** @param {FileList | null | undefined} files */
  async function take(files) {
    const file = files?.[0];
    if (!file || !going.hidden) return;
    complain("");
    if (files.length > 1) return complain(text("One file at a time."));
    if (file.size > most) return complain(text("“%(name)s” has %(size)s; at most %(most)s can be sent.", { name: file.name, size: formatBytes(file.size, lang), most: formatBytes(most, lang) }));
    sessionStorage.setItem("import-subject", subject.value);
    abort = new AbortController();
    going.hidden = false;
    byId("upload-name").textContent = file.name;
    try {
      const begun = await upload(file, subject.value, (part) => {
        bar.value = part;
        share.textContent = part < 1 ? `${formatPercent(part, lang, 0)} %` : text("Keeping the file …");
      }, abort.signal);
      location.assign(`/imports/${begun.uuid}${begun.earlier ? `?again=${begun.earlier.uuid}` : ""}`);
    } catch (error) {
      going.hidden = true;
      complain(isAbort(error) ? "" : faultText(error));
    }
    chooser.value = "";
  }

  chooser.addEventListener("change", () => take(chooser.files));
  byId("upload-cancel").addEventListener("click", () => abort.abort());
  form.addEventListener("submit", (event) => event.preventDefault());
  mountDropZone(zone, take);
}
