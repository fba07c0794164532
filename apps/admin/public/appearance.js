// Runs before the first paint, so that a dark screen never flashes white. A file, not inline: the policy forbids that.
(() => {
  let chosen = "auto";
  try {
    chosen = localStorage.getItem("rollcall-appearance") ?? "auto";
  } catch {
    // Storage is switched off: the system decides.
  }
  const isDark = chosen === "dark" || (chosen !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.setAttribute("data-mantine-color-scheme", isDark ? "dark" : "light");
})();
