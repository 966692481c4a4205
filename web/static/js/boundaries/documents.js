/**
 * Documents at a line and at the tripoints at its ends for those who keep them: added, changed, taken away in dialogs.
 *
 * @import { FormField, Medium } from "../api.js"
 * @import { Save } from "./saved.js"
 */
import { button, h } from "../dom.js";
import { createForm } from "../editing/form.js";
import { Fault, send } from "../fetching.js";
import { changedValues } from "../logic/editing.js";
import { openForm, reasonField } from "../names/dialog.js";
import { text } from "../page-data.js";

const FOLDED = ["source", "note", "secrecy", "is_public"];

/** @typedef {{ uuid: string, title: string, version: number, [field: string]: unknown }} BoundaryDocument */

/** @typedef {{ owner: string, uuid: string, documents: BoundaryDocument[], media: Medium[] }} Holder a line or a tripoint */

/**
 * @param {{ layer: string, uuid: string, fields: FormField[] }} page
 * @param {Holder} holder
 * @param {(save: Save | null) => void} onSaved
 */
export function mountDocuments(page, holder, onSaved) {
  const fields = page.fields.map((field) => (field.name === "sha256" ? withScans(field, holder.media) : field));
  document.getElementById(`document-add-${holder.uuid}`)?.addEventListener("click", () => open(null));
  for (const element of document.querySelectorAll("[data-document]")) {
    const one = holder.documents.find(({ uuid }) => uuid === element.getAttribute("data-document"));
    if (!one) continue;
    const label = (/** @type {string} */ words) => `${words}: ${one.title}`;
    element.append(
      h(
        "div",
        { class: "actions boundary-actions" },
        button(text("Change"), { icon: "edit", kind: "plain", small: true, "aria-label": label(text("Change")), onclick: () => open(one) }),
        button(text("Remove"), { icon: "trash", kind: "plain", small: true, "aria-label": label(text("Remove")), onclick: () => openRemoval(one) }),
      ),
    );
  }

  /** @param {Response} response */
  async function saved(response) {
    const { seq, batch } = await response.json();
    onSaved({ layer: page.layer, uuid: page.uuid, seq, batch });
  }

  /** @param {BoundaryDocument | null} one null for a new one */
  function open(one) {
    const record = /** @type {Record<string, unknown>} */ (one ?? { kind: "agreement", state: "in_force" });
    const form = createForm({ fields, folded: FOLDED, label: "title" }, record, { onInput: () => {}, prefix: "document" });
    const why = reasonField("document-why");
    openForm("document-form", one ? text("Change “%(name)s”", { name: one.title }) : text("Add a document"), [form.element, why.element], {
      action: text("Save"),
      onStale: () => onSaved(null),
      onFindings: (findings) => form.show(findings),
      async onSend() {
        form.show([]);
        const values = changedValues(fields, one ? record : {}, form.texts());
        if (one && !Object.keys(values).length) return true;
        const body = { values, why: why.input.value };
        await saved(
          one
            ? await send(`/api/boundaries/documents/${one.uuid}`, { method: "PUT", body: { ...body, version: one.version } })
            : await send(`/api/boundaries/${holder.owner}/${holder.uuid}/documents`, { body }),
        );
        return true;
      },
    });
    form.focus();
  }

  /** @param {BoundaryDocument} one */
  function openRemoval(one) {
    const why = reasonField("document-removal-why");
    openForm("document-removal", text("Remove “%(name)s”", { name: one.title }), [h("p", { class: "hint" }, text("A document that has run out stays: give it an end or another state instead.")), why.element], {
      action: text("Remove"),
      onStale: () => onSaved(null),
      async onSend() {
        if (!why.input.value.trim()) throw new Fault({ title: text("Say for what reason."), detail: "", hint: "", status: 0 });
        await saved(await send(`/api/boundaries/documents/${one.uuid}`, { method: "DELETE", body: { version: one.version, why: why.input.value } }));
        return true;
      },
    });
    why.input.focus();
  }
}

/** The pictures of the line, offered by title. @param {FormField} field @param {Medium[]} media @returns {FormField} */
function withScans(field, media) {
  const choices = media.filter(({ kind }) => kind === "image").map(({ sha256, title }) => ({ key: sha256, title: { zh: title || sha256.slice(0, 8), en: title || sha256.slice(0, 8) } }));
  return { ...field, choices };
}
