"""What goods cost and what is written about them."""

import numpy as np
import pytest
from scipy import stats
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import roc_auc_score
from sklearn.naive_bayes import MultinomialNB

from sim.world.goods import Goods, make_goods
from tests.world.worlds import scenario, stream


@pytest.fixture(scope="module")
def goods() -> Goods:
    return make_goods(scenario(catalogue={"items": 6000}), stream(), None)


def test_prices_are_lognormal_by_category(goods):
    """Kolmogorov-Smirnov per category at 0.001 over all: one seed in a thousand would fail."""
    categories = scenario().catalogue.categories
    for c, category in enumerate(categories):
        logs = np.log(goods.price[goods.category == c] / 100)
        law = stats.norm(np.log(category.price_median), category.price_spread)
        assert stats.kstest(logs, law.cdf).pvalue > 0.001 / len(categories), category.name


def test_categories_have_their_shares(goods):
    shares = np.array([category.share for category in scenario().catalogue.categories])
    assert np.abs(np.bincount(goods.category) - 6000 * shares / shares.sum()).max() < 1


def test_the_topic_is_recoverable_from_the_text(goods):
    """Naive Bayes on words, learned on half of the items: AUC one-vs-rest on the other half, mean over topics.

    The standard error is about 0.005 at 3,000 items, so the bound of 0.8 lies far below what is asserted by luck.
    """
    topic = np.argmax(goods.mixture, axis=1)
    words = TfidfVectorizer(token_pattern=r"\S+").fit_transform(goods.text)
    model = MultinomialNB().fit(words[:3000], topic[:3000])
    guessed = model.predict_proba(words[3000:])
    areas = [roc_auc_score(topic[3000:] == t, guessed[:, i]) for i, t in enumerate(model.classes_)]
    assert np.mean(areas) >= 0.8
    assert np.min(areas) >= 0.7


def test_texts_say_no_more_about_the_topic_than_words_do(goods):
    """Nobody labels an item with its topic's name: otherwise reading would be too easy."""
    assert all(len(text.split()) == 14 for text in goods.text[:100])


def test_tags_begin_with_the_category_and_the_main_topic(goods):
    for i in range(50):
        assert goods.tags[i][0] == goods.categories[goods.category[i]]
        assert 2 <= len(goods.tags[i]) <= 3


def test_every_category_has_topics_of_its_own(goods):
    main = np.argmax(goods.mixture, axis=1)
    for c in range(len(goods.categories)):
        share = np.bincount(main[goods.category == c], minlength=16) / np.count_nonzero(goods.category == c)
        assert np.count_nonzero(share > 0.05) <= 4


def test_unit_costs_leave_the_margin(goods):
    margin = 1 - goods.unit_cost / goods.price
    assert abs(margin.mean() - 0.45) < 0.01  # 15 standard errors
    assert margin.min() >= 0


def test_weights_have_the_categories_medians(goods):
    for c, category in enumerate(scenario().catalogue.categories):
        median = np.median(goods.weight[goods.category == c])
        assert abs(median / category.weight_grams - 1) < 0.1  # more than five standard errors


def test_a_share_of_items_is_launched_inside_the_horizon(goods):
    during = goods.listed >= 0
    assert abs(during.mean() - 0.05) < 0.012  # four standard errors
    assert goods.listed.max() <= 14 * 1440 * 65536
    assert goods.listed[~during].min() >= -180 * 1440 * 65536
