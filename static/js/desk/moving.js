// Shows how far moving in is, until it has come to its end; then the page is asked for anew.
// Without it the link below the bar does the same.

const BEAT = 2_000; // milliseconds
const LONGEST = 30_000; // from one try to the next, where nobody answers

const part = document.querySelector("[data-progress]");
const bar = part?.querySelector("progress");
const words = part?.querySelector("[data-words]");
let wait = BEAT;

const look = async () => {
  try {
    const answer = await fetch(part.dataset.progress, { redirect: "manual" });
    if (answer.type === "opaqueredirect") return location.reload(); // to sign in again
    if (!answer.ok) throw new Error(`${answer.status}`);
    const told = await answer.json();
    if (!told.underway) return location.reload();
    bar.value = told.percent;
    if (words.textContent !== told.words) words.textContent = told.words;
    wait = BEAT;
  } catch {
    // The server is restarting, or the way to it is cut: ask again, less and less often.
    wait = Math.min(wait * 2, LONGEST);
  }
  setTimeout(look, wait);
};

if (part) {
  part.querySelector("[data-again]").hidden = true;
  setTimeout(look, BEAT);
}
