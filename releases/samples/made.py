"""Made-up releases in any number, for benchmarks and trials; the same seed makes the same words.

Release number n of a seed depends on the seed and n alone, so a second run goes on where the
first one stopped. Their times are counted back from today.
"""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils import timezone

from contacts.countries import country_named
from contacts.models import Mission, PressContact
from releases import edition
from releases.models import DailyViews, Release, ReleaseContact, ViewCounter
from releases.search import index

BATCH = 1_000  # releases saved at once
YEARS = 12  # over which public releases are spread
READ_LATELY = 0.02  # of the releases: those that were read on some of the last days

PLACES = ["Iraq", "Nepal", "Jordan", "Kenya", "Viet Nam", "Philippines", "Colombia", "South Sudan"]


class Topic(NamedTuple):
    korean: str
    english: str


WHO = [
    Topic("난민", "refugees"),
    Topic("국내 실향민", "displaced families"),
    Topic("이주노동자", "migrant workers"),
    Topic("귀환 이주민", "returning migrants"),
    Topic("이주 아동", "migrant children"),
    Topic("수해 주민", "people hit by floods"),
    Topic("유학생", "foreign students"),
    Topic("결혼이민자", "marriage migrants"),
]
WHAT = [
    Topic("겨울나기 물품", "winter supplies"),
    Topic("깨끗한 식수", "clean water"),
    Topic("임시 거처", "temporary shelter"),
    Topic("건강 검진", "health checks"),
    Topic("직업 교육", "job training"),
    Topic("법률 상담", "legal advice"),
    Topic("심리 상담", "counselling"),
    Topic("한국어 수업", "language classes"),
    Topic("귀환 여비", "travel home"),
]
WITH = [
    Topic("지방정부", "the local government"),
    Topic("시민단체", "civil society groups"),
    Topic("현지 대학교", "a local university"),
    Topic("보건소", "the health authorities"),
    Topic("이웃 공동체", "the host community"),
    Topic("자원봉사 단체", "volunteers"),
]
HEADLINES = [
    Topic("{who}에게 {what} 지원", "{What} for {who}"),
    Topic("{place}에서 {who} {n}명에게 {what} 전달", "{n} {who} in {place} receive {what}"),
    Topic("{with}와 함께 {what} 사업 시작", "{What}: a new project with {with}"),
    Topic("{who} 위한 {what} {n}건 마련", "{n} offers of {what} for {who}"),
    Topic("{place} {who} 실태 조사 결과 발표", "Survey of {who} in {place} is out"),
]
SENTENCES = [
    Topic(
        "{place} 사무소는 이번 주 {who} {n}명에게 {what} 지원을 마쳤다고 밝혔다.",
        "The office in {place} said that {n} {who} have received {what} this week.",
    ),
    Topic(
        "이 사업은 {with}와 함께 하며 내년 봄까지 이어진다.",
        "The project is run together with {with} and goes on until next spring.",
    ),
    Topic(
        "현장에서는 아직 {n}가구가 {what} 지원을 기다리고 있다.",
        "On the ground {n} households are still waiting for {what}.",
    ),
    Topic(
        "담당자는 “{who}에게 가장 필요한 것은 안전하게 머물 곳”이라고 말했다.",
        "“What {who} need most is a safe place to stay”, said the officer in charge.",
    ),
    Topic(
        "지난 조사에 따르면 {who} 열 명 가운데 {m}명이 {what} 부족을 걱정했다.",
        "In the last survey {m} in ten {who} were worried about a lack of {what}.",
    ),
    Topic(
        "길이 막힌 마을에는 트럭 대신 배로 물품을 옮겼다.",
        "Where roads were cut, supplies went by boat instead of by lorry.",
    ),
    Topic(
        "{with}는 다음 달 {place}에서 설명회를 연다.",
        "Next month {with} will hold a public meeting in {place}.",
    ),
    Topic(
        "예산의 {n}퍼센트 남짓이 모였고, 나머지는 더 모아야 한다.",
        "A little more than {m} tenths of the budget has been raised; the rest is still to come.",
    ),
]


class Made(NamedTuple):
    release: Release
    views: int  # in all
    daily: list[int]  # views of the last days, today's first


def make(number: int, seed: int = 1) -> Iterator[int]:
    """Save `number` releases, a batch in each transaction; yield how many are saved so far."""
    missions, desks = _missions()
    first = Release.objects.filter(source_key__startswith=f"made:{seed}:").count()
    now = timezone.now()
    for start in range(first, first + number, BATCH):
        stop = min(start + BATCH, first + number)
        made = [_made(n, seed, missions, now) for n in range(start, stop)]
        with index.once():
            _save(made, desks)
        yield stop - first


def _missions() -> tuple[list[Mission], dict[int, PressContact]]:
    """The missions that releases come from, each with its press desk by the mission's key."""
    missions, desks = [], {}
    for place in PLACES:
        country = country_named(place)
        mission = Mission.objects.named(country.name_en) or Mission.objects.create(
            name_ko=country.name_ko,
            name_en=country.name_en,
            slug=Mission.free_slug(country.name_en),
            country_code=country.code,
            time_zone=country.time_zone,
        )
        missions.append(mission)
        desks[mission.pk], _new = PressContact.objects.get_or_create(
            name=f"Press desk {country.name_en}",
            mission=mission,
            defaults={"office": f"Office {country.name_en}", "email": "press@example.org"},
        )
    return missions, desks


def _made(n: int, seed: int, missions: list[Mission], now: datetime) -> Made:
    chance = random.Random(f"{seed}:{n}")  # nosec B311 # samples, no secrets
    mission = chance.choice(missions)
    minutes = chance.randrange(60, YEARS * 365 * 24 * 60)
    posted = (now - timedelta(minutes=minutes)).replace(second=0, microsecond=0)
    words = _words(chance, mission)
    # Now and then a release exists in one language alone.
    left_out = chance.choices([(), ("en",), ("ko",)], [90, 7, 3])[0]
    words |= {name: "" for name in words if name.endswith(left_out)} if left_out else {}
    release = Release(
        mission=mission,
        release_date=timezone.localdate(posted),
        source_key=f"made:{seed}:{n}",
        finding_count=chance.choices([0, 1, 3], [97, 2, 1])[0],
        **words,
        **_times(chance, posted, now),
    )
    release.slug = release.slug_from_title()
    lately = chance.random() < READ_LATELY
    daily = [chance.randrange(60) for _day in range(30)] if lately else []
    if release.state != "public":
        return Made(release, 0, [])
    earlier = int(chance.paretovariate(0.9) * 20) % 100_000
    return Made(release, earlier + sum(daily), daily)


def _words(chance: random.Random, mission: Mission) -> dict[str, str]:
    topics = [chance.choice(topics) for topics in (WHO, WHAT, WITH)]
    n, m = chance.randrange(20, 9_000), chance.randrange(2, 9)
    headline = chance.choice(HEADLINES)
    sentences = [chance.choice(SENTENCES) for _ in range(chance.randrange(8, 16))]
    words = {}
    for place, lang in ((0, "ko"), (1, "en")):
        who, what, with_ = (topic[place] for topic in topics)
        fill = {"who": who, "what": what, "What": what.capitalize(), "with": with_, "n": n, "m": m}
        fill["place"] = (mission.name_ko, mission.name_en)[place]
        lines = [sentence[place].format(**fill) for sentence in sentences]
        paragraphs = [" ".join(lines[i : i + 3]) for i in range(0, len(lines), 3)]
        words[f"title_{lang}"] = headline[place].format(**fill)
        words[f"body_{lang}"] = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return words


def _times(chance: random.Random, posted: datetime, now: datetime) -> dict[str, datetime | None]:
    """The times of a release that is public, most often, or one of the other states."""
    to_come = (now + timedelta(hours=chance.randrange(1, 24 * 60))).replace(minute=0, second=0)
    times = {
        "public": (posted, posted, posted, None),
        "scheduled": (now, now, to_come, None),
        "in review": (posted, None, None, None),
        "draft": (None, None, None, None),
        "planned": (None, None, to_come, None),
        "withdrawn": (posted, posted, posted, posted + timedelta(days=1)),
    }
    kind = chance.choices(list(times), [980, 3, 4, 6, 2, 5])[0]
    names = ("submitted_at", "approved_at", "publish_at", "withdrawn_at")
    return dict(zip(names, times[kind], strict=True))


def _save(made: list[Made], desks: dict[int, PressContact]) -> None:
    releases = Release.objects.bulk_create([one.release for one in made])
    edition.changed()
    today = timezone.localdate()
    ReleaseContact.objects.bulk_create(
        ReleaseContact(
            release=release,
            contact=desks[release.mission_id],
            name=desks[release.mission_id].name,
            office=desks[release.mission_id].office,
            email=desks[release.mission_id].email,
        )
        for release in releases
    )
    ViewCounter.objects.bulk_create(
        ViewCounter(release=one.release, total=one.views, imported=one.views - sum(one.daily))
        for one in made
        if one.views
    )
    DailyViews.objects.bulk_create(
        DailyViews(release=one.release, day=today - timedelta(days=days), count=count)
        for one in made
        for days, count in enumerate(one.daily)
        if count
    )
