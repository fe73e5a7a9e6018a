"""What the desk shows at a glance: its first page, the list of releases, the directory's pages."""

import re
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from django.utils.translation import override

from releases import workflow
from releases.models import DailyViews, Release, State
from tests.factories import (
    DRAFT,
    IN_REVIEW,
    NINE,
    NOT_PUBLIC,
    MissionFactory,
    PressContactFactory,
    ReleaseContactFactory,
    ReleaseFactory,
    tomorrow,
)
from tests.reading import queries_of, read

from .people import ANALYST, AUTHOR, EDITOR, KEEPER, person, signed_in

pytestmark = pytest.mark.django_db

DESK = "/en/admin/"
RELEASES = f"{DESK}releases/release/"


def part(client, heading):
    """The lines of a part of the first page, by the id of its heading."""
    section = read(client.get(DESK)).one("section", **{"aria-labelledby": heading})
    items = section.all("li")
    return [item.words for item in items] or [section.one("p").words]


def headlines(client, **query):
    page = read(client.get(RELEASES, query))
    tables = page.all("table", id="result_list")
    rows = tables[0].one("tbody").all("tr") if tables else []
    return [row.one("th").words.split(" ", 1)[1] for row in rows]


# The first page


def test_who_may_publish_sees_what_waits_for_review_longest_first():
    author = person(AUTHOR, "kim")
    week_ago = timezone.now() - timedelta(days=7)
    ReleaseFactory(title_ko="나중", **IN_REVIEW | {"submitted_at": timezone.now()})
    ReleaseFactory(title_ko="먼저", author=author, **IN_REVIEW | {"submitted_at": week_ago})
    ReleaseFactory(title_ko="초안", **DRAFT)

    first, second = part(signed_in(person(EDITOR)), "to-review")

    assert re.fullmatch(r"\(2014/9/9\) 먼저 kim · waiting for 1\sweek", first)
    assert second.startswith("(2014/9/9) 나중")


@pytest.mark.parametrize("role", [AUTHOR, ANALYST, KEEPER])
def test_who_may_not_publish_is_shown_no_queue_of_reviews(role):
    ReleaseFactory(title_ko="비밀", **IN_REVIEW)

    page = read(signed_in(person(role)).get(DESK))

    assert not page.all("section", **{"aria-labelledby": "to-review"})
    assert "비밀" not in page.words


def test_an_author_finds_what_was_sent_back_first_with_the_comment():
    author, editor = person(AUTHOR, "kim"), person(EDITOR, "lee")
    ReleaseFactory(title_ko="초안", author=author, **DRAFT)
    ReleaseFactory(title_ko="남의 것", author=editor, **DRAFT)
    back = ReleaseFactory(title_ko="고칠 것", author=author, **DRAFT)
    workflow.submit(back, by=author)
    workflow.send_back(back, by=editor, comment="숫자를 확인해 주세요.")
    workflow.comment(back, by=author, comment="네.")
    Release.objects.filter(pk=back.pk).update(edited_at=NINE)

    first, second = part(signed_in(author), "mine")

    assert first.startswith("Sent back (2014/9/9) 고칠 것 lee 숫자를 확인해 주세요.")
    assert second.startswith("Draft (2014/9/9) 초안")


def test_what_was_submitted_again_is_no_longer_called_sent_back():
    author = person(AUTHOR)
    release = ReleaseFactory(author=author, **DRAFT)
    workflow.submit(release, by=author)
    workflow.send_back(release, comment="다시")
    workflow.submit(release, by=author)

    (line,) = part(signed_in(author), "mine")

    assert line.startswith("In review")
    assert "다시" not in line


def test_what_is_scheduled_says_how_long_it_takes_and_when_in_seoul():
    moment = timezone.localtime() + timedelta(days=3, hours=4, minutes=30)
    ReleaseFactory(title_ko="예약", publish_at=moment)

    (line,) = part(signed_in(person(EDITOR)), "scheduled")

    assert re.search(r"in 3\sdays, 4\shours", line)
    assert f"{moment:%H:%M} Korean time" in line


def test_an_author_sees_no_hour_of_what_others_scheduled():
    author = person(AUTHOR)
    ReleaseFactory(title_ko="남의 예약", publish_at=tomorrow())
    ReleaseFactory(title_ko="내 예약", publish_at=tomorrow(), author=author)

    (line,) = part(signed_in(author), "scheduled")

    assert "내 예약" in line


def test_what_was_published_last_stands_first_and_what_was_withdrawn_not_at_all():
    ReleaseFactory(title_ko="먼저")
    ReleaseFactory(title_ko="나중", publish_at=NINE + timedelta(days=1))
    ReleaseFactory(title_ko="철회", withdrawn_at=NINE)

    lines = part(signed_in(person(EDITOR)), "published")

    assert [line.split()[1] for line in lines] == ["나중", "먼저"]


def test_the_most_read_of_the_last_seven_days_are_counted_in_seoul_days():
    today = timezone.localdate()
    much, little, withdrawn = (
        ReleaseFactory(title_ko="많이"),
        ReleaseFactory(title_ko="조금"),
        ReleaseFactory(title_ko="철회", withdrawn_at=NINE),
    )
    for release, days, count in [
        (much, 0, 5),
        (much, 6, 7),
        (little, 6, 3),
        (little, 7, 1000),
        (withdrawn, 0, 99),
    ]:
        DailyViews.objects.create(release=release, day=today - timedelta(days=days), count=count)

    lines = part(signed_in(person(EDITOR)), "most-read")

    assert lines == [
        "(2014/9/9) 많이 12 views in the last 7 days",
        "(2014/9/9) 조금 3 views in the last 7 days",
    ]


def test_an_empty_desk_says_what_will_appear_where():
    client = signed_in(person(EDITOR))

    assert part(client, "to-review") == [
        "Nothing waits for review. What an author submits appears here."
    ]
    assert part(client, "mine") == ["You have no drafts. Write a release"]
    assert part(client, "scheduled") == [
        "Nothing is scheduled. An approved release with a time to come appears here."
    ]
    assert part(client, "published") == ["Nothing is public yet."]
    assert part(client, "most-read") == ["No views were counted in the last 7 days."]


def test_who_may_see_no_releases_finds_no_part_of_them():
    ReleaseFactory(title_ko="공개된 것")

    page = read(signed_in(person("")).get(DESK))

    assert not page.all("section", class_="module")
    assert "공개된 것" not in page.words


@pytest.mark.parametrize(("role", "writes"), [(AUTHOR, True), (EDITOR, True), (ANALYST, False)])
def test_the_first_page_leads_to_what_somebody_may_do(role, writes):
    links = [a["href"] for a in read(signed_in(person(role)).get(DESK)).all("a", class_="door")]

    assert (f"{RELEASES}add/" in links) == writes
    assert f"{RELEASES}calendar/" in links


@pytest.mark.parametrize(("role", "most"), [(AUTHOR, 10), (EDITOR, 11)])
def test_the_first_page_costs_the_same_however_much_there_is(role, most):
    user = person(role)
    client = signed_in(user)

    def fill(number):
        for _ in range(number):
            for times in (*NOT_PUBLIC.values(), {}):
                release = ReleaseFactory(author=user, mission=MissionFactory(), **times)
                day = timezone.localdate()
                DailyViews.objects.create(release=release, day=day, count=1)

    fill(1)
    few = queries_of(client, DESK)
    fill(12)

    assert len(queries_of(client, DESK)) == len(few) == most
    assert not [sql for sql in few if "COUNT(" in sql.upper()]


# The list of releases


@pytest.mark.parametrize(
    ("lacks", "found"),
    [
        ("title_ko", ["title_ko"]),
        ("body_ko", ["body_ko"]),
        ("title_en", ["title_en"]),
        ("body_en", ["body_en"]),
        ("nonsense", ["body_en", "body_ko", "title_en", "title_ko", "whole"]),
    ],
)
def test_the_list_can_be_narrowed_to_what_a_language_lacks(admin_client, lacks, found):
    whole = {"title_ko": "제목", "body_ko": "<p>글</p>", "title_en": "t", "body_en": "<p>x</p>"}
    for gap in ("title_ko", "body_ko", "title_en", "body_en", "whole"):
        ReleaseFactory(slug=gap, **whole | ({gap: ""} if gap != "whole" else {}))

    rows = read(admin_client.get(RELEASES, {"lacks": lacks})).one("tbody").all("th")

    pks = [int(re.search(r"/(\d+)/change/", row.one("a")["href"])[1]) for row in rows]
    assert sorted(Release.objects.get(pk=pk).slug for pk in pks) == found


def test_the_list_can_be_narrowed_to_what_the_doctor_found_something_in(admin_client):
    ReleaseFactory(title_ko="고칠 것", finding_count=2)
    ReleaseFactory(title_ko="된 것")

    assert headlines(admin_client, findings="yes") == ["고칠 것"]
    assert headlines(admin_client, findings="no") == ["된 것"]


def test_the_list_can_be_narrowed_to_ones_own():
    editor = person(EDITOR)
    ReleaseFactory(title_ko="남의 것", **DRAFT)
    ReleaseFactory(title_ko="내 초안", author=editor, **DRAFT)
    ReleaseFactory(title_ko="내 공개", author=editor)

    client = signed_in(editor)

    assert headlines(client, mine="unpublished") == ["내 초안"]
    assert headlines(client, mine="all") == ["내 초안", "내 공개"]


def test_filters_and_search_combine(admin_client):
    ReleaseFactory(title_ko="난민 소식", finding_count=1, **DRAFT)
    ReleaseFactory(title_ko="난민 소식 둘", finding_count=1)
    ReleaseFactory(title_ko="회의", finding_count=1, **DRAFT)

    assert headlines(admin_client, q="난민", findings="yes", state="draft") == ["난민 소식"]


@pytest.mark.parametrize("words", ["난민", "\u1102\u1161\u11ab\u1106\u1175\u11ab", "보호소에"])
def test_korean_is_found_inside_words_in_either_normal_form_and_in_the_text(admin_client, words):
    ReleaseFactory(title_ko="난민들에게 담요", body_ko="<p>임시 보호소에서 나눠 주었다.</p>")
    ReleaseFactory(title_ko="회의", body_ko="<p>열렸다.</p>")

    assert headlines(admin_client, q=words) == ["난민들에게 담요"]


@pytest.mark.parametrize("words", ["가 " * 1000, "%", "_", "'", "\\", "가" * 5000, "\x00"])
def test_no_search_breaks_the_list(admin_client, words):
    ReleaseFactory()

    assert admin_client.get(RELEASES, {"q": words}).status_code == 200


@pytest.mark.parametrize("state", State)
def test_each_row_says_its_state_in_words_and_in_a_frame_of_its_own(admin_client, state):
    ReleaseFactory(**NOT_PUBLIC.get(state, {}))

    cell = read(admin_client.get(RELEASES)).one("td", class_="field-state_label")

    with override("en"):
        assert cell.one("span", class_=f"state-{state.value}").words == state.label


def test_a_scheduled_row_says_how_long_it_takes(admin_client):
    ReleaseFactory(publish_at=timezone.now() + timedelta(hours=5, minutes=30))
    ReleaseFactory()

    scheduled, public = read(admin_client.get(RELEASES)).all("td", class_="field-posted")

    assert re.search(r"in 5\shours, (29|30)\sminutes", scheduled.words)
    assert not public.all("span")


def test_a_row_draws_its_views_of_thirty_days_and_names_their_sum(admin_client):
    release, _other = ReleaseFactory(views=900), ReleaseFactory(title_ko="조용함")
    today = timezone.localdate()
    for days, count in [(0, 400), (29, 12), (30, 5000)]:
        DailyViews.objects.create(release=release, day=today - timedelta(days=days), count=count)

    page = read(admin_client.get("/admin/releases/release/"))

    (line,) = page.all("svg", role="img")
    assert line.one("title").words == "지난 30일 조회 412"
    assert len(line.one("polyline")["points"].split()) == 30
    assert not page.one("main").all(style=...)


def test_the_views_of_a_page_of_rows_are_read_in_one_query(admin_client):
    for release in ReleaseFactory.create_batch(5):
        DailyViews.objects.create(release=release, day=timezone.localdate(), count=1)
    few = queries_of(admin_client, RELEASES)
    for release in ReleaseFactory.create_batch(45):
        DailyViews.objects.create(release=release, day=timezone.localdate(), count=1)

    many = queries_of(admin_client, RELEASES)

    assert len(few) == len(many)
    assert len([sql for sql in many if "releases_dailyviews" in sql]) == 1


QUERIES = [
    *("", "?q=소식", "?state=draft", "?state=in_review", "?state=scheduled", "?state=public"),
    *("?state=withdrawn", "?mine=all", "?mine=unpublished", "?lacks=body_ko", "?findings=yes"),
    *("?findings=no", "?o=1", "?o=-5", "?p=2", "?_facets=True", "?contact=1"),
]


@pytest.mark.parametrize("query", QUERIES)
def test_the_list_costs_few_queries_reads_no_texts_and_counts_nothing_without_bound(
    admin_client, query
):
    ReleaseFactory.create_batch(120)

    asked = queries_of(admin_client, RELEASES + query)

    counts = [sql for sql in asked if "COUNT(" in sql.upper()]
    columns = [sql.split(" FROM ")[0] for sql in asked]
    # A search looks up missions, contacts and the keys that it finds.
    assert len(asked) <= (11 if "q=" in query else 8)
    assert all("LIMIT 10000" in sql for sql in counts)
    assert not [sql for sql in columns if "body_ko" in sql or "summary_en" in sql]


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ("state=in_review", "unapproved_releases"),
        ("state=draft", "unapproved_releases"),
        ("state=withdrawn", "withdrawn_releases"),
        ("findings=yes", "releases_by_findings"),
    ],
)
def test_what_the_desk_works_on_is_counted_by_an_index(admin_client, query, index):
    ReleaseFactory()
    (count,) = [sql for sql in queries_of(admin_client, f"{RELEASES}?{query}") if "COUNT(" in sql]

    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {count}")
        else:
            # PostgreSQL reads a table of one row whole, unless it is told not to.
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"EXPLAIN {count}")
        plan = " ".join(str(row[-1]) for row in cursor.fetchall())

    assert index in plan


# Pages of the directory


def test_the_page_of_a_mission_shows_its_latest_releases_and_how_many(admin_client):
    mission = MissionFactory()
    for day in range(22):
        ReleaseFactory(
            title_ko=f"소식 {day}", mission=mission, publish_at=NINE + timedelta(days=day)
        )
    ReleaseFactory(title_ko="다른 곳")

    page = read(admin_client.get(f"{DESK}contacts/mission/{mission.pk}/change/"))

    section = page.one("section", class_="latest")
    assert section.one("h2").words == "Releases: 22"
    assert [li.words.split(" ", 2)[2] for li in section.all("li")] == [
        f"소식 {day}" for day in range(21, 1, -1)
    ]
    link = section.all("a")[-1]["href"]
    assert len(headlines(admin_client, mission__id__exact=mission.pk)) == 22
    assert link == f"{RELEASES}?mission__id__exact={mission.pk}"


def test_the_page_of_a_contact_shows_each_release_that_names_them_once(admin_client):
    contact = PressContactFactory()
    named, _other = ReleaseFactory(title_ko="실린 것"), ReleaseFactory(title_ko="다른 것")
    ReleaseContactFactory.create_batch(2, release=named, contact=contact)

    page = read(admin_client.get(f"{DESK}contacts/presscontact/{contact.pk}/change/"))

    section = page.one("section", class_="latest")
    assert section.one("h2").words == "Releases: 1"
    assert section.all("a")[-1]["href"] == f"{RELEASES}?contact={contact.pk}"
    assert headlines(admin_client, contact=contact.pk) == ["실린 것"]


@pytest.mark.parametrize("pk", ["0", "x", "9" * 30, "-1", ""])
def test_a_list_for_a_contact_that_is_none_is_the_whole_list(admin_client, pk):
    ReleaseFactory(title_ko="소식")

    assert headlines(admin_client, contact=pk) == ["소식"]


def test_a_page_of_the_directory_tells_no_more_than_its_reader_may_see():
    mission = MissionFactory()
    ReleaseFactory(title_ko="공개", mission=mission)
    ReleaseFactory(title_ko="비밀", mission=mission, **DRAFT)

    page = read(signed_in(person(KEEPER)).get(f"{DESK}contacts/mission/{mission.pk}/change/"))

    assert "비밀" not in page.words
    assert page.one("section", class_="latest").one("h2").words == "Releases: 1"


# Made-up releases


def test_made_up_releases_are_refused_where_they_do_not_belong(settings):
    with pytest.raises(CommandError):
        call_command("make_releases", "3")
    assert not Release.objects.exists()

    call_command("make_releases", "3", "--yes", verbosity=0)
    settings.DEMO = True
    call_command("make_releases", "2", verbosity=0)

    assert Release.objects.count() == 5


def test_the_same_seed_makes_the_same_words(settings):
    settings.DEMO = True
    words = {}
    for seed in (1, 2):
        call_command("make_releases", "20", f"--seed={seed}")
        words[seed] = list(Release.objects.order_by("pk").values_list("title_ko", "body_en"))
        Release.objects.all().delete()
    call_command("make_releases", "15", "--seed=1")
    call_command("make_releases", "5", "--seed=1")

    again = list(Release.objects.order_by("pk").values_list("title_ko", "body_en"))
    assert again == words[1] != words[2]


def test_made_up_releases_fit_what_a_release_must_be(settings, client):
    settings.DEMO = True
    call_command("make_releases", "60")

    for release in Release.objects.all():
        release.full_clean()
    assert client.get(Release.objects.public().first().get_absolute_url()).status_code == 200
    assert Release.objects.public().exists()
