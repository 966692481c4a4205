/** The page of what hangs on a name: renames with the groups that are ticked, and takes all of it back. */
import { byId, h } from "../dom.js";
import { faultText, send } from "../fetching.js";

const form = document.getElementById("ripple-form");
if (form instanceof HTMLFormElement) mount(form);
document.documentElement.classList.add("is-ready");

/** @param {HTMLFormElement} form */
function mount(form) {
  const go = byId("do", HTMLButtonElement);
  const value = (/** @type {string} */ id) => byId(id, HTMLInputElement).value.trim();
  const say = (/** @type {unknown} */ error) => byId("fault").replaceChildren(h("p", { class: "note note-danger" }, faultText(error)));
  let undo = "";

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    go.disabled = true;
    byId("fault").replaceChildren();
    const groups = [...form.querySelectorAll("input[name=group]:checked")].map((box) => (box instanceof HTMLInputElement ? box.value : ""));
    const { path = "", name, version } = form.dataset;
    try {
      const answer = await send(path, { body: { name, groups, version: Number(version), why: value("why"), number: value("number"), authority: value("authority") } });
      /** @type {{ undo: string, page: string }} */
      const done = await answer.json();
      ({ undo } = done);
      byId("done-page", HTMLAnchorElement).href = done.page;
      form.hidden = true;
      byId("sum").hidden = true;
      byId("done").hidden = false;
      byId("undo").focus();
    } catch (error) {
      go.disabled = false;
      say(error);
    }
  });

  byId("undo").addEventListener("click", async () => {
    byId("undo", HTMLButtonElement).disabled = true;
    try {
      await send(undo, { body: { why: "" } });
      location.reload();
    } catch (error) {
      byId("undo", HTMLButtonElement).disabled = false;
      byId("done").append(h("p", { class: "note note-danger", role: "alert" }, faultText(error)));
    }
  });
}
