/**
 * The names of a place: their days and decisions in words, what may be done with each, and two people at one name.
 * Pure: no DOM.
 *
 * @import { ConflictAnswer, FormField, Language } from "../api.js"
 * @import { PlaceName } from "../names/types.js"
 */
import { inputText } from "./editing.js";
import { formatDay } from "./format.js";

export const STANDARD = "standard";

/** From when to when. @param {{ valid_from?: string | null, valid_to?: string | null }} one @param {Language} lang */
export function nameDays({ valid_from: from, valid_to: to }, lang) {
  return from || to ? `${from ? formatDay(from, lang) : ""} – ${to ? formatDay(to, lang) : ""}`.trim() : "";
}

/** Who decided it, by what, when. @param {{ decided_by?: string | null, decision?: string | null, decided_on?: string | null }} one @param {Language} lang */
export function nameDecision(one, lang) {
  return [one.decided_by, one.decision, one.decided_on && formatDay(one.decided_on, lang)].filter(Boolean).join(" · ");
}

/**
 * What may be done with a name. The standard one is told by its decision alone: it changes with the record, or when
 * another takes its place.
 *
 * @param {Pick<PlaceName, "kind" | "name">} one
 * @param {string} standard the place's standard name
 */
export function actionsOf(one, standard) {
  const further = one.kind !== STANDARD;
  return { change: true, promote: further && one.name !== standard, remove: further };
}

/**
 * A name's fields as its form offers them: a further name cannot become the standard one by its kind, nor the other
 * way round.
 *
 * @param {readonly FormField[]} fields
 * @param {string} kind the name's, empty for a new one
 * @returns {FormField[]}
 */
export function fieldsFor(fields, kind) {
  const fits = (/** @type {string} */ key) => (key === STANDARD) === (kind === STANDARD);
  return fields.map((field) => (field.name === "kind" ? { ...field, choices: field.choices.filter(({ key }) => fits(key)) } : field));
}

/**
 * Both versions of a name, field by field, as the dialog for conflicts shows them.
 *
 * @param {readonly FormField[]} fields
 * @param {{ base: Record<string, unknown>, theirs: Record<string, unknown>, mine: Record<string, unknown> }} versions
 *   `mine`: what was changed alone
 * @param {{ version: number, who: string | null, at: string, lang: Language, yes: string, no: string }} about
 * @returns {ConflictAnswer}
 */
export function clashOf(fields, { base, theirs, mine }, { version, who, at, lang, yes, no }) {
  const found = fields.flatMap((field) => {
    const { name } = field;
    const own = name in mine ? mine[name] : base[name];
    const isTheirs = !same(theirs[name], base[name]);
    const isMine = !same(own, base[name]);
    if (!isTheirs && !isMine) return [];
    const side = (/** @type {unknown} */ value) => ({ value: value ?? null, text: said(field, value, { lang, yes, no }) });
    const both = isTheirs && isMine && !same(own, theirs[name]);
    return [{ name, title: field.title[lang], base: side(base[name]), theirs: side(theirs[name]), mine: side(own), both }];
  });
  return { version, who, at, fields: found, place: null };
}

/** Nothing and an empty text are the same. @param {unknown} one @param {unknown} other */
const same = (one, other) => (one ?? "") === (other ?? "");

/** @param {FormField} field @param {unknown} value @param {{ lang: Language, yes: string, no: string }} words */
function said(field, value, { lang, yes, no }) {
  if (typeof value === "boolean") return value ? yes : no;
  return field.choices.find(({ key }) => key === value)?.title[lang] ?? inputText(value, field.type);
}
