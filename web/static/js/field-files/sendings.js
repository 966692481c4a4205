/**
 * The files that are being sent: a line each, with its bar, pause and going on. Two go at a time.
 *
 * @import { Upload } from "./types.js"
 */
import { button, h } from "../dom.js";
import { faultText } from "../fetching.js";
import { formatBytes, formatPercent } from "../logic/format.js";
import { lang, text } from "../page-data.js";
import { manner, sending } from "./tus.js";

const AT_ONCE = 2;

/**
 * @param {HTMLElement} list
 * @param {{ most: number, onSent: () => void }} options
 */
export function mountSendings(list, { most, onSent }) {
  /** @type {(() => void)[]} */
  const queue = [];
  let going = 0;

  function next() {
    while (going < AT_ONCE) {
      const begin = queue.shift();
      if (!begin) return;
      begin();
    }
  }

  /** @param {File} file @param {Upload[]} stopped */
  function add(file, stopped) {
    const bar = h("progress", { max: 1, value: 0, "aria-label": file.name });
    const share = h("span", { class: "figures quiet small" });
    const wrong = h("p", { class: "note note-danger", role: "alert", hidden: true });
    const hold = button(text("Pause"), { small: true, onclick: () => (held ? resume() : stop()) });
    const away = button(text("Cancel"), { small: true, kind: "plain", onclick: leave });
    const actions = h("span", { class: "actions" }, hold, away);
    const line = h("li", { class: "sending" }, h("span", { class: "sending-name" }, file.name), share, actions, bar, wrong);
    list.append(line);
    let held = false;
    let waits = false;
    let sent = 0;

    function tell() {
      bar.value = file.size ? sent / file.size : 0;
      const words = manner(waits, held);
      share.textContent = `${formatPercent(sent / file.size, lang, 0)} % · ${formatBytes(file.size, lang)}${words ? ` · ${words}` : ""}`;
      hold.lastElementChild?.replaceChildren(held ? text("Go on") : text("Pause"));
    }

    /** @param {string} words @param {boolean} [grave] */
    function complain(words, grave = true) {
      wrong.textContent = words;
      wrong.classList.toggle("note-danger", grave);
      wrong.hidden = false;
      bar.hidden = hold.hidden = true;
      away.lastElementChild?.replaceChildren(text("Close"));
    }

    if (file.size > most) return complain(text("“%(name)s” has %(size)s; at most %(most)s can be sent.", { name: file.name, size: formatBytes(file.size, lang), most: formatBytes(most, lang) }));
    if (!file.size) return complain(text("“%(name)s” is empty.", { name: file.name }));
    const known = stopped.find(({ name, size }) => name === file.name.normalize("NFC") && size === file.size);
    const one = sending({
      file,
      known,
      onProgress(there) {
        sent = there;
        tell();
      },
      onWait(now) {
        waits = now;
        tell();
      },
    });

    async function begin() {
      going += 1;
      held = false;
      tell();
      try {
        const done = await one.run();
        if (done) {
          if (done.earlier) complain(text("“%(name)s” has been sent in before; it is the same file.", { name: file.name }), false);
          else line.remove();
          onSent();
        }
      } catch (error) {
        complain(faultText(error));
      }
      going -= 1;
      next();
    }

    function stop() {
      held = true;
      one.pause();
      tell();
    }

    function resume() {
      held = false;
      queue.push(begin);
      tell();
      next();
    }

    async function leave() {
      line.remove();
      const waiting = queue.indexOf(begin);
      if (waiting >= 0) queue.splice(waiting, 1);
      if (wrong.hidden) await one.giveUp().catch(() => undefined);
    }

    tell();
    queue.push(begin);
    next();
  }

  return { add };
}
