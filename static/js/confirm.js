// Behind the link of a mail: asks at once whether this is the browser that signed up; everywhere else the button waits.
(() => {
  const form = document.querySelector("[data-confirm]");
  if (!form) return;

  async function ask() {
    const body = new URLSearchParams({ auto: "1" });
    const answer = await fetch(form.action, { method: "POST", body, redirect: "manual" });
    if (answer.type === "opaqueredirect") location.replace(form.dataset.confirm); // it is, and all is done
  }

  // A page that is only made ready in advance was not opened by anybody yet.
  const begin = () => ask().catch(() => {});
  if (document.prerendering) document.addEventListener("prerenderingchange", begin, { once: true });
  else begin();
})();
