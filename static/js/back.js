// Sharpens "back to the latest releases": a release page leads to the listing, with page and
// filter, that this tab showed last. Without scripts the link leads to the first page.
// What is remembered stays in the tab; nothing is sent anywhere.

const KEY = "newsroom:listing";

const prefix = document.documentElement.lang === "en" ? "/en/" : "/";
const link = document.querySelector("a.back-link");

try {
  if (link) {
    const query = sessionStorage.getItem(KEY);
    if (query) link.search = query;
  } else if (location.pathname === prefix && document.querySelector("form.filter")) {
    sessionStorage.setItem(KEY, location.search);
  }
} catch {
  // A browser may forbid storage: the plain link is good enough.
}
