// The contents list marks the section that is being read.
(() => {
  const list = document.querySelector("[data-contents]");
  if (!list) return;

  const links = new Map();
  for (const link of list.querySelectorAll("a[href^='#']")) {
    const heading = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (heading) links.set(heading, link);
  }
  const headings = [...links.keys()];
  let due = false;

  function mark() {
    due = false;
    const line = innerHeight * 0.3;
    const current = headings.filter((heading) => heading.getBoundingClientRect().top < line).pop();
    for (const [heading, link] of links) {
      if (heading === current) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }

  // Once per frame; an observer of headings would miss a jump from one section's middle into another's.
  function soon() {
    if (!due) requestAnimationFrame(mark);
    due = true;
  }

  addEventListener("scroll", soon, { passive: true });
  addEventListener("resize", soon, { passive: true });
  mark();
})();
