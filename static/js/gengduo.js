/* Adds what a page cannot do by itself, and is never needed: the edition switch keeps the place on the page, and the
   page of editions puts first the one that was read last. */
(() => {
  const base = document.currentScript.dataset.base;
  const store = (kind, name, value) => {
    try {
      return value === undefined ? window[kind].getItem(name) : window[kind].setItem(name, value);
    } catch {
      return null; // storage is switched off
    }
  };
  const edition = "edition " + base;
  const place = "place " + base;

  if (document.body.classList.contains("root")) {
    const chosen = document.querySelector(`a[hreflang="${CSS.escape(store("localStorage", edition) || "")}"]`);
    if (chosen) chosen.closest("ul").prepend(chosen.closest("li"));
  }

  // The two editions break lines differently, so the place is the first visible block and how far it is scrolled.
  const blocks = () => document.querySelectorAll("main :is(h1, h2, h3, p, li, figure)");
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".editions a, .root a");
    if (!link) return;
    store("localStorage", edition, link.hreflang);
    const index = [...blocks()].findIndex((block) => block.getBoundingClientRect().bottom > 0);
    if (index < 0 || scrollY < 40) return;
    const box = blocks()[index].getBoundingClientRect();
    store("sessionStorage", place, JSON.stringify([link.href, index, box.top / (box.height || 1)]));
  });
  const kept = JSON.parse(store("sessionStorage", place) || "null");
  store("sessionStorage", place, "");
  if (kept && kept[0] === location.href) {
    const block = blocks()[kept[1]];
    if (block) {
      const box = block.getBoundingClientRect();
      scrollTo({ top: scrollY + box.top - kept[2] * box.height, behavior: "instant" });
    }
  }
})();
