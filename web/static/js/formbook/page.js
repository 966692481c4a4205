/**
 * The page of the registration form: have the workbook made, and bring a worked-on one back.
 *
 * @import { Job } from "../jobs/types.js"
 */
import { byId } from "../dom.js";
import { mountDropZone } from "../drop-zone.js";
import { faultText, send } from "../fetching.js";
import { followJob } from "../jobs/watching.js";
import { text } from "../page-data.js";

const take = byId("take", HTMLFormElement);
const bring = byId("bring", HTMLFormElement);
const chooser = byId("bring-file", HTMLInputElement);
const zone = byId("drop");

/**
 * @param {string} id
 * @param {string} words empty: nothing is wrong
 */
function complain(id, words) {
  const wrong = byId(id);
  wrong.textContent = words;
  wrong.hidden = !words;
}

take.addEventListener("submit", async (event) => {
  event.preventDefault();
  const going = byId("take-going");
  if (!going.hidden) return;
  complain("take-wrong", "");
  going.hidden = false;
  const asked = new URLSearchParams();
  for (const [name, value] of new FormData(take)) if (value) asked.set(name, String(value));
  try {
    /** @type {Job} */
    const begun = await (await send(`/api/formbook/exports?${asked}`)).json();
    const job = await followJob(begun.uuid, ({ phase, share }) => {
      byId("take-phase").textContent = phase;
      byId("take-bar", HTMLProgressElement).value = share;
    });
    if (job.state === "done") location.assign(`/api/exports/${job.uuid}/file`);
    else complain("take-wrong", [job.error?.detail ?? job.state_title, job.error?.hint ?? ""].filter(Boolean).join(" "));
  } catch (error) {
    complain("take-wrong", faultText(error));
  }
  going.hidden = true;
});

/** @param {FileList | null | undefined} files */
async function sendIn(files) {
  const file = files?.[0];
  const going = byId("bring-going");
  if (!file || !going.hidden) return;
  complain("bring-wrong", "");
  if (files.length > 1) return complain("bring-wrong", text("One file at a time."));
  going.hidden = false;
  going.textContent = file.name;
  const form = new FormData();
  form.set("file", file, file.name);
  try {
    /** @type {Job} */
    const job = await (await send("/api/formbook/merges", { body: form })).json();
    location.assign(`/formbook/${job.uuid}`);
  } catch (error) {
    going.hidden = true;
    complain("bring-wrong", faultText(error));
  }
  chooser.value = "";
}

chooser.addEventListener("change", () => sendIn(chooser.files));
bring.addEventListener("submit", (event) => event.preventDefault());
mountDropZone(zone, sendIn);
document.documentElement.classList.add("is-ready");
