"""content_tfidf and tag_match: against formulas worked out with dictionaries, and small cases done by hand."""

import math
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from policies.recommenders._words import terms
from policies.recommenders.content_tfidf import ContentTfidf
from policies.recommenders.tag_match import TagMatch
from sim.record.word_tables import comment_table
from sim.schema.kinds import Act, Surface
from sim.schema.recommending import Comments
from tests.policies.small import asked, begun, clicks, logged, page_of, shop
from tests.whole.lively import LIVELY, merged
from tests.whole.watched import watch

TEXTS = [
    "red hiking jacket windproof", "blue hiking jacket", "green tea from the hills", "black tea strong",
    "卫衣 潮牌 宽松", "新款卫衣男", "hiking boots red", "jacket denim", "tea pot", "登山包",
]  # fmt: skip
TAGS = [("a",), ("a", "b"), ("b",), ("c",), ("a", "c"), (), ("b", "c"), ("d",)]


def vectors(texts, most_common):
    """Return TF-IDF as dictionaries of unit length."""
    counts = [Counter(terms(text)) for text in texts]
    having = Counter(term for count in counts for term in count)
    rows = []
    for count in counts:
        row = {
            t: (1 + math.log(n)) * (1 + math.log((1 + len(texts)) / (1 + having[t])))
            for t, n in count.items()
            if having[t] <= most_common * len(texts)
        }
        length = math.sqrt(sum(v * v for v in row.values()))
        rows.append({t: v / length for t, v in row.items()})
    return rows


def dot(one, other):
    return sum(v * other.get(t, 0.0) for t, v in one.items())


def test_latin_text_is_cut_into_words_and_chinese_into_grams():
    assert terms("Noise-cancelling EARBUD 2") == ["noise-cancelling", "earbud", "2"]
    assert terms("冲锋衣") == ["冲锋", "锋衣", "冲锋衣"]
    assert sorted(terms("新款hoodie男")) == sorted(["新款", "男", "hoodie"])
    assert terms("一二三四五").count("二三四五") == 1
    assert terms("") == terms("—— !") == []


@pytest.mark.parametrize("history", [[0], [0, 2], [4, 3, 6]])
def test_offers_rank_by_the_cosine_to_the_mean_of_the_profile(history):
    rows = vectors(TEXTS, 0.5)
    mean: Counter[str] = Counter()
    for i in history:
        mean.update(rows[i])
    length = math.sqrt(sum(v * v for v in mean.values()))
    cosine = np.array([dot(mean, row) / length for row in rows])
    catalogue = shop(len(TEXTS), 1, text=TEXTS)
    policy = begun(ContentTfidf(neighbours=1000), catalogue)
    others = [i for i in range(len(TEXTS)) if i not in history and cosine[i] > 0]
    found = page_of(policy, asked(catalogue, [0], [history]), len(TEXTS))[0][: len(others)]
    assert set(found) == set(others)
    assert np.all(np.diff(cosine[found]) <= 1e-6)


def test_words_find_new_offers_that_nobody_has_bought_in_either_script():
    catalogue = shop(len(TEXTS), 2, text=TEXTS)
    policy = begun(ContentTfidf(), catalogue, clicks(catalogue, [[4], [8]]))
    assert page_of(policy, asked(catalogue, [0, 1]), 1) == [[5], [3]]


def test_tags_are_read_as_words_too():
    catalogue = shop(3, 1, tags=[("sport",), ("food",), ("sport",)])
    policy = begun(ContentTfidf(most_common=0.9), catalogue)
    assert page_of(policy, asked(catalogue, [0], [[0]]), 1) == [[2]]


@pytest.mark.parametrize("texts", [[""] * 3, ["same"] * 3, ["!", "?", "…"]])
def test_where_words_tell_nothing_popularity_serves(texts):
    catalogue = shop(3, 1, text=texts)
    policy = begun(ContentTfidf(), catalogue, clicks(catalogue, [[2]]))
    assert page_of(policy, asked(catalogue, [0]), 3)[0][0] == 2


@pytest.mark.parametrize("policy", [ContentTfidf(), TagMatch()], ids=["content_tfidf", "tag_match"])
def test_videos_and_live_rooms_are_as_good_as_the_offer_they_show(policy):
    catalogue = shop(
        4,
        1,
        videos=[1, 3],
        n_rooms=2,
        text=["tea cup", "tea pot", "shoe", "boot"],
        tags=[("t",), ("t",), ("s",), ("s",)],
    )
    begun(policy, catalogue)
    feed = page_of(policy, asked(catalogue, [0], [[0]], room_offer=[3, 1]), 3)[0]
    assert sorted(feed) == [1, 4, 7]  # the offer, its video, the second room
    assert page_of(policy, asked(catalogue, [0], [[0]], Surface.MALL, room_offer=[3, 1]), 1) == [[1]]
    off_air = page_of(policy, asked(catalogue, [0], [[0]], room_offer=[3, -1]), 6)[0]
    assert sorted(off_air[:2]) == [1, 4]
    assert 7 not in off_air
    # a click on a video or in a room is one on the offer shown there
    assert page_of(policy, asked(catalogue, [0], [[4]], Surface.MALL), 1) == [[0]]
    assert page_of(policy, asked(catalogue, [0], [[7]], Surface.MALL, room_offer=[3, 1]), 1) == [[0]]


def test_search_shows_what_matches_within_the_category():
    catalogue = shop(4, 1, text=["tea cup", "tea pot", "tea can", "boot"], category=[0, 0, 1, 1])
    policy = begun(ContentTfidf(most_common=1.0), catalogue)
    assert page_of(policy, asked(catalogue, [0], [[0]], Surface.SEARCH, query=1), 2) == [[2, 3]]


@pytest.mark.parametrize("history", [[0], [1, 3], [4, 6, 2]])
def test_tags_pull_by_their_rarity_and_their_share_of_an_offer(history):
    catalogue = shop(len(TAGS), 1, tags=TAGS)
    bearers = Counter(t for some in TAGS for t in some)
    pull: Counter[str] = Counter()
    for o in history:
        pull.update({t: 1 / math.sqrt(len(TAGS[o])) for t in TAGS[o]})
    score = np.array(
        [
            sum(pull[t] * math.log(1 + len(TAGS) / bearers[t]) for t in some) / math.sqrt(max(len(some), 1))
            for some in TAGS
        ]
    )
    policy = begun(TagMatch(), catalogue)
    others = [o for o in range(len(TAGS)) if o not in history and score[o] > 0]
    found = page_of(policy, asked(catalogue, [0], [history]), len(TAGS))[0][: len(others)]
    assert set(found) == set(others)
    assert np.all(np.diff(score[found]) <= 1e-6)


def test_of_offers_with_equal_tags_the_more_popular_comes_first():
    catalogue = shop(5, 2, tags=[("t",)] * 5)
    rows = [(0.0, Act.CLICK, 0, 3), (0.0, Act.ORDER, 0, 4), (0.0, Act.CLICK, 1, 0)]
    policy = begun(TagMatch(), catalogue, logged(catalogue, rows))
    assert page_of(policy, asked(catalogue, [1], surface=Surface.MALL), 2) == [[4, 3]]


def test_through_a_crowded_tag_the_most_popular_and_the_newest_are_found():
    catalogue = shop(9, 2, tags=[("t",)] * 9)  # newest first: 0, 1, ...
    rows = [(0.0, Act.ORDER, 0, 7), (0.0, Act.CART, 0, 8), (0.0, Act.CLICK, 1, 7)]
    policy = begun(TagMatch(bearers=4), catalogue, logged(catalogue, rows))
    kin = policy._state.kin
    assert kin.offers.member.tolist() == [0, 1, 7, 8]


def test_what_is_said_about_an_offer_counts_among_its_words_the_newest_comments_only():
    """Offers 0 and 2 share no word until somebody says "waterproof" of both; a second comment pushes it out again."""
    catalogue = shop(4, 2, text=["tent red", "mug", "boots", "tent blue"])
    log = clicks(catalogue, [[0], []])
    said = Comments(np.array([0, 2, 1], np.int32), ("waterproof!", "really waterproof", "nice"))
    later = Comments(np.array([0, 2, 1, 0], np.int32), (*said.text, "so red"))

    def alike(comments, most):
        policy = begun(ContentTfidf(comments=most, most_common=1.0), catalogue)
        policy.fit(replace(log, comments=comments), catalogue)
        near = policy._state.kin.offers
        return set(near.member[: near.start[1]].tolist()) - {0}

    assert alike(None, 1) == alike(said, 0) == {3}
    assert alike(said, 1) == {2, 3}
    assert alike(later, 1) == {3}
    assert alike(later, 2) == {2, 3}


MIXED = {"kind": "hybrid", "with": {"members": ["content_tfidf", "random"]}}


@pytest.mark.parametrize("kind", ["content_tfidf", MIXED], ids=["alone", "inside"])
def test_a_policy_that_reads_comments_is_handed_their_words_as_the_record_has_them(kind):
    block = {"kind": kind, "with": {}} if isinstance(kind, str) else kind
    rules = merged(LIVELY, {"policies": {"recommender": block}, "behaviour": {"social": {"comment": 0.5}}})
    watched, replication = watch(rules)
    texts = comment_table(replication.world, replication.acts).to_pandas().dropna(subset="offer_id")
    for log in watched.logs:
        so_far = texts[texts["time"] < log.until]
        assert list(log.comments.text) == so_far["text"].tolist()
        assert log.comments.offer.tolist() == so_far["offer_id"].tolist()
    assert len(watched.logs[-1].comments.text) > 20


def test_who_does_not_read_comments_is_handed_none():
    watched, _ = watch(
        merged(LIVELY, {"policies": {"recommender": {"kind": "content_tfidf", "with": {"comments": 0}}}})
    )
    assert all(log.comments is None for log in watched.logs)
