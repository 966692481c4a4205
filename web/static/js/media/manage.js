/**
 * Pictures and sounds of a record for those who look after them: sent in, named, put into another order, taken away.
 *
 * @import { Medium } from "../api.js"
 */
import { button, h } from "../dom.js";
import { faultText, send } from "../fetching.js";
import { text } from "../page-data.js";

const TYPES = "image/jpeg,image/png,image/webp,audio/*";

/**
 * @param {HTMLElement} element
 * @param {{ owner: "place" | "article" | "sign" | "line" | "stake", uuid: string, media: Medium[], onInsert?: (picture: Medium) => void, onChange?: () => void }} options
 *   `onInsert`: puts a picture into a text
 */
export function mountMedia(element, { owner, uuid, media, onInsert, onChange }) {
  let all = [...media];
  const list = h("ul", { class: "media-list" });
  const said = h("div", { role: "alert" });
  const input = h("input", { type: "file", accept: TYPES, multiple: true, class: "out-of-sight", id: `media-file-${owner}` });
  const choose = button(text("Add a picture or sound"), { icon: "upload", small: true, onclick: () => input.click() });
  const base = `/api/media/${owner}/${uuid}`;

  /** @param {() => Promise<void>} work */
  async function doing(work) {
    said.replaceChildren();
    choose.disabled = true;
    try {
      await work();
      onChange?.();
    } catch (error) {
      said.replaceChildren(h("p", { class: "note note-danger" }, faultText(error)));
    } finally {
      choose.disabled = false;
      draw();
    }
  }

  input.addEventListener("change", () =>
    doing(async () => {
      for (const file of input.files ?? []) {
        const form = new FormData();
        form.append("title", file.name.replace(/\.[^.]*$/, "").slice(0, 100));
        form.append("file", file);
        all.push(await (await send(base, { body: form })).json());
        draw();
      }
      input.value = "";
    }),
  );

  /** @param {Medium} one @param {number} by */
  const move = (one, by) =>
    doing(async () => {
      const order = all.map((each) => each.uuid);
      const at = order.indexOf(one.uuid);
      order.splice(at, 1);
      order.splice(at + by, 0, one.uuid);
      all = (await (await send(`${base}/order`, { method: "PUT", body: { order } })).json()).media;
    });

  /** @param {Medium} one @param {string} title */
  const rename = (one, title) =>
    doing(async () => {
      const now = await (await send(`/api/media/items/${one.uuid}`, { method: "PUT", body: { values: { title }, version: one.version } })).json();
      all = all.map((each) => (each.uuid === now.uuid ? now : each));
    });

  /** @param {Medium} one */
  const remove = (one) =>
    doing(async () => {
      await send(`/api/media/items/${one.uuid}`, { method: "DELETE", body: { version: one.version } });
      all = all.filter((each) => each.uuid !== one.uuid);
    });

  /** @param {Medium} one @param {number} at */
  function item(one, at) {
    const title = h("input", { class: "input", value: one.title ?? "", maxlength: 100, "aria-label": text("Title") });
    title.addEventListener("change", () => rename(one, title.value));
    return h(
      "li",
      { "data-medium": one.uuid },
      one.small ? h("img", { src: one.small, alt: one.title ?? "", width: 96, loading: "lazy" }) : h("audio", { controls: true, preload: "none", src: one.url }),
      title,
      h(
        "div",
        { class: "actions" },
        onInsert && one.kind === "image" && button(text("Into the text"), { small: true, onclick: () => onInsert(one) }),
        at > 0 && button(text("Earlier"), { icon: "left", kind: "plain", small: true, iconOnly: true, onclick: () => move(one, -1) }),
        at < all.length - 1 && button(text("Later"), { icon: "right", kind: "plain", small: true, iconOnly: true, onclick: () => move(one, 1) }),
        button(text("Take away"), { icon: "trash", kind: "plain", small: true, iconOnly: true, onclick: () => remove(one) }),
      ),
    );
  }

  function draw() {
    list.replaceChildren(...all.map(item));
  }

  element.replaceChildren(list, choose, input, said);
  draw();
}
