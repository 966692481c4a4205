/** Sorting the rows of a table by a column. Pure: no DOM. */

const NAMES = new Intl.Collator("zh-CN", { numeric: true });

/**
 * A sorted copy. Numbers by size, texts in the order of pinyin; what is absent comes last whichever way; rows that are
 * equal keep their order.
 *
 * @template T
 * @param {readonly T[]} rows
 * @param {(row: T) => string | number | null | undefined} value
 * @param {boolean} descending
 * @returns {T[]}
 */
export function sortRows(rows, value, descending) {
  const sign = descending ? -1 : 1;
  return [...rows].sort((left, right) => {
    const a = value(left);
    const b = value(right);
    const [noA, noB] = [isAbsent(a), isAbsent(b)];
    if (noA || noB) return Number(noA) - Number(noB);
    if (typeof a === "number" && typeof b === "number") return sign * (a - b);
    return sign * NAMES.compare(String(a), String(b));
  });
}

/** @param {unknown} value */
const isAbsent = (value) => value === null || value === undefined || Number.isNaN(value);
