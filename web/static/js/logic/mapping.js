/**
 * How a file is to be understood, as the page edits it. Pure: no DOM.
 *
 * @import { Column, Mapping } from "../imports/types.js"
 */

/** Stands in a choice for “as it is recognised”. */
export const AUTO = "@auto";

/**
 * A mapping with every member.
 *
 * @param {Partial<Mapping>} [given]
 * @returns {Mapping}
 */
export function wholeMapping(given = {}) {
  const nothing = { columns: {}, constants: {}, values: {}, layer: null, encoding: null, crs: null, axes: /** @type {const} */ ("auto"), empty: /** @type {const} */ ("keep"), accept: [] };
  return structuredClone({ ...nothing, ...given });
}

/**
 * What is chosen for a column: `AUTO`, empty where it is left out, else its target.
 *
 * @param {Mapping} mapping
 * @param {string} heading
 */
export const chosenFor = (mapping, heading) => mapping.columns[heading] ?? AUTO;

/**
 * The mapping with another choice for a column.
 *
 * @param {Mapping} mapping
 * @param {string} heading
 * @param {string} target
 */
export function withColumn(mapping, heading, target) {
  const columns = { ...mapping.columns };
  if (target === AUTO) delete columns[heading];
  else columns[heading] = target;
  return { ...mapping, columns };
}

/**
 * Pairs of lines as an object: without empty keys, the last of a key counts.
 *
 * @param {[string, string][]} lines
 * @returns {Record<string, string>}
 */
export const fromLines = (lines) => Object.fromEntries(lines.filter(([key]) => key !== ""));

/**
 * The values to be read instead, as lines of field, text and what to read.
 *
 * @param {Mapping} mapping
 * @returns {[string, string, string][]}
 */
export const valueLines = (mapping) => Object.entries(mapping.values).flatMap(([field, pairs]) => Object.entries(pairs).map(([from, to]) => /** @type {[string, string, string]} */ ([field, from, to])));

/**
 * @param {[string, string, string][]} lines
 * @returns {Mapping["values"]}
 */
export function fromValueLines(lines) {
  /** @type {Mapping["values"]} */
  const values = {};
  for (const [field, from, to] of lines) {
    if (field && from) (values[field] ??= {})[from] = to;
  }
  return values;
}

/**
 * Which columns need a look: nobody knows them, and nothing has been said of them.
 *
 * @param {Column[]} columns
 * @param {Mapping} mapping
 */
export const unsaid = (columns, mapping) => columns.filter((column) => column.known === "unknown" && !(column.heading in mapping.columns));
