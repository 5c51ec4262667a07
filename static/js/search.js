// Results follow the typing: the address keeps up, old results look old, and a failure is said.
(() => {
  const input = document.querySelector("[data-live-search]");
  if (!input) return;
  const results = document.getElementById("search-results");
  const status = document.getElementById("search-status");

  const stale = (yes) => results.toggleAttribute("data-stale", yes);

  function fail() {
    stale(false);
    status.textContent = input.dataset.failure;
  }

  input.addEventListener("htmx:before:request", () => stale(true));
  input.addEventListener("htmx:before:response", (event) => {
    const { headers } = event.detail.ctx.response;
    if (headers.get("X-Broadsheet") === "fragment") return;
    event.preventDefault();
    fail();
  });
  input.addEventListener("htmx:error", fail);
  input.addEventListener("htmx:after:swap", () => {
    stale(false);
    const address = new URL(location.href);
    address.searchParams.delete("page");
    if (input.value.trim()) address.searchParams.set("q", input.value);
    else address.searchParams.delete("q");
    history.replaceState(null, "", address);
  });
})();
