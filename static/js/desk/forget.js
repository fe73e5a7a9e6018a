// After signing out: asks whether the unsaved words of that account stay in this browser.

import { keys, PREFIX, tidy } from "./copies.js";

const place = document.getElementById("desk-left");
const left = () => keys(`${PREFIX}${place.dataset.user}:`);

if (place?.dataset.user) {
  try {
    tidy();
    if (left().length) ask();
  } catch {
    // Without storage there is nothing to forget.
  }
}

function ask() {
  place.querySelector("[data-count]").textContent = left().length;
  place.hidden = false;
  place.querySelector("button").addEventListener("click", () => {
    for (const key of left()) localStorage.removeItem(key);
    place.replaceChildren(
      Object.assign(document.createElement("p"), { textContent: place.dataset.gone }),
    );
  });
}
