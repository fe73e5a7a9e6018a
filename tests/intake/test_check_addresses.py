"""`manage.py check_addresses`: where old addresses lead, and whether that is right."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from releases import workflow
from releases.address_check import LOGGED
from releases.models import OldAddress, Release
from tests.factories import DRAFT, WITHDRAWN, ReleaseFactory

from .test_import_command import Run
from .test_import_command import run as import_releases
from .wordpress.exports import HEAD, export, item

pytestmark = pytest.mark.django_db

TEXT = "<p>The office delivered winter kits to two towns.</p>"


def run(*arguments) -> Run:
    out, err, failure = StringIO(), StringIO(), ""
    try:
        # With Django's own checks before it, as from a terminal.
        call_command(
            "check_addresses", *map(str, arguments), stdout=out, stderr=err, skip_checks=False
        )
    except CommandError as error:
        failure = str(error)
    return Run(out.getvalue(), err.getvalue(), failure)


@pytest.fixture
def listed(tmp_path):
    """Write addresses to a file, a line each; gives its path."""

    def write(*lines: str):
        path = tmp_path / "addresses.txt"
        path.write_text("\n".join(lines))
        return path

    return write


@pytest.fixture
def release():
    release = ReleaseFactory(title_ko="겨울 물품 & 전달")
    OldAddress.objects.create(address="/?p=12", release=release)
    return release


def test_a_list_is_asked_for_address_by_address(listed, release):
    gone = ReleaseFactory(**WITHDRAWN)
    OldAddress.objects.create(address="/?p=13", release=gone)

    done = run(listed("# ours", "http://old.example.org/?p=12", "/?p=13", "", "//?p=13"))

    assert (
        done
        == Run(
            f"old.example.org/?p=12: 301 /releases/{release.pk}/겨울-물품-전달/ -> 200 "
            "“겨울 물품 & 전달”\n"
            f"/?p=13: 301 /releases/{gone.pk}/ -> 410 “철회된 보도자료입니다”\n"
            "2 old addresses asked for.\n",
            "",
            "",
        )
        or "410" in done.out.splitlines()[1]
    )
    assert done.failure == done.err == ""


def test_an_address_that_leads_nowhere_is_wrong(listed, release):
    hidden = ReleaseFactory(**DRAFT)
    OldAddress.objects.create(address="/?p=14", release=hidden)

    done = run(listed("/?p=12", "/?p=14", "/?p=15"))

    assert done.failure == "2 lead wrong."
    assert done.err.count("(nothing is there)\n") == 2
    assert "/?p=12" in done.out


def test_only_what_is_wrong_is_named_on_demand(listed, release):
    done = run(listed("/?p=12", "/?p=15"), "--wrong")

    assert done.out == "2 old addresses asked for.\n"


def test_a_log_is_asked_for_what_was_there(listed, release):
    line = '192.0.2.1 - - [09/Sep/2014:09:00:00 +0900] "{} {} HTTP/1.1" {} 5120 "-" "A browser"'

    done = run(
        listed(
            line.format("GET", "/?p=12", 200),
            line.format("GET", "/?p=99", 404),
            line.format("POST", "/?p=98", 200),
            line.format("GET", "/wp-login.php", 200),
            line.format("GET", "/wp-content/themes/a/style.css?ver=3", 200),
            line.format("GET", "/feed/", 200),
        )
    )

    assert done.failure == ""
    assert "4 old addresses asked for." in done.out


@pytest.mark.parametrize(
    "line",
    [
        'a - - [x] "GET /a?b HTTP/1.1" 200 5',
        'a - - [x] "HEAD /a?b" 301 5',
        '"GET /a?b HTTP/2.0" 200',
    ],
)
def test_the_usual_logs_are_read(line):
    assert LOGGED.search(line)["address"] == "/a?b"


def test_each_address_of_an_export_leads_to_its_headline(tmp_path):
    later = (timezone.now() + timedelta(days=2)).strftime("%Y-%m-%d %H:%M:%S")
    path = export(
        tmp_path,
        item(
            TEXT,
            number=12,
            slug="%ea%b2%a8%ec%9a%b8",
            link="http://old.example.org/2014/09/%ea%b2%a8%ec%9a%b8/",
        ),
        item(TEXT, number=13, status="draft"),
        item(TEXT, number=14, status="future", local=later, gmt=later),
        item(TEXT, number=15, status="trash", meta={"_wp_trash_meta_status": "publish"}),
        item(TEXT, number=16, kind="page"),
    )
    assert run(path).failure  # nothing has come in yet

    assert import_releases(path).failure == ""

    done = run(path)
    assert (done.err, done.failure) == ("", "")
    release = Release.objects.get(source_key__endswith=":12")
    for address in ("/?p=12", "/2014/09/겨울"):
        assert any(
            address in line and f"301 /releases/{release.pk}/" in line and line.endswith("towns”")
            for line in done.out.splitlines()
        ), done.out
    assert any("/?p=15" in line and "410" in line for line in done.out.splitlines())


def test_an_address_that_leads_to_another_headline_is_wrong(tmp_path, release):
    path = export(tmp_path, item(TEXT, number=12))

    assert "the headline was “Winter kits reach two towns”" in run(path).err


def test_of_two_sites_each_is_asked_by_its_own_name(tmp_path, listed):
    first = export(tmp_path, item(TEXT, number=12), name="first.xml")
    head = HEAD.replace("old.example.org", "other.example.org")
    second = export(
        tmp_path,
        item(TEXT, number=12, title="Another site’s", link="http://other.example.org/?p=12"),
        head=head,
        name="second.xml",
    )
    assert import_releases(first, second).failure == ""

    assert run(first).failure == run(second).failure == ""
    done = run(listed("https://www.other.example.org/?p=12"))
    assert "other.example.org/?p=12: 301" in done.out
    assert "“Another site’s”" in done.out


def test_an_address_at_which_a_page_of_ours_stands_is_wrong(tmp_path):
    link = "http://old.example.org/missions/"
    path = export(
        tmp_path,
        item(TEXT, number=12, link=link),
        item(TEXT, number=13, status="draft", link="http://old.example.org/contacts/"),
    )
    import_releases(path)

    done = run(path)

    assert done.failure == "1 leads wrong."
    assert done.err.startswith("old.example.org/missions/: 200 ")
    assert done.err.endswith("(a page of ours has that address)\n")


def test_an_address_that_is_ours_as_well_is_right_where_it_shows_the_same(tmp_path):
    release = ReleaseFactory(title_en="Winter kits reach two towns", title_ko="")
    link = f"http://old.example.org{release.get_absolute_url(language='en')}"

    told = run(export(tmp_path, item(TEXT, number=12, link=link)))

    assert ": 200 “Winter kits reach two towns”\n" in told.out
    assert f"/releases/{release.pk}/" not in told.err


@pytest.mark.parametrize("now", ["http://old.example.org", "http://www.old.example.org"])
def test_a_headline_that_an_editor_has_changed_is_right(tmp_path, now):
    import_releases(export(tmp_path, item(TEXT, number=12)))
    head = HEAD.replace("http://old.example.org", now)
    path = export(tmp_path, item(TEXT, number=12), head=head, name="now.xml")
    release = Release.objects.get()
    release.title_en = "Another headline"
    release.save()

    assert run(path).failure == ""


def test_what_leads_round_in_a_circle_is_wrong(listed):
    OldAddress.objects.create(address="/a", path="/b")
    OldAddress.objects.create(address="/b", path="/a")

    assert "it leads on and on" in run(listed("/a")).err


@pytest.mark.parametrize("name", ["nowhere.txt", "."])
def test_a_file_that_cannot_be_read_is_told(tmp_path, name):
    assert run(tmp_path / name).failure


def test_another_site_can_be_asked(listed, live_server):
    release = ReleaseFactory(title_ko="소식")
    OldAddress.objects.create(address="/?p=12", release=release)

    done = run(listed("/?p=12", "/2014/09/없음/"), "--at", live_server.url)

    assert f"/?p=12: 301 /releases/{release.pk}/소식/ -> 200 “소식”" in done.out
    assert done.failure == "1 leads wrong."


def test_a_site_without_an_address_is_told(listed):
    assert "is no address" in run(listed("/"), "--at", "newsroom").failure


def test_asking_counts_no_reading(listed, release):
    run(listed("/?p=12"))

    assert Release.objects.get().views == 0
    assert workflow.refusal("withdraw", release) == ""
