"""Searching as readers do: by keyboard, by touch, without scripts, in both languages."""

import pytest
from playwright.sync_api import expect

from ..factories import MissionFactory, ReleaseFactory
from .axe import faults_of
from .conftest import DESKTOP, PHONE

pytestmark = pytest.mark.django_db(transaction=True)

sizes = pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
both_languages = pytest.mark.parametrize("path", ["/", "/en/"], ids=["ko", "en"])


@pytest.fixture
def newsroom():
    """Two missions and three releases."""
    mexico = MissionFactory(name_ko="멕시코", name_en="Mexico", slug="mexico")
    nepal = MissionFactory(name_ko="네팔", name_en="Nepal", slug="nepal")
    ReleaseFactory(
        title_ko="멕시코에서 돌아온 난민들에게 담요 이천 장 전달",
        title_en="Two thousand blankets for refugees back from Mexico",
        body_ko="<p>산간 마을의 밤은 춥다. 담요는 트럭에 실려 왔고 난민인권센터가 나누었다.</p>",
        body_en="<p>Nights are cold in the hills. Three lorries brought the blankets.</p>",
        mission=mexico,
    )
    ReleaseFactory(
        title_ko="산사태 경보기 설치",
        title_en="Bells against landslides",
        body_ko="<p>종소리가 골짜기를 울리면 난민촌에서도 들린다.</p>",
        body_en="<p>The bells are heard as far as the camp of the refugees.</p>",
        mission=nepal,
    )
    return ReleaseFactory(title_ko="메아리", title_en="Echo", body_en="<p>Again.</p>")


def options(page):
    return page.get_by_role("listbox").get_by_role("option")


@both_languages
@sizes
def test_results_show_their_words_marked_and_fit_the_screen(
    open_page, newsroom, keep_screenshot, viewport, path
):
    page = open_page(viewport)

    page.goto(f"{path}?q={'난민' if path == '/' else 'refug'}")

    expect(page.locator("mark").first).to_be_visible()
    assert page.locator("article.card").count() == 2
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert faults_of(page) == []
    keep_screenshot(page, f"results{path.replace('/', '-')}{viewport['width']}")


@both_languages
@sizes
def test_a_search_without_a_result_shows_ways_on(
    open_page, newsroom, keep_screenshot, viewport, path
):
    page = open_page(viewport)

    page.goto(f"{path}?q=멕시고&year=2014" if path == "/" else f"{path}?q=Mexixo&year=2014")

    link = page.get_by_role("link", name="멕시코" if path == "/" else "Mexico")
    assert faults_of(page) == []
    keep_screenshot(page, f"nothing{path.replace('/', '-')}{viewport['width']}")
    link.click()
    page.wait_for_url("**/missions/mexico/")


@both_languages
@sizes
def test_suggestions_open_below_the_field(open_page, newsroom, keep_screenshot, viewport, path):
    page = open_page(viewport)
    page.goto(path)

    field = page.get_by_role("combobox", name="검색" if path == "/" else "Search")
    field.press_sequentially("멕시" if path == "/" else "mex")

    expect(options(page)).to_have_count(2)
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("status")).to_contain_text("2")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert faults_of(page) == []
    field.press("ArrowDown")
    keep_screenshot(page, f"suggestions{path.replace('/', '-')}{viewport['width']}")


def test_a_suggestion_is_chosen_by_keyboard(open_page, newsroom):
    page = open_page()
    page.goto("/")
    field = page.get_by_role("combobox", name="검색")
    field.press_sequentially("ㅁㅅㅋ")
    expect(options(page)).to_have_count(1)

    field.press("ArrowDown")

    chosen = page.get_by_role("listbox").get_by_role("option", selected=True)
    expect(chosen).to_contain_text("멕시코")
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-activedescendant", chosen.get_attribute("id"))
    field.press("Enter")
    page.wait_for_url("**/missions/mexico/")


def test_the_arrow_keys_go_round_and_escape_closes_the_list_and_keeps_the_words(
    open_page, newsroom
):
    page = open_page()
    page.goto("/")
    field = page.get_by_role("combobox", name="검색")
    field.press_sequentially("멕시")
    expect(options(page)).to_have_count(2)

    field.press("ArrowUp")
    expect(options(page).nth(1)).to_have_attribute("aria-selected", "true")
    field.press("ArrowDown")
    expect(options(page).nth(0)).to_have_attribute("aria-selected", "true")
    field.press("Escape")

    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(field).to_have_value("멕시")
    expect(field).to_have_attribute("aria-expanded", "false")
    assert field.get_attribute("aria-activedescendant") is None


def test_enter_without_a_choice_searches_for_what_was_typed(open_page, newsroom):
    page = open_page()
    page.goto("/")
    field = page.get_by_role("combobox", name="검색")
    field.press_sequentially("멕시")
    expect(options(page)).to_have_count(2)

    field.press("Enter")

    page.wait_for_url("**/?q=*")
    expect(page.locator("article.card")).to_have_count(1)


def test_a_suggestion_is_chosen_by_touch(open_page, newsroom):
    page = open_page(PHONE, has_touch=True, is_mobile=True)
    page.goto("/")
    page.get_by_role("combobox", name="검색").press_sequentially("경보")
    expect(options(page)).to_have_count(1)
    assert options(page).first.bounding_box()["height"] >= 44

    options(page).first.tap()

    page.wait_for_url("**/releases/*/**")
    expect(page.get_by_role("heading", level=1)).to_contain_text("산사태 경보기 설치")


def test_leaving_the_field_closes_the_list(open_page, newsroom):
    page = open_page()
    page.goto("/")
    field = page.get_by_role("combobox", name="검색")
    field.press_sequentially("멕시")
    expect(options(page)).to_have_count(2)

    field.press("Tab")

    expect(page.get_by_role("listbox")).to_be_hidden()


def test_the_search_of_a_mission_suggests_as_well(open_page, newsroom):
    page = open_page()
    page.goto("/missions/mexico/")

    page.get_by_role("combobox", name="검색").press_sequentially("담요")

    expect(options(page)).to_have_count(1)


def test_searching_works_without_scripts(open_page, newsroom):
    page = open_page(java_script_enabled=False)
    page.goto("/en/")

    page.get_by_label("Search").fill("landsl")
    page.get_by_role("button", name="Show").click()

    expect(page.locator("article.card mark").first).to_have_text("landslides")
