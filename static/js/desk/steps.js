// Counts down to the public, lets no typed word be lost by going on to a step, and sends a
// comment without leaving the form. Everything works without it.

import { drop, keep, PREFIX, read, tidy } from "./copies.js";

const SECOND = 1000; // milliseconds
const PAUSE = 300; // milliseconds without typing until it is kept
const SENT = "newsroom:sent"; // in this tab: the key of the copy whose words are on their way

// When the server said how many seconds are left; this computer's clock may be wrong.
const answered = performance.getEntriesByType("navigation")[0]?.responseStart ?? performance.now();

for (const bar of document.querySelectorAll(".publishing")) countDown(bar);

function countDown(bar) {
  const [waits, counts, done] = ["waits", "counts", "done"].map((part) =>
    bar.querySelector(`.publishing-${part}`),
  );
  const words = counts.textContent;
  const at = answered + Number(bar.dataset.secondsLeft) * SECOND;
  waits.hidden = true;
  const tick = () => {
    const left = Math.ceil((at - performance.now()) / SECOND);
    counts.hidden = left <= 0;
    done.hidden = left > 0;
    bar.querySelector("button").hidden = left <= 0;
    counts.textContent = words.replace("#", left);
    if (left > 0) setTimeout(tick, SECOND);
  };
  tick();
}

const form = document.getElementById("release_form");
if (form) {
  const said = (value) =>
    value instanceof File ? [value.name, value.size, value.lastModified] : value;
  const written = () =>
    JSON.stringify([...new FormData(form)].map(([name, value]) => [name, said(value)]));
  let saved;
  // Once the editors of the page have taken their texts. What comes back from a refused save
  // is not saved, however little is changed from here.
  addEventListener("load", () => (saved = form.elements._draft?.value ? "" : written()));

  for (const link of document.querySelectorAll(".steps-verbs a")) {
    link.addEventListener("click", (event) => {
      const isSaveable = form.querySelector("[name=_save]");
      if (!isSaveable || saved === undefined || written() === saved) return;
      event.preventDefault();
      const button = document.createElement("button");
      button.name = "_step";
      button.value = link.dataset.verb;
      button.hidden = true;
      form.append(button);
      form.requestSubmit(button);
    });
  }
}

// What a step or a comment says is kept until the step is done.

const areas = (form) => [...form.querySelectorAll("textarea")];
const keyOf = (form) => PREFIX + form.dataset.copy;

function keepWords(form) {
  const words = areas(form).map(({ name, value }) => [name, value]);
  if (words.some(([, value]) => value.trim())) keep(keyOf(form), { words });
  else drop(keyOf(form));
}

function watch(form) {
  let pause;
  let isTyped = false; // else another tab's words would go with this empty form
  const key = keyOf(form);
  const words = read(key)?.words ?? [];
  const missing = words.filter(([name, value]) => value && form.elements[name]?.value === "");
  for (const [name, value] of missing) form.elements[name].value = value;
  form.querySelector("[data-words-back]").hidden = !missing.length;
  form.querySelector("[data-words-back] button").addEventListener("click", () => {
    for (const area of areas(form)) area.value = "";
    drop(key);
    form.querySelector("[data-words-back]").hidden = true;
    areas(form)[0].focus();
  });
  form.addEventListener("input", () => {
    isTyped = true;
    clearTimeout(pause);
    pause = setTimeout(keepWords, PAUSE, form);
  });
  const now = () => {
    clearTimeout(pause);
    if (isTyped && form.isConnected) keepWords(form);
  };
  form.addEventListener("submit", () => {
    now();
    if (!form.closest("#release-log")) sessionStorage.setItem(SENT, key);
  });
  addEventListener("pagehide", now);
}

// The first page after a step says whether it was done.
function forgetWhatWasDone() {
  const key = sessionStorage.getItem(SENT);
  sessionStorage.removeItem(SENT);
  const isDone = document.querySelector(".messagelist .success") || location.hash === "#release-log";
  if (key && isDone && !document.querySelector(".messagelist .error")) drop(key);
}

try {
  tidy();
  forgetWhatWasDone();
  for (const form of document.querySelectorAll("form[data-copy]")) {
    if (areas(form).length) watch(form);
  }
} catch {
  // A browser may refuse to keep anything; the page works without.
}

const log = document.getElementById("release-log");
log?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const comment = event.target;
  const button = comment.querySelector("[type=submit]");
  button.disabled = true;
  try {
    const answer = await fetch(comment.action, { method: "POST", body: new FormData(comment) });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("release-log");
    if (!answer.ok || !fresh) throw new Error("no log came back");
    drop(keyOf(comment));
    log.replaceChildren(...fresh.childNodes);
    watch(log.querySelector("form[data-copy]"));
    log.querySelector("textarea").focus();
  } catch {
    // No network, or a session that has ended: the words stay where they are.
    button.disabled = false;
    log.querySelector(".log-failed").hidden = false;
  }
});
