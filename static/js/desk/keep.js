// Keeps what is being written in a form of the desk, in this browser, until the server says that
// it has been saved. After a crash, a closed tab, an expired login or a save that failed it is
// offered again. A copy belongs to one account and one release, or to one new release.
//
// A copy: key "newsroom:draft:<user>:<release or add>:<id>",
// value { at: ms, madeFrom: "<version>.<step>.<state>", values: { <field>: <value> } }.
// A value is a string, a boolean (of a box, whose key is "name=value") or, of a list to choose
// from, { options: [[value, text], …] }.

import { keep as store, keys, PREFIX, read, tidy } from "./copies.js";

const PAUSE = 800; // milliseconds without typing until it is kept
const EVERY = 5000; // milliseconds between two looks at what no event told of
const SKIPPED = new Set(["csrfmiddlewaretoken", "_draft", "_made_from", "action"]);
const SHOWN = 90; // characters of a field

const fields = (form) =>
  [...form.elements].filter(
    (field) =>
      field.name &&
      !SKIPPED.has(field.name) &&
      !field.name.includes("__prefix__") &&
      !["file", "submit", "button", "image", "password", "fieldset"].includes(field.type) &&
      field.tagName !== "BUTTON",
  );

const isBox = (field) => field.type === "checkbox" || field.type === "radio";

// The options of a list that the server has chosen; where it chose none, a browser takes one.
const servedOptions = (field) => {
  const served = [...field.options].filter((option) => option.defaultSelected);
  return served.length || field.multiple ? served : [...field.options].slice(0, 1);
};

// What stands in the form or, `asServed`, what the server wrote into it.
const snapshot = (form, asServed = false) => {
  const values = {};
  for (const field of fields(form)) {
    if (isBox(field)) {
      values[`${field.name}=${field.value}`] = asServed ? field.defaultChecked : field.checked;
    } else if (field.tagName === "SELECT") {
      const chosen = asServed ? servedOptions(field) : [...field.selectedOptions];
      values[field.name] = { options: chosen.map((o) => [o.value, o.textContent.trim()]) };
    } else values[field.name] = asServed ? field.defaultValue : field.value;
  }
  return values;
};

const plain = (value) => {
  if (value === undefined) return "";
  if (typeof value === "boolean") return value ? "✓" : "";
  if (typeof value === "object") return value.options.map(([v, text]) => (v ? text : "")).join(", ");
  const text = new DOMParser().parseFromString(value, "text/html").body.textContent;
  return (text || value).replace(/\s+/g, " ").trim();
};

const isSame = (one, other) => JSON.stringify(one ?? "") === JSON.stringify(other ?? "");

// Names of rows: "contacts-2-phone" -> ["contacts", 2, "phone"]
const rowOf = (name, values) => {
  const match = name.match(/^(.+)-(\d+)-(.+)$/);
  return match && `${match[1]}-TOTAL_FORMS` in values ? [match[1], +match[2], match[3]] : null;
};
const isFrame = (name) => /-(TOTAL|INITIAL|MIN_NUM|MAX_NUM)_FORMS$/.test(name);

document.addEventListener("DOMContentLoaded", () => {
  try {
    tidy();
  } catch {
    return; // a browser may forbid storage: the server's part of the promise stands alone
  }
  const place = document.getElementById("desk-copies");
  const form = place?.closest("form");
  if (form && place.dataset.user) keepAndOffer(form, place);
});

// Signing in again in another tab gives a new token: the old one would be refused.
document.addEventListener("submit", ({ target }) => {
  const token = document.cookie.match(/(?:^|; )(?:__Host-)?csrftoken=([^;]+)/)?.[1];
  const field = target.querySelector('input[name="csrfmiddlewaretoken"]');
  if (token && field) field.value = token;
});

function keepAndOffer(form, place) {
  const say = place.dataset;
  const draft = form.elements._draft;
  const madeFrom = form.elements._made_from;
  const start = `${PREFIX}${say.user}:${say.release}:`;
  // What comes back from a failed save is not saved yet, however little is changed from here.
  const cameBack = draft.value !== "";
  // Not what stands in the form: after going back, a browser may have put old words there.
  const served = snapshot(form, true);
  const untouched = JSON.stringify(served);
  let kept = cameBack ? "" : untouched;
  let timer;
  // Going back, a browser would fill the fields again, and nothing that stands before them.
  form.autocomplete = "off";

  const hold = (id) =>
    // Held as long as this page lives: other tabs then do not offer what is open here.
    navigator.locks?.request(`${PREFIX}${id}`, () => new Promise(() => {})).catch(() => {});
  if (cameBack) hold(draft.value);

  const newId = () =>
    crypto.randomUUID?.() ?? [...crypto.getRandomValues(new Uint8Array(16))]
      .map((byte) => byte.toString(16).padStart(2, "0")).join("");

  const keep = () => {
    const values = snapshot(form);
    const now = JSON.stringify(values);
    if (now === kept) return;
    kept = now;
    if (now === untouched && !cameBack) {
      if (draft.value) localStorage.removeItem(start + draft.value);
      return;
    }
    if (!draft.value) hold((draft.value = newId()));
    const isKept = store(start + draft.value, { madeFrom: madeFrom?.value ?? "", values });
    if (!isKept) bar(place, say.full);
  };

  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(keep, PAUSE);
  };
  for (const event of ["input", "change"]) form.addEventListener(event, soon);
  addEventListener("load", () => {
    // A browser that fills the fields all the same: their editors show it.
    for (const field of form.querySelectorAll("textarea[data-editor]")) {
      if (field.value !== field.defaultValue) tell(field);
    }
    offer();
  });
  addEventListener("pageshow", ({ persisted }) => persisted && tidy());
  setInterval(keep, EVERY);
  form.addEventListener("submit", keep);
  addEventListener("pagehide", keep);
  document.addEventListener("visibilitychange", keep);

  async function offer() {
    const open = new Set((await navigator.locks?.query?.())?.held?.map((lock) => lock.name));
    const offered = keys(start)
      .filter((key) => key !== start + draft.value)
      .filter((key) => !open.has(PREFIX + key.slice(start.length)))
      .map((key) => [key, read(key)])
      .filter(([, copy]) => copy?.values)
      .sort(([, one], [, other]) => other.at - one.at);
    for (const [key, copy] of offered) {
      const changed = differences(copy.values);
      // It says what the server says: it was saved, or written anew.
      if (!differences(copy.values, served).length) localStorage.removeItem(key);
      else if (changed.length) show(key, copy, changed);
    }
  }

  function show(key, copy, changed) {
    const at = new Date(copy.at).toLocaleString(document.documentElement.lang || undefined);
    const section = bar(place, say.intro.replace("TIME", at), say.fields);
    const list = document.createElement("ul");
    for (const [label, text] of changed.map(inWords)) {
      const item = document.createElement("li");
      const cut = text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
      item.textContent = `${label}: ${cut || "—"}`;
      list.append(item);
    }
    section.append(list);
    if (madeFrom && copy.madeFrom && copy.madeFrom !== madeFrom.value) {
      section.append(Object.assign(document.createElement("p"), { textContent: say.older }));
    }
    const button = (words, act) => {
      const made = document.createElement("button");
      made.type = "button";
      made.className = "button";
      made.textContent = words;
      made.addEventListener("click", act);
      section.append(made);
    };
    button(say.restore, () => {
      clearTimeout(timer);
      keep(); // what has been typed here meanwhile stays a copy of its own
      restore(copy);
      draft.value = key.slice(start.length);
      hold(draft.value);
      if (madeFrom && copy.madeFrom) madeFrom.value = copy.madeFrom;
      kept = "";
      keep();
      section.replaceChildren(
        Object.assign(document.createElement("p"), { textContent: say.restored, tabIndex: -1 }),
      );
      section.firstChild.focus();
    });
    button(say.discard, () => {
      localStorage.removeItem(key);
      section.remove();
    });
  }

  // A picture that waits at the server goes by a key, which is for machines.
  const isReceived = (name) => /-\d+-kept$/.test(name);
  const received = (name) => (name.startsWith("pictures-") ? say.picture : say.file);
  const inWords = ([label, text, name]) =>
    isReceived(name) ? [label, text && received(name)] : [label, text];

  // [label, text, name] of each field that a copy has otherwise than the form.
  function differences(values, now = snapshot(form)) {
    return Object.keys({ ...now, ...values })
      .filter((name) => !isFrame(name) && !/-\d+-(id|release)$/.test(name))
      .filter((name) => !isSame(values[name], now[name]))
      .filter((name) => plain(values[name]) !== plain(now[name]) || name in now)
      .map((name) => [labelOf(name, values), plain(values[name]), name]);
  }

  function labelOf(key, values) {
    const name = key.replace(/=[^=]*$/, "");
    const row = rowOf(name, values);
    const column = isReceived(name) ? "upload" : row ? row[2] : name;
    const field = row
      ? form.querySelector(`[name="${CSS.escape(`${row[0]}-__prefix__-${column}`)}"]`)
      : form.elements[name];
    const one = field instanceof RadioNodeList ? field[0] : field;
    const head = row && one?.closest("table")?.querySelector(`th.column-${CSS.escape(column)}`);
    const text = (head ?? one?.labels?.[0])?.textContent.trim().replace(/[:：]$/, "") || column;
    if (!row) return text;
    const group = document.querySelector(`#${CSS.escape(row[0])}-group .inline-heading`);
    const number = say.row.replace("NUMBER", row[1] + 1);
    return [group?.textContent.trim(), number, text].filter(Boolean).join(", ");
  }

  function restore(copy) {
    const rows = new Map(); // "prefix-number" -> [[column, key, value], …]
    for (const [key, value] of Object.entries(copy.values)) {
      const name = typeof value === "boolean" ? key.replace(/=[^=]*$/, "") : key;
      const row = rowOf(name, copy.values);
      if (isFrame(name)) continue;
      if (!row) {
        set(name, key, value);
        continue;
      }
      const id = `${row[0]}-${row[1]}`;
      if (!rows.has(id)) rows.set(id, { prefix: row[0], number: row[1], cells: [] });
      rows.get(id).cells.push([row[2], key, value]);
    }
    const taken = new Set();
    for (const { prefix, number, cells } of rows.values()) {
      const id = cells.find(([column]) => column === "id")?.[2] ?? "";
      const filled = cells.some(
        ([column, , value]) => column !== "id" && column !== "release" && plain(value),
      );
      if (!id && !filled) continue;
      const target = rowFor(prefix, id, number, taken);
      if (target === null) continue;
      taken.add(`${prefix}-${target}`);
      for (const [column, key, value] of cells) {
        if (column === "id" || column === "release") continue;
        const name = `${prefix}-${target}-${column}`;
        set(name, typeof value === "boolean" ? name + key.match(/=[^=]*$/)[0] : name, value);
      }
    }
  }

  // The number of the row that a kept one belongs into: its own, an empty one or a new one.
  function rowFor(prefix, id, number, taken) {
    const total = () => +(form.elements[`${prefix}-TOTAL_FORMS`]?.value ?? 0);
    const idOf = (n) => form.elements[`${prefix}-${n}-id`]?.value ?? "";
    for (let n = 0; id && n < total(); n += 1) if (idOf(n) === id) return n;
    const isFree = (n) => !idOf(n) && !taken.has(`${prefix}-${n}`);
    if (!id && number < total() && isFree(number)) return number;
    for (let n = 0; n < total(); n += 1) if (isFree(n)) return n;
    const before = total();
    document.querySelector(`#${CSS.escape(prefix)}-group .add-row a`)?.click();
    return total() > before ? before : null;
  }

  function set(name, key, value) {
    for (const field of fields(form).filter((one) => one.name === name)) {
      if (typeof value === "boolean") {
        if (`${name}=${field.value}` !== key) continue;
        field.checked = value;
      } else if (typeof value === "object") {
        for (const [one, text] of value.options) {
          const there = [...field.options].some((option) => option.value === one);
          if (!there) field.add(new Option(text, one));
        }
        const chosen = new Set(value.options.map(([one]) => one));
        for (const option of field.options) option.selected = chosen.has(option.value);
      } else if (field.value !== value) {
        field.value = value;
      } else continue;
      tell(field);
      if (isReceived(name) && value) tellReceived(field);
    }
  }

  // Its file cannot be put back into the field, and need not be.
  function tellReceived(field) {
    const upload = form.elements[field.name.replace(/kept$/, "upload")];
    const words = Object.assign(document.createElement("p"), { textContent: received(field.name) });
    words.className = "help received";
    upload?.after(words);
  }
}

// Whatever stands before a field follows it.
function tell(field) {
  for (const event of ["input", "change"]) {
    field.dispatchEvent(new Event(event, { bubbles: true }));
  }
}

function bar(place, ...lines) {
  const section = document.createElement("section");
  section.className = "desk-bar";
  section.setAttribute("aria-label", lines[0]);
  for (const line of lines) {
    section.append(Object.assign(document.createElement("p"), { textContent: line }));
  }
  place.append(section);
  return section;
}
