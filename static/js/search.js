// Suggestions while somebody types into the search field: missions and headlines, by keyboard,
// mouse and touch. A combobox with a list below it, as ARIA 1.2 describes it
// (https://www.w3.org/WAI/ARIA/apg/patterns/combobox/). Without scripts the field is a field.

const WAIT = 150; // milliseconds after the last key

const suggesting = (form) => {
  const field = form.querySelector("input[name=q]");
  const words = form.dataset;
  const list = document.createElement("ul");
  list.id = `${field.id}_suggestions`;
  list.className = "suggestions";
  list.role = "listbox";
  list.ariaLabel = words.list;
  list.hidden = true;
  const status = document.createElement("span");
  status.className = "unseen";
  status.role = "status";
  field.after(list, status);
  field.role = "combobox";
  field.autocomplete = "off";
  field.ariaAutoComplete = "list";
  field.ariaExpanded = "false";
  field.setAttribute("aria-controls", list.id);

  let active = -1;
  let timer = 0;
  let asking = null;

  const activate = (place) => {
    list.children[active]?.removeAttribute("aria-selected");
    active = place;
    const option = list.children[active];
    if (option) {
      option.ariaSelected = "true";
      option.scrollIntoView({ block: "nearest" });
      field.setAttribute("aria-activedescendant", option.id);
    } else {
      field.removeAttribute("aria-activedescendant");
    }
  };

  const show = (shown) => {
    list.hidden = !shown;
    field.ariaExpanded = String(shown);
    if (!shown) activate(-1);
  };

  const close = () => {
    clearTimeout(timer);
    asking?.abort();
    show(false);
    status.textContent = "";
  };

  const fill = (suggestions) => {
    activate(-1);
    list.replaceChildren(
      ...suggestions.map(({ kind, text, lang, address }, place) => {
        const option = document.createElement("li");
        option.id = `${list.id}_${place}`;
        option.role = "option";
        option.dataset.address = address;
        const said = document.createElement("span");
        said.lang = lang;
        said.textContent = text;
        const what = document.createElement("small");
        what.textContent = words[kind];
        option.append(said, " ", what);
        return option;
      }),
    );
    show(suggestions.length > 0);
    status.textContent = suggestions.length ? words.counted.replace("NUMBER", suggestions.length) : "";
  };

  const ask = async () => {
    asking?.abort();
    asking = new AbortController();
    try {
      const query = new URLSearchParams({ q: field.value });
      const answer = await fetch(`${words.suggestions}?${query}`, { signal: asking.signal });
      if (answer.ok && document.activeElement === field) fill((await answer.json()).suggestions);
    } catch (error) {
      // The next key asks again; the search itself needs no suggestion.
      if (error.name !== "AbortError") close();
    }
  };

  const go = (option) => {
    close();
    location.assign(option.dataset.address);
  };

  field.addEventListener("input", () => {
    clearTimeout(timer);
    if (field.value.trim()) timer = setTimeout(ask, WAIT);
    else close();
  });

  field.addEventListener("keydown", (event) => {
    // Keys that build a syllable belong to the input method.
    if (event.isComposing) return;
    const last = list.children.length - 1;
    if (event.key === "Escape" && !list.hidden) {
      close();
    } else if (event.key === "Enter" && !list.hidden && active >= 0) {
      go(list.children[active]);
    } else if (event.key === "ArrowDown" && last >= 0) {
      show(true);
      activate(active >= last ? 0 : active + 1);
    } else if (event.key === "ArrowUp" && last >= 0) {
      show(true);
      activate(active <= 0 ? last : active - 1);
    } else {
      return;
    }
    event.preventDefault();
  });

  field.addEventListener("blur", close);
  // A press must not take the focus from the field, or the list would close under the finger.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) go(option);
  });
};

document.querySelectorAll("form[data-suggestions]").forEach(suggesting);
