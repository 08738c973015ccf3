"""What reviews and comments say: how pleased the writer is, what about, and nothing beyond."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.naive_bayes import MultinomialNB

from sim.world.phrases import ARRIVAL, OPENING, REMARK, VERDICT
from sim.world.sayings import CHINESE_SHARE, LONGEST_WORD, comment_texts, review_texts
from sim.world.text import TOPIC_WORDS, draw_texts
from sim.world.topics import draw_mixtures

N, HALF, ROOT = 8000, 4000, 2026
N_OFFERS = 400


def occasions(n: int = N) -> np.ndarray:
    rng = np.random.default_rng(3)
    return np.column_stack((np.arange(n) % 997, np.arange(n), rng.integers(0, N_OFFERS, n)))


@pytest.fixture(scope="module")
def goods() -> tuple[np.ndarray, tuple[str, ...]]:
    """Return the main topic and the text of each offer."""
    rng = np.random.default_rng(5)
    mixture = draw_mixtures(rng, rng.integers(0, 8, N_OFFERS).astype(np.int32), 8)
    return np.argmax(mixture, axis=1), draw_texts(rng, mixture)


def reviews(texts, stars, late) -> list[str]:
    when = occasions(len(stars))
    return review_texts(ROOT, when, when[:, 0], stars, late, when[:, 2], texts)


def comments(texts, match) -> list[str]:
    when = occasions(len(match))
    return comment_texts(ROOT, when, when[:, 0], match, when[:, 2], texts)


def area(texts: list[str], label: np.ndarray) -> float:
    """Return the AUC on the second half of a logistic regression on words, learned on the first."""
    words = TfidfVectorizer().fit_transform(texts)
    half = len(texts) // 2
    model = LogisticRegression().fit(words[:half], label[:half])
    return float(roc_auc_score(label[half:], model.predict_proba(words[half:])[:, 1]))


def test_words_tell_the_pleased_from_the_displeased(goods):
    """The standard error of an AUC near 0.95 is under 0.005 at 3,000 held out: the bound is far from luck."""
    stars = np.random.default_rng(7).choice([1, 2, 4, 5], N)
    found = reviews(goods[1], stars, np.zeros(N, np.bool_))
    assert area(found, stars >= 4) >= 0.8
    assert area(found, stars >= 4) < 0.999  # people are not of one mind


def test_words_tell_a_late_parcel_among_equal_stars(goods):
    late = np.random.default_rng(8).random(N) < 0.5
    assert area(reviews(goods[1], np.full(N, 3), late), late) >= 0.8


def test_comments_tell_who_likes_what_they_see(goods):
    match = np.random.default_rng(9).standard_normal(N)
    clear = np.abs(match) > 0.5
    found = np.array(comments(goods[1], match), object)
    assert area(found[clear].tolist(), match[clear] > 0) >= 0.8


@pytest.mark.parametrize("saying", ["review", "comment"])
def test_the_topic_is_recoverable_from_what_is_said(goods, saying):
    """Naive Bayes learned on half of the texts: AUC one-vs-rest on the other half, mean over topics."""
    topic, texts = goods
    found = comments(texts, np.zeros(N)) if saying == "comment" else reviews(texts, np.full(N, 4), np.zeros(N, bool))
    words, label = TfidfVectorizer().fit_transform(found), topic[occasions()[:, 2]]
    model = MultinomialNB().fit(words[:HALF], label[:HALF])
    guessed = model.predict_proba(words[HALF:])
    areas = [roc_auc_score(label[HALF:] == t, guessed[:, i]) for i, t in enumerate(model.classes_)]
    assert np.mean(areas) >= 0.8


def test_a_comment_shows_a_match_only_by_its_grade(goods):
    grade = np.random.default_rng(11).integers(-2, 3, N).astype(np.float64)
    moved = grade + np.random.default_rng(12).uniform(-0.49, 0.49, N)
    moved[grade == -2] -= 3.0
    moved[grade == 2] += 3.0
    assert comments(goods[1], moved) == comments(goods[1], grade)


@given(st.permutations(range(12)))
def test_no_text_depends_on_which_others_are_written(order):
    texts = ("hoodie denim", "oolong leaf", "")
    when = occasions(12) % [997, 10**9, 3]
    stars, late, match = np.arange(12) % 5 + 1, np.arange(12) % 2 == 0, np.linspace(-2, 2, 12)
    some = np.array(order[:5])
    whole = review_texts(ROOT, when, when[:, 0], stars, late, when[:, 2], texts)
    part = review_texts(ROOT, when[some], when[some, 0], stars[some], late[some], when[some, 2], texts)
    assert part == [whole[i] for i in some]
    whole = comment_texts(ROOT, when, when[:, 0], match, when[:, 2], texts)
    assert comment_texts(ROOT, when[some], when[some, 0], match[some], when[some, 2], texts) == [whole[i] for i in some]


def test_a_consumer_keeps_to_one_language_and_a_share_writes_chinese(goods):
    """997 consumers: the share's standard error is 0.0145, so four of them is 0.06."""
    when = occasions()
    found = comments(("hoodie",) * N_OFFERS, np.zeros(N))
    chinese = np.array([not text.isascii() for text in found])
    share = [chinese[when[:, 0] == consumer].mean() for consumer in range(997)]
    assert set(share) == {0.0, 1.0}
    assert abs(np.mean(share) - CHINESE_SHARE) < 0.06


def test_a_thing_is_called_by_words_of_its_own_text(goods):
    texts = goods[1]
    for i, text in enumerate(comments(texts, np.zeros(200))):
        own = {word.strip(".") for word in texts[occasions()[i, 2]].split()} & TOPIC_WORDS
        assert any(word in text for word in own)


def test_a_text_that_was_read_gives_its_words_whatever_they_are():
    one, zero = np.ones((1, 1), np.int64), np.zeros(1, np.int64)
    for text, called in (("Xylofon (rot)!", ("Xylofon", "rot")), ("", ("thing",)), ("{} %s", ("{}", "%s"))):
        said = comment_texts(ROOT, one, zero, np.zeros(1), zero, (text,))[0]
        assert any(word in said for word in called)
    assert len(comment_texts(ROOT, one, zero, np.zeros(1), zero, ("x" * 999,))[0]) < LONGEST_WORD + 30
    assert "thing" in comment_texts(ROOT, one, zero, np.zeros(1), zero - 1, ("cup",))[0]


def test_every_cell_of_phrases_is_full_and_names_the_thing_where_it_should():
    for table, moods, named in ((OPENING, 3, 0), (VERDICT, 3, 1), (ARRIVAL, 2, 0), (REMARK, 3, 1)):
        assert table.shape[:2] == (2, moods)
        assert len(set(table.ravel())) == table.size
        for cell in product(*map(range, table.shape)):
            assert table[cell].count("{}") == named, table[cell]
