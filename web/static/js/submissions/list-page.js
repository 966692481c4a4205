/**
 * The form by which a county hands its records in: what it would hand in is told before.
 */
import { byId, h } from "../dom.js";
import { askJson, Fault, faultText, isAbort, send } from "../fetching.js";
import { formatNumber } from "../logic/format.js";
import { lang } from "../page-data.js";
import { mountBanner } from "../status.js";

/** @typedef {{ needs_check: boolean, records: number, errors: number, doubts: number, open: { uuid: string, number: string } | null }} Outlook */

mountBanner();
const form = byId("submit-form", HTMLFormElement);
const county = byId("county", HTMLSelectElement);
const reason = byId("reason", HTMLTextAreaElement);
const go = byId("submit-do", HTMLButtonElement);
let abort = new AbortController();

form.addEventListener("change", (event) => {
  if (event.target instanceof HTMLSelectElement || event.target instanceof HTMLInputElement) look();
});
form.addEventListener("submit", submit);
look();

/** The classes that are ticked. */
function majors() {
  return [...form.querySelectorAll("input[name=major]")].flatMap((one) => (one instanceof HTMLInputElement && one.checked ? [one.value] : []));
}

/** What would be handed in. */
async function look() {
  abort.abort();
  abort = new AbortController();
  go.disabled = true;
  byId("submit-fault").replaceChildren();
  if (!county.value) {
    byId("outlook").hidden = true;
    document.documentElement.classList.add("is-ready");
    return;
  }
  try {
    /** @type {Outlook} */
    const found = await askJson(`/api/submissions/outlook?county=${county.value}&majors=${majors().join(",")}`, { signal: abort.signal });
    show(found);
  } catch (error) {
    if (!isAbort(error)) tell(error);
  }
  document.documentElement.classList.add("is-ready");
}

/** @param {Outlook} found */
function show({ needs_check: unchecked, records, errors, doubts, open }) {
  byId("out-unchecked").hidden = !unchecked;
  byId("outlook").hidden = unchecked;
  byId("out-open").hidden = unchecked || !open;
  byId("reason-field").hidden = unchecked || !errors || Boolean(open);
  reason.required = !byId("reason-field").hidden;
  if (unchecked) return;
  byId("out-records").textContent = formatNumber(records, lang);
  byId("out-errors").textContent = formatNumber(errors, lang);
  byId("out-doubts").textContent = formatNumber(doubts, lang);
  byId("out-worklist", HTMLAnchorElement).href = `/workbench?severity=error&county=${county.value}`;
  if (open) {
    byId("out-open-link", HTMLAnchorElement).href = `/submissions/${open.uuid}`;
    byId("out-open-link").textContent = open.number;
  }
  go.disabled = !records || Boolean(open);
}

/** @param {Event} event */
async function submit(event) {
  event.preventDefault();
  if (go.disabled) return;
  go.disabled = true;
  try {
    const body = { county: county.value, majors: majors(), remark: byId("remark", HTMLTextAreaElement).value, reason: byId("reason-field").hidden ? "" : reason.value };
    const made = await (await send("/api/submissions", { body })).json();
    location.assign(`/submissions/${made.uuid}`);
  } catch (error) {
    go.disabled = false;
    // errors that have come up meanwhile: the form asks for the reason now
    if (error instanceof Fault && error.problem.code === "errors-open") byId("reason-field").hidden = false;
    tell(error);
  }
}

/** @param {unknown} error */
function tell(error) {
  byId("submit-fault").replaceChildren(h("p", { class: "note note-danger" }, faultText(error)));
}
