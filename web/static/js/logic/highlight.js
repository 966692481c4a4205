/** Which part of a name a query has hit. Pure: no DOM. */

/**
 * A text as pieces, alternately not hit and hit. Case and the spaces and apostrophes of pinyin do not count.
 *
 * @param {string} text
 * @param {string} query
 * @returns {{ text: string, hit: boolean }[]} never empty unless the text is
 */
export function highlight(text, query) {
  const wanted = fold(query).text;
  const { text: folded, origin } = fold(text);
  const start = wanted ? folded.indexOf(wanted) : -1;
  if (start < 0) return text ? [{ text, hit: false }] : [];
  const from = /** @type {number} */ (origin[start]);
  const to = /** @type {number} */ (origin[start + wanted.length - 1]) + 1;
  const pieces = [
    { text: text.slice(0, from), hit: false },
    { text: text.slice(from, to), hit: true },
    { text: text.slice(to), hit: false },
  ];
  return pieces.filter((piece) => piece.text);
}

/**
 * A text without case, tone marks, spaces and apostrophes, and where each character came from.
 *
 * @param {string} text
 */
function fold(text) {
  let folded = "";
  /** @type {number[]} */
  const origin = [];
  for (let i = 0; i < text.length; i += 1) {
    const plain = /** @type {string} */ (text[i]).normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
    for (const character of plain) {
      if (/[\s'’\-]/.test(character)) continue;
      folded += character;
      origin.push(i);
    }
  }
  return { text: folded, origin };
}
