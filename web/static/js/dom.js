/** Building elements without HTML in strings: nothing that a register says can become markup. */

const SVG = "http://www.w3.org/2000/svg";

/** @typedef {string | number | boolean | null | undefined | EventListener} Attribute */
/** @typedef {Node | string | number | null | undefined | false} Child */

/**
 * An element. Attributes that are null, undefined or false are left out; `on…` are listeners; `class` and the rest are
 * set as attributes.
 *
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, Attribute>} [attributes]
 * @param {...(Child | Child[])} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  fill(element, attributes, children);
  return element;
}

/**
 * The same for SVG.
 *
 * @template {keyof SVGElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, Attribute>} [attributes]
 * @param {...(Child | Child[])} children
 * @returns {SVGElementTagNameMap[K]}
 */
export function s(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  fill(element, attributes, children);
  return element;
}

/** @param {string} name one of templates/icons.html */
export function icon(name) {
  return s("svg", { class: "icon", "aria-hidden": "true" }, s("use", { href: `#icon-${name}` }));
}

/**
 * @param {string} label
 * @param {{ icon?: string, kind?: "main" | "plain", small?: boolean, iconOnly?: boolean, title?: string, onclick: EventListener,
 *           [attribute: string]: Attribute }} options
 */
export function button(label, { icon: name, kind, small, iconOnly, ...attributes }) {
  const looks = ["button", kind && `button-${kind}`, small && "button-small", iconOnly && "button-icon"].filter(Boolean);
  return h(
    "button",
    { type: "button", class: looks.join(" "), "aria-label": iconOnly && label, title: iconOnly && label, ...attributes },
    name && icon(name),
    !iconOnly && h("span", {}, label),
  );
}

/**
 * The element of that id, which the page's template promises.
 *
 * @template {Element} [T=HTMLElement]
 * @param {string} id
 * @param {new () => T} [type]
 * @returns {T}
 */
export function byId(id, type) {
  const element = document.getElementById(id);
  const wanted = type ?? HTMLElement;
  if (!(element instanceof wanted)) throw new Error(`The page has no ${wanted.name} #${id}.`);
  return /** @type {T} */ (/** @type {unknown} */ (element));
}

/**
 * @param {Element} element
 * @param {Record<string, Attribute>} attributes
 * @param {(Child | Child[])[]} children
 */
function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name.replace(/^on/, ""), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children.flat()) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : String(child));
  }
}
