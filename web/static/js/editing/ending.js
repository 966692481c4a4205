/** The part of the form by which a record is closed on a day, or opened again. */
import { button, h } from "../dom.js";
import { formatDay } from "../logic/format.js";
import { lang, text } from "../page-data.js";

/**
 * @param {{ closed: unknown, onClose: (day: string) => void, onReopen: () => void }} options `closed`: the day, if it is
 */
export function endingPart({ closed, onClose, onReopen }) {
  if (typeof closed === "string" && closed) {
    return h(
      "section",
      { class: "edit-ending" },
      h("p", { class: "quiet small" }, text("Closed on %(day)s", { day: formatDay(closed, lang) })),
      button(text("Open again"), { small: true, icon: "undo", id: "edit-reopen", onclick: onReopen }),
    );
  }
  const today = new Date(Date.now() - new Date().getTimezoneOffset() * 60000).toISOString().slice(0, 10);
  const day = h("input", { class: "input", type: "date", id: "edit-close-day", value: today });
  return h(
    "details",
    { class: "edit-ending" },
    h("summary", {}, text("Close this record …")),
    h("p", { class: "hint" }, text("It stays in the register and its history; from that day on the map does not show it.")),
    h("div", { class: "edit-ending-row" }, h("label", { class: "field", for: "edit-close-day" }, h("span", { class: "label" }, text("From")), day), button(text("Close the record"), { small: true, id: "edit-close", onclick: () => day.value && onClose(day.value) })),
  );
}
