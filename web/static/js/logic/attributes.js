/**
 * The attributes that a place has by its class: one JSON object on the server, an input for each on the form. Pure: no
 * DOM.
 *
 * @import { AttributeField } from "../api.js"
 */
import { inputText } from "./editing.js";

/**
 * The attributes of a class, those of a wider class first.
 *
 * @param {Record<string, AttributeField[]>} classes
 * @param {string} code
 * @returns {AttributeField[]}
 */
export function attributesOf(classes, code) {
  /** @type {Map<string, AttributeField>} */
  const found = new Map();
  const prefixes = Object.keys(classes).filter((prefix) => code.startsWith(prefix));
  for (const prefix of prefixes.sort((a, b) => a.length - b.length)) for (const field of classes[prefix] ?? []) found.set(field.key, field);
  return [...found.values()];
}

/** What the record has, whatever it is. @param {unknown} value @returns {Record<string, unknown>} */
export function attributesHeld(value) {
  return value !== null && typeof value === "object" && !Array.isArray(value) ? /** @type {Record<string, unknown>} */ ({ ...value }) : {};
}

/**
 * The fields to be shown: those of the class, and what the record has beside them, so that it is seen and can go.
 *
 * @param {Record<string, AttributeField[]>} classes
 * @param {string} code
 * @param {Record<string, unknown>} held
 * @returns {AttributeField[]}
 */
export function attributesShown(classes, code, held) {
  const own = attributesOf(classes, code);
  const others = Object.keys(held).filter((key) => !own.some((field) => field.key === key));
  return [...own, ...others.map((key) => ({ key, title: { zh: key, en: key }, type: /** @type {const} */ ("str"), unit: "", minimum: null, maximum: null, choices: [] }))];
}

/**
 * The object that inputs stand for, as the text of the whole field: empty where there is nothing in it. What nobody has
 * touched keeps its place and its type.
 *
 * @param {Record<string, unknown>} held
 * @param {readonly AttributeField[]} fields
 * @param {Record<string, string>} texts by key
 */
export function attributesText(held, fields, texts) {
  const made = { ...held };
  for (const { key, type } of fields) {
    const text = texts[key];
    if (text === undefined || text.trim() === String(held[key] ?? "").trim()) continue;
    if (!text.trim()) delete made[key];
    else made[key] = type === "int" || type === "float" ? numberOf(text) : text.trim();
  }
  return Object.keys(made).length ? inputText(made, "json") : "";
}

/** A number where it is one; else the text, of which the server says what is wrong. @param {string} text */
function numberOf(text) {
  const plain = text.trim().normalize("NFKC").replaceAll(",", "");
  return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(plain) ? Number(plain) : text.trim();
}
