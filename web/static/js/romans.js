/**
 * Names of counties and towns in Latin letters, which the map of an English page shows under the Chinese ones.
 *
 * @import { MapView } from "./map-view.js"
 * @import { Register } from "./register.js"
 */
import { askJson } from "./fetching.js";
import { address } from "./logic/queries.js";
import { lang } from "./page-data.js";

/** @param {MapView} view @param {Register} register */
export async function mountRomans(view, register) {
  const levels = (register.layer("divisions")?.classes ?? []).map(({ key }) => key).filter((key) => key !== "village");
  if (lang !== "en" || !levels.length) return;
  try {
    /** @type {GeoJSON.FeatureCollection<GeoJSON.Point, { code: string, roman: string | null }>} */
    const answer = await askJson(address("/api/features/divisions", { class: levels.join(","), limit: 500 }));
    const names = answer.features.flatMap(({ properties: { code, roman } }) => (roman ? [[code, roman]] : []));
    view.showRomans(Object.fromEntries(names));
  } catch {
    // The map is whole without them, and the banner says where the server is gone.
  }
}
