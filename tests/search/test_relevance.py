"""How well the search finds, on each database; -s shows the figures."""

import statistics

import pytest

from contacts.models import Mission
from releases.models import Release, ReleaseContact
from releases.search import index

from ..factories import NINE
from .corpus import MISSIONS, corpus
from .relevance import QUESTIONS, answers, judged


@pytest.fixture
def by_key(db):
    """The corpus as releases, by their keys."""
    missions = {
        slug: Mission.objects.create(slug=slug, name_ko=ko, name_en=en, aliases=aliases)
        for slug, (ko, en, aliases) in MISSIONS.items()
    }
    told = corpus()
    with index.once():
        releases = Release.objects.bulk_create(
            Release(
                title_ko=one.title_ko,
                title_en=one.title_en,
                summary_ko=one.summary_ko,
                body_ko=one.body_ko,
                body_en=one.body_en,
                mission=missions.get(one.mission),
                release_date=one.day,
                slug="release",
                publish_at=NINE.replace(year=one.day.year, month=one.day.month, day=one.day.day),
                submitted_at=NINE,
                approved_at=NINE,
            )
            for one in told
        )
        ReleaseContact.objects.bulk_create(
            ReleaseContact(release=release, position=place, name=name)
            for release, one in zip(releases, told, strict=True)
            for place, name in enumerate(one.contacts)
        )
    return {release.pk: one for release, one in zip(releases, told, strict=True)}


def test_the_set_is_large_enough_and_each_question_has_an_answer():
    told = corpus()

    assert len(told) >= 300
    assert len({question.text for question in QUESTIONS}) == len(QUESTIONS) >= 60
    assert all(any(answers(question, one) for one in told) for question in QUESTIONS)


def test_what_answers_stands_among_the_first_ten_results(by_key):
    figures = [(question, *judged(question, by_key)) for question in QUESTIONS]

    for question, recall, precision, first in figures:
        if recall < 1 or precision < 1:
            wrong = [one.title_ko or one.title_en for one in first if not answers(question, one)]
            print(f"{question.text}: recall {recall:.2f}, precision {precision:.2f}; {wrong}")
    recall = statistics.mean(recall for _question, recall, _precision, _first in figures)
    precision = statistics.mean(precision for _question, _recall, precision, _first in figures)
    print(f"{len(by_key)} releases, {len(QUESTIONS)} questions:", end=" ")
    print(f"recall@10 {recall:.3f}, precision@10 {precision:.3f}")
    assert recall >= 0.98
    assert precision >= 0.9
