/**
 * What belongs to a record, on its card: names with their decisions, attributes, pictures and sounds, stories, signs.
 *
 * @import { FeatureAnswer, OtherName, Selected } from "../api.js"
 */
import { button, h } from "../dom.js";
import { formatNumber } from "../logic/format.js";
import { nameDays, nameDecision } from "../logic/names.js";
import { mountMedia } from "../media/manage.js";
import { lang, text, title } from "../page-data.js";

/** @param {string} words @param {(Node | null)[]} parts */
const section = (words, ...parts) => h("section", { class: "card-part" }, h("h3", {}, words), parts);

/**
 * The other names, each with its kind, its days and by what it was decided.
 *
 * @param {FeatureAnswer} feature
 * @param {(() => void) | null} [onKeep] opens what those who keep the names need
 */
export function namesPart({ names = [], properties }, onKeep = null) {
  const others = names.filter((one) => one.name && !(one.kind === "standard" && one.name === properties.name));
  if (!others.length && !onKeep) return null;
  const keep = onKeep && button(text("Names …"), { icon: "edit", small: true, id: "names-open", onclick: onKeep });
  return section(text("Other names"), others.length ? h("ul", { class: "other-names" }, others.map(nameItem)) : null, keep);
}

/** @param {OtherName} one */
function nameItem(one) {
  const days = nameDays(one, lang);
  const decided = nameDecision(one, lang);
  return h(
    "li",
    { "data-kind": one.kind },
    h("strong", {}, one.name),
    h("span", { class: "badge" }, kindWord(one.kind)),
    one.roman && h("span", { class: "quiet small" }, one.roman),
    days && h("span", { class: "quiet small" }, days),
    decided && h("p", { class: "quiet small" }, text("By: %(decision)s", { decision: decided })),
  );
}

/** @param {string | null | undefined} kind */
function kindWord(kind) {
  const words = /** @type {Record<string, string>} */ ({
    standard: text("standard name"), alias: text("alias"), abbreviation: text("abbreviation"), former: text("former name"),
    map: text("on maps"), minority: text("in a minority's script"),
  });
  return words[kind ?? ""] ?? kind ?? "";
}

/** What a place has by its class. @param {FeatureAnswer} feature */
export function attributesPart({ attributes = [] }) {
  if (!attributes.length) return null;
  const said = (/** @type {typeof attributes[number]} */ one) => {
    const value = one.text ? title(one.text) : typeof one.value === "number" ? formatNumber(one.value, lang, Number.isInteger(one.value) ? 0 : 2) : one.value;
    return [h("dt", {}, title(one.title)), h("dd", { "data-attribute": one.key }, [value, one.unit].filter(Boolean).join(" "))];
  };
  return section(text("By its class"), h("dl", { class: "record" }, attributes.flatMap(said)));
}

/**
 * Pictures and sounds; for those who may change the record also what is needed to look after them.
 *
 * @param {Selected} selected
 * @param {FeatureAnswer} feature
 * @param {boolean} mayEdit
 */
export function mediaPart({ uuid }, { owner, media = [] }, mayEdit) {
  if (!owner || (!media.length && !mayEdit)) return null;
  const pictures = media.filter((one) => one.small);
  const sounds = media.filter((one) => one.kind === "sound");
  const gallery = pictures.length
    ? h("ul", { class: "card-pictures" }, pictures.map((one) => h("li", {}, h("a", { href: one.url, target: "_blank", rel: "noopener" }, h("img", { src: one.small ?? one.url, alt: one.title ?? "", loading: "lazy" })))))
    : null;
  const manage = h("div", {});
  const details = h("details", {}, h("summary", {}, text("Look after pictures and sounds")), manage);
  details.addEventListener("toggle", () => mountMedia(manage, { owner, uuid, media }), { once: true });
  return section(text("Pictures and sounds"), gallery, ...sounds.map((one) => h("p", {}, one.title, h("audio", { controls: true, preload: "none", src: one.url }))), mayEdit ? details : null);
}

/** @param {FeatureAnswer} feature */
export function storiesPart({ stories = [] }) {
  if (!stories.length) return null;
  return section(text("Stories"), h("ul", { class: "card-links" }, stories.map((one) => h("li", {}, h("a", { href: one.url }, one.title), !one.published && h("span", { class: "badge badge-warning" }, text("Draft"))))));
}

/** @param {FeatureAnswer} feature @param {(selected: Selected) => void} select */
export function signsPart({ signs = [] }, select) {
  if (!signs.length) return null;
  const item = (/** @type {typeof signs[number]} */ one) =>
    h(
      "li",
      {},
      h("button", { type: "button", class: "link", onclick: () => select({ layer: "place-signs", uuid: one.uuid }) }, [title(one.kind), one.number].filter(Boolean).join(" ")),
      h("span", { class: one.intact ? "badge" : "badge badge-warning" }, title(one.state)),
    );
  return section(text("Signs"), h("ul", { class: "card-links" }, signs.map(item)));
}
