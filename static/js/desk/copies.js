// Copies of unsaved words, in this browser: of the form of a release, of what a step or a comment
// says, and of a pasted text. A key begins with "newsroom:draft:<user>:"; a copy says when it was
// made: { at: ms, … }. What is too old goes, and so does what the server says it has saved.

export const PREFIX = "newsroom:draft:";
const LASTS = 30 * 24 * 3600 * 1000; // milliseconds

export const keys = (start = PREFIX) =>
  Object.keys(localStorage).filter((key) => key.startsWith(start));

/** A copy, or null where there is none that can be read or the browser keeps nothing. */
export function read(key) {
  try {
    const copy = JSON.parse(localStorage.getItem(key));
    return copy?.at ? copy : null;
  } catch {
    return null;
  }
}

/** Keep `words`; false where the browser has no room or keeps nothing. */
export function keep(key, words) {
  try {
    localStorage.setItem(key, JSON.stringify({ at: Date.now(), ...words }));
    return true;
  } catch {
    return false;
  }
}

export function drop(key) {
  try {
    localStorage.removeItem(key);
  } catch {
    // Nothing was kept.
  }
}

/** Throw away what is old or saved. Throws where the browser keeps nothing. */
export function tidy() {
  for (const key of keys()) {
    const copy = read(key);
    if (!copy || Date.now() - copy.at > LASTS) localStorage.removeItem(key);
  }
  // The server has saved it: one cookie for each copy.
  for (const [, id] of document.cookie.matchAll(/(?:^|; )kept\.([0-9a-f-]+)=saved/g)) {
    for (const key of keys()) if (key.endsWith(`:${id}`)) localStorage.removeItem(key);
    document.cookie = `kept.${id}=; path=/; max-age=0; samesite=lax`;
  }
}
