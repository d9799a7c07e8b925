"""The same request from another place and in another temper: what training adds to each phrase of the book.

A model that has seen every phrase behind many places, and before thanks, chasing and impatience, learns that
these decide nothing.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Final

from yingxu.core.language.book import classes_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_TAILS: Final = [
    "快点",
    "麻烦来人",
    "谢谢",
    "病人等着",
    "急",
    "拜托了",
    "怎么回事",
    "派个师傅来",
    "麻烦您派个人,谢谢",
    "催一下",
    "请尽快",
    "急死人了",
    "能不能快点安排",
    "报修",
    "电话也没人接",
    "家属都有意见了",
    "都好几天了",
    "辛苦了",
    "有病人在等",
    "刚发现的",
    "从早上到现在",
    "好几个人说了",
    "请安排",
    "现在就要",
    "马上",
    "看看怎么弄",
    "你们看一下",
    "说了几次了",
    "我们在这等着",
]
_OPENINGS: Final = [
    "麻烦看一下,",
    "你好,",
    "师傅,",
    "报修:",
    "请问",
    "那个,",
    "喂,",
    "急,",
    "您好麻烦",
    "我们",
    "我是护士站的,",
    "请派人,",
    "又",
    "今天",
    "早上",
    "昨晚开始",
    "帮我看下",
    "快来,",
]


def variations(texts: list[str], items: list[str], *, n_each: int, seed: int = 0) -> Iterator[tuple[int, str]]:
    """Yield ``(index, varied text)``, `n_each` for each text; the same for the same arguments.

    Parameters
    ----------
    texts, items : list of str
        Phrases and their item codes; phrases of ``gen.`` items get no tail, since chasing and thanks are what
        they say.
    n_each : int
        Variations for each phrase.
    seed : int
        Seed of the choice.
    """
    choice = Random(seed)
    words = classes_of("places.txt")
    departments, rooms, buildings = words["DEPARTMENT"], words["ROOM"], words["BUILDING"]
    for index, (text, item) in enumerate(zip(texts, items, strict=True)):
        for _ in range(n_each):
            department, kind = choice.choice(departments), choice.random()
            if kind < 0.4:
                where = department
            elif kind < 0.75:
                where = department + choice.choice(rooms)
            else:
                where = choice.choice(rooms if kind < 0.9 else buildings)
            varied = where + text if choice.random() < 0.75 else f"{text},{where}"
            if choice.random() < 0.3:
                varied = choice.choice(_OPENINGS) + varied
            if not item.startswith("gen.") and choice.random() < 0.5:
                varied += "," + choice.choice(_TAILS)
            yield index, varied
