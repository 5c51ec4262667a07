// The switch between light and dark; theme.js applies what was chosen before the next page is painted.
(() => {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const dark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);

  function show(button) {
    button.setAttribute("aria-pressed", String(dark())); // which also brings it into view
  }

  for (const button of document.querySelectorAll("[data-theme-switch]")) {
    button.addEventListener("click", () => {
      root.dataset.theme = dark() ? "light" : "dark";
      try {
        localStorage.setItem("theme", root.dataset.theme);
      } catch {
        // Storage may be forbidden; the choice then lasts for this page.
      }
      show(button);
    });
    system.addEventListener("change", () => show(button));
    show(button);
  }
})();
