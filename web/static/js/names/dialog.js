/**
 * A dialog with something to fill in: Enter or its button sends it, Esc closes it, what is wrong is said at its foot.
 *
 * @import { Finding } from "../api.js"
 */
import { button, h, icon } from "../dom.js";
import { Fault, faultText } from "../fetching.js";
import { text } from "../page-data.js";

/**
 * @param {string} id
 * @param {string} heading
 * @param {(Node | null)[]} body
 * @param {{ action: string, onSend: () => Promise<boolean>, onStale: () => void, onFindings?: (findings: Finding[]) => void }} options
 *   `onSend`: whether the dialog may close; `onStale`: loads anew what others have changed meanwhile; `onFindings`: shows
 *   what is wrong by field, else it is said at the foot
 */
export function openForm(id, heading, body, { action, onSend, onStale, onFindings }) {
  const fault = h("div", { role: "alert", class: "form-fault" });
  const go = h("button", { type: "submit", class: "button button-main", id: `${id}-go` }, icon("check"), h("span", {}, action));
  const form = h("form", { class: "dialog-body", novalidate: true, method: "dialog" }, body, fault, h("div", { class: "dialog-foot" }, button(text("Cancel"), { onclick: () => dialog.close() }), go));
  const dialog = emptyDialog(id, heading, form);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (go.disabled) return;
    go.disabled = true;
    fault.replaceChildren();
    try {
      if (await onSend()) dialog.close();
    } catch (error) {
      fault.replaceChildren(h("p", { class: "note note-danger" }, faultText(error)));
      const findings = /** @type {Finding[]} */ ((error instanceof Fault && error.problem.findings) || []);
      if (onFindings) onFindings(findings);
      else fault.append(...findings.map((one) => h("p", { class: `edit-finding is-${one.severity}` }, `${one.message} ${one.advice}`.trim())));
      if (error instanceof Fault && (error.status === 409 || error.status === 404)) fault.append(button(text("Load anew"), { small: true, onclick: anew }));
    } finally {
      go.disabled = false;
    }
  });

  function anew() {
    dialog.close();
    onStale();
  }

  dialog.showModal();
  return dialog;
}

/** A dialog that goes when it is closed. @param {string} id @param {string} heading @param {Node} content */
export function emptyDialog(id, heading, content) {
  const close = button(text("Close"), { icon: "close", kind: "plain", iconOnly: true, onclick: () => dialog.close() });
  const dialog = h("dialog", { class: "dialog names-dialog", id, "aria-labelledby": `${id}-title` }, h("div", { class: "dialog-head" }, h("h2", { class: "dialog-title", id: `${id}-title` }, heading), close), content);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  return dialog;
}

/** The reason of a change, asked at the foot of a form. @param {string} id */
export function reasonField(id) {
  const input = h("input", { class: "input", id, maxlength: 500, autocomplete: "off" });
  return { input, element: h("label", { class: "field", for: id }, h("span", { class: "label" }, text("Reason")), input) };
}
