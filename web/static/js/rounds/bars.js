/** The bars of rounds: their parts as wide as their share; the policy of the page allows no style in its text. */
export function drawBars() {
  for (const part of document.querySelectorAll("[data-share]")) {
    if (part instanceof HTMLElement) part.style.flexGrow = part.dataset.share ?? "0";
  }
}
