// Sharpens "back to the latest releases": a release leads to where its reader came from, be it a
// page of the listing with its filters or of a mission, in the language of the release's page.
// Without scripts the link leads to the first page of the listing.
// What is remembered stays in the tab; nothing is sent anywhere.

const KEY = "newsroom:place";
const PLACE = /^(?:\/en)?(\/(?:missions\/[-\w]+\/)?)$/;

// A listing at `address` without its host and language: "/?page=2", "/missions/iraq/"; else "".
const place = (address) => {
  if (!address) return "";
  try {
    const { origin, pathname, search } = new URL(address, location.origin);
    const path = origin === location.origin && PLACE.exec(pathname);
    return path ? path[1] + search : "";
  } catch {
    return "";
  }
};

// A browser may forbid storage: the plain link is good enough.
const remembered = () => {
  try {
    return sessionStorage.getItem(KEY) ?? "";
  } catch {
    return "";
  }
};

const remember = (here) => {
  try {
    if (here) sessionStorage.setItem(KEY, here);
  } catch {}
};

const link = document.querySelector("a.back-link");
// An error page stands at the address of a listing, too, and is none.
const listing = document.querySelector("form.filter, #releases") && place(location.href);
// A tab that was opened from a listing remembers nothing; the referrer knows.
const here = link ? place(document.referrer) || place(remembered()) : listing;

if (link && here) link.href = (document.documentElement.lang === "en" ? "/en" : "") + here;
remember(here);
// A page that the browser had kept is shown again without being read again.
addEventListener("pageshow", (event) => event.persisted && remember(here));
