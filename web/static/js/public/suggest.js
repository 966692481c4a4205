/** Names to choose from while one is typed; without it the search works as well. */
const field = document.getElementById("names-q");
const list = document.getElementById("names-list");
let timer = 0;
let asked = "";

if (field instanceof HTMLInputElement && list) {
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => suggest(field.value.trim(), list), 160);
  });
}

/**
 * @param {string} words
 * @param {HTMLElement} into
 */
async function suggest(words, into) {
  asked = words;
  if (!words) return into.replaceChildren();
  try {
    const answer = await fetch(`/api/search?${new URLSearchParams({ q: words, limit: "12" })}`, { headers: { Accept: "application/json" } });
    if (!answer.ok || asked !== words) return;
    /** @type {{ items: { layer: string, name: string, where: { zh: string } }[] }} */
    const { items } = await answer.json();
    const names = new Map(items.filter(({ layer }) => layer === "place-names" || layer === "divisions").map(({ name, where }) => [name, where.zh]));
    into.replaceChildren(...[...names].map(([name, where]) => Object.assign(document.createElement("option"), { value: name, label: where })));
  } catch {
    // without suggestions the search works as well
  }
}
document.documentElement.classList.add("is-ready");
export {};
