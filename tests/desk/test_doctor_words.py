"""The release doctor on signs, words, leftovers and placeholders."""

import pytest

from releases.doctor import Level

from .sheets import findings, says

UNBALANCED = "has no partner"
DOUBLED = "twice in a row"
FRAME = "printed around the text"
PLACEHOLDER = "still to come"


def test_nothing_is_found_in_a_sound_release():
    assert findings() == []


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("“We are here,” she said.", None),
        ("“We are here, she said.", "“"),
        ("We are here,” she said.", "”"),
        ('"We are here," she said.', None),
        ('"We are here, she said.', '"'),
        ("‘Chained’ is its name, and it’s new.", None),
        ("‘Chained is its name.", "‘"),
        ("The migrants’ own words; it’s theirs.", None),
        ("In the ‘90s and since.", None),
        ('A board of 5" by 7 inches.', None),
        ("The office (in Erbil) is open.", None),
        ("The office (in Erbil is open.", "("),
        ("The office in Erbil) is open.", ")"),
        ("Bring 1) water, 2) blankets and c) tents.", None),
        ("Bring (a) water and (b) blankets.", None),
        ("See [annex 1] and {2}.", None),
        ("See [annex 1 and more.", "["),
        ('A “mixed pair" is none.', "“"),
        ("“Outer (inner” and) crossed.", "("),
        ("「난민의 날」 행사", None),
        ("「난민의 날 행사", "「"),
        ("『책』과 《잡지》와 〈글〉", None),
        ("『책과 《잡지》", "『"),
        ("《잡지> 한 권", "《"),
        ("그는 '괜찮다'고 말했다.", None),
        ("그는 '괜찮다고 말했다.", "'"),
        ("IOM의 'NGO'를 위한 안내", None),
        ("가) 담요 나) 물", None),
        ("（전각） 괄호", None),
        ("（전각 괄호", "（"),
        ("웃는 얼굴 :) 입니다", None),
    ],
)
def test_each_mark_needs_its_partner_within_the_paragraph(text, mark):
    found = says(UNBALANCED, body_ko=f"<p>{text}</p>")

    assert [f"The mark {mark} has no partner in this paragraph."] * bool(mark) == [
        finding.why for finding in found
    ]
    assert all((f.level, f.field) == (Level.WARNING, "body_ko") for f in found)


@pytest.mark.parametrize("opens", ["“", '"'])
def test_a_quotation_may_go_on_in_the_next_paragraph(opens):
    closes = {"“": "”"}.get(opens, opens)
    goes_on = f"<p>{opens}We came.</p><p>{opens}We stay.{closes}</p>"

    assert not says(UNBALANCED, body_en=goes_on)
    assert says(UNBALANCED, body_en=f"<p>{opens}We came.</p><p>They stay.</p>")


def test_a_finding_says_in_which_paragraph_and_quotes_the_words_there():
    body = "<p>One.</p><ul><li>Two</li><li>The the third</li></ul>"

    [finding] = says(DOUBLED, body_en=body)

    assert finding.where == "Text in English, paragraph 3: “The the third”"
    assert (finding.field, finding.mend) == ("body_en", "Delete one of them.")


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("It reached the the town.", "the"),
        ("It notes that that town is safe.", "that"),
        ("The the town.", "The"),
        ("They had had no water.", None),
        ("It was very very cold.", None),
        ("The Walla Walla office", None),
        ("10 10 20", None),
        ("in, in the town", None),
        ("The well-being being measured", None),
        ("Its theme: theme parks", None),
        ("물 및 및 담요", "및"),
        ("난민 난민 지원", "난민"),
        ("점점 늘고 있다", None),
        ("하나 하나 확인했다", None),
        ("지원을 지원을 받았다", "지원을"),
        ("지원 지원을 받았다", None),
    ],
)
def test_a_word_that_stands_twice_is_asked_about(text, word):
    found = [finding.why for finding in says(DOUBLED, body_ko=f"<p>{text}</p>")]

    assert found == [f"“{word}” stands twice in a row."] * bool(word)


def test_words_are_not_doubled_across_paragraphs_or_lines():
    assert not says(DOUBLED, body_en="<p>to the</p><p>the town</p><p>the<br>the</p>")


def test_headlines_and_summaries_are_looked_at_as_well():
    fields = [
        finding.field
        for finding in says(DOUBLED, title_ko="물 및 및 담요", summary_en="<p>In in town</p>")
    ]

    assert fields == ["title_ko", "summary_en"]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("For more information, please contact", True),
        ("For more information, please go to the library.", False),
        ("Posted on Tue, Sep-09-2014", True),
        ("It was posted on the wall.", False),
        ("최신보도자료 모음 돌아가기", True),
        ("Views – 12", True),
        ("Views differ on 12 points.", False),
        ("(2014/9/9) Relief arrives", True),
        ("(2014/13/9) Relief arrives", True),
        ("문의", True),
        ("문의가 많았다.", False),
        ("조회수 12", True),
    ],
)
def test_lines_of_the_old_page_are_left_over(line, found):
    body = f"<p>Relief has arrived.</p><p>{line}</p>"

    assert bool(says(FRAME, body_en=body)) == found


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("Lorem ipsum dolor sit amet", Level.ERROR),
        ("Some XXXX people came.", Level.WARNING),
        ("Some XXX people came.", Level.WARNING),
        ("At the Games of the XXX Olympiad", None),
        ("The date is TBC.", Level.WARNING),
        ("The names are to be confirmed.", Level.WARNING),
        ("There was water to be added and cases yet to be confirmed.", None),
        ("It begins in May. [Place to be added by the mission.]", Level.WARNING),
        ("[name] said so.", Level.WARNING),
        ("[Name] said so.", None),
        ("담당자 [이름 입력] 님", Level.WARNING),
        ("시간은 추후 공지합니다.", Level.WARNING),
        ("결과는 추후 발표할 예정이다.", None),
        ("김○○ 씨", None),
        ("○○○ 대표", Level.WARNING),
        ("Who came???", Level.WARNING),
        ("Who came?!", None),
    ],
)
def test_what_keeps_a_place_for_something_to_come_is_found(text, level):
    found = says(PLACEHOLDER, body_en=f"<p>{text}</p>")

    assert [finding.level for finding in found] == [level] * bool(level)
