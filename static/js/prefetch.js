// Browsers that know how fetch a page while its link is still being reached for.
(() => {
  if (!HTMLScriptElement.supports?.("speculationrules")) return;
  const rules = document.createElement("script");
  rules.type = "speculationrules";
  rules.textContent = "PREFETCH_RULES"; // the application puts them here, and their hash into the policy
  document.head.append(rules);
})();
