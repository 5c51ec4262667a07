// The signup card answers in place: the message, the focus and every failure, without a reload or a jump.
(() => {
  const ours = (form) => form instanceof Element && form.matches("[data-signup]");
  const statusOf = (form) => document.getElementById(form.dataset.signup);
  const fieldOf = (form) => form.elements[form.dataset.field];
  const cardOf = (status) => status.closest("section");

  function on(name, act) {
    document.addEventListener(name, (event) => {
      const form = event.detail.ctx?.sourceElement;
      if (ours(form)) act(form, event);
    });
  }

  // A failure that carries no answer of ours: a proxy's error page, no network, no time.
  function fail(form) {
    const status = statusOf(form);
    const field = fieldOf(form);
    const sentence = document.createElement("strong");
    sentence.textContent = form.dataset.oops;
    status.dataset.state = "error";
    status.replaceChildren(sentence, ` ${form.dataset.advice}`);
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", `${status.id} ${form.dataset.wording}`);
    field.focus();
  }

  on("htmx:before:request", (form) => {
    form.setAttribute("aria-busy", "true");
    statusOf(form).textContent = ""; // so that the same sentence is announced a second time
  });

  on("htmx:before:response", (form, event) => {
    if (event.detail.ctx.response.headers.get("X-Broadsheet") === "fragment") return;
    event.preventDefault();
    fail(form);
  });

  on("htmx:error", fail);

  // While the form is exchanged its card keeps its height and the message holds the focus.
  on("htmx:before:swap", (form, event) => {
    const status = statusOf(form);
    const card = cardOf(status);
    card.style.minHeight = `${card.getBoundingClientRect().height}px`;
    event.detail.ctx.signupStatus = status;
    status.focus({ preventScroll: true });
  });

  document.addEventListener("htmx:after:swap", (event) => {
    const status = event.detail.ctx.signupStatus;
    if (!status) return;
    const form = cardOf(status).querySelector("[data-signup]");
    status.dataset.state = form?.dataset.state ?? "done";
    const button = status.dataset.state === "again" && form.querySelector("[type=submit]");
    const next = button || (form ? fieldOf(form) : status);
    next.focus();
  });

  on("htmx:finally:request", (form) => form.removeAttribute("aria-busy"));
})();
