"""The pictures of docs/guide, taken anew by `make guide`; no test, so `make test` passes over it.

Each shows the sample newsroom in Korean, as an editor sees it at 1280 pixels, cropped to what
the guide speaks of.
"""

from datetime import timedelta
from io import BytesIO

import pytest
from django.conf import settings
from django.db.models import F, QuerySet
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Page, expect

from releases import roles, samples, versions, workflow
from releases.models import DailyViews, Release, ViewCounter
from tests.desk.keeping import AUTHOR, person
from tests.factories import DRAFT

from .desk import sign_in, writing_area

pytestmark = pytest.mark.django_db(transaction=True)

PICTURES = settings.BASE_DIR / "docs/guide/pictures"
MOST = 80  # KB a picture
MARGIN = 8  # pixels around what is shown
LIST = "/admin/releases/release/"

AROUND = """(names) => {
  const boxes = names.flatMap((name) => [...document.querySelectorAll(name)])
    .map((part) => part.getBoundingClientRect()).filter((box) => box.width && box.height)
  const left = Math.min(...boxes.map((box) => box.left)) + scrollX
  const top = Math.min(...boxes.map((box) => box.top)) + scrollY
  return {
    x: left, y: top,
    width: Math.max(...boxes.map((box) => box.right)) + scrollX - left,
    height: Math.max(...boxes.map((box) => box.bottom)) + scrollY - top,
  }
}"""

PASTED = """(2014/9/10) 네팔 산간 마을 12곳에 식수대 설치
네팔 카트만두 - IOM은 산간 마을 12곳에 식수대를 설치했다고 밝혔다.
식수대는 주민 3,400명이 쓰게 된다.
더 자세한 정보는 다음으로 문의하십시오
IOM Nepal, Press desk, Tel. +977 1 555 0103, Email: nepal@example.org
Posted on Wed, Sep-09-2014
Views – 41
"""


def take(page: Page, name: str, *parts: str, height: int = 0) -> None:
    """Keep what encloses `parts` (selectors), of `height` pixels at most, as `name`.webp."""
    page.mouse.move(0, 0)
    page.wait_for_load_state("networkidle")
    box = page.evaluate(AROUND, list(parts))
    if height:
        box["height"] = min(box["height"], height)
    left, top = max(0, box["x"] - MARGIN), max(0, box["y"] - MARGIN)
    clip = {
        "x": left,
        "y": top,
        "width": min(1280 - left, box["width"] + 2 * MARGIN),
        "height": box["height"] + 2 * MARGIN,
    }
    shot = page.screenshot(clip=clip, full_page=True, animations="disabled", caret="hide")
    file = PICTURES / f"{name}.webp"
    Image.open(BytesIO(shot)).convert("RGB").save(file, quality=82, method=6)
    assert file.stat().st_size < MOST * 1000, f"{file} is too large: crop it closer"


@pytest.fixture
def people(django_user_model):
    roles.keep_in_step()
    kim = person(
        django_user_model, "minji", last_name="김", first_name="민지", password="read by nobody"
    )
    lee = person(django_user_model, "이서준", AUTHOR, last_name="이", first_name="서준")
    park = person(django_user_model, "박하은", last_name="박", first_name="하은")
    return kim, lee, park


@pytest.fixture
def newsroom(people):
    """The sample newsroom on a working day: things wait, were sent back and were read."""
    kim, lee, park = people
    samples.load()
    now = timezone.localtime().replace(minute=0, second=0, microsecond=0)
    for days, key in enumerate(["iraq-amerli-convoy", "car-cash-for-work", "korea-film-evening"]):
        public = named(key)
        posted = now.replace(hour=10) - timedelta(days=2 + 3 * days)
        public.update(publish_at=posted, release_date=posted.date())
        for back in range(3 + 3 * days):
            count = (back * 7 + days * 5) % 23 + 4
            day = now.date() - timedelta(days=back)
            left_out = {"repeats": count // 6, "robots": count // 2, "staff": count % 3}
            DailyViews.objects.create(release=public.get(), day=day, count=count, **left_out)
            ViewCounter.objects.filter(release=public.get()).update(total=F("total") + count)
    named("korea-winter-coat").update(release_date=now.date() + timedelta(days=3))
    waiting = named("nepal-returnee")
    waiting.update(author=lee, submitted_at=None, release_date=now.date())
    workflow.submit(waiting.get(), by=lee)
    named("libya-helpline").update(author=kim, publish_at=now + timedelta(days=1))
    sent_back = named("regional-statistics")
    sent_back.update(author=kim, release_date=now.date(), **DRAFT)
    workflow.submit(sent_back.get(), by=kim)
    workflow.send_back(sent_back.get(), by=park, comment="참가자 수를 확인해 주세요.")


def named(key: str) -> QuerySet[Release]:
    """The sample release whose key begins like this, to be changed where it stands."""
    return Release.objects.filter(source_key__startswith=f"sample:{key}")


def form_of(key: str) -> str:
    return f"{LIST}{named(key).get().pk}/change/"


@pytest.fixture
def desk(open_page, live_server, newsroom):
    """Call it for a page of one who has signed in."""

    def opened(user) -> Page:
        page = open_page(expect_errors=True)  # a conflict answers 409
        sign_in(page, user, live_server)
        return page

    return opened


def test_the_pictures_of_the_guide_are_taken(desk, people):
    kim, lee, _park = people
    PICTURES.mkdir(exist_ok=True)
    page = desk(kim)

    page.goto("/admin/")
    take(page, "first-page", "#header", ".desk-doors", ".desk-parts", height=640)

    page.goto(LIST)
    take(page, "list", "#changelist", height=560)

    page.goto(f"{LIST}calendar/")
    take(page, "calendar", ".months", "table.month")

    page.goto(form_of("nepal-returnee"))
    writing_area(page, "body_ko").click()
    take(page, "editor", ".desk-languages", height=600)

    page.goto(form_of("iraq-amerli"))
    expect(page.locator("#pictures-0 [data-crop]")).to_be_visible()
    take(page, "picture", "#pictures-0")

    page.goto(f"{LIST}{named('korea-film-evening').get().pk}/views/")
    take(page, "views", "#content h1", ".views-page", height=640)

    page.goto(f"{LIST}paste/")
    page.fill("#id_text", PASTED)
    page.click("button.default[value=read]")
    take(page, "paste", ".side-by-side", height=620)

    faulty = named("libya-helpline").get()
    faulty.title_ko = "전화 한 통으로 귀환 상담, 안내 카드 6개 언어로 제작."
    faulty.body_ko = f'{faulty.body_ko}<p>자세한 내용은 <a href="/releases/0/">여기</a>.</p>'
    faulty.save()
    versions.keep(faulty, by=lee)
    page.goto(form_of("libya-helpline"))
    take(page, "check", "#findings")

    page.goto(f"{LIST}{faulty.pk}/history/?from=1&to=2")
    take(page, "versions", "#comparison", "table.versions", "[form=compare].button")

    page.goto(form_of("nepal-returnee"))
    take(page, "steps", "#content h1", ".steps", "#findings")
    page.click("[data-verb=publish_now]")
    page.click(".submit-row .default")
    expect(page.locator(".publishing-counts")).to_be_visible()
    take(page, "undo", ".publishing", ".steps")
    page.click(".publishing button")

    page.goto(form_of("regional-statistics"))
    other = desk(lee)
    named("regional-statistics").update(author=lee)
    other.goto(form_of("regional-statistics"))
    other.fill("#id_title_ko", "아시아 지역 이주 통계 실무자 24명, 온라인으로 머리를 맞대다")
    other.locator("[name=_continue]").first.click()
    page.fill("#id_title_ko", "아시아 이주 통계 실무자 22명, 사흘간 온라인 연수")
    page.wait_for_function(
        "() => Object.values(localStorage).some((copy) => copy.includes('사흘간'))"
    )
    page.reload()
    expect(page.locator("#desk-copies section")).to_be_visible()
    take(page, "copies", "#desk-presence", "#desk-copies")
    page.locator("#desk-copies button").first.click()
    page.locator("[name=_continue]").first.click()
    expect(page.locator("#conflict_form")).to_be_visible()
    take(page, "conflict", "#content h1", "#conflict_form", height=640)
