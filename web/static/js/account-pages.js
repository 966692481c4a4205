/** The pages of accounts: copies a link, asks before what cannot be taken back, shows what a choice asks for. */
import { copy } from "./clipboard.js";

for (const control of document.querySelectorAll("[data-copies]")) {
  control.addEventListener("click", (event) => {
    const field = document.getElementById(control.getAttribute("data-copies") ?? "");
    if (field instanceof HTMLInputElement) copy(field.value, event);
  });
}

for (const form of document.querySelectorAll("form[data-asks]")) {
  form.addEventListener("submit", (event) => {
    if (!confirm(form.getAttribute("data-asks") ?? "")) event.preventDefault();
  });
}

// A part of the form stands only where the choice is made that asks for it.
for (const part of document.querySelectorAll("[data-when]")) {
  const choice = document.getElementById(part.getAttribute("data-when") ?? "");
  if (!(choice instanceof HTMLInputElement) || !(part instanceof HTMLElement)) continue;
  const show = () => {
    part.hidden = !choice.checked;
  };
  choice.form?.addEventListener("change", show);
  show();
}
