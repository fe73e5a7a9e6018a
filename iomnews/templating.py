"""Jinja2 for the pages that the public sees, below templates/public; the desk has Django's."""

from collections.abc import Callable
from types import BuiltinMethodType, FunctionType, MethodType
from typing import Any

from django.template import defaultfilters
from django.utils.translation import gettext
from jinja2 import Environment
from jinja2.runtime import Context

from contacts.addresses import absolute, address_of, static
from releases import shown, versions

from .context import Frame


class StraightContext(Context):
    """Calls functions as they are, which a page does by the dozen.

    Jinja2 looks of each several times whether it wants to know the page's context.
    """

    def call(__self, __obj: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        is_plain = isinstance(__obj, FunctionType | MethodType | BuiltinMethodType)
        if not is_plain or hasattr(__obj, "jinja_pass_arg"):
            return super().call(__obj, *args, **kwargs)
        kwargs.pop("_block_vars", None)
        kwargs.pop("_loop_vars", None)
        return __obj(*args, **kwargs)


class Once:
    """Parts of the frame around a page, made once for all pages that have the same frame."""

    MOST = 100  # parts; a site has a dozen in each language

    def __init__(self):
        self._made: dict[tuple, str] = {}

    def __call__(self, name: str, frame: Frame, caller: Callable[[], str]) -> str:
        """What stands between `{% call once(name, frame) %}` and its end."""
        key = name, frame
        if key not in self._made:
            if len(self._made) >= self.MOST:
                self._made.clear()
            self._made[key] = caller()
        return self._made[key]


def environment(**options: Any) -> Environment:
    """What the templates may call, beside what views hand them. `options` come from Django."""
    # Ends of lines stay, also after a tag: else the words on two lines run together.
    made = Environment(lstrip_blocks=True, **options)  # nosec B701 # Django turns it on
    made.context_class = StraightContext
    made.globals.update(
        _=gettext,
        absolute=absolute,
        once=Once(),
        static=static,
        url=address_of,
        head_links=shown.head_links,
        json_ld=shown.json_ld,
        language_link=shown.language_link,
        marked_text=shown.marked_text,
        number_of_releases=shown.number_of_releases,
        office_time=shown.office_time,
        querystring=shown.querystring,
        moment_in_seoul=versions.moment_in_seoul,
        this_page_in=shown.this_page_in,
        time_to_read=shown.time_to_read,
    )
    made.filters.update(
        capfirst=defaultfilters.capfirst,
        filesizeformat=defaultfilters.filesizeformat,
        grouped=shown.grouped,
        in_regions=shown.in_regions,
        language_of=shown.language_of,
        linebreaksbr=defaultfilters.linebreaksbr,
        posted_on=shown.posted_on,
        seoul_moment=shown.seoul_moment,
        urlencode=defaultfilters.urlencode,
    )
    made.globals["contact_card"] = _macro(made, "includes/contact.html", "contact_card")
    return made


def _macro(made: Environment, template: str, name: str) -> Callable[..., str]:
    """The macro `name` of `template`, which a page that imports it would make anew."""
    return lambda *words: getattr(made.get_template(template).module, name)(*words)
