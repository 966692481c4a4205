/** The head of every page that is not the map: theme, language, account; and moments in the reader's own time. */
import { mountMenus } from "./account-menu.js";
import { mount as mountLanguage } from "./language.js";
import { mount as mountTheme } from "./theme.js";

const theme = document.getElementById("page-theme");
if (theme) mountTheme(theme);
const language = document.getElementById("page-language");
if (language instanceof HTMLAnchorElement) mountLanguage(language);
mountMenus();

const form = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
for (const element of document.querySelectorAll("time[data-local]")) {
  if (!(element instanceof HTMLTimeElement)) continue;
  const moment = new Date(element.dateTime);
  if (!Number.isNaN(moment.valueOf())) element.textContent = form.format(moment);
}
