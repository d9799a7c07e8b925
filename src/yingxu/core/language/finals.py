"""The last step: from what rules and linear models say to one urgency, danger yes or no, and how sure the item is.

Small logistic models over a handful of named facts, so that each can be read and argued with.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np

from yingxu.core.language.book import book_shares, catalogue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from yingxu.core.language.danger import Alarm
    from yingxu.core.language.scorer import Reading

#: Sharpness that turns decision values of separators into shares.
SHARPNESS: Final = 5.0

_ASKS: Final = re.compile(
    r"建议|请问|能不能|能否|可不可以|可以吗|希望|想(?!起|不|必)|增加|放个|加个|降低|提醒|换换|最好|多少钱|怎么办理|什么时候|打听|表扬|感谢|不知道能|可以.{0,6}不$|行不行|想请|想把|想换|想要|多装|多配|加装|改成|换成|意见|点个?赞|怎么收费|找谁|在哪"
)
_PLANNED: Final = re.compile(
    r"预约|申请|明[天早晚]|后天|下周|下个?月|周[一二三四五六日末]|月底|计划|提前|号(?:上|下)午|[上下]午.{0,3}点|节前|换季|到期|约(?:一次|个|一下|在)|预定|订(?:一|个|学|会|报|多|车)|周(?:内|末)|改到|改期|试用|筹备|验收|迎检|检查前|开业|活动|义诊|讲座|年会|下班后|退宿|报到"
)
_UNHURRIED: Final = re.compile(
    r"不急|有空|方便的?(?:时候|就|再)?|抽空|哪天|慢慢|白天|下午再|人少|不影响|顺路|改天|小问题|两周|一周|路过|排着队|有时间|不着急|什么时候都|哪怕|抽时间|方便时|闲了|人手够|下班前|顺便|掉色|旧了|太旧|难看|不好看|不美观|看着不舒服|老化|淘汰|没什么人|也没人走|不耽误|能用|先用着|暂时"
)
_OFF_WARD: Final = re.compile(
    r"行政楼|办公室|值班室|花园|示教室|会议室|宿舍|规培|停车|车库|报告厅|院子|更衣室|操场|仓库|库房|休息室|图书|食堂|活动室|护士站|领导|院子|小路|走廊尽头|草坪|广场|门卫|岗亭|食堂门口|健身|快递|档案|院办|科教"
)
_NOW: Final = re.compile(
    r"马上|现在|立刻|立即|赶紧|赶快|这就|临时|等着|等用|今天(?:要|就|必须)|分钟|快点|急用|急着|占着|被占|撞了|订了两|漏签|弄错|送错"
)
_BROKEN: Final = re.compile(
    r"坏|不动|失灵|断|堵|没了|用光|用完|不通|打不开|打不通|掉了|没反应|不亮|不出|破|裂|漏|死机|卡住|脏|臭|没人"
)
_ONE_BED: Final = re.compile(r"\d+床|床头|卫生间|手柄|线|绳|屏|门口|一个|有个")
_ALL: Final = re.compile(r"整|全|都|所有|主机|系统|每|几个|一片|大面积")
_CARE: Final = re.compile(
    r"手术|术间|ICU|抢救|透析|血透|NICU|新生儿|供应|导管|内镜|血库|输血|药库|冷链|冷库|疫苗|静配|急诊|产房|DSA|移植|CCU|无菌"
)
#: Facts that raise a request only together with what it asks for: each is weighed by itself.
WEAK: Final = frozenset(
    {
        "CARE_AREA",
        "CARE_DELAYED",
        "CARE_WORK_STOPS",
        "GROWS_WORSE",
        "INFECTION_CONTROL",
        "MANY_AFFECTED",
        "PATIENT_SUFFERS",
        "STAT",
        "SURGERY_SHORT",
        "WEAK_PERSON",
        "WHOLE_WARD",
    }
)
#: Items whose words themselves are a question, praise, suggestion or cancellation: class 4 by rule.
_MERELY_SAID: Final = frozenset({"gen.cancel", "gen.consult", "gen.praise", "gen.suggest"})
_HARM: Final = re.compile(r"伤|疼|痛|血|昏|晕|吓|哭|怕|危险|躲|跑|报警|救|烫|扎|中毒|恶心|滑|掉下|砸|绊|摔|夹")


@cache
def _priors() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    defaults = np.zeros((len(catalogue()), 4))
    for row, item in enumerate(catalogue().values()):
        defaults[row, item.priority - 1] = 1.0
    return defaults, book_shares()


def shares_of(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the decision values of items as shares that sum to 1."""
    shares: NDArray[np.float64] = np.exp(SHARPNESS * (scores - scores.max()))
    shares /= shares.sum()
    return shares


def facts_of(text: str, reading: Reading, fired: Sequence[Alarm], items: Sequence[str]) -> NDArray[np.float64]:
    """Return the facts that urgency and danger are decided on, shape (n_facts,), with a constant 1 at the end."""
    defaults, book = _priors()
    shares = shares_of(reading.items)
    top = items[int(reading.items.argmax())]

    def share_under(alarm: Alarm) -> float:
        return float(sum(shares[i] for i in np.flatnonzero(shares > 0.01) if alarm.holds_for(items[int(i)])))

    under = {alarm.rule.code: share_under(alarm) for alarm in fired}

    def strongest(priority: int, *, danger: bool | None = None) -> list[float]:
        chosen = [
            alarm
            for alarm in fired
            if (priority == 0 or alarm.rule.priority == priority)
            and (danger is None or alarm.rule.is_danger == danger)
            and alarm.rule.code not in WEAK
        ]
        return [
            max((under[alarm.rule.code] for alarm in chosen), default=0.0),
            float(any(alarm.holds_for(top) for alarm in chosen)),
        ]

    head = [float(np.clip(reading.extra[name], -2, 2)) for name in ("danger", "p1", "p2", "p4", "raised", "lowered")]
    facts = [
        *(shares @ defaults),
        *(shares @ book),
        *head,
        *strongest(1),
        *strongest(2),
        strongest(2, danger=False)[0],
        *strongest(0, danger=True),
        *(under.get(code, 0.0) for code in sorted(WEAK)),
        *(float(words.search(text) is not None) for words in (_ASKS, _PLANNED, _UNHURRIED, _OFF_WARD, _CARE)),
        *_together(text, shares @ defaults),
        float(top == "itt.call" and _ONE_BED.search(text) is not None and _ALL.search(text) is None),
        float(_HARM.search(text) is not None),
        min(len(text), 120) / 60.0,
        float(top.startswith("gen.")),
        sum(float(shares[i]) for i, code in enumerate(items) if code in _MERELY_SAID),
        float(_ASKS.search(text) is not None and not fired),
        float(_UNHURRIED.search(text) is not None and not fired),
        1.0,
    ]
    return np.array(facts)


def _together(text: str, by_default: NDArray[np.float64]) -> list[float]:
    """Return what words of time and wish say against the class that the item has by default."""
    now, broken = _NOW.search(text) is not None, _BROKEN.search(text) is not None
    waits = _UNHURRIED.search(text) is not None or _PLANNED.search(text) is not None
    asks, off = _ASKS.search(text) is not None, _OFF_WARD.search(text) is not None
    third, fourth = float(by_default[2]), float(by_default[3])
    return [
        fourth * now,
        fourth * broken,
        third * now,
        third * (waits and not now),
        third * (asks and not broken),
        third * (off and not now),
        third * (off and waits),
        float(by_default[1]) * waits,
    ]


def sureness_facts(reading: Reading) -> NDArray[np.float64]:
    """Return the facts that confidence is decided on."""
    ranked = np.sort(reading.items)[::-1]
    share = float(shares_of(reading.items).max())
    return np.array([share, float(ranked[0] - ranked[1]), float(ranked[0]), min(len(reading.grams), 400) / 200.0, 1.0])


def chance(weights: NDArray[np.float64], facts: NDArray[np.float64], told: float = 0.0) -> float:
    """Return the logistic of ``weights @ facts + told``, 0..1."""
    return float(1.0 / (1.0 + np.exp(-np.clip(weights @ facts + told, -30, 30))))


#: Share of P1 and chance of danger from which a text is called so: a missed one is worse than ten false ones.
P1_FROM: Final = 0.1
DANGER_FROM: Final = 0.12


def urgency_of(
    weights: NDArray[np.float64], facts: NDArray[np.float64], told: NDArray[np.float64] | None = None
) -> int:
    """Return the priority 1..4 that `weights`, shape (4, n_facts), give for `facts`; `told` is added to the logits."""
    values = weights @ facts
    if told is not None:
        values = values + told
    shares = np.exp(values - values.max())
    shares /= shares.sum()
    if shares[0] >= P1_FROM:
        return 1
    return 2 + int(shares[1:].argmax())
