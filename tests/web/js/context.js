/** A style context for tests: every layer of the catalogue, and colours that name their variable. */
import { CLASS_PROPERTY, firstShown } from "../../../web/static/js/logic/shown.js";

const CLASSES = /** @type {Record<string, string[]>} */ ({
  "boundary-lines": ["batch-2022", "batch-2021"],
  facilities: ["canteen", "village_aid"],
  "place-names": ["water", "committee"],
});

/**
 * @param {Partial<import("../../../web/static/js/style/context.js").StyleContext>} [patch]
 * @returns {import("../../../web/static/js/style/context.js").StyleContext}
 */
export function context(patch = {}) {
  const keys = [...Object.keys(CLASS_PROPERTY), "divisions", "tripoints", "boundary-points", "place-signs", "stories"];
  const layers = keys.map((key) => ({
    key,
    title: { zh: key, en: key },
    geometry: "Point",
    count: 1,
    min_zoom: 0,
    max_zoom: 14,
    classes: (CLASSES[key] ?? []).map((name) => ({ key: name, title: { zh: name, en: name }, count: 1 })),
  }));
  const catalogue = { seq: 3, layers };
  return {
    palette: () => "#123456",
    catalogue,
    shown: firstShown(catalogue),
    asof: null,
    basemap: null,
    basemapOn: false,
    coverage: null,
    origin: "http://x",
    romans: null,
    ...patch,
  };
}
