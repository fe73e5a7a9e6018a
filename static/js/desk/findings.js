// The doctor's panel: checks the form as it stands without leaving it, and leads to a field.
// Without this script the check opens in a tab of its own.

const panel = document.querySelector("[data-findings]");
const button = panel?.querySelector("[data-check-unsaved]");

async function check(event) {
  event.preventDefault();
  button.disabled = true;
  try {
    const answer = await fetch(button.formAction, {
      method: "POST",
      body: new FormData(button.form),
    });
    if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
    show(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch {
    const said = document.createElement("p");
    said.className = "errornote";
    said.textContent = button.dataset.failed;
    panel.querySelector("[data-findings-list]").replaceChildren(said);
  } finally {
    button.disabled = false;
    button.focus();
  }
}

function show(page) {
  for (const part of ["[data-findings-counts]", "[data-findings-list]"]) {
    panel.querySelector(part).replaceChildren(...page.querySelector(part).childNodes);
  }
  // On its own page a finding cannot lead into the form; here it can.
  for (const where of panel.querySelectorAll("[data-field^='id_']")) {
    const link = document.createElement("a");
    link.className = where.className;
    link.href = `#${where.dataset.field}`;
    link.append(...where.childNodes);
    where.replaceWith(link);
  }
}

function lead(event) {
  const link = event.target.closest("a[href^='#id_']");
  const field = link && document.getElementById(link.hash.slice(1));
  if (!field) return;
  event.preventDefault();
  reach(field);
}

// An editor or a chooser may stand where the field itself is hidden, in a part that is folded.
function reach(field) {
  for (let part = field.closest("details"); part; part = part.parentElement.closest("details")) {
    part.open = true;
  }
  const row = field.closest(".form-row, td") ?? field.parentElement;
  const seen = (element) => element.checkVisibility();
  const inside = row.querySelectorAll("[contenteditable='true'], .select2-selection, input, textarea, select");
  const target = seen(field) ? field : [...inside].find(seen);
  (target ?? row).scrollIntoView({ block: "center" });
  target?.focus({ preventScroll: true });
}

button?.addEventListener("click", check);
panel?.addEventListener("click", lead);
// A link from the page of findings opens the form at its field.
if (panel && location.hash.startsWith("#id_")) {
  const field = document.getElementById(location.hash.slice(1));
  if (field) reach(field);
}
