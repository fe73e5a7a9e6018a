// A copy of the pasted text, and of what was mended, in this browser: for a tab that was closed
// and a sign-in that ran out. It goes when the text is saved. And the original lines of the field
// that is being mended are shown.

import { drop, keep, PREFIX, read, tidy } from "./copies.js";

const form = document.querySelector("#paste_form");
const box = document.querySelector("#id_text");
const kept = document.querySelector("[data-kept]");
const place = PREFIX + form?.dataset.copy;
const NOT_MENDED = ["csrfmiddlewaretoken", "action", "text"];

function remember() {
  if (!box.value.trim()) return;
  const mended = [...new FormData(form)].filter(
    ([name, value]) => typeof value === "string" && !NOT_MENDED.includes(name),
  );
  keep(place, { text: box.value, mended });
}

function forget() {
  drop(place);
  kept.hidden = true;
}

function offer({ text, mended }) {
  kept.hidden = false;
  kept.querySelector("[data-kept-opening]").textContent = text.trim().slice(0, 80);
  kept.querySelector("[data-take-back]").addEventListener("click", () => {
    box.value = text;
    // The next reading finds what was mended, as if it had just been typed.
    for (const [name, value] of mended) {
      const field = document.createElement("textarea");
      Object.assign(field, { name, value, hidden: true });
      form.append(field);
    }
    kept.hidden = true;
    box.focus();
  });
  kept.querySelector("[data-forget]").addEventListener("click", () => {
    forget();
    box.focus();
  });
}

if (form && box) {
  try {
    tidy();
  } catch {
    // A browser may refuse to keep anything; the page works without.
  }
  if ("saved" in form.dataset) forget();
  const remembered = read(place);
  if (box.value.trim()) remember();
  else if (remembered?.text) offer(remembered);

  let pause;
  form.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(remember, 300);
  });
  form.addEventListener("submit", remember);

  form.addEventListener("focusin", ({ target }) => {
    for (const line of form.querySelectorAll("tr[data-fields]")) {
      const fields = line.dataset.fields.split(" ");
      line.classList.toggle("is-here", Boolean(target.id) && fields.includes(target.id));
    }
  });
}
document.querySelector(".errornote[tabindex]")?.focus();
