/** What a story's form says, as it is sent. Pure: no DOM. */

/**
 * Sources from lines of "title | address".
 *
 * @param {string} lines
 * @returns {{ title: string, url: string }[] | null} null where there is none
 */
export function sourcesOf(lines) {
  const found = lines
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean)
    .map((line) => {
      const cut = line.lastIndexOf("|");
      return cut < 0 ? { title: line, url: "" } : { title: line.slice(0, cut).trim(), url: line.slice(cut + 1).trim() };
    });
  return found.length ? found : null;
}

/**
 * The line that shows a picture in the text.
 *
 * @param {{ sha256: string, title: string | null }} picture
 */
export function pictureLine({ sha256, title }) {
  return `![${(title ?? "").replace(/[[\]]/g, "")}](/media/${sha256})`;
}

/**
 * A line put into a text at a place, as a paragraph of its own.
 *
 * @param {string} text
 * @param {number} at
 * @param {string} line
 */
export function withParagraph(text, at, line) {
  const before = text.slice(0, at).replace(/\s+$/, "");
  const after = text.slice(at).replace(/^\s+/, "");
  return [before, line, after].filter(Boolean).join("\n\n");
}
