// Several files at once: each becomes a row, by the same button that adds one by hand.
// Without scripts the zones stay hidden, and each row has a file input of its own.

function freeInput(prefix) {
  const inputs = document.querySelectorAll(`#${prefix}-group input[type=file]`);
  return [...inputs].find((input) => {
    const row = input.closest(".inline-related");
    const kept = row.querySelector("input[type=hidden][name$='-kept']");
    return !row.classList.contains("empty-form") && !input.files.length && !kept?.value;
  });
}

function addRow(prefix) {
  // Django's own, with the handlers of its own formset script.
  document.querySelector(`#${prefix}-group .add-row a`)?.click();
}

function put(file, prefix) {
  let input = freeInput(prefix);
  if (!input) {
    addRow(prefix);
    input = freeInput(prefix);
  }
  if (!input) return false;
  const one = new DataTransfer();
  one.items.add(file);
  input.files = one.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
  return true;
}

function open(zone) {
  const { drop: prefix, label, how, added, full } = zone.dataset;
  const group = document.getElementById(`${prefix}-group`);
  // One may see the release without being allowed to change it: then there are no inputs.
  if (!group?.querySelector("input[type=file]")) return;
  const chooser = document.createElement("input");
  chooser.type = "file";
  chooser.multiple = true;
  chooser.id = `${prefix}-several`;
  chooser.accept = group.querySelector("input[type=file]").accept;
  const title = document.createElement("label");
  title.htmlFor = chooser.id;
  const strong = document.createElement("strong");
  strong.textContent = label;
  title.append(strong, ` ${how}`);
  const status = document.createElement("span");
  status.setAttribute("role", "status");
  zone.append(title, chooser, status);
  zone.hidden = false;

  const take = (files) => {
    const all = [...files];
    const taken = all.filter((file) => put(file, prefix)).length;
    const words = [added.replace("{number}", taken)];
    if (taken < all.length) words.push(full.replace("{number}", all.length - taken));
    status.textContent = words.join(" – ");
  };
  chooser.addEventListener("change", () => {
    take(chooser.files);
    chooser.value = "";
  });
  zone.addEventListener("dragover", (event) => {
    event.preventDefault();
    zone.classList.add("over");
  });
  zone.addEventListener("dragleave", () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("over");
    take(event.dataTransfer.files);
  });
}

// Words that are put back bring the key of a file that was received before: the row says so.
document.addEventListener("change", ({ target }) => {
  const [, prefix] = target.name?.match(/^(pictures|files)-\d+-kept$/) ?? [];
  const row = prefix && target.value && target.closest(".inline-related");
  const input = row && row.querySelector("input[type=file]");
  if (!input || row.querySelector(".received")) return;
  const said = document.createElement("p");
  said.className = "help received";
  said.textContent = document.querySelector(`[data-drop=${prefix}]`).dataset.received;
  input.after(said);
});

// A file that misses its zone would replace the page, and with it everything written.
for (const kind of ["dragover", "drop"]) {
  window.addEventListener(kind, (event) => {
    const carries = event.dataTransfer?.types.includes("Files");
    if (carries && event.target.type !== "file") event.preventDefault();
  });
}

// After Django's scripts have made their buttons.
window.addEventListener("load", () => document.querySelectorAll("[data-drop]").forEach(open));
