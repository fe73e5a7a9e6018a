// On the page to sign in: says that unsaved words wait in this browser, where some do.

import { keys, tidy } from "./copies.js";

try {
  tidy();
  document.getElementById("desk-kept").hidden = !keys().length;
} catch {
  // Nothing is kept where a browser refuses to.
}
