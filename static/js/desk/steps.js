// Counts down to the public, lets no typed word be lost by going on to a step, and sends a
// comment without leaving the form. Everything works without it.

const SECOND = 1000; // milliseconds

for (const bar of document.querySelectorAll(".publishing")) countDown(bar);

function countDown(bar) {
  const [waits, counts, done] = ["waits", "counts", "done"].map((part) =>
    bar.querySelector(`.publishing-${part}`),
  );
  const words = counts.textContent;
  const at = Date.parse(bar.dataset.publishes);
  waits.hidden = true;
  const tick = () => {
    const left = Math.ceil((at - Date.now()) / SECOND);
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
  const written = () => new URLSearchParams(new FormData(form)).toString();
  let saved;
  // Once the editors of the page have taken their texts.
  addEventListener("load", () => (saved = written()));

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

const log = document.getElementById("release-log");
log?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const comment = event.target;
  const button = comment.querySelector("button");
  button.disabled = true;
  try {
    const answer = await fetch(comment.action, { method: "POST", body: new FormData(comment) });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("release-log");
    if (!answer.ok || !fresh) throw new Error("no log came back");
    log.replaceChildren(...fresh.childNodes);
    log.querySelector("textarea").focus();
  } catch {
    // No network, or a session that has ended: the words stay where they are.
    button.disabled = false;
    log.querySelector(".log-failed").hidden = false;
  }
});
