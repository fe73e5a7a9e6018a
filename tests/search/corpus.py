"""Releases to search in, with what each is about: some written by hand, the rest put together.

Nothing here asks the engine. A release knows by its `about` what it tells of, so that a question
can name those that answer it.
"""

import itertools
import random
from dataclasses import dataclass, field
from datetime import date, timedelta


@dataclass(frozen=True)
class Told:
    """One release of the corpus."""

    about: frozenset[str]
    title_ko: str = ""
    title_en: str = ""
    summary_ko: str = ""
    body_ko: str = ""
    body_en: str = ""
    mission: str = ""
    day: date = date(2016, 5, 2)
    contacts: tuple[str, ...] = field(default=())


MISSIONS = {
    # slug: Korean name, English name, aliases
    "mexico": ("멕시코", "Mexico", "México\n멕시코시티 사무소"),
    "bolivia": ("볼리비아", "Bolivia", ""),
    "ivory-coast": ("코트디부아르", "Côte d’Ivoire", "Ivory Coast"),
    "iraq": ("이라크", "Iraq", "쿠르디스탄"),
    "nepal": ("네팔", "Nepal", ""),
    "south-sudan": ("남수단", "South Sudan", ""),
    "viet-nam": ("베트남", "Viet Nam", "Vietnam\n월남"),
    "turkiye": ("튀르키예", "Türkiye", "터키\nTurkey"),
}


def _told(about: str, **words) -> Told:
    return Told(frozenset(about.split()), **words)


WRITTEN = [
    # 난민 in its forms, and what only looks like it
    _told(
        "난민 난민-title 담요",
        title_ko="난민들에게 담요 이천 장 전달",
        body_ko="<p>산간 마을의 밤은 춥다. 담요는 트럭 세 대에 실려 왔다.</p>",
    ),
    _told(
        "난민 기후난민",
        title_ko="가라앉는 섬을 떠나는 사람들",
        body_ko="<p>바닷물이 집을 삼킨 뒤 이들은 기후난민이라 불린다.</p>",
    ),
    _told(
        "난민 탈북난민",
        title_ko="국경을 넘은 가족의 첫 겨울",
        body_ko="<p>탈북난민의 정착을 돕는 이웃이 김치를 나누었다.</p>",
    ),
    _told(
        "난민 인권센터",
        title_ko="새 상담소, 월요일에 문 연다",
        body_ko="<p>난민인권센터가 통역과 법률 상담을 맡는다.</p>",
    ),
    _told(
        "난민 난민촌",
        title_ko="사막 한가운데 세운 도서관",
        body_ko="<p>난민촌에서 아이들은 오후마다 책을 빌린다.</p>",
    ),
    _told(
        "난민 난민 인권 phrase-refugee-rights",
        title_ko="대학생 모의재판 열려",
        body_ko="<p>참가자들은 난민 인권을 주제로 변론했다.</p>",
    ),
    _told(
        "decoy",
        title_ko="시장 상인들의 한숨",
        body_ko="<p>물가가 올라 가난민심이 흔들린다는 말이 나왔다.</p>",
    ),
    _told(
        "decoy 고난 민중",
        title_ko="사진전 ‘고난 민중의 기억’",
        body_ko="<p>흑백 사진 쉰 점이 걸렸다.</p>",
    ),
    _told(
        "decoy 재난",
        title_ko="재난 민간 구조대 훈련",
        body_ko="<p>구조대원들은 밧줄 매듭부터 배웠다.</p>",
    ),
    # 주민 beside 이주민
    _told(
        "주민 주민-title",
        title_ko="주민 설명회에 삼백 명 모여",
        body_ko="<p>마을 회관이 가득 찼다.</p>",
    ),
    _told(
        "주민",
        title_ko="둑이 무너진 뒤 석 달",
        body_ko="<p>강가에 살던 주민들은 아직 천막에서 지낸다. 수해 주민의 장부를 다시 썼다.</p>",
    ),
    _told(
        "이주민 이주",
        title_ko="이주민 합창단, 첫 무대",
        body_ko="<p>여섯 나라 노래를 불렀다.</p>",
    ),
    _told(
        "이주민 이주 결혼",
        title_ko="요리 교실에서 만난 결혼이주민들",
        body_ko="<p>쌀국수와 만두를 함께 빚었다.</p>",
    ),
    # 회의 beside what ends in 사회의
    _told(
        "회의 회의-title",
        title_ko="국경 보건 회의 열린다",
        body_ko="<p>세 나라 담당자가 마주 앉는다.</p>",
    ),
    _told(
        "회의 국제회의",
        title_ko="부산에 모인 스무 나라",
        body_ko="<p>국제회의에서 항만 노동을 다루었다.</p>",
    ),
    _told(
        "decoy-회의",
        title_ko="이웃이 이웃에게",
        body_ko="<p>지역사회의 손길이 천막촌을 바꾸었다.</p>",
    ),
    _told(
        "decoy-회의",
        title_ko="열린 토론 마당",
        body_ko="<p>우리 사회의 편견을 이야기했다.</p>",
    ),
    # One syllable
    _told(
        "물",
        title_ko="우물 고친 마을, 물이 돌아왔다",
        body_ko="<p>펌프는 열두 해 만에 돌았다.</p>",
    ),
    _told(
        "물",
        title_ko="가뭄 백일째",
        body_ko="<p>물을 긷느라 아이들은 반나절을 걷는다.</p>",
    ),
    _told(
        "쌀",
        title_ko="쌀 서른 가마, 산길을 넘다",
        body_ko="<p>나귀가 짐을 날랐다.</p>",
    ),
    _told(
        "선물",
        title_ko="명절 선물 꾸러미",
        body_ko="<p>양말과 치약을 담았다.</p>",
    ),
    # Two syllables
    _told(
        "치안",
        title_ko="야간 순찰 다시 시작",
        body_ko="<p>치안이 나아지자 가게들이 불을 켰다.</p>",
    ),
    _told(
        "치안 물자",
        title_ko="호송대, 치안 불안 속 도착",
        body_ko="<p>물자를 실은 차량 열 대가 검문소를 지났다.</p>",
    ),
    _told(
        "물자",
        title_ko="창고에 쌓인 구호물자",
        body_ko="<p>배분은 화요일부터다.</p>",
    ),
    _told(
        "세계 전세계",
        title_ko="전세계 지부장 한자리에",
        body_ko="<p>사흘 동안 머리를 맞댔다.</p>",
    ),
    # Mixed and Latin
    _told(
        "un mixed",
        title_ko="UN과 손잡고 지뢰 제거",
        body_ko="<p>첫 구역에서 마흔 개를 찾았다.</p>",
    ),
    _told(
        "un",
        title_en="UN team visits the delta",
        body_en="<p>They counted the broken wells.</p>",
    ),
    _told(
        "decoy-un",
        title_en="Under one roof until spring",
        body_en="<p>Unused halls were opened.</p>",
    ),
    _told(
        "iom",
        title_ko="IOM, 항공권 열 장 마련",
        body_ko="<p>다음 주 첫 비행기가 뜬다.</p>",
    ),
    _told(
        "iom iom-body",
        title_en="A bus for the valley",
        body_en="<p>IOM’s drivers know every bend.</p>",
    ),
    _told(
        "migrant remittance",
        title_en="Migrants send more home",
        body_en="<p>Remittances rose by a fifth.</p>",
    ),
    _told(
        "migration",
        title_en="A map of labour migration",
        body_en="<p>The atlas has ninety plates.</p>",
    ),
    _told(
        "port harbour",
        title_en="Port reopens after the cyclone",
        body_en="<p>Cranes work at night.</p>",
    ),
    _told(
        "decoy-port",
        title_en="Support lines are busy",
        body_en="<p>Volunteers answer in four tongues; transport is paid.</p>",
    ),
    _told(
        "safe-place phrase-safe-place",
        title_en="A safe place for the night",
        body_en="<p>Twelve beds, one stove.</p>",
    ),
    _told(
        "decoy-safe-place",
        title_en="Place of birth: unknown",
        body_en="<p>Documents are kept safe in a vault.</p>",
    ),
    _told(
        "r&d",
        title_en="R&D for lighter tents",
        body_en="<p>The prototype weighs nine kilos.</p>",
    ),
    _told(
        "covid",
        title_ko="코로나19 이후 첫 귀환 비행",
        title_en="First return flight after COVID-19",
        body_ko="<p>마스크를 쓴 승객 구십 명.</p>",
        body_en="<p>Ninety passengers wore masks.</p>",
    ),
    _told(
        "h1n1",
        title_ko="독감 예방 접종",
        body_ko="<p>H1N1 백신을 먼저 들여왔다.</p>",
    ),
    _told(
        "5000",
        title_ko="세대주 5,000명에게 모종",
        body_ko="<p>토마토와 가지다.</p>",
    ),
    _told(
        "percent",
        title_ko="모금 목표 85% 달성",
        body_ko="<p>남은 것은 석 달.</p>",
    ),
    # Accents and apostrophes
    _told(
        "potosi",
        title_ko="광산 도시의 진료소",
        title_en="A clinic in Potosí",
        body_en="<p>The miners’ children come first.</p>",
        mission="bolivia",
    ),
    _told(
        "ivory",
        title_ko="카카오 농장의 학교",
        body_ko="<p>수업은 새벽 여섯 시에 시작한다.</p>",
        mission="ivory-coast",
    ),
    _told(
        "ivory",
        title_en="Cocoa growers learn to read",
        body_en="<p>Letters from Côte d'Ivoire fill a shelf.</p>",
    ),
    _told(
        "zurich",
        title_en="Zürich lends its archive",
        body_en="<p>Boxes of letters, one train.</p>",
    ),
    _told(
        "hanoi",
        title_en="Đà Nẵng night market",
        body_en="<p>Returnees cook for their street.</p>",
        mission="viet-nam",
    ),
    _told(
        "nfd",
        title_ko="\u1100\u1161\u11bc\u1105\u1173\u11bc 앞바다 표류선 예인",  # 강릉, decomposed
        body_ko="<p>선원 넷이 무사하다.</p>",
    ),
    _told(
        "fullwidth",
        title_en="ＡＴＬＡＳ of rivers",
        body_en="<p>Printed in two colours.</p>",
    ),
    # Missions, people, days
    _told(
        "mexico",
        title_ko="남쪽 국경의 버스 정류장",
        body_ko="<p>하루 마흔 대가 선다.</p>",
        mission="mexico",
    ),
    _told(
        "mexico mexico-title",
        title_ko="멕시코에서 돌아온 편지",
        body_ko="<p>스무 해 만의 답장이다.</p>",
    ),
    _told(
        "turkiye",
        title_ko="지진 뒤 첫 등굣길",
        body_ko="<p>임시 교실은 컨테이너다.</p>",
        mission="turkiye",
    ),
    _told(
        "south-sudan nile",
        title_ko="나일강을 건너는 진료선",
        body_ko="<p>의사 둘, 간호사 다섯.</p>",
        mission="south-sudan",
    ),
    _told(
        "nepal",
        title_ko="산사태 경보기 설치",
        body_ko="<p>종소리가 골짜기를 울린다.</p>",
        mission="nepal",
    ),
    _told(
        "lom",
        title_ko="다리 개통식",
        body_ko="<p>강 양쪽에서 북을 쳤다.</p>",
        contacts=("Agnes Lomax",),
    ),
    _told(
        "haneul",
        title_ko="기록 사진 공개",
        body_ko="<p>유리 원판 열두 장.</p>",
        contacts=("공보 담당 한들",),
    ),
    _told(
        "day-2014-09-09 month-2014-09",
        title_ko="가을 학기 장학생",
        body_ko="<p>열한 명이 뽑혔다.</p>",
        day=date(2014, 9, 9),
    ),
    _told(
        "month-2014-09",
        title_ko="야시장 좌판 나눔",
        body_ko="<p>자리마다 번호를 붙였다.</p>",
        day=date(2014, 9, 21),
    ),
    _told(
        "day-2012-03-04",
        title_ko="옛 명부를 찾습니다",
        body_ko="<p>2012년 3월 4일 배에 탄 이들의 이름이 적혀 있다.</p>",
    ),
    # Ranking: the headline before the summary before the text
    _told(
        "화산 화산-title",
        title_ko="화산 아래 마을, 다시 짓다",
        body_ko="<p>지붕부터 올린다.</p>",
        day=date(2011, 1, 1),
    ),
    _told(
        "화산",
        title_ko="재를 쓸어 낸 학교",
        summary_ko="화산 폭발 뒤 첫 수업이 열렸다.",
        body_ko="<p>책상은 빌려 왔다.</p>",
        day=date(2012, 1, 1),
    ),
    _told(
        "화산",
        title_ko="회색 눈이 내린 날",
        body_ko="<p>화산이 잠든 뒤에도 기침은 남았다.</p>",
        day=date(2013, 1, 1),
    ),
    # Long compounds
    _told(
        "재정착",
        title_ko="재정착 첫해의 일기",
        body_ko="<p>버스 노선을 외우는 데 한 달.</p>",
    ),
    _told(
        "인신매매",
        title_ko="인신매매방지교육 교재 발간",
        body_ko="<p>만화로 그렸다.</p>",
    ),
    _told(
        "노동자",
        title_ko="농촌의 여름 일손",
        body_ko="<p>이주노동자들이 마늘밭에 섰다.</p>",
    ),
]


@dataclass(frozen=True)
class Topic:
    about: str
    headlines: list[tuple[str, str]]
    sentences: list[tuple[str, str]]


# fmt: off
TOPICS = [
    Topic(
        "말라리아",
        [
            ("말라리아 모기장 배부", "Nets against malaria"),
            ("열병과 싸우는 간호사", "Nurses against fever"),
        ],
        [
            ("말라리아를 막는 모기장을 걸었다.", "Malaria nets were hung over each bed."),
            ("말라리아로 결석한 아이가 줄었다.", "Fewer children missed class because of malaria."),
        ],
    ),
    Topic(
        "소액대출",
        [
            ("재봉틀 한 대로 연 가게", "One sewing machine, one shop"),
            ("소액대출 일 년 성적표", "A year of microcredit"),
        ],
        [
            ("소액대출을 받은 가게가 늘었다.", "Microcredit opened new shops."),
            ("소액대출의 상환율은 높다.", "Microcredit is repaid on time."),
        ],
    ),
    Topic(
        "통역",
        [
            ("한밤의 통역 전화", "An interpreter at midnight"),
            ("병원에서 만난 목소리", "A voice in the ward"),
        ],
        [
            ("통역은 열두 언어로 이루어진다.", "Interpreters speak twelve languages."),
            ("통역이 없으면 진료도 없다.", "Without an interpreter there is no cure."),
        ],
    ),
    Topic(
        "종자",
        [("종자 은행 문 열다", "A seed bank opens"),
         ("밭에 돌아온 초록", "Green fields again")],
        [
            ("종자를 나누어 심었다.", "Seeds were shared and sown."),
            ("토박이 종자가 싹을 틔웠다.", "Local seeds have sprouted."),
        ],
    ),
    Topic(
        "화장실",
        [
            ("화장실 백 칸 준공", "A hundred latrines"),
            ("줄이 짧아진 아침", "Shorter queues at dawn"),
        ],
        [
            ("화장실마다 손 씻는 곳을 두었다.", "Each latrine has a basin."),
            ("화장실이 멀어 밤길이 위험했다.", "Latrines were too far at night."),
        ],
    ),
    Topic(
        "태양광",
        [
            ("태양광 등 아래 야학", "Night school by solar lamp"),
            ("지붕 위의 판", "Panels on the roof"),
        ],
        [
            ("태양광으로 냉장고를 돌린다.", "Solar power runs the fridge."),
            ("태양광을 단 지붕이 늘었다.", "More roofs carry solar panels."),
        ],
    ),
    Topic(
        "자전거",
        [
            ("자전거로 가는 왕진", "House calls by bicycle"),
            ("바퀴 두 개의 우편", "Mail on two wheels"),
        ],
        [
            ("자전거 수리공을 길러 냈다.", "Bicycle mechanics were trained."),
            ("자전거를 타고 이십 리를 간다.", "She rides a bicycle for eight kilometres."),
        ],
    ),
    Topic(
        "뜨개질",
        [("뜨개질 모임의 겨울", "A winter of knitting"),
         ("털실 오백 타래", "Five hundred skeins")],
        [
            ("뜨개질로 번 돈을 모았다.", "Knitting money was saved."),
            ("뜨개질을 배우는 할머니가 많다.", "Many grandmothers learn knitting."),
        ],
    ),
    Topic(
        "출생신고",
        [
            ("출생신고 이동 창구", "Birth registration on the road"),
            ("이름을 얻은 아이들", "Children with a name"),
        ],
        [
            ("출생신고를 마친 아이가 웃었다.", "Birth registration took ten minutes."),
            ("출생신고가 늦으면 학교도 늦다.", "Late birth registration means late schooling."),
        ],
    ),
    Topic(
        "양봉",
        [("양봉 조합의 첫 꿀", "First honey of the beekeepers"),
         ("벌통 예순 개", "Sixty hives")],
        [
            ("양봉을 배운 청년들이다.", "The young beekeepers are proud."),
            ("양봉은 땅을 적게 쓴다.", "Beekeepers need little land."),
        ],
    ),
    Topic(
        "점자",
        [
            ("점자 안내문 배포", "Leaflets in braille"),
            ("손끝으로 읽는 권리", "Rights under the fingertips"),
        ],
        [
            ("점자로 옮긴 책이 나왔다.", "The book is out in braille."),
            ("점자를 익히는 데 반년.", "Learning braille takes half a year."),
        ],
    ),
    Topic(
        "축구",
        [("축구 대회 결승", "Football final"),
         ("공 하나로 사귄 동네", "One ball, one street")],
        [
            ("축구를 하며 말을 익힌다.", "They learn words over football."),
            ("축구에 진 팀이 밥을 샀다.", "The losing football side paid for lunch."),
        ],
    ),
    Topic(
        "실종",
        [
            ("실종 가족 찾기 창구", "A desk for the missing"),
            ("벽에 붙은 사진들", "Photographs on a wall"),
        ],
        [
            ("실종 신고를 세 곳에서 받는다.", "Missing persons are traced in three towns."),
            ("실종된 형을 찾은 아우.", "He found his missing brother."),
        ],
    ),
]
# fmt: on

PLAIN = [
    ("비가 그친 아침이었다.", "The morning was dry."),
    ("길은 좁고 가팔랐다.", "The road was narrow and steep."),
    ("사람들은 차를 끓여 나누었다.", "Tea was poured for everybody."),
    ("담당자는 서두르지 않았다.", "Nobody was in a hurry."),
    ("서류는 두 벌씩 적었다.", "Forms were filled in twice."),
    ("내일은 더 멀리 간다.", "Tomorrow leads further."),
    ("종이 상자에 이름을 썼다.", "Names were written on cardboard boxes."),
    ("저녁에는 바람이 불었다.", "In the evening a wind rose."),
]

EACH = 20  # releases put together about each topic


def put_together() -> list[Told]:
    """Releases about each of TOPICS: in the headline and the text, or in the text alone."""
    chance = random.Random(6)
    days = itertools.count()
    told = []
    for topic in TOPICS:
        for number in range(EACH):
            headline = topic.headlines[number % 2]
            spoken = [topic.sentences[number % 2], *chance.sample(PLAIN, 3)]
            chance.shuffle(spoken)
            languages = (0, 1) if number % 5 else (number // 5 % 2,)
            words = {}
            for place in languages:
                lang = ("ko", "en")[place]
                words[f"title_{lang}"] = f"{headline[place]} {number + 1}"
                words[f"body_{lang}"] = "".join(f"<p>{said[place]}</p>" for said in spoken)
            about = {topic.about, *(f"{topic.about}-{('ko', 'en')[place]}" for place in languages)}
            day = date(2017, 1, 1) + timedelta(days=3 * next(days))
            told.append(Told(frozenset(about), day=day, **words))
    return told


def corpus() -> list[Told]:
    """All of it, the same each time."""
    return WRITTEN + put_together()
