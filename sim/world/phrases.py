"""What people say: phrases by what they are for, language and mood; "{}" is where they name the thing.

Each array is by language (`LATIN`, `CHINESE`), then mood; all its cells hold as many phrases.
"""

import numpy as np
from numpy.typing import NDArray

Phrases = NDArray[np.object_]

LATIN, CHINESE = 0, 1
DISPLEASED, EVEN, PLEASED = 0, 1, 2
ON_TIME, LATE = 0, 1


def _phrases(*languages: tuple[tuple[str, ...], ...]) -> Phrases:
    """Return phrases by language and mood (or lateness), shape (2, moods, phrases)."""
    return np.array(languages, object)


OPENING = _phrases(
    (
        ("Disappointed.", "Would not buy again.", "Waste of money.", "Not happy at all.", "Poor."),
        ("It is okay.", "Fair for the price.", "Nothing special.", "As expected.", "So-so."),
        ("Love it!", "Very happy.", "Great buy.", "Would buy again.", "Excellent!"),
    ),
    (
        ("很失望", "不会再买了", "浪费钱", "差评", "不满意"),
        ("还可以", "一般般", "中规中矩", "凑合", "和预期差不多"),
        ("非常满意", "好评", "会回购", "超级喜欢", "物超所值"),
    ),
)
"""How a review begins."""

VERDICT = _phrases(
    (
        ("The {} broke.", "The {} looks cheap.", "The {} is a letdown.", "Bad {}.", "The {} is not as shown."),
        ("The {} does its job.", "The {} is average.", "A usual {}.", "The {} is fine.", "Neither good nor bad {}."),
        ("The {} is lovely.", "Perfect {}.", "The {} works so well.", "Best {} so far.", "The {} feels well made."),
    ),
    (
        ("{} 质量很差", "{} 坏了", "{} 与描述不符", "{} 很廉价", "{} 不好用"),
        ("{} 一般", "{} 过得去", "{} 普普通通", "{} 没什么特别", "{} 勉强能用"),
        ("{} 质量很好", "{} 很好用", "{} 做工精致", "{} 太棒了", "{} 比想象中好"),
    ),
)
"""What a review says about the thing."""

ARRIVAL = _phrases(
    (
        ("Fast delivery.", "Arrived on time.", "Came quickly.", "Quick shipping."),
        ("Arrived late.", "Took far too long.", "Slow delivery.", "Waited for days past the date."),
    ),
    (
        ("物流很快", "准时到货", "很快就收到了", "发货快"),
        ("物流太慢", "等了很久", "来晚了", "比承诺的晚到"),
    ),
)
"""What a review says about the way: by `ON_TIME` and `LATE`."""

REMARK = _phrases(
    (
        ("Not my kind of {}", "Boring {}", "Seen a better {} elsewhere", "Who needs that {}", "That {} looks cheap"),
        ("How much is the {}?", "Is the {} in stock?", "When does the {} ship?", "Which {} is that?", "Any {} left?"),
        ("Love this {}!", "I need that {}", "Wow, this {}", "Adding the {} to my cart", "This {} is so good"),
    ),
    (
        ("{} 不适合我", "{} 没意思", "别家的 {} 更好", "谁会买 {}", "{} 看着很廉价"),
        ("{} 多少钱", "{} 还有货吗", "{} 什么时候发货", "{} 怎么选", "{} 有别的款吗"),
        ("好喜欢 这个 {}", "想要 {}", "{} 绝了", "{} 已加购", "{} 太好看了"),
    ),
)
"""A comment under a video, in a room or beside an offer."""

SOMETHING = "thing"
"""What a thing without any text is called."""
