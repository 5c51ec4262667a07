// A list that is on the page narrows as you type; Enter asks the server, which looks through everything.
(() => {
  const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

  function attach(input) {
    const region = document.getElementById(input.dataset.filter);
    const status = document.getElementById(input.dataset.filterStatus);
    if (!region) return;
    const items = [...region.querySelectorAll("[data-filter-item]")].map((item) => [
      item,
      fold(item.textContent),
    ]);
    const groups = [...region.querySelectorAll("[data-filter-group]")];
    let waiting;

    function narrow() {
      const words = fold(input.value).split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const [item, text] of items) {
        item.hidden = !words.every((word) => text.includes(word));
        if (!item.hidden) shown += 1;
      }
      for (const group of groups) group.hidden = !group.querySelector("[data-filter-item]:not([hidden])");
      clearTimeout(waiting);
      waiting = setTimeout(() => say(shown, words.length), 400);
    }

    // Said after a pause, so that a screen reader hears the last count only.
    function say(shown, words) {
      if (!status) return;
      const { filterNone, filterOne, filterMany } = input.dataset;
      const sentence = shown === 0 ? filterNone : shown === 1 ? filterOne : filterMany.replace("0", shown);
      status.textContent = words ? sentence : "";
    }

    input.addEventListener("input", narrow);
  }

  document.querySelectorAll("[data-filter]").forEach(attach);
})();
