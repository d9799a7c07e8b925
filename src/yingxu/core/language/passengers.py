"""Who or what is carried, as a text names it: beds, names, numbers. Two escorts of two patients are no duplicates."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from yingxu.core.language.numbers import half_width, spoken_number
from yingxu.core.language.places import parts_of

#: Trades that carry somebody or something from one place to another.
CARRYING: Final = frozenset({"ESC", "DLV", "VEH"})
#: The commonest surnames: nearly everybody's family name (Ministry of Public Security, yearly report on names).
_SURNAME: Final = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石"
    "金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常"
)
#: A name stands after a word that says so, or right after a bed; what follows ends it.
_NAME: Final = re.compile(
    rf"(?:病人|患者|病员|姓名|名叫|床)[:, ]*([{_SURNAME}][\u4e00-\u9fff]{{1,2}}?)"
    r"(?=[\s,。;:、()去到做送转要从推住拍查手出]|$)"
)
_CALLED: Final = re.compile(rf"([{_SURNAME}])(?:阿姨|大爷|大妈|奶奶|爷爷|叔叔|先生|女士|老太|老师傅)")
_NUMBER: Final = re.compile(r"(?:住院号|病案号|登记号|就诊号|病历号|ID)[:号 ]*([A-Za-z]?\d{4,})", re.IGNORECASE)
_DIGITS: Final = re.compile(r"\d+|[零〇一二三四五六七八九十两]+")


@dataclass(frozen=True, slots=True)
class Passengers:
    """Who is carried: beds by number, names, numbers of admission. Any of them may be empty."""

    beds: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()

    def are_others(self, theirs: Passengers) -> bool:
        """Return whether both name who is carried and name nobody alike: two bookings, not one told twice."""
        return self != _NOBODY and theirs != _NOBODY and not self.are_same(theirs)

    def are_same(self, theirs: Passengers) -> bool:
        """Return whether both name somebody alike."""
        # 王阿姨 may be 王秀英
        names = any(x.startswith(y) or y.startswith(x) for x in self.names for y in theirs.names)
        return names or bool(self.beds & theirs.beds or self.numbers & theirs.numbers)

    def joined(self, theirs: Passengers) -> Passengers:
        """Return what both say of the same passengers."""
        return Passengers(self.beds | theirs.beds, self.names | theirs.names, self.numbers | theirs.numbers)


_NOBODY: Final = Passengers()


@lru_cache(maxsize=2048)
def passengers_in(text: str) -> Passengers:
    """Return who `text` says is carried.

    Parameters
    ----------
    text : str
        As written. Beds are compared by their number: 三床, 3床 and 3号床 are one.
    """
    smooth = half_width(text)
    beds = (smooth[part.start : part.end] for part in parts_of(smooth) if part.kind == "BED")
    return Passengers(
        beds=frozenset(map(bed_of, beds)),
        names=frozenset(_NAME.findall(smooth)) | frozenset(_CALLED.findall(smooth)),
        numbers=frozenset(number.upper() for number in _NUMBER.findall(smooth)),
    )


def bed_of(said: str) -> str:
    """Return a bed as it is compared: 加三床 is 加3, 3号床 and 03 are 3."""
    said = half_width(said).strip().upper()
    said = _DIGITS.sub(lambda m: str(n) if (n := spoken_number(m.group())) is not None else m.group(), said)
    return re.sub(r"\d+", lambda m: str(int(m.group())), said).replace("号", "").replace("病床", "").replace("床", "")
