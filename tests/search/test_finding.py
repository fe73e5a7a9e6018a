"""What a search finds, and in what order."""

import unicodedata
from datetime import date, timedelta

import pytest

from releases.models import Release
from releases.search.finding import Search
from releases.search.pages import FoundPaginator

from ..factories import (
    NINE,
    MissionFactory,
    PressContactFactory,
    ReleaseContactFactory,
    ReleaseFactory,
)

pytestmark = pytest.mark.django_db


def found(text):
    """The releases that `text` finds, best first."""
    releases = Release.objects.public().newest_first()
    search = Search(text)
    return list(FoundPaginator(search, search.within(releases), releases, 50).page(1).object_list)


def told(title="", body="소식", **values):
    return ReleaseFactory(title_ko=title or "제목", body_ko=f"<p>{body}</p>", body_en="", **values)


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("난민", "난민들에게 담요를 보냈다"),
        ("난민", "기후난민이라 불린다"),
        ("난민", "탈북난민 가족"),
        ("난민", "난민인권센터"),
        ("인권", "난민인권센터가 열었다"),
        ("멕시코", "멕시코에서 왔다"),
        ("치안", "치안이 나아졌다"),
        ("물자", "구호물자를 실었다"),
        ("쌀", "쌀을 나누었다"),
        ("물", "길어 온 물"),
        ("세계", "전세계 지부"),
        ("난민들에게", "난민들에게 담요를"),
        ("인신매매방지교육", "인신매매방지교육을 했다"),
        ("UN", "UN과 함께"),
        ("un과", "UN은 밝혔다"),
        ("IOM", "IOM이 밝혔다"),
        ("iom", "국제기구(IOM)는"),
        ("Potosi", "Potosí 광산"),
        ("Potosí", "Potosi 광산"),
        ("Cote d'Ivoire", "Côte d’Ivoire 사무소"),
        ("Côte d’Ivoire", "Cote d'Ivoire 사무소"),
        ("Da Nang", "Đà Nẵng 야시장"),
        ("strasse", "Straße 12"),
        ("refug", "refugees arrive"),
        ("bicycles", "one bicycle"),
        ("countries", "one country"),
        ("R&D", "연구(R&amp;D) 부서"),
        ("COVID-19", "COVID‑19 이후"),
        ("5000", "세대주 5,000명"),
        ("5,000명", "세대주 5000명에게"),
        ("atlas", "ＡＴＬＡＳ"),
        ("大阪", "大阪市"),
        ("코로나19", "코로나19 이후"),
        ("👩", "👩 인사"),
    ],
)
@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC"])
def test_it_finds(text, body, form):
    release = told(body=body)
    told(body="다른 이야기")

    assert found(unicodedata.normalize(form, text)) == [release]


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("난민", "고난 민중"),
        ("난민", "재난 민간 구조대"),
        ("물", "물가가 올랐다"),
        ("UN", "Under one roof"),
        ("port", "Support lines"),
        ("19", "1995"),
        ("난민들에게", "난민들을 돕고 시민들에게 알렸다"),
        ("이주민", "이주자와 주민"),
    ],
)
def test_it_does_not_find_beside_something_better(text, body):
    better = told(title=f"{text} 소식")
    told(body=body)

    assert found(text) == [better]


@pytest.mark.parametrize(
    ("text", "body"),
    [("난민", "가난민심이 흔들렸다"), ("주민", "결혼이주민들"), ("회의", "지역사회의 손길")],
)
def test_what_touches_across_two_words_is_found_for_want_of_something_better(text, body):
    doubtful = told(body=body)
    assert found(text) == [doubtful]

    better = told(body=f"{text}에게")
    assert found(text) == [better]


def test_what_is_better_and_hidden_does_not_show_by_what_is_left_out():
    doubtful = told(body="가난민심이 흔들렸다")
    told(body="난민에게", withdrawn_at=NINE)

    assert found("난민") == [doubtful]


@pytest.mark.parametrize("text", ["멕시코", "Mexico", "México", "mexi", "멕시코시티"])
def test_it_finds_the_releases_of_a_mission_by_any_of_its_names(text):
    mission = MissionFactory(name_ko="멕시코", name_en="Mexico", aliases="México\n멕시코시티")
    release = told(mission=mission)
    told(mission=MissionFactory())

    assert found(text) == [release]


def test_a_mission_named_in_one_language_is_found_in_texts_of_the_other():
    MissionFactory(name_ko="멕시코", name_en="Mexico")
    release = ReleaseFactory(title_ko="", title_en="Letters from Mexico", body_en="<p>Two.</p>")

    assert found("멕시코") == [release]


@pytest.mark.parametrize("text", ["Agnes Lomax", "lomax", "IOM Erbil", "김하늘"])
def test_it_finds_by_who_is_named_in_the_contact_block(text):
    release = told()
    ReleaseContactFactory(release=release, name="Agnes Lomax", office="IOM Erbil")
    ReleaseContactFactory(release=release, name="김하늘 공보관")
    told()

    assert found(text) == [release]


def test_it_finds_by_whoever_answers_today_for_somebody_who_left():
    successor = PressContactFactory(name="Bora Kim")
    left = PressContactFactory(name="Ada Park", left_on=date(2015, 1, 1), successor=successor)
    release = told()
    ReleaseContactFactory(release=release, name="Ada Park", contact=left)

    assert found("Bora") == found("Ada") == [release]


@pytest.mark.parametrize(
    ("text", "finds"),
    [
        ("2014/9/9", True),
        ("2014-09-09", True),
        ("2014.9.9", True),
        ("2014. 9. 9.", True),
        ("2014년 9월 9일", True),
        ("2014-09", True),
        ("2014년 9월", True),
        ("2014년", True),
        ("9 September 2014", True),
        ("2014/9/8", False),
        ("2014-10", False),
        ("2014-13", False),
    ],
)
def test_it_finds_by_the_day_of_the_headline(text, finds):
    release = told(release_date=date(2014, 9, 9), publish_at=NINE + timedelta(days=400))
    told(release_date=date(2013, 2, 1), publish_at=NINE - timedelta(days=400))

    assert found(text) == ([release] if finds else [])


def test_it_finds_by_the_day_of_the_posting_in_seoul_and_by_a_day_in_the_text():
    posted = told(release_date=date(2011, 1, 1), publish_at=NINE.replace(hour=0, minute=30))
    said = told(
        body="2014년 9월 9일에", release_date=date(2011, 1, 1), publish_at=NINE.replace(year=2012)
    )

    assert found("2014-09-09") == [said, posted]


@pytest.mark.parametrize(
    "text",
    ['"난민 인권"', "“난민 인권”", "「난민 인권」", "『난민  인권』", '"난민·인권"', '"난민 인권'],
)
def test_words_in_quotation_marks_are_found_as_they_stand(text):
    release = told(body="난민 인권을 말했다")
    told(body="인권과 난민, 난민의 인권")

    assert found(text) == [release]


def test_an_english_word_in_quotation_marks_is_whole():
    release = told(body="A safe place to stay")
    told(body="Safe places to stay")

    assert found('"safe place"') == [release]


@pytest.mark.parametrize("text", ["홍수 -난민", "-난민 홍수", '홍수 -"난민 캠프"', "홍수 −난민"])
def test_what_follows_a_minus_is_left_out(text):
    release = told(title="홍수 소식")
    told(title="홍수 난민 캠프")

    assert found(text) == [release]


def test_a_search_may_leave_out_and_ask_for_nothing():
    release = told(title="홍수 소식")
    told(title="난민 캠프")

    assert found("-난민") == [release]


def test_a_minus_within_a_word_or_by_itself_leaves_nothing_out():
    release = told(title="코로나-난민 홍수")

    assert found("코로나-난민") == found("홍수 - 난민") == [release]


def test_all_that_is_asked_for_must_be_there_in_either_language():
    release = ReleaseFactory(title_ko="홍수", body_en="<p>Boats</p>")
    told(title="홍수")

    assert found("boats 홍수") == [release]


# The order


def test_the_headline_comes_before_the_summary_the_text_and_the_rest():
    mission = MissionFactory(name_ko="화산섬")
    later = NINE + timedelta(days=4)
    rest = told(mission=mission, publish_at=later)
    body = told(body="화산이 잠들었다", publish_at=later - timedelta(days=1))
    summary = told(summary_ko="화산 폭발", publish_at=later - timedelta(days=2))
    title = told(title="화산 아래 마을", publish_at=later - timedelta(days=3))

    assert found("화산") == [title, summary, body, rest]


def test_the_newest_comes_first_among_equals():
    old, new = (
        told(title="홍수", publish_at=NINE),
        told(title="홍수", publish_at=NINE + timedelta(days=1)),
    )

    assert found("홍수") == [new, old]


def test_a_headline_of_the_mission_that_is_asked_for_comes_before_a_text_with_both():
    iraq = MissionFactory(name_ko="이라크")
    both = told(body="이라크에서 물자를 실었다", publish_at=NINE + timedelta(days=1))
    headline = told(title="물자 도착", mission=iraq, publish_at=NINE)

    assert found("이라크 물자") == [headline, both]


@pytest.fixture(params=[(100, 3_000), (2, 3_000), (2, 2)], ids=["few", "some", "many"])
def number_of_hits(request, monkeypatch):
    """The same hits, taken for few, some or many."""
    monkeypatch.setattr("releases.search.finding.FEW", request.param[0])
    monkeypatch.setattr("releases.search.finding.SOME", request.param[1])


def test_however_many_words_hits_are_ranked_alike(number_of_hits):
    iraq = MissionFactory(name_ko="이라크")
    days = (NINE + timedelta(days=n) for n in range(9, 0, -1))
    rest = told(mission=iraq, body="물자가 왔다", publish_at=next(days))
    body = told(body="이라크에 물자가 왔다", publish_at=next(days))
    told(title="이라크 홍수", body="물자가 왔다", publish_at=next(days))
    summary = told(summary_ko="물자 도착", mission=iraq, publish_at=next(days))
    title = told(title="이라크 물자", publish_at=next(days))
    half = told(title="물자", body="이라크에서", publish_at=next(days))
    told(title="물자", publish_at=next(days))

    assert found("이라크 물자 -홍수") == [title, summary, half, rest, body]


def test_few_hits_some_and_many_are_ranked_alike(number_of_hits):
    titles = [told(title="홍수 소식", publish_at=NINE + timedelta(days=n)) for n in range(3)]
    bodies = [told(body="홍수가 났다", publish_at=NINE + timedelta(days=9 + n)) for n in range(4)]
    wanted = titles[::-1] + bodies[::-1]

    releases = Release.objects.public().newest_first()
    for size in (1, 2, 3, 5, 7):
        search = Search("홍수")
        pages = FoundPaginator(search, search.within(releases), releases, size)
        assert sum((list(page.object_list) for page in pages), []) == wanted


def test_counting_and_paging_stop_at_a_bound(monkeypatch):
    monkeypatch.setattr("releases.search.pages.MOST_FOUND", 4)
    for _number in range(6):
        told(title="홍수 소식")

    releases = Release.objects.public().newest_first()
    search = Search("홍수")
    pages = FoundPaginator(search, search.within(releases), releases, 3)

    assert (pages.count, pages.is_more, pages.num_pages) == (4, True, 2)
    assert [len(page.object_list) for page in pages] == [3, 1]
