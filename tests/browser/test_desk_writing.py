"""Writing at the desk, in a real Chromium: typing Korean, pasting, languages, the keyboard."""

import re
import unicodedata
from pathlib import Path

import pytest
from playwright.sync_api import expect

from releases.fields import ATTRIBUTES, TAGS, clean_html, clean_summary
from releases.models import Release
from tests.factories import DRAFT, PressContactFactory, ReleaseContactFactory, ReleaseFactory
from tests.uploads import file_of, picture_of

from .conftest import PHONE
from .desk import NEW, expect_written, paste, sign_in, writing_area, written

pytestmark = pytest.mark.django_db(transaction=True)

CLIPBOARDS = Path(__file__).with_name("clipboards")
SOURCES = sorted(CLIPBOARDS.glob("*.html"))
SOURCES = [path for path in SOURCES if ".expected" not in path.name]

# The visible characters of a source, without the marks that Word writes before its items.
CHARACTERS = """html => {
  const unstyled = html.replace(/(<\\/?)style/gi, "$1xmp").replace(/\\sstyle=/gi, " data-style=")
  const page = new DOMParser().parseFromString(unstyled, "text/html")
  const unseen = "script, xmp, title, [data-style*='mso-list:Ignore']"
  page.querySelectorAll(unseen).forEach(e => e.remove())
  return page.body.textContent
}"""


@pytest.fixture
def page(open_page, live_server, admin_user):
    """A browser of somebody who may do everything."""
    page = open_page()
    sign_in(page, admin_user, live_server)
    return page


def characters(text: str) -> str:
    return re.sub(r"[\s\u200b\u00ad]", "", text)


def on_one_line(html: str) -> str:
    return re.sub(r">\s*\n\s*<", "><", html.strip())


def change(release: Release) -> str:
    return f"/admin/releases/release/{release.pk}/change/"


def save(page) -> None:
    page.click("input[name=_continue] >> nth=0")
    page.wait_for_selector(".messagelist .success")
    page.wait_for_load_state()


# Pasting


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_what_other_programs_copy_is_pasted_as_clean_html(page, source):
    html = source.read_text()
    page.goto(NEW)

    paste(page, "body_ko", html)

    stored = clean_html(written(page, "body_ko"))
    expected = source.with_suffix(".expected.html").read_text()
    assert on_one_line(stored) == on_one_line(expected)
    assert characters(page.evaluate(CHARACTERS, stored)) == characters(
        page.evaluate(CHARACTERS, html)
    )


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_a_summary_takes_the_same_as_paragraphs_and_loses_no_word(page, source):
    html = source.read_text()
    page.goto(NEW)

    paste(page, "summary_ko", html)

    stored = clean_summary(written(page, "summary_ko"))
    assert set(re.findall(r"<(\w+)", stored)) <= {"p", "strong", "em", "a", "br"}
    assert characters(page.evaluate(CHARACTERS, stored)) == characters(
        page.evaluate(CHARACTERS, html)
    )


def test_plain_text_becomes_paragraphs_with_its_addresses_linked(page):
    text = (CLIPBOARDS / "kakaotalk.txt").read_text()
    page.goto(NEW)

    paste(page, "body_ko", text, "text/plain")

    expected = (CLIPBOARDS / "kakaotalk.expected.html").read_text()
    assert on_one_line(clean_html(written(page, "body_ko"))) == on_one_line(expected)


def test_words_are_pasted_into_the_middle_of_a_line(page):
    page.goto(change(ReleaseFactory(body_ko="<p>앞뒤</p>", **DRAFT)))
    writing_area(page, "body_ko").focus()
    page.evaluate(PUT_CURSOR, ["앞뒤", 1])

    paste(page, "body_ko", "<meta charset='utf-8'><span style='font-weight:700'>가운데</span>")

    expect_written(page, "body_ko", "<p>앞<strong>가운데</strong>뒤</p>")


@pytest.mark.parametrize(
    "html",
    [
        "<p>a</p><img src=x onerror='document.title=1'><svg onload='document.title=1'></svg>",
        "<p><a href='javascript:document.title=1'>a</a></p>",
        "<p>a</p><iframe srcdoc='<script>parent.document.title=1</script>'></iframe>",
        "<p onclick='document.title=1' style='background:url(//example.org/x)'>a</p>",
        "<p>a</p><script>document.title=1</script><style>p{color:red}</style>",
    ],
)
def test_nothing_that_is_pasted_runs_or_asks_another_host(page, html):
    page.goto(NEW)
    title = page.title()

    paste(page, "body_ko", html)
    page.wait_for_timeout(50)

    expect_written(page, "body_ko", "<p>a</p>")
    assert page.title() == title


# The editor and the gate


def test_the_editor_knows_every_tag_and_attribute_that_the_gate_lets_through(page):
    text = on_one_line(
        """
        <h2 lang="en">a</h2><h3>b</h3><h4>c</h4>
        <p lang="ko"><a hreflang="en" href="https://example.org/" lang="en">d</a><br>
        <em>e</em> <strong>f</strong> <sub>g</sub><sup>h</sup>
        <abbr title="i">j</abbr> <cite>k</cite> <q lang="en">l</q></p>
        <blockquote lang="en"><p>m</p></blockquote>
        <hr>
        <ul lang="en"><li>n<ol start="3"><li lang="en">o</li></ol></li></ul>
        <table lang="en"><tbody><tr><th scope="col" colspan="2">p</th><th rowspan="2">q</th></tr>
        <tr><td colspan="2">r</td></tr><tr><td rowspan="2">s</td><td>t</td><td>u</td></tr>
        <tr><td>v</td><td>w</td></tr></tbody></table>
        """
    )
    release = ReleaseFactory(body_ko=text, **DRAFT)
    page.goto(change(release))
    writing_area(page, "body_ko").click()

    page.keyboard.press("Control+Home")
    page.keyboard.type("!")

    stored = clean_html(written(page, "body_ko"))
    assert parts(stored) == parts(release.body_ko)
    assert {tag for tag, _name in parts(stored)} == TAGS
    assert {part for part in parts(stored) if part[1] not in ("", "lang")} == {
        (tag, name) for tag, names in ATTRIBUTES.items() for name in names if tag != "*"
    }
    assert sum(name == "lang" for _tag, name in parts(stored)) == 8


def parts(html: str) -> set[tuple[str, str]]:
    """Each tag of `html` with "" and with the name of each attribute that it has."""
    found = set()
    for tag, attributes in re.findall(r"<(\w+)((?: [^>]*)?)>", html):
        found |= {(tag, "")} | {(tag, name) for name in re.findall(r' (\w+)="', attributes)}
    return found


def test_a_text_that_was_only_looked_at_is_sent_as_it_stands(page):
    body = "<p>하나</p>\n<table><tbody><tr><td>둘</td></tr></tbody></table>"
    release = ReleaseFactory(body_ko=body, summary_ko="요약", **DRAFT)
    page.goto(change(release))
    writing_area(page, "body_ko").click()

    expect_written(page, "body_ko", body)
    save(page)

    release.refresh_from_db()
    assert (release.body_ko, release.summary_ko) == (body, "<p>요약</p>")


def test_the_editor_shows_what_is_put_into_its_field_from_outside(page):
    page.goto(NEW)
    put = "(area) => { area.value = '<p>되살린 글</p>'; area.dispatchEvent(new Event('change')) }"
    page.locator("#id_body_ko").evaluate(put)

    expect(writing_area(page, "body_ko")).to_have_text("되살린 글")
    expect_written(page, "body_ko", "<p>되살린 글</p>")


# Typing Korean


def compose(page, *stages: str) -> None:
    """Type through an input method: each stage replaces the one before, the last one stays."""
    session = page.context.new_cdp_session(page)
    for stage in stages:
        session.send(
            "Input.imeSetComposition",
            {"text": stage, "selectionStart": len(stage), "selectionEnd": len(stage)},
        )
    session.send("Input.insertText", {"text": stages[-1]})
    session.detach()


def test_hangul_is_composed_and_stored_in_its_normal_form(page):
    release = ReleaseFactory(body_ko="", **DRAFT)
    page.goto(change(release))
    writing_area(page, "body_ko").click()

    compose(page, "ㅎ", "하", "한")
    compose(page, "ㄱ", "구", "국")
    page.keyboard.press("Enter")
    compose(page, "ㄱ", "그", "글")
    save(page)

    release.refresh_from_db()
    assert release.body_ko == "<p>한국</p><p>글</p>"
    assert unicodedata.is_normalized("NFC", release.body_ko)
    assert writing_area(page, "body_ko").inner_text().split() == ["한국", "글"]


PUT_CURSOR = """([text, place]) => new Promise(done => {
  const walk = document.createTreeWalker(document.activeElement, NodeFilter.SHOW_TEXT);
  while (walk.nextNode() && walk.currentNode.data !== text);
  getSelection().collapse(walk.currentNode, place);
  // The editor hears of it a moment later.
  requestAnimationFrame(() => requestAnimationFrame(done));
})"""


def test_hangul_is_composed_amid_strong_words_and_stays_strong(page):
    page.goto(change(ReleaseFactory(body_ko="<p>앞 <strong>굵은말</strong> 뒤</p>", **DRAFT)))
    writing_area(page, "body_ko").focus()
    page.evaluate(PUT_CURSOR, ["굵은말", 2])

    compose(page, "ㅎ", "하", "한")

    expect_written(page, "body_ko", "<p>앞 <strong>굵은한말</strong> 뒤</p>")


def test_what_was_composed_is_undone_and_done_again(page):
    page.goto(change(ReleaseFactory(body_ko="<p>처음</p>", **DRAFT)))
    writing_area(page, "body_ko").click()
    page.keyboard.press("Control+End")
    compose(page, "ㄱ", "그", "글")
    expect_written(page, "body_ko", "<p>처음글</p>")

    page.keyboard.press("Control+z")
    expect_written(page, "body_ko", "<p>처음</p>")
    page.keyboard.press("Control+Shift+z")
    expect_written(page, "body_ko", "<p>처음글</p>")


# The keyboard alone


def press_until(page, key: str, selector: str) -> None:
    """Press `key` until the focus stands on `selector`."""
    for _ in range(80):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press(key)
    pytest.fail(f"{key} never came to {selector}")


def press_button(page, field: str, name: str) -> None:
    """From the writing area of `field`: go to its toolbar, along it, and press `name`."""
    page.keyboard.press("Alt+F10")
    press_until(page, "ArrowRight", f".field-{field} button[data-does={name}]")
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.matches('.ProseMirror')")


def test_a_release_is_written_and_saved_by_keyboard_alone(page):
    page.goto(NEW)
    press_until(page, "Tab", "#id_title_ko")
    page.keyboard.type("키보드로 쓴 제목")
    press_until(page, "Tab", ".field-summary_ko .ProseMirror")
    page.keyboard.type("요약입니다.")
    press_until(page, "Tab", ".field-body_ko .ProseMirror")

    page.keyboard.type("보통 ")
    page.keyboard.press("Control+b")
    page.keyboard.type("굵게")
    page.keyboard.press("Control+b")
    page.keyboard.press("Enter")
    press_button(page, "body_ko", "bullets")
    page.keyboard.type("첫째")
    page.keyboard.press("Enter")
    page.keyboard.type("둘째")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+k")
    page.keyboard.type("example.org/news")
    page.keyboard.press("Tab")
    page.keyboard.type("소식")
    page.keyboard.press("Enter")
    page.keyboard.type(" 참조")
    press_until(page, "Tab", "#id_release_date")
    page.keyboard.type("2014-09-09")
    press_until(page, "Tab", "input[name=_save]")
    page.keyboard.press("Enter")
    page.wait_for_selector(".messagelist .success")

    release = Release.objects.get()
    assert release.title_ko == "키보드로 쓴 제목"
    assert release.summary_ko == "<p>요약입니다.</p>"
    assert release.body_ko == (
        "<p>보통 <strong>굵게</strong></p><ul><li>첫째</li><li>둘째</li></ul>"
        '<p><a href="https://example.org/news">소식</a> 참조</p>'
    )


def test_a_table_is_made_filled_and_left_by_keyboard(page):
    page.goto(NEW)
    writing_area(page, "body_ko").focus()
    press_button(page, "body_ko", "table")
    for word in "가나다라마바사아자":
        page.keyboard.type(word)
        page.keyboard.press("Tab")

    rows = "</tr><tr>".join(
        "".join(f"<{tag}>{word}</{tag}>" for word in words)
        for tag, words in (("th", "가나다"), ("td", "라마바"), ("td", "사아자"))
    )
    html = f"<table><tbody><tr>{rows}</tr></tbody></table>"
    page.wait_for_function("!document.activeElement.matches('.field-body_ko *')")
    assert clean_html(written(page, "body_ko")) == html


def test_a_link_is_refused_changed_and_removed(page):
    page.goto(change(ReleaseFactory(body_ko="<p>소식</p>", **DRAFT)))
    writing_area(page, "body_ko").click()
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+k")
    page.keyboard.type("javascript:alert(1)")
    page.keyboard.press("Enter")
    expect(page.locator("dialog[open] input:invalid")).to_have_count(1)
    expect_written(page, "body_ko", "<p>소식</p>")

    page.fill("dialog input[name=address]", "desk@example.org")
    page.keyboard.press("Enter")
    expect_written(page, "body_ko", '<p><a href="mailto:desk@example.org">소식</a></p>')
    page.wait_for_function("document.activeElement.matches('.ProseMirror')")
    page.keyboard.press("Control+k")
    page.click("dialog button[name=remove]")

    expect_written(page, "body_ko", "<p>소식</p>")


# Both languages


def tab(page, place: int):
    return page.locator(".desk-languages [role=tab]").nth(place)


def test_a_tab_says_what_its_language_lacks_while_it_is_written(page):
    release = ReleaseFactory(title_ko="제목", body_ko="", title_en="", body_en="", **DRAFT)
    page.goto(change(release))
    before = tab(page, 0).inner_text(), tab(page, 1).inner_text()

    writing_area(page, "body_ko").click()
    page.keyboard.type("글")
    tab(page, 1).click()
    page.fill("#id_title_en", "Title")

    assert before == ("한국어 요약 없음 · 본문 없음", "영어 비어 있음")
    expect(tab(page, 0)).to_have_text("한국어 요약 없음", use_inner_text=True)
    expect(tab(page, 1)).to_have_text("영어 요약 없음 · 본문 없음", use_inner_text=True)


def test_the_tabs_are_walked_with_the_arrows_and_show_one_language_each(page):
    page.goto(NEW)
    tab(page, 0).focus()

    page.keyboard.press("ArrowRight")

    expect(tab(page, 1)).to_have_attribute("aria-selected", "true")
    expect(page.locator("#id_title_en")).to_be_visible()
    expect(page.locator("#id_title_ko")).to_be_hidden()


def test_a_wide_screen_shows_both_languages_and_remembers_it(page):
    page.goto(NEW)
    page.click(".desk-languages .beside")
    page.reload()

    expect(page.locator("#id_title_ko")).to_be_visible()
    expect(page.locator("#id_title_en")).to_be_visible()


def test_a_field_with_an_error_opens_its_tab(page):
    page.goto(NEW)
    page.fill("#id_title_ko", "제목")
    page.fill("#id_release_date", "2014-09-09")
    page.evaluate("document.querySelector('#id_title_en').removeAttribute('maxlength')")
    tab(page, 1).click()
    page.fill("#id_title_en", "x" * 301)
    page.click(".submit-row input[name=_save] >> nth=0")
    page.wait_for_selector(".errornote")

    expect(page.locator("#id_title_en")).to_be_visible()
    expect(tab(page, 1)).to_have_text(re.compile("^영어 ?오류 있음"))


def test_both_languages_stand_one_below_the_other_without_a_script(
    open_page, live_server, admin_user
):
    page = open_page(java_script_enabled=False)
    sign_in(page, admin_user, live_server)
    release = ReleaseFactory(title_ko="제목", body_ko="<p>글</p>", title_en="", body_en="", **DRAFT)
    page.goto(change(release))

    assert page.locator("fieldset.language .description").all_inner_texts() == ["요약 없음"]
    page.fill("#id_body_en", "One\n\nTwo")
    page.fill("#id_title_en", "Title")
    page.click(".submit-row input[name=_save] >> nth=0")
    page.wait_for_selector(".messagelist .success")

    release.refresh_from_db()
    assert on_one_line(release.body_en) == "<p>One</p><p>Two</p>"


def test_the_length_of_headline_and_summary_is_told_while_they_are_written(page):
    page.goto(NEW)
    page.fill("#id_title_ko", "제목 하나")
    writing_area(page, "summary_ko").click()
    page.keyboard.type("가" * 161)

    expect(page.locator("#id_title_ko_length")).to_have_text("5/300자")
    expect(page.locator("#id_summary_ko_length")).to_have_text("161/160자")
    expect(page.locator("#id_summary_ko_length.over")).to_have_count(1)


# How it looks


def test_the_form_breaks_no_rule_of_the_sites_policy(page, keep_screenshot):
    page.add_init_script(
        "addEventListener('securitypolicyviolation',"
        " e => console.error(`policy: ${e.violatedDirective} ${e.sourceFile}`))"
    )
    release = ReleaseFactory(body_ko="<table><tr><td>가</td></tr></table>", **DRAFT)
    for address in ("/admin/", "/admin/releases/release/", change(release)):
        answer = page.goto(address)
        assert "unsafe" not in answer.headers["content-security-policy"]
    writing_area(page, "body_ko").click()
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+k")
    page.keyboard.press("Escape")
    keep_screenshot(page, "desk-form-1280")

    expect(page.locator(".desk-toolbar")).to_have_count(4)  # faults in the console fail any test


def test_the_form_fits_a_phone(open_page, live_server, admin_user, keep_screenshot):
    page = open_page(PHONE)
    sign_in(page, admin_user, live_server)
    page.goto(NEW)
    writing_area(page, "body_ko").click()
    keep_screenshot(page, "desk-form-360")

    assert page.evaluate("document.querySelector('.desk-languages').scrollWidth") <= 360


# Of pictures, files and contacts: what runs out of its box, or has to be scrolled to.
OUTSIDE = """() => {
  const shown = e => e.checkVisibility() && e.getBoundingClientRect().width > 1
  const fields = [...document.querySelectorAll(
    ".inline-group :is(input, select, textarea, .select2-container, .help, th, td)")].filter(shown)
  return fields.filter(field => {
    const row = field.closest("div.form-row, .inline-related")
    const box = row.getBoundingClientRect()
    const {left, right} = field.getBoundingClientRect()
    return right > Math.min(box.right, innerWidth) || left < box.left
  }).map(field => field.name || field.id || field.className)
}"""


@pytest.mark.parametrize("width", [320, 360, 768, 1280])
def test_rows_of_contacts_pictures_and_files_fit_the_screen(
    open_page, live_server, admin_user, keep_screenshot, width
):
    release = ReleaseFactory(**DRAFT)
    ReleaseContactFactory(release=release, contact=PressContactFactory())
    picture_of(release)
    file_of(release, "아주 긴 이름의 파일 " * 6 + ".pdf")
    page = open_page({"width": width, "height": 740})
    sign_in(page, admin_user, live_server)

    page.goto(change(release))
    for row in page.locator(".add-row a").all():
        row.click()
    keep_screenshot(page, f"desk-rows-{width}")

    assert page.evaluate(OUTSIDE) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    name = page.locator("#id_contacts-0-name")
    above = name.evaluate("e => getComputedStyle(e.closest('td'), '::before').content")
    heading = page.locator("#contacts-group th.column-name")
    assert ("이름" in above) != heading.is_visible()


def test_a_numbered_list_says_no_language_that_it_has_not(page):
    release = ReleaseFactory(
        title_en="A",
        body_en='<ol><li>One</li></ol><ol start="3"><li lang="ko">셋</li></ol>',
        **DRAFT,
    )

    page.goto(change(release))
    area = writing_area(page, "body_en")

    assert "null" not in area.evaluate("area => area.innerHTML")
    assert "undefined" not in area.evaluate("area => area.innerHTML")
    assert area.evaluate("area => area.querySelectorAll('ol')[1].getAttribute('start')") == "3"
    assert area.evaluate("area => area.querySelectorAll('li')[1].lang") == "ko"
    area.evaluate("area => area.focus()")
    page.keyboard.type("!")
    assert '<ol start="3">' in written(page, "body_en")
