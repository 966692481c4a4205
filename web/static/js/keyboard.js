/** The page's keys. They do nothing while somebody types or a dialog is open. (A closed dialog may keep the focus.) */

/** @param {Record<string, () => void>} actions by `KeyboardEvent.key`, letters in lower case */
export function mount(actions) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const typing = event.target instanceof Element && event.target.closest("input:not([type=checkbox]):not([type=radio]):not([type=range]), select, textarea, dialog[open]");
    if (typing) return;
    const action = actions[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
}
