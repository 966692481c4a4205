/**
 * The page of one application: a dialog for each step, which asks for what the step needs; what stands in the way is
 * told rule by rule.
 */
import { mountDialogs } from "../dialogs.js";
import { byId, h } from "../dom.js";
import { Fault, faultText, send } from "../fetching.js";
import { text } from "../page-data.js";

/** @typedef {{ message: string, advice: string, severity: string }} Finding */

mountDialogs();
const box = byId("actions");
const dialog = byId("step", HTMLDialogElement);
const form = byId("step-form", HTMLFormElement);
const go = byId("step-do", HTMLButtonElement);
const remark = byId("step-remark", HTMLTextAreaElement);
const override = byId("step-override", HTMLTextAreaElement);
let action = "";

box.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("button[data-action]") : null;
  if (!(button instanceof HTMLButtonElement)) return;
  action = button.dataset.action ?? "";
  const label = button.textContent?.trim() ?? "";
  for (const part of form.querySelectorAll("[data-for]")) {
    if (part instanceof HTMLElement) part.hidden = !(part.dataset.for ?? "").split(" ").includes(action);
  }
  // why rules do not stand in the way is asked where some do
  byId("step-override-field").hidden = !["review", "approve"].includes(action) || Number(box.dataset.errors) === 0;
  const needed = button.dataset.remark === "needed";
  remark.required = needed;
  byId("step-remark-label").textContent = needed ? text("Why (it stands with the application)") : text("Remark");
  const filed = ["name", "rename", "close"].includes(box.dataset.kind ?? "");
  byId("step-number", HTMLInputElement).required = action === "approve" && filed;
  byId("step-what").textContent = label;
  go.textContent = label;
  go.disabled = false;
  byId("step-fault").replaceChildren();
  dialog.showModal();
  const first = [...form.querySelectorAll("input, textarea")].find((one) => one instanceof HTMLElement && one.offsetParent);
  if (first instanceof HTMLElement) first.focus();
});

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  go.disabled = true;
  try {
    await send(`/api/procedures/${box.dataset.uuid}/${action}`, { body: said() });
    location.reload();
  } catch (error) {
    go.disabled = false;
    const findings = error instanceof Fault ? /** @type {Finding[]} */ (error.problem.findings ?? []) : [];
    if (findings.length && error instanceof Fault && !error.problem.final) byId("step-override-field").hidden = false;
    byId("step-fault").replaceChildren(
      h("p", { class: "note note-danger" }, faultText(error)),
      findings.length ? h("ul", { class: "findings small" }, findings.filter(({ severity }) => severity === "error").map(({ message, advice }) => h("li", {}, `${message} ${advice}`))) : "",
    );
  }
});

/** What the dialog holds of what the step takes. */
function said() {
  const value = (/** @type {string} */ id) => byId(id, HTMLInputElement).value.trim();
  const shown = (/** @type {string} */ id) => byId(id).offsetParent !== null;
  /** @type {Record<string, unknown>} */
  const body = { version: Number(box.dataset.version), remark: remark.value.trim() };
  if (shown("step-override")) body.override = override.value.trim();
  if (shown("step-number")) body.number = value("step-number");
  if (shown("step-authority")) body.authority = value("step-authority");
  if (shown("step-day")) body.day = value("step-day");
  if (action === "opinion") {
    body.opinion = Object.fromEntries(["pro", "contra", "abstained"].map((name) => [name, Number(value(`step-${name}`) || 0)]));
  }
  return body;
}

document.documentElement.classList.add("is-ready");
