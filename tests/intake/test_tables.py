"""A table with a row for each release, as spreadsheets save it."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from releases.intake.files import UnreadableFile
from releases.intake.posts import IncomingPost, RefusedPost, Standing
from releases.intake.tables import is_table, read_table

SEOUL = ZoneInfo("Asia/Seoul")


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def saved(folder, text, encoding="utf-8"):
    path = folder / "releases.csv"
    path.write_bytes(text.encode(encoding))
    return path


def read(folder, text, encoding="utf-8"):
    return list(read_table(saved(folder, text, encoding), SEOUL))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_is_read_as_any_spreadsheet_saves_it(tmp_path, encoding, delimiter):
    rows = [
        ["제목", "본문", "보도일", "게시일", "조회수", "국가", "작성자"],
        ["겨울 물품", '"한 문단.\n\n둘째 문단."', "2014. 9. 9.", "2014-09-10 09:30", '"1,234"',
         "이라크", "담당"],
    ]  # fmt: skip
    text = "\r\n".join(delimiter.join(row) for row in rows)

    path = saved(tmp_path, text, encoding)
    [post] = read_table(path, SEOUL)

    assert is_table(path)
    assert (post.title, post.line, post.author) == ("겨울 물품", 2, "담당")
    assert post.body == "<p>한 문단.</p>\n<p>둘째 문단.</p>"
    assert post.release_date == date(2014, 9, 9)
    assert post.publish_at == datetime(2014, 9, 10, 0, 30, tzinfo=UTC)
    assert (post.views, post.terms, post.remarks) == (1234, ("이라크",), ())
    assert post.words.lost == ()


def test_a_headline_with_its_date_needs_no_other(tmp_path):
    [post] = read(tmp_path, "title,body\n(2014/9/9) Kits,Iraq - One.\n")

    assert (post.title, post.place, post.body) == ("Kits", "Iraq", "<p>One.</p>")
    assert post.publish_at == datetime(2014, 9, 8, 15, tzinfo=UTC)


def test_the_line_of_a_row_is_that_of_the_file(tmp_path):
    text = 'title,body,date\nKits,"One.\n\nTwo.",2014-09-09\n\nMore,Three.,2014-09-10\n'

    assert [post.line for post in read(tmp_path, text)] == [2, 6]


@pytest.mark.parametrize("encoding", ["cp949", "utf-16"])
def test_a_long_table_is_known_by_its_beginning(tmp_path, encoding):
    row = "겨울 물품,한 문단이다.,2014-09-09\n"

    assert is_table(saved(tmp_path, "제목,본문,날짜\n" + row * 4000, encoding))


def test_html_in_a_cell_stays_html(tmp_path):
    [post] = read(tmp_path, 'title,body,date\nKits,"<p>One <b>two</b>.</p>",2014-09-09\n')

    assert post.body == "<p>One <strong>two</strong>.</p>"


def test_a_row_tells_its_place_its_pictures_and_its_address(tmp_path):
    text = (
        "title,body,date,place,pictures,url\n"
        "Kits,One.,2014-09-09,Iraq,https://x.org/a.jpg https://x.org/b.png,https://x.org/kr/12\n"
    )

    [post] = read(tmp_path, text)

    assert (post.place, post.body, post.addresses) == ("Iraq", "<p>One.</p>", ("/kr/12",))
    assert [file.address for file in post.files] == ["https://x.org/a.jpg", "https://x.org/b.png"]


@pytest.mark.parametrize(
    ("status", "standing"),
    [
        ("", Standing.PUBLIC),
        ("공개", Standing.PUBLIC),
        ("Draft", Standing.DRAFT),
        ("pending", Standing.IN_REVIEW),
        ("예약", Standing.SCHEDULED),
        ("who knows", Standing.DRAFT),
    ],
)
def test_no_row_becomes_more_public_than_it_says(tmp_path, status, standing):
    [post] = read(tmp_path, f"title,body,date,status\nKits,One.,2014-09-09,{status}\n")

    assert post.standing == standing
    assert bool(post.remarks) == (status == "who knows")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("Kits,One.,9 Sept", "“9 Sept” is no date"),
        ("Kits,One.,2014-02-30", "“2014-02-30” is no date"),
        ("Kits,One.,0001-01-01", "“0001-01-01” is no date"),
        ("Kits,One.,9999-12-31T23:59:59-05:00", "is no date"),
        ("Kits,One.,", "no date that can be read"),
        (",,2014-09-09", "needs a headline and a text"),
    ],
)
def test_a_row_that_says_too_little_is_refused_and_the_next_is_read(tmp_path, row, reason):
    refused, post = read(tmp_path, f"title,body,date\n{row}\nMore,Two.,2014-09-10\n")

    assert isinstance(refused, RefusedPost)
    assert refused.line == 2
    assert reason in refused.reason
    assert isinstance(post, IncomingPost)


def test_the_same_release_twice_is_refused(tmp_path):
    text = "title,body,date\nKits,One.,2014-09-09\nKITS,Two.,2014-09-09\nKits,Two.,2014-09-10\n"

    first, refused, third = read(tmp_path, text)

    assert isinstance(refused, RefusedPost)
    assert "line 2" in refused.reason
    assert first.source_key != third.source_key


def test_a_column_that_nobody_knows_is_named(tmp_path):
    [post] = read(tmp_path, "title,body,date,colour\nKits,One.,2014-09-09,blue\n")

    assert "colour" in post.remarks[0].message


def test_a_table_without_a_text_is_said_to_be_none(tmp_path):
    with pytest.raises(UnreadableFile, match="no column “body”"):
        read(tmp_path, "title,date\nKits,2014-09-09\n")

    assert not is_table(tmp_path / "releases.csv")


def test_posts_of_two_sites_with_one_number_are_two(tmp_path):
    [one] = read(tmp_path, "title,body,date,address\nKits,One.,2014-09-09,http://a.example/?p=1\n")
    [two] = read(tmp_path, "title,body,date,address\nKits,Two.,2014-09-09,http://b.example/?p=1\n")
    [again] = read(
        tmp_path, "title,body,date,address\nKits,Three.,2014-09-09,https://www.a.example/?p=1\n"
    )

    assert one.source_key != two.source_key
    assert one.source_key == again.source_key


def test_pictures_are_taken_from_where_the_table_says_that_they_are(tmp_path):
    [post] = read(
        tmp_path,
        "title,body,date,picture,url\n"
        'Kits,"<p>One. <img src=""https://other.example.org/b.jpg"" alt=""B""></p>",2014-09-09,'
        "https://cdn.example.net/a.jpg,http://old.example.org/kits/\n",
    )

    assert post.site == "old.example.org"
    assert [file.address for file in post.files] == ["https://cdn.example.net/a.jpg"]
    assert '<a href="https://other.example.org/b.jpg">B</a>' in post.body


def test_numbers_without_end_are_none(tmp_path):
    endless = "9" * 5000

    [post] = read(tmp_path, f"title,body,date,id,views\nKits,One.,2014-09-09,{endless},{endless}\n")

    assert (post.number, post.views) == (1, None)
