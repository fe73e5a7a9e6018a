"""The lines that frame a release: its headline, its posted line, its counter and its headings."""

from datetime import date

import pytest

from releases.intake import layout

SEPTEMBER_9 = date(2014, 9, 9)


@pytest.mark.parametrize(
    "line",
    [
        "(2014/9/9) 소식",
        "(2014/09/09) 소식",
        "(2014.9.9) 소식",
        "(2014.9.9.) 소식",
        "(2014-9-9) 소식",
        "(2014–9–9) 소식",
        "( 2014 / 9 / 9 ) 소식",
        "(2014/9/9)소식",
        "[2014/9/9] 소식",
        "（2014／9／9） 소식",
        "（２０１４／０９／０９）　소식",
        "［２０１４．９．９］ 소식",
        "(2014년 9월 9일) 소식",
        "\ufeff(2014/9/9)\u00a0소식",
        "\u200b(2014/9/9) 소식\u200b",
    ],
)
def test_a_headline_carries_its_date_in_any_brackets_and_digits(line):
    assert layout.headline(layout.fold(line.replace("\ufeff", ""))) == (SEPTEMBER_9, "소식")


@pytest.mark.parametrize(
    "line",
    ["2014/9/9 소식", "(2014/9) 소식", "(9/9) 소식", "(단기 4347/9/9) 소식", "소식 (2014/9/9)", ""],
)
def test_a_line_that_does_not_open_with_a_full_date_in_brackets_is_no_headline(line):
    assert layout.headline(line) is None


@pytest.mark.parametrize(
    "line",
    [
        "(2014/13/40) 소식",
        "(2014/2/30) 소식",
        "(0000/0/0) 소식",
        "(14/9/9) 소식",
        "(1899/12/31) 소식",
    ],
)
def test_a_date_that_no_calendar_of_ours_has_is_said_to_be_bad(line):
    with pytest.raises(layout.BadDate) as caught:
        layout.headline(line)

    assert str(caught.value) == line


def test_a_headline_may_quote_another_date():
    assert layout.headline("(2014/9/9) (2014/9/5) 소식") == (SEPTEMBER_9, "(2014/9/5) 소식")


def test_the_first_and_the_last_day_that_a_release_may_carry_are_dates():
    assert layout.headline("(1900/1/1) 소식") == (date(1900, 1, 1), "소식")
    assert layout.headline("(9999/12/31) 소식") == (date(9999, 12, 31), "소식")


@pytest.mark.parametrize(
    "line",
    [
        "Posted on Tue, Sep-09-2014",
        "Posted on Tue, Sep-9-2014",
        "Posted on Tuesday, September 9, 2014",
        "Posted on Tue. Sept-09-2014",
        "Posted on Tue, 09-Sep-2014",
        "Posted on , Sep-09-2014",
        "Posted on Sep-09-2014",
        "Posted on: Sep 9 2014",
        "posted on tue, sep-09-2014",
        "Posted on 화, 9-09-2014",
        "게시일: 2014-09-09",
        "등록일 2014.9.9",
        "게시일: 2014년 9월 9일(화)",
        "2014년 9월 9일 (화) 게시",
    ],
)
def test_a_posted_line_names_its_day(line):
    assert layout.posted(line) == layout.Posted(SEPTEMBER_9, weekday_fits=True)


@pytest.mark.parametrize("day", [date(2014, month, 1 + month) for month in range(1, 13)])
def test_every_month_and_weekday_is_known(day):
    weekday = "월화수목금토일"[day.weekday()]

    for line in (
        f"Posted on {day:%a, %b-%d-%Y}",
        f"Posted on {day:%A, %B %d, %Y}",
        f"게시일: {day:%Y-%m-%d} ({weekday})",
    ):
        assert layout.posted(line) == layout.Posted(day, weekday_fits=True)


@pytest.mark.parametrize("line", ["Posted on Wed, Sep-09-2014", "게시일: 2014년 9월 9일(수)"])
def test_a_weekday_that_is_not_the_dates_is_noticed(line):
    assert layout.posted(line) == layout.Posted(SEPTEMBER_9, weekday_fits=False)


@pytest.mark.parametrize(
    "line", ["Posted on Tue, Xyz-09-2014", "Posted on Tue, Feb-30-2014", "게시일: 2014-13-40"]
)
def test_a_posted_day_that_does_not_exist_is_said_to_be_bad(line):
    with pytest.raises(layout.BadDate):
        layout.posted(line)


@pytest.mark.parametrize(
    "line",
    [
        "Posted on the wall of the office",
        "Posted: Tuesday, March 21, 2017 - 16:38Image:",
        "Sep-09-2014",
    ],
)
def test_a_line_that_only_speaks_of_posting_is_text(line):
    assert layout.posted(line) is None


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("Views – 234", 234),
        ("Views - 234", 234),
        ("Views — 1,234", 1234),
        ("Views–234", 234),
        ("View: 1", 1),
        ("views – ２３４", 234),
        ("Views – 0", 0),
        ("Views – 1,204,377", 1204377),
        ("조회수 234", 234),
        ("조회 수: 234", 234),
        (f"Views – {layout.MOST_VIEWS}", layout.MOST_VIEWS),
    ],
)
def test_a_counters_line_gives_its_number(line, number):
    assert layout.views(line) == number


@pytest.mark.parametrize(
    "line",
    [
        "Views –",
        "Views – -1",
        "Views – 1.2k",
        "Views – 2 34",
        "Views – 1,23",
        "Views – 12,345,6",
        "Views – many",
        f"Views – {layout.MOST_VIEWS + 1}",
        "Views – 99999999999999999999",
        "Interviews – 3",
    ],
)
def test_a_counter_without_a_plain_number_is_not_understood(line):
    assert layout.views(line) is None


@pytest.mark.parametrize(
    "line",
    [
        "최신보도자료 모음 돌아가기",
        "최신 보도자료 모음으로 돌아가기",
        "← 최신보도자료 모음 돌아가기",
    ],
)
def test_the_old_sites_link_back_is_known(line):
    assert layout.is_back_link(line)
    assert not layout.is_back_link(f"{line} 버튼")


@pytest.mark.parametrize(
    "line",
    [
        "For more information please contact",
        "For more information, please contact",
        "For more information, please contact:",
        "For more information please contact,",
        "For further details contact",
        "FOR MORE INFORMATION, PLEASE CONTACT",
        "For more information on the kits, please contact",
        "For media enquiries, please write to",
        "Media contacts",
        "Press contact:",
        "Contact",
        "문의",
        "문의:",
        "문의처",
        "※ 문의처：",
        "■ 보도 관련 문의",
        "담당자",
        "자세한 내용은 아래로 문의해 주시기 바랍니다",
        "더 자세한 사항은 홍보 담당에게 연락 바랍니다.",
    ],
)
def test_the_usual_headings_open_a_contact_block(line):
    heading, rest = layout.contact_heading(line)

    assert rest == ""
    assert heading == line.rstrip(":：,")


@pytest.mark.parametrize(
    "line",
    [
        "For more information on the kits, please go to www.example.org",
        "Contact with the towns was lost on Sunday.",
        "문의가 이어지고 있다.",
        "Information for contacts",
        "",
    ],
)
def test_a_line_that_sends_the_reader_elsewhere_is_text(line):
    assert layout.contact_heading(line) is None


def test_names_may_follow_the_heading_on_its_line():
    assert layout.contact_heading("문의: 홍보 담당") == ("문의", "홍보 담당")
    assert layout.contact_heading("For more information, please contact Name One") == (
        "For more information, please contact",
        "Name One",
    )


def test_folding_leaves_one_plain_space_for_any_white_space():
    assert layout.fold("\u00a0 one\u3000two \t\u2003three\u200b ") == "one two three"
    assert layout.fold("\u200b\u00a0\u200b") == ""
