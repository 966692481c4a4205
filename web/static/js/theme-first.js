// Runs before the first paint, so that a reader who chose a theme never sees the other one flash by.
// The only script that is not a module: a module would run too late.
(() => {
  try {
    const theme = localStorage.getItem("theme");
    const sheet = document.getElementById("dark-colours");
    if (sheet instanceof HTMLLinkElement && (theme === "dark" || theme === "light")) {
      sheet.media = theme === "dark" ? "all" : "not all";
    }
  } catch {
    // Storage may be forbidden by policy: the system's preference then holds.
  }
})();
