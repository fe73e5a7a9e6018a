"""How well the search finds: questions, who answers them, and two figures.

Each question names what a reader would take for an answer by what a release is about. Recall at
10 is the share of those among the first ten results (of ten, where there are more); precision
at 10 the share of the first ten results that are among them.

    .venv/bin/pytest -s tests/search/test_relevance.py
"""

from typing import NamedTuple

from releases.models import Release
from releases.search.finding import Search
from releases.search.pages import FoundPaginator

from .corpus import Told


class Question(NamedTuple):
    text: str
    about: str  # words of `Told.about`, any of which makes an answer


QUESTIONS = [
    # Korean inside inflected and joined words
    Question("난민", "난민"),
    Question("난민들", "난민-title"),
    Question("난민들에게", "난민-title"),
    Question("기후난민", "기후난민"),
    Question("탈북난민", "탈북난민"),
    Question("난민촌", "난민촌"),
    Question("인권", "인권센터 phrase-refugee-rights"),
    Question("난민 상담", "인권센터"),
    Question("담요 난민", "난민-title"),
    Question("주민", "주민"),
    Question("이주민", "이주민"),
    Question("이주", "이주 노동자"),
    Question("회의", "회의"),
    Question("국제회의", "국제회의"),
    Question("세계", "세계"),
    Question("민중", "고난"),
    Question("재난", "재난"),
    Question("재정착", "재정착"),
    Question("인신매매", "인신매매"),
    Question("노동자", "노동자"),
    Question("이주노동자", "노동자"),
    # Two syllables, one syllable
    Question("치안", "치안"),
    Question("물자", "물자"),
    Question("치안 물자", "물자&치안"),
    Question("물", "물"),
    Question("쌀", "쌀"),
    Question("선물", "선물"),
    # Mixed and Latin
    Question("UN", "un"),
    Question("UN과", "un"),
    Question("IOM", "iom"),
    Question("iom", "iom"),
    Question("migr", "migrant migration"),
    Question("remitt", "remittance"),
    Question("port", "port"),
    Question("labour migration", "migration"),
    Question("R&D", "r&d"),
    Question("COVID-19", "covid"),
    Question("코로나19", "covid"),
    Question("코로나", "covid"),
    Question("H1N1", "h1n1"),
    Question("5000명", "5000"),
    Question("5,000", "5000"),
    Question("85%", "percent"),
    # Accents, apostrophes, forms
    Question("Potosi", "potosi"),
    Question("Potosí", "potosi"),
    Question("Cote d'Ivoire", "ivory"),
    Question("Côte d’Ivoire", "ivory"),
    Question("Zurich", "zurich"),
    Question("Da Nang", "hanoi"),
    Question("강릉", "nfd"),
    Question("\u1102\u1161\u11ab\u1106\u1175\u11ab", "난민"),  # 난민, decomposed
    Question("atlas", "fullwidth migration"),
    # Missions by any of their names, people, days
    Question("멕시코", "mexico"),
    Question("Mexico", "mexico"),
    Question("México", "mexico"),
    Question("터키", "turkiye"),
    Question("Türkiye", "turkiye"),
    Question("남수단", "south-sudan"),
    Question("South Sudan", "south-sudan"),
    Question("코트디부아르", "ivory"),
    Question("Vietnam", "hanoi"),
    Question("네팔 산사태", "nepal"),
    Question("Lomax", "lom"),
    Question("한들", "haneul"),
    Question("2014/9/9", "day-2014-09-09"),
    Question("2014-09", "month-2014-09"),
    Question("2014년 9월", "month-2014-09"),
    Question("2012.3.4", "day-2012-03-04"),
    # Quotations and exclusions
    Question('"난민 인권"', "phrase-refugee-rights"),
    Question("“safe place”", "phrase-safe-place"),
    Question("치안 -물자", "치안&!물자"),
    Question("난민 -담요", "난민&!담요"),
    Question("이주민 -합창단", "결혼"),
    # Ranking
    Question("화산", "화산"),
    Question("화산 마을", "화산-title"),
    # What many releases are about
    Question("말라리아", "말라리아-ko"),
    Question("malaria", "말라리아-en"),
    Question("소액대출", "소액대출-ko"),
    Question("microcredit", "소액대출-en"),
    Question("통역", "통역-ko 인권센터"),
    Question("interpreter", "통역-en"),
    Question("종자", "종자-ko"),
    Question("seeds", "종자-en"),
    Question("화장실", "화장실-ko"),
    Question("latrine", "화장실-en"),
    Question("태양광", "태양광-ko"),
    Question("자전거", "자전거-ko"),
    Question("bicycle", "자전거-en"),
    Question("bicycles", "자전거-en"),
    Question("국제이주기구", "iom"),
    Question("뜨개질", "뜨개질-ko"),
    Question("출생신고", "출생신고-ko"),
    Question("birth registration", "출생신고-en"),
    Question("양봉", "양봉-ko"),
    Question("점자", "점자-ko"),
    Question("braille", "점자-en"),
    Question("축구", "축구-ko"),
    Question("실종", "실종-ko"),
    Question("missing", "실종-en"),
]


def answers(question: Question, told: Told) -> bool:
    """Whether `told` is an answer to `question`, by what it is about."""
    for wanted in question.about.split():
        parts = wanted.split("&") if wanted != "r&d" else [wanted]
        if all(
            part[1:] not in told.about if part.startswith("!") else part in told.about
            for part in parts
        ):
            return True
    return False


def judged(question: Question, by_key: dict[int, Told]) -> tuple[float, float, list[Told]]:
    """Recall and precision at 10 of `question`, and the first ten results."""
    wanted = {pk for pk, told in by_key.items() if answers(question, told)}
    releases = Release.objects.public().newest_first()
    search = Search(question.text)
    pages = FoundPaginator(search, search.within(releases), releases, 10)
    first = [release.pk for release in pages.page(1).object_list]
    right = len(wanted.intersection(first))
    recall = right / min(10, len(wanted))
    return recall, right / len(first) if first else 0.0, [by_key[pk] for pk in first]
