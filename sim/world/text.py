"""What is written about goods: words of their topics among words that say nothing."""

import numpy as np
from numpy.typing import NDArray

from sim.world.topics import TOPICS

Single = NDArray[np.float32]

TITLE_WORDS, DESCRIPTION_WORDS = 4, 10
TOPICAL = 0.6
"""Share of words that belong to a topic of the item."""
SECOND_TAG = 0.25
"""A second topic is a tag from this share on."""

_WORDS = (
    "hoodie denim sneaker oversized graphic cargo skater varsity loose 卫衣 潮牌 牛仔",
    "trail windproof hiking fleece ripstop summit camping thermal ridge 户外 登山 冲锋衣",
    "blazer silk pleated tailored evening cufflink linen crease dress 西装 衬衫 连衣裙",
    "serum toner moisturiser retinol cleanser barrier pores hydrating sunscreen 面霜 精华 保湿",
    "lipstick blush palette eyeliner matte shimmer concealer brow velvet 口红 眼影 腮红",
    "perfume jasmine amber musk citrus vetiver bergamot diffuser candle 香水 香薰 花香",
    "crisps biscuit chocolate caramel crunchy nut wafer popcorn jelly 零食 饼干 坚果",
    "oolong jasmine-tea leaf infusion matcha teapot steeped pu-erh harvest 茶叶 龙井 普洱",
    "orchard ripe fillet prawn cherry mango organic chilled farm 水果 海鲜 生鲜",
    "headphone bass speaker wireless soundbar noise-cancelling earbud treble microphone 耳机 音响 降噪",
    "smartphone charger lens screen battery magnetic case cable tempered 手机 充电器 屏幕",
    "console controller keyboard joystick fps arcade mousepad headset racing 游戏 手柄 键盘",
    "wok skillet knife blender steamer non-stick ladle kettle chopping 炒锅 菜刀 厨房",
    "duvet pillow mattress cotton quilt bedsheet lamp latex curtain 被子 枕头 床单",
    "puzzle plush robot bricks dinosaur puppet balloon train playset 玩具 积木 毛绒",
    "kibble leash litter aquarium kitten chew groom collar feeder 猫粮 狗粮 宠物",
)
_COMMON = [
    "new",
    "classic",
    "quality",
    "gift",
    "popular",
    "value",
    "daily",
    "special",
    "light",
    "strong",
    "set",
    "limited",
    "official",
    "original",
    "simple",
    "large",
    "small",
    "best",
    "fast",
    "easy",
    "modern",
    "premium",
    "season",
    "choice",
    "family",
    "favourite",
    "safe",
    "durable",
    "新款",
    "热卖",
    "正品",
    "包邮",
    "精选",
    "优惠",
]
_BY_TOPIC = [words.split() for words in _WORDS]
_PER_TOPIC = len(_BY_TOPIC[0])
TOPIC_WORDS = frozenset(word for words in _BY_TOPIC for word in words)
_VOCABULARY = np.array([word for words in _BY_TOPIC for word in words] + _COMMON, object)


def draw_texts(rng: np.random.Generator, mixture: Single) -> tuple[str, ...]:
    """Return a title and a description per item, words drawn by its mixture of topics (float32[n, d])."""
    words = TITLE_WORDS + DESCRIPTION_WORDS
    texts: list[str] = []
    for start in range(0, len(mixture), 1 << 15):
        part = mixture[start : start + (1 << 15)]
        limits = np.cumsum(part, axis=1, dtype=np.float64)
        asked = rng.random((len(part), words, 1)) * limits[:, None, -1:]
        topic = (asked >= limits[:, None, :-1]).sum(axis=2)
        topical = topic * _PER_TOPIC + rng.integers(0, _PER_TOPIC, topic.shape)
        common = len(_WORDS) * _PER_TOPIC + rng.integers(0, len(_COMMON), topic.shape)
        chosen = _VOCABULARY[np.where(rng.random(topic.shape) < TOPICAL, topical, common)].tolist()
        texts.extend(f"{' '.join(row[:TITLE_WORDS])}. {' '.join(row[TITLE_WORDS:])}" for row in chosen)
    return tuple(texts)


def tags_of(mixture: Single, category: NDArray[np.int32], categories: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """Return each item's public tags: its category, its main topic, and a second one that weighs enough."""
    order = np.argsort(-mixture, axis=1, kind="stable")[:, :2]
    second = np.where(np.take_along_axis(mixture, order[:, 1:], axis=1)[:, 0] >= SECOND_TAG, order[:, 1], -1)
    keys = list(zip(category.tolist(), order[:, 0].tolist(), second.tolist(), strict=True))
    made = {key: _tags(key, categories) for key in set(keys)}  # items share tuples
    return tuple(made[key] for key in keys)


def _tags(key: tuple[int, int, int], categories: tuple[str, ...]) -> tuple[str, ...]:
    category, main, second = key
    return (categories[category], TOPICS[main], *((TOPICS[second],) if second >= 0 else ()))
