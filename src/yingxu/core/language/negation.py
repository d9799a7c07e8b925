"""What a text denies: a hazard that is excluded, over, or only feared by name is no hazard."""

from __future__ import annotations

import re
from typing import Final

_BEFORE: Final = re.compile(
    r"(没有?(?:发现|看到|看见|闻到|听到|见|出现|发生|再|人|看)?|无(?!力)|未(?:见|发现|闻)?|并非|不是|并不|不算|不会|不用怕|排除(?:了)?|不存在|没再|别|防止|避免|以防|预防(?!保健|科)|谨防|不冒|不再|没什么)"
    r"[^,。!?;、，|但可却]{0,5}$"
)
_AFTER: Final = re.compile(
    r"^[^,。!?;，|]{0,8}(?:已经?(?:排除|处理|扑灭|修好|控制|解除|复位|恢复|扶起|确认(?:是)?误报|停了)|是误会|是假的|演练|演习|培训|讲座|怎么办理|的?(?:概率|风险评估))"
)


def is_denied(text: str, start: int, end: int) -> bool:
    """Return whether the words at ``[start, end)`` of `text` are denied by what stands around them.

    ``不是漏水是着火`` denies the leak, not the fire: a denial reaches to the next stop or contrast.
    """
    before = text[max(0, start - 14) : start]
    # 是不是 asks, 不是…吗 affirms: neither denies.
    if before.endswith("是不是") or (
        before.rfind("不是") >= 0 and before.rstrip().endswith("是") and "不是" not in before[-2:]
    ):
        return False
    match = _BEFORE.search(before)
    if match and not before[: match.start() + 1].endswith(("有没", "是不", "会不")):
        return True
    return _AFTER.match(text[end : end + 20]) is not None
