"""What the documentation at /api/ says of each name in an answer of the API."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Field(NamedTuple):
    """A name in an answer, as a path: mission.slug, contacts[].tel."""

    name: str
    kind: str | Promise  # its type in JSON, and how it is written
    meaning: str | Promise
    null: str | Promise = ""  # what null stands for, "" where it never is


INTEGER = _("integer")
STRING = _("string")
OBJECT = _("object")
OBJECTS = _("list of objects")
BOTH = _("object {ko, en} of strings")
DATE = _("string: date, YYYY-MM-DD")
MOMENT = _("string: ISO 8601 to the second, +09:00")

RELEASE = [
    Field("id", INTEGER, _("The number of the release; it never changes.")),
    Field("url", BOTH, _("Its page in each language.")),
    Field("text_url", BOTH, _("The same as plain text.")),
    Field(
        "languages",
        _("list of strings"),
        _("The languages in which it has a headline or a text: ko, en."),
    ),
    Field("release_date", DATE, _("The date in the headline.")),
    Field("posted_at", MOMENT, _("When the public could first read it, Korean time.")),
    Field(
        "updated_at",
        MOMENT,
        _("When it was last posted or edited, Korean time; a good value for since."),
    ),
    Field("mission", OBJECT, _("The mission that it comes from."), _("It names no mission.")),
    Field("mission.slug", STRING, _("The mission in addresses and in the parameter mission.")),
    Field("mission.name", BOTH, _("The mission’s name."), _("It has no name in that language.")),
    Field(
        "mission.country_code",
        STRING,
        _("Two letters of ISO 3166-1: KR."),
        _("The mission is of no one country."),
    ),
    Field("mission.url", BOTH, _("The mission’s page in each language.")),
    Field(
        "dateline",
        BOTH,
        _("The place that opens the text; body_html leaves it out."),
        _("There is no text in that language, or no place opens it."),
    ),
    Field("title", BOTH, _("The headline."), _("There is none in that language.")),
    Field(
        "summary",
        BOTH,
        _("One or two sentences for lists, without HTML."),
        _("None was written in that language."),
    ),
    Field(
        "body_html",
        BOTH,
        _("The text as HTML, free of scripts and styles."),
        _("There is none in that language."),
    ),
    Field(
        "contacts",
        OBJECTS,
        _("Whom the press may ask today, in the order of the release; may be empty."),
    ),
    Field(
        "contacts[].name",
        STRING,
        _("The person or desk named in the release, or who came after."),
        _("The person named has left and nobody came after; write to email."),
    ),
    Field("contacts[].office", STRING, _("Their office."), _("No office is known.")),
    Field("contacts[].phone", STRING, _("The phone as it was printed."), _("No phone is known.")),
    Field(
        "contacts[].tel",
        STRING,
        _("The phone as a link that dials it: tel:+8225550101"),
        _("There is no phone, or no number can be read from it."),
    ),
    Field(
        "contacts[].email",
        STRING,
        _("Their email; the newsroom’s own where name is null."),
        _("No email is known."),
    ),
    Field(
        "corrections",
        OBJECTS,
        _("What was corrected after it was posted, newest first; may be empty."),
    ),
    Field("corrections[].at", MOMENT, _("When it was corrected, Korean time.")),
    Field(
        "corrections[].note",
        BOTH,
        _("What was corrected, in plain words."),
        _("There is none in that language."),
    ),
    Field("corrections[].url", BOTH, _("The difference to the version before.")),
    Field("views", INTEGER, _("How often it was read.")),
    Field("pictures", OBJECTS, _("Its pictures in their order; may be empty.")),
    Field(
        "pictures[].url",
        STRING,
        _("The original for the press, without metadata. It answers while the release is public."),
    ),
    Field("pictures[].width", INTEGER, _("Its width in pixels.")),
    Field("pictures[].height", INTEGER, _("Its height in pixels.")),
    Field(
        "pictures[].decorative",
        _("true or false"),
        _("Whether it only decorates and needs no description."),
    ),
    Field(
        "pictures[].alt",
        BOTH,
        _("What it shows, for those who cannot see it."),
        _("There is none in that language."),
    ),
    Field("pictures[].caption", BOTH, _("Its caption."), _("There is none in that language.")),
    Field("pictures[].credit", STRING, _("Whom to name as its source."), _("Nobody is named.")),
    Field("pictures[].copies", OBJECTS, _("Smaller copies, from narrow to wide.")),
    Field("pictures[].copies[].url", STRING, _("The copy.")),
    Field("pictures[].copies[].type", STRING, _("image/avif or image/webp")),
    Field("pictures[].copies[].width", INTEGER, _("Its width in pixels.")),
    Field("files", OBJECTS, _("Its files in their order; may be empty.")),
    Field("files[].url", STRING, _("The file. It answers while the release is public.")),
    Field("files[].name", STRING, _("The name that it is saved under.")),
    Field("files[].title", BOTH, _("What it is called."), _("There is none in that language.")),
    Field("files[].type", STRING, _("Its media type: application/pdf")),
    Field("files[].size", INTEGER, _("Its size in bytes.")),
]

PAGE = [
    Field(
        "count",
        INTEGER,
        _("How many releases fit, on all pages together; of a search no more than 10,000."),
    ),
    Field("page", INTEGER, _("Which page this is, from 1.")),
    Field("pages", INTEGER, _("How many pages there are; 1 even where nothing fits.")),
    Field(
        "next",
        STRING,
        _("The address of the next page, with the same parameters."),
        _("This is the last page."),
    ),
    Field(
        "previous",
        STRING,
        _("The address of the page before."),
        _("This is the first page."),
    ),
    Field("releases", OBJECTS, _("The releases, newest first, each as below.")),
]

ERROR = [
    Field("error", OBJECT, _("Comes instead of any other answer.")),
    Field("error.message", STRING, _("What is wrong, in English, for developers.")),
    Field(
        "error.parameter",
        STRING,
        _("The parameter that is at fault."),
        _("It is not about one parameter."),
    ),
]
