"""The choice model: utilities in logit units, one consumer and one place at a time.

Pure functions of numbers, shared by the kernel and by the tests' one-process-per-session world.
"""

import math

from sim.schema.compiled import compiled


@compiled
def chance(utility):
    """Return the probability of choosing over the outside option: 1 / (1 + exp(-V))."""
    return 1.0 / (1.0 + math.exp(-utility))


@compiled
def match(taste, vector):
    """Return how well a content fits a taste: a dot product, standard normal over random pairs."""
    total = 0.0
    for i in range(len(vector)):
        total += taste[i] * vector[i]
    return total


@compiled
def click_utility(c, fit, appeal, relative_price, discount, sold, followed, sold_out, exposures):
    """Return V of a click.  ``relative_price`` = sensitivity x log(price / category reference)."""
    utility = c.click_base + c.click_taste * fit + appeal + c.click_price * relative_price
    utility += c.click_discount * discount + c.click_social * math.log(1.0 + sold)
    utility += c.log_repeat * exposures
    if followed:
        utility += c.click_followed
    if sold_out:
        utility += c.click_sold_out
    return utility


@compiled
def cart_utility(c, fit, relative_price, discount, in_room):
    """Return V of putting a clicked offer into the cart."""
    utility = c.cart_base + c.cart_taste * fit + c.cart_price * relative_price + c.cart_discount * discount
    if in_room:
        utility += c.live_cart
    return utility


@compiled
def buy_utility(c, fit, relative_price, discount, sold, stars, ratings, promise, trust, in_room):
    """Return V of trying to buy what is in the cart.  Ratings are damped by five of four stars."""
    rating = (stars + 20.0) / (ratings + 5.0)
    utility = c.buy_base + c.buy_taste * fit + c.buy_price * relative_price + c.buy_discount * discount
    utility += c.buy_social * math.log(1.0 + sold) + c.buy_rating * math.log(rating / 4.0)
    utility += c.buy_promise * (promise - 3.0) + c.buy_trust * (trust - c.opening_trust)
    if in_room:
        utility += c.live_buy
    return utility


@compiled
def duration(mean, u, grid):
    """Return an exponential duration in ticks, rounded up to the grid, at least one step."""
    ticks = math.ceil(-mean * math.log(u))
    steps = -(-ticks // grid)
    return max(1, int(steps)) * grid


@compiled
def depth(u, attention, places):
    """Return how many places are examined from the top, so that P(depth >= r) = r^-attention."""
    if attention <= 0.0:
        return places
    reached = u ** (-1.0 / attention)
    return places if reached >= places else int(reached)


@compiled
def units_wanted(u, more):
    """Return a geometric number of units, at least one."""
    if more <= 0.0:
        return 1
    return 1 + min(50, int(math.log(u) / math.log(more)))
