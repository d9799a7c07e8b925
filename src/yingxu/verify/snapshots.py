"""Words -> a decision: does the text that came with a yes say no? And whose telephone is it?"""

from __future__ import annotations

import re
import unicodedata

#: The last figures of a telephone number say whose it is, however it was written.
_PHONE_TAIL = 8

#: Taken away first: they contain a word of no and mean no trouble.
HARMLESS = re.compile(
    r"没(?:有)?(?:任何|什么|啥)?(?:问题|毛病|异常|意见|事了?)|不错|不再|不用(?:谢|客气|再)|不客气|不漏了?|不堵了?|不响了?|没有?再|没得说|"
    r"没有?(?:什么|啥|任何)?(?:地方|一点)?不(?:满意|好|妥)的?|还(?:要|得|想)(?:感谢|谢谢|表扬|说声|点赞)|"
    r"还是(?:很|挺|蛮|非常|比较)?(?:满意|好|快|可以|专业|靠谱)(?!不)|"
    r"\bworks? (?:fine |well )?again\b|\b(?:thanks|thank you) again\b|\bagain,? (?:thanks|thank you)\b|"
    r"\bnothing to complain\b|\bcould(?:n['’]?t| not) be better\b|"
    r"不会再|不滴了?|不闪了?|好得不得了|了不起|差不多好了|"
    r"\bno (?:problems?|issues?|complaints?|more|longer|worries|leaks?)\b|\bnot bad\b|\bno need\b|\bnothing wrong\b|"
    r"\bnot (?:leaking|dripping|blocked|broken|noisy) (?:any ?more|any ?longer|now)\b|\bcan(?:no|')t complain\b",
    re.IGNORECASE,
)
#: What says no, or not yet. Short and simple by intent: a person looks at what it catches.
SAYS_NO = re.compile(
    r"没有?(?:修|弄|搞|处理|解决|打扫|清理|来|到|人|好|用|反应|换|装|送|完)|未(?:修|解决|处理|完成|到|好)|"
    r"还(?:是|在|没|有点|漏|堵|响|不)|仍然?|依然|依旧|照样|又(?:坏|漏|堵|响|停|跳|不|出现)|"
    r"不(?:行|好用|好使|亮|通|能用|制冷|制热|满意|管用|对|干净|到位|彻底|热|冷|凉|出水|工作)|只修|修了一半|一半|更(?:坏|差|严重)了|白修|假的|"
    r"时好时坏|凑合|治标|临时(?:弄|处理|应付|糊弄)|还(?:得|要|需)|不(?:太|怎么|咋)(?:行|好|样|地|管用|灵)|没两天|老毛病|"
    r"\b(?:came|comes|come|is) back\b|\bnothing (?:was |has been )?(?:done|changed|happened)\b|"
    r"\bnot (?:fixed|working|done|solved|repaired|resolved|good|clean|finished|ok(?:ay)?)\b|"
    r"\b(?:isn|wasn|doesn|didn|won|hasn|haven|aren)['’]?t\b|\bstill\b|\bagain\b|\bnever\b|\bnobody\b|\bno one\b|"
    r"\bunsolved\b|\bunfixed\b|\bworse\b|\bhalf[- ]done\b|\bbroken\b|\bcannot\b|\bcan['’]?t\b|\bnot (?:yet|at all)\b",
    re.IGNORECASE,
)


def says_no(text: str) -> bool:
    """Tell whether words that came with a yes say that it is not good (simple lexicon, Chinese and English)."""
    plain = HARMLESS.sub(" ", unicodedata.normalize("NFKC", text))
    return SAYS_NO.search(plain) is not None


def phone_tail(phone: str) -> str:
    """Return the figures of a telephone number that are the same however it was written; empty: too few."""
    figures = "".join(filter(str.isdigit, phone))
    return figures[-_PHONE_TAIL:] if len(figures) >= _PHONE_TAIL else ""
