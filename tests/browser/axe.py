"""What axe finds on a page, on the kinds of screen that people have."""

from collections.abc import Iterator

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from .conftest import DESKTOP, PHONE

OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "preload": False,  # it would write styles into the page, against the site's policy
    "resultTypes": ["violations"],  # all else would be told at length, for four times the time
}
# Django's buttons fade from one colour to the other; a cursor that blinks is never at an end.
FADED = """() => {
  const fading = document.getAnimations().filter(each => each instanceof CSSTransition)
  return Promise.allSettled(fading.map(each => each.finished)).then(() => null)
}"""
SCREENS = [(PHONE, "light"), (PHONE, "dark"), (DESKTOP, "light"), (DESKTOP, "dark")]


def faults_of(page: Page, *parts: str, without: str = "", **options) -> list[tuple[str, list[str]]]:
    """The rules that `page`, once it is whole, breaks as it is shown now, each with where.

    Only `parts` (CSS selectors) are looked at where there are any, but for what `without` selects
    in them. `options` are those of
    axe.run(), over OPTIONS.
    """
    page.wait_for_load_state()
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate(
        "([where, options]) => axe.run(where, options)",
        [
            {
                "include": [[part] for part in parts or ["html"]],
                "exclude": [[without]] if without else [],
            },
            OPTIONS | options,
        ],
    )
    return [(fault["id"], [n["html"] for n in fault["nodes"]]) for fault in found["violations"]]


def on_each_screen(page: Page) -> Iterator[str]:
    """Show the loaded `page` on each of SCREENS, one after the other: the name of that screen.

    A page is not loaded anew for that: what differs between screens is decided by media queries,
    in styles and in scripts that listen for their changes.
    """
    for viewport, scheme in SCREENS:
        page.set_viewport_size(viewport)
        page.emulate_media(color_scheme=scheme)
        page.evaluate(FADED)
        yield f"{viewport['width']}-{scheme}"
