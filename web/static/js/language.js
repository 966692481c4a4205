/** The language switch: the same view in the other language. */

/** @param {HTMLAnchorElement} element a link whose `hreflang` says which language it leads to */
export function mount(element) {
  element.addEventListener("click", (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    const query = new URLSearchParams(location.search);
    query.delete("lang");
    // The server remembers the language in a cookie, so the address need not carry it on.
    const rest = query.toString().replace(/%2C/g, ",").replace(/%3A/g, ":");
    const wanted = `lang=${element.hreflang.slice(0, 2)}`;
    location.assign(`${location.pathname}?${rest ? `${rest}&` : ""}${wanted}`);
  });
}
