/**
 * The reference features of a stake in a dialog: three rows of the form, saved together.
 *
 * @import { Save } from "./saved.js"
 */
import { h } from "../dom.js";
import { send } from "../fetching.js";
import { openForm, reasonField } from "../names/dialog.js";
import { text } from "../page-data.js";

const MOST = 3;

/** @typedef {{ kind?: string, azimuth_deg?: number, distance_m?: number, description?: string }} Feature */

/**
 * @param {{ uuid: string, layer: string, version: number, features: Feature[] }} page
 * @param {(save: Save | null) => void} onSaved
 */
export function mountFeatures(page, onSaved) {
  document.getElementById("features-edit")?.addEventListener("click", open);

  function open() {
    const rows = Array.from({ length: MOST }, (_, at) => row(at + 1, page.features[at] ?? {}));
    const why = reasonField("features-why");
    openForm("features-form", text("Reference features"), [...rows.map(({ element }) => element), why.element], {
      action: text("Save"),
      onStale: () => onSaved(null),
      onFindings(findings) {
        for (const { said } of rows) said.replaceChildren();
        for (const finding of findings) {
          const at = Number(/-(\d)$/.exec(finding.field ?? "")?.[1] ?? 1);
          rows[Math.min(at, MOST) - 1]?.said.append(h("p", { class: `edit-finding is-${finding.severity}` }, `${finding.message} ${finding.advice}`.trim()));
        }
      },
      async onSend() {
        const body = { features: rows.map(({ values }) => values()), version: page.version, why: why.input.value };
        const { seq, batch } = await (await send(`/api/stakes/${page.uuid}/reference-features`, { method: "PUT", body })).json();
        onSaved({ layer: page.layer, uuid: page.uuid, seq, batch });
        return true;
      },
    });
    rows[0]?.first.focus();
  }
}

/** @param {number} number @param {Feature} feature */
function row(number, feature) {
  const input = (/** @type {string} */ name, /** @type {string} */ label, /** @type {unknown} */ value, /** @type {boolean} */ numeric) => {
    const element = h("input", { class: "input", id: `feature-${name}-${number}`, value: value === undefined || value === null ? "" : String(value), autocomplete: "off", inputmode: numeric && "decimal" });
    return { element, field: h("label", { class: "field" }, h("span", { class: "label" }, label), element) };
  };
  const kind = input("kind", text("Feature"), feature.kind, false);
  const azimuth = input("azimuth", text("Grid azimuth (°)"), feature.azimuth_deg, true);
  const distance = input("distance", text("Distance (m)"), feature.distance_m, true);
  const description = input("description", text("Remarks"), feature.description, false);
  const said = h("div", { role: "alert" });
  return {
    first: kind.element,
    said,
    element: h("fieldset", { class: "boundary-feature" }, h("legend", {}, String(number)), kind.field, azimuth.field, distance.field, description.field, said),
    values: () => ({ kind: kind.element.value, azimuth_deg: azimuth.element.value, distance_m: distance.element.value, description: description.element.value }),
  };
}
