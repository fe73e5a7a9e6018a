// After signing out: asks whether the unsaved words of that account stay in this browser.

(() => {
  document.addEventListener("DOMContentLoaded", () => {
    const place = document.getElementById("desk-left");
    if (!place?.dataset.user) return;
    const keys = () =>
      Object.keys(localStorage).filter((key) =>
        key.startsWith(`newsroom:draft:${place.dataset.user}:`),
      );
    try {
      const count = keys().length;
      if (!count) return;
      place.querySelector("[data-count]").textContent = count;
      place.hidden = false;
      place.querySelector("button").addEventListener("click", () => {
        for (const key of keys()) localStorage.removeItem(key);
        place.replaceChildren(
          Object.assign(document.createElement("p"), { textContent: place.dataset.gone }),
        );
      });
    } catch {
      // Without storage there is nothing to forget.
    }
  });
})();
