"""Places that a text names: verbatim pieces of it, with passing mentions left out.

A place name is a run of parts (building, floor, department, room, bed, device) that touch each other. Numbers
may be spoken.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from yingxu.core.language.numbers import NUMBER, half_width
from yingxu.core.language.words import place_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_ROOMS: Final = r"(?:病房|诊室|房间|手术间|会议室|诊区|治疗室|办公室|宿舍|教室|室|房(?!颤|间隔))"
#: Departments that are told apart by a number: 肿瘤三科, 骨一, 呼吸二病区.
_STEMS: Final = (
    r"(?:肿瘤|骨|普外|普|心内|心外|心|呼吸|神内|神外|神经内|神经外|消化|血液|肾内|肾|内分泌|泌尿|胃肠|肝胆"
    r"|妇|产|儿|老年|康复|中医|感染|脊柱|创伤|综合|化疗|放疗)"
)
#: What follows a number that counts things and names no room.
_COUNTS: Final = (
    r"[个辆台位张名些样直起共般定点次天块元分号床楼层度%℃年月日两瓶袋套件支根条批群部组岁斤只份页箱盒人间切旦"
    r"整大小边半]"
)
_PATTERNS: Final = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        ("BUILDING", rf"(?:{NUMBER}|[A-Z])(?:号楼|栋|号院|#楼)|[A-Z]座(?!位|机|椅|谈|便)"),
        (
            "FLOOR",
            rf"负{NUMBER}(?:楼|层)?|地下{NUMBER}(?:楼|层|(?=停|车|库))|B[1-4](?![A-Z0-9超])(?:层)?|(?:{NUMBER}(?:楼|层)?(?:到|至|-|~))?(?<!全)(?<!有)(?<!上面)(?<!厚)(?<!了){NUMBER}(?:楼|层)(?!流|梯|板|上楼|白|油|灰|皮|膜|泡|袋|口罩|包布|手套|纱)|地下室|楼顶(?!花|层)|[东西南北][侧口](?!腔)|\d{{1,2}}F(?![A-Z])|顶楼|顶层|底楼",
        ),
        (
            "DEPARTMENT",
            rf"{NUMBER}(?:病区|护理单元|区(?!间))|[A-D]区\d{{0,3}}|[高中低]区|{_STEMS}科?[一二三四五六七八1-8](?:科|病区|病房|区|(?!\d|十|{_COUNTS}))|(?:CT|MR|MRI|DR|核磁|胃镜|B超){NUMBER}(?:号)?(?:机房|室|机|间)?",
        ),
        (
            "ROOM",
            rf"(?:{NUMBER}|(?<![A-Za-z])[A-Z]\d*)号?{_ROOMS}|(?:诊室|病房|会议室|治疗室|检查室|手术间|术间|宿舍|公寓|机房|规培楼|宿舍楼)\d{{1,4}}(?!\d|{_COUNTS})|(?<=[楼区幢栋])[1-9]\d{{2,3}}(?![\d.]|{_COUNTS})|(?<=楼上|我们|住在|住的)[1-9]\d{{2,3}}(?![\d.]|{_COUNTS})|{NUMBER}号?(?:间|术间|机房|窗口|窗|病室|产房|手术间|复苏位|机位|号位)(?!隔|接|上|风|一间|都)|第{NUMBER}(?:间|诊室|手术间|会议室)",
        ),
        (
            "BED",
            rf"(?<![弄满湿尿吐拉洒])(?:加|抢|监|特|(?<!留)观)?{NUMBER}(?:号)?床(?!单|垫|上用|一巾|厚|薄|被|毯|棉|褥|新)(?<!换一床)(?<!要一床)(?<!加一床)(?<!领一床)|{NUMBER}(?:号)?(?:病床|机位|牙椅|暖箱|透析机)|(?<![A-Za-z])[A-Z]\d{{1,3}}床",
        ),
        (
            "DEVICE",
            rf"(?<=楼){NUMBER}号(?=[\s,门梯里停卡有]|$)(?!梯|门诊)|(?:{NUMBER}|[A-Z])号?(?:电梯|客梯|货梯|医梯|医用梯|污梯|污物梯|病床梯|手术梯|梯|扶梯|餐梯|直梯)(?!子|队)|(?:急诊|手术室?|污|货|医用|污物|手术|病床|职工|专用|消防)(?:电)?梯|(?:{NUMBER})号(?:桩|车位|杆|道闸|闸机|闸|充电桩|窗口|通道|椅|牙椅|工作站|仓|舱|坑位|隔间)",
        ),
    )
)
#: Words that alone name no place: they only continue a place that stands before them.
_WEAK: Final = frozenset(
    [
        "走廊",
        "楼道",
        "过道",
        "大厅",
        "病房",
        "病区",
        "诊室",
        "诊区",
        "窗口",
        "门口",
        "入口",
        "出口",
        "楼梯",
        "阳台",
        "平台",
        "单间",
        "套间",
        "坡道",
        "台阶",
        "路口",
        "连接处",
        "检查",
        "康复",
        "病理",
        "呼吸",
        "感染",
        "肿瘤",
        "放射",
        "检验",
        "超声",
        "心电图",
        "门口",
        "单间",
        "放疗",
        "化疗",
        "透析",
        "MRI",
        "CT",
        "B超",
        "核磁",
        "磁共振",
        "内镜",
        "介入",
        "草坪",
        "体检",
        "营养科",
        "厨房",
        "机房",
        "安全出口",
        "消防通道",
        "安全通道",
        "电梯口",
        "楼梯口",
        "楼梯间",
        "候诊椅",
        "自助机",
        "配电箱",
        "配电柜",
        "洗手池",
        "开水器",
        "雨棚",
        "口腔",
        "眼科",
        "中医",
        "推拿",
        "老年",
        "血液",
        "消化",
        "操作间",
        "水井",
        "花坛",
        "草地",
        "传达室",
        "后勤",
        "总务",
        "大院",
        "重症",
        "实验室",
        "库房",
        "DSA",
        "仓库",
        "医生值班室",
        "单身公寓",
        "设备科",
        "信息科",
        "医务科",
        "保卫科",
        "医保办",
    ]
)
#: Words that name a place only next to another one.
_NEVER_ALONE: Final = frozenset(
    [
        "走廊",
        "楼道",
        "过道",
        "病房",
        "诊室",
        "窗口",
        "门口",
        "入口",
        "出口",
        "检查",
        "单间",
        "坡道",
        "台阶",
        "连接处",
        "楼梯",
        "平台",
        "阳台",
        "后勤",
        "总务",
        "化疗",
        "康复",
        "感染",
        "重症",
        "加床",
        "配电箱",
    ]
)
#: 呼吸机, 化疗药, 心电图仪: the word belongs to a thing, not to a place.
_A_THING: Final = re.compile(r"机(?!房)|药(?!房|库)|仪|液|袋|器(?!械)|病人?的|管(?!室|理)|囊|道(?!闸)|痴呆")
#: Words that join two places into a list: both are meant or neither.
_LIST: Final = frozenset({"和", "、", "及", "跟", "与", ",", "到", "-"})
_JOINED: Final = frozenset({"和", "、", "及", "与"})
_KINDS: Final = ("BUILDING", "FLOOR", "DEPARTMENT", "ROOM", "BED", "DEVICE")
#: Logit from which a place name counts as meant.
KEEP_FROM: Final = -0.2
#: Logit from which the last part counts as part of the name.
END_FROM: Final = 0.0
_JOIN: Final = re.compile(r"[ 的之]?")


@dataclass(frozen=True, slots=True)
class Part:
    """A run ``[start, end)`` of the text that is one part of a place name, and its kind."""

    start: int
    end: int
    kind: str


def parts_of(text: str) -> list[Part]:
    """Return the parts of place names in the half-width `text`, in order; of two that overlap the earlier."""
    found = [
        Part(f.start, f.end, f.kind) for f in place_words().scan(text) if not _A_THING.match(text[f.end : f.end + 2])
    ]
    for kind, pattern in _PATTERNS:
        found += [Part(m.start(), m.end(), kind) for m in pattern.finditer(text)]
    found.sort(key=lambda part: (part.start, -part.end))
    parts: list[Part] = []
    for part in found:
        if not parts or part.start >= parts[-1].end:
            parts.append(part)
    return parts


def runs_of(text: str) -> list[list[Part]]:
    """Return the parts of the half-width `text` gathered into names: parts that touch or that 的 joins."""
    runs: list[list[Part]] = []
    for part in parts_of(text):
        if runs and _JOIN.fullmatch(text[runs[-1][-1].end : part.start]):
            runs[-1].append(part)
        else:
            runs.append([part])
    return [run for run in runs if not (len(run) == 1 and text[run[0].start : run[0].end] in _NEVER_ALONE)]


_TO: Final = re.compile(r"(?:到|去|往|送|转|回|至|推|接|转入|来)$")
_AT: Final = re.compile(r"(?:在|从|我们|我是|我|是|这里是|这边|找|请)$")
_PASSING: Final = re.compile(
    r"(?:隔壁|对面|楼上|楼下|不是|像|比|怕|影响|给|连|跟|和|说|听|路过|经过|回|进|自己|让|叫|等|离|找|查|看到|进不去|上去|排队?到|堵到|淌到|楼上|楼下的?)$"
)
_AFTER_TO: Final = re.compile(r"^(?:到|去|送|转|接|取|拿|来|要|往|有|等着|收|叫)")
_AFTER_PERSON: Final = re.compile(r"^(?:的?(?:人|病人|护士|医生|师傅|阿姨|主任|保安|保洁|家属|都|说|也|看|上|打|不))")
_MOVES: Final = re.compile(r"送|接|转|推|取|拿|搬|陪|借|领|运|收|护送|做")
#: 卡在9楼和10楼中间: where a lift hangs, not where somebody is sent.
_BETWEEN: Final = re.compile(r"^.{0,5}(?:中间|之间|当中)")
_STOP_BEFORE: Final = re.compile(r"[,.;:!?、\s]$")


def facts_of_runs(text: str, runs: Sequence[Sequence[Part]]) -> NDArray[np.float64]:
    """Return for each place name the facts on which it is kept or left out, shape (n_runs, n_facts)."""
    strong_before = 0
    rows = []
    moves = float(_MOVES.search(text) is not None)
    for index, run in enumerate(runs):
        start, end = run[0].start, run[-1].end
        before, after = text[max(0, start - 4) : start], text[end : end + 4]
        kinds = {part.kind for part in run}
        weak = float(len(run) == 1 and text[start:end] in _WEAK)
        first = run[0].kind
        goes, at = _TO.search(before) is not None, _AT.search(before) is not None
        row = [
            float(index == 0),
            float(index == 1),
            float(strong_before > 0),
            float(strong_before > 1),
            weak,
            weak * float(index > 0),
            weak * goes,
            float(len(run) > 1),
            *(float(first == kind) for kind in _KINDS),
            *(float(first == kind) * float(strong_before > 0) for kind in _KINDS),
            float("BED" in kinds),
            float(goes),
            float(goes) * moves,
            float(at),
            float(_PASSING.search(before) is not None),
            float(_AFTER_TO.match(after) is not None),
            float(_AFTER_PERSON.match(after) is not None),
            float(_BETWEEN.match(text[end : end + 7]) is not None),
            float(start == 0),
            float(index > 0 and text[runs[index - 1][-1].end : start] in _LIST),
            float(_STOP_BEFORE.search(before) is not None),
            float(end == len(text)),
            moves,
            moves * float(index == 1),
            min(start, 60) / 60.0,
            min(end - start, 10) / 10.0,
            float(len(runs) == 1),
            1.0,
        ]
        rows.append(row)
        strong_before += not weak
    return np.array(rows)


_ENDINGS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        r"走廊|楼道|过道|电梯[厅间口]|楼梯|连廊|通道",
        r"门口|入口|出口|窗口",
        r"池$|[箱柜机椅井桶器桩]$|花坛|喷泉|水槽",
        r"^(?:病房|病区|诊区|诊室|科室)$",
        r"厕|卫生间|洗手间|浴室|淋浴|洗澡|盥洗|污[洗物]",
        r"办公|值班|更衣|休息|库房|仓库|配餐|开水",
        r"[室间]$",
        r"\d|^[一二三四五六七八九十]+[间诊]",
    )
)


#: Last parts that a name can do without: the worker finds the place all the same.
_MAY_GO: Final = re.compile(r"^(?:病房|病区|诊区|诊室|科室|门口|入口|出口)$|池$")


def facts_of_ending(text: str, run: Sequence[Part]) -> NDArray[np.float64]:
    """Return the facts on which the last part of a name of two or more parts is held to belong to it."""
    last, previous = run[-1], run[-2]
    word, after = text[last.start : last.end], text[last.end : last.end + 1]
    endings = [float(pattern.search(word) is not None) for pattern in _ENDINGS]
    return np.array(
        [
            *(float(last.kind == kind) for kind in _KINDS),
            *(float(previous.kind == kind) for kind in _KINDS),
            float(previous.kind == last.kind),
            *endings,
            *(value * float(previous.kind == "FLOOR") for value in endings),
            float(after == "的"),
            float(after == "" or after in ",.;:!?、 "),
            float(run[0].start == 0),
            float(any(part.kind == "BUILDING" for part in run)),
            float(len(run) > 2),
            min(len(word), 6) / 6.0,
            1.0,
        ]
    )


def trimmed(text: str, run: Sequence[Part], weights: NDArray[np.float64]) -> Sequence[Part]:
    """Return `run` without the last parts that the model holds for no part of the name; a room that somebody must go
    to always stays.
    """
    while (
        len(run) > 1
        and _MAY_GO.search(text[run[-1].start : run[-1].end])
        and facts_of_ending(text, run) @ weights < END_FROM
    ):
        run = run[:-1]
    return run


def place_spans(
    text: str, weights: NDArray[np.float64], ending: NDArray[np.float64] | None = None
) -> list[tuple[int, int]]:
    """Return the half-open spans of the places where service is needed.

    Parameters
    ----------
    text : str
        As written.
    weights : ndarray of float
        The logistic model over `facts_of_runs` that tells a meant place from a passing mention.
    ending : ndarray of float, optional
        The logistic model over `facts_of_ending` that tells where a name ends; without it all that touches is one name.
    """
    smooth = half_width(text)
    runs = runs_of(smooth)
    if not runs:
        return []
    kept = facts_of_runs(smooth, runs) @ weights > KEEP_FROM
    spans: list[tuple[int, int]] = []
    seen: set[str] = set()
    for index, run in enumerate(runs):
        # 护士站和治疗室: what is joined is meant together.
        if index and kept[index - 1] and text[runs[index - 1][-1].end : run[0].start] in _JOINED:
            kept[index] = True
        is_kept = bool(kept[index])
        name = run if ending is None else trimmed(smooth, run, ending)
        start, end = name[0].start, name[-1].end
        if is_kept and smooth[start:end] not in seen:
            seen.add(smooth[start:end])
            spans.append((start, end))
    return spans


def places_in(text: str, weights: NDArray[np.float64], ending: NDArray[np.float64] | None = None) -> list[str]:
    """Return the places where service is needed, verbatim, in order of appearance, without repeats."""
    return [text[start:end] for start, end in place_spans(text, weights, ending)]
