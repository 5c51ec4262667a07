// htmx is most of the weight and most readers never need it: it comes when what uses it comes into view.
(() => {
  const address = document.currentScript.dataset.htmx;
  const users = document.querySelectorAll("[hx-get], [hx-post]");
  let coming;
  let ready = false;

  function bring() {
    coming ??= new Promise((here, failed) => {
      const script = document.createElement("script");
      script.src = address;
      // It looks the page over in a task of its own, which it has asked for by now.
      script.onload = () => setTimeout(here);
      script.onerror = () => {
        coming = undefined;
        failed();
      };
      document.head.append(script);
    }).then(() => {
      ready = true;
      for (const user of users) typed(user);
    });
    return coming;
  }

  // What was typed into a field before htmx was here counts as typed now.
  function typed(field) {
    if (field.value !== field.defaultValue) field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  const watch = new IntersectionObserver(
    (entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      watch.disconnect();
      bring().catch(() => {}); // sending the form tries again, and says so
    },
    { rootMargin: "400px" },
  );
  for (const user of users) watch.observe(user);

  // A form that is sent before htmx is here waits for it; if it cannot come, that is a failure like any other.
  async function sendLater(form, submitter) {
    if (form.ariaBusy === "true") return;
    form.ariaBusy = "true";
    try {
      await bring();
      form.requestSubmit(submitter);
    } catch {
      form.ariaBusy = null;
      const detail = { ctx: { sourceElement: form } };
      form.dispatchEvent(new CustomEvent("htmx:error", { bubbles: true, detail }));
    }
  }

  document.addEventListener(
    "submit",
    (event) => {
      if (ready || !event.target.matches("[hx-post]")) return;
      event.preventDefault();
      sendLater(event.target, event.submitter);
    },
    true,
  );
})();
