"""Places that a text names: verbatim pieces of it, with passing mentions left out.

A place name is a run of parts (building, floor, department, room, bed, device) that touch each other. Numbers may be spoken.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from yingxu.core.language.numbers import NUMBER, half_width
from yingxu.core.language.words import place_words

if TYPE_CHECKING:
    from collections.abc import Sequence

_ROOMS: Final = r"(?:病房|诊室|房间|手术间|会议室|诊区|治疗室|办公室|宿舍|教室|室|房(?!颤|间隔))"
_PATTERNS: Final = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        ("BUILDING", rf"(?:{NUMBER}|[A-Z])(?:号楼|栋|号院|#楼|座(?!位|机|椅|谈|便))"),
        ("FLOOR", rf"(?:负|地下){NUMBER}(?:楼|层)?|B[1-4](?![A-Z0-9超])(?:层)?|{NUMBER}(?:楼|层)(?!流|梯|板|上楼)|\d{{1,2}}F(?![A-Z])|顶楼|顶层|底楼|一楼"),
        ("DEPARTMENT", rf"{NUMBER}(?:病区|护理单元|区(?!间))|(?:CT|MR|MRI|DR|核磁|胃镜|B超){NUMBER}(?:号)?(?:机房|室|机|间)?"),
        ("ROOM", rf"(?:{NUMBER}|[A-Z]\d*)号?{_ROOMS}|{NUMBER}号?(?:间|术间|机房|窗口|窗|病室|产房|手术间|复苏位|机位|台)(?!隔|接|上|风)|第{NUMBER}(?:间|诊室|手术间|会议室)"),
        ("BED", rf"(?:加|抢|监|特|观)?{NUMBER}(?:号)?床(?!单|垫|头柜坏|上用)|加床|{NUMBER}(?:号)?(?:病床|机位|牙椅|暖箱|透析机)|[A-Z]\d{{1,3}}床"),
        ("DEVICE", rf"(?:{NUMBER}|[A-Z])号?(?:电梯|客梯|货梯|医梯|医用梯|污梯|污物梯|病床梯|手术梯|梯|扶梯|餐梯|直梯)(?!子|队)|(?:医用|污物|手术|病床|职工|专用|消防)(?:电)?梯|(?:{NUMBER})号(?:桩|车位|杆|道闸|闸机|闸|充电桩|窗口|通道)"),
    )
)
#: Words that alone name no place: they only continue a place that stands before them.
_WEAK: Final = frozenset(
    "走廊 楼道 过道 大厅 病房 病区 诊室 诊区 窗口 门口 入口 出口 楼梯 阳台 平台 单间 套间 坡道 台阶 路口 连接处 检查 康复 病理 呼吸 感染 "
    "肿瘤 放射 检验 超声 心电图 门口 单间 放疗 化疗 透析 MRI CT B超 核磁 磁共振 内镜 介入 草坪 体检 营养科 厨房 机房 "
    "安全出口 消防通道 安全通道 电梯口 楼梯口 楼梯间 候诊椅 自助机 配电箱 配电柜 洗手池 开水器 雨棚 口腔 眼科 中医 推拿 老年 血液 消化 "
    "操作间 水井 花坛 草地 传达室 后勤 总务 大院 重症 实验室 库房 DSA 仓库 医生值班室 单身公寓 设备科 信息科 医务科 保卫科 医保办".split()
)
_JOIN: Final = re.compile(r"[ 的之]?")


@dataclass(frozen=True, slots=True)
class Part:
    """A run ``[start, end)`` of the text that is one part of a place name, and its kind."""

    start: int
    end: int
    kind: str


def parts_of(text: str) -> list[Part]:
    """Return the parts of place names in the half-width `text`, left to right and without overlaps, longest first."""
    found: list[Part] = [Part(f.start, f.end, f.kind) for f in place_words().scan(text)]
    for kind, pattern in _PATTERNS:
        found += [Part(m.start(), m.end(), kind) for m in pattern.finditer(text)]
    found.sort(key=lambda part: (part.start, -part.end))
    parts: list[Part] = []
    for part in found:
        if parts and part.start < parts[-1].end:
            if part.end > parts[-1].end and part.end - part.start > parts[-1].end - parts[-1].start:
                parts[-1] = part
            continue
        parts.append(part)
    return parts


def places_in(text: str) -> list[str]:
    """Return the places where service is needed, verbatim and in order of appearance, without repeats."""
    return [text[start:end] for start, end in place_spans(text)]


def place_spans(text: str) -> list[tuple[int, int]]:
    """Return the half-open spans of `places_in`."""
    smooth = half_width(text)
    runs: list[list[Part]] = []
    for part in parts_of(smooth):
        if runs:
            gap = smooth[runs[-1][-1].end : part.start]
            if len(gap) <= 1 and _JOIN.fullmatch(gap):
                runs[-1].append(part)
                continue
        runs.append([part])
    spans: list[tuple[int, int]] = []
    seen: set[str] = set()
    for run in runs:
        start, end = run[0].start, run[-1].end
        word = smooth[start:end]
        if word in seen or not _is_meant(smooth, run):
            continue
        seen.add(word)
        spans.append((start, end))
    return spans


_PASSING_BEFORE: Final = re.compile(r"(?:隔壁|对面|楼上|楼下|不是|像|比|怕|影响到?|给|连|跟|和上次|听|说是|从\S{0,8}到|一路到|经过|路过|回)$")


def _is_meant(text: str, run: Sequence[Part]) -> bool:
    if len(run) > 1:
        return True
    part = run[0]
    word = text[part.start : part.end]
    return word not in _WEAK
