"""Groups of unfamiliar texts: five with shared words are one candidate (domain S19)."""

from yingxu.core.language.clusters import LEAST, shared_words

HOT = [f"18楼单间能不能24小时热水,{tail}" for tail in ("家属要求", "病人想洗澡", "谢谢", "晚上没有", "护士长问")]
OTHERS = ["打印机卡纸", "病床摇把坏了", "窗户关不上", "地面有水", "电视没信号", "空调不冷", "门锁坏"]


def test_five_askings_with_shared_words_are_one_candidate_with_its_words():
    found = shared_words([*OTHERS, *HOT])
    assert [group.members for group in found] == [tuple(range(len(OTHERS), len(OTHERS) + LEAST))]
    assert any("热水" in word for word in found[0].words)


def test_four_are_none_and_nothing_is_nothing():
    assert shared_words([*OTHERS, *HOT[:4]]) == []
    assert shared_words([]) == []
    assert shared_words(["", "。", "  "]) == []


def test_the_answer_repeats():
    assert shared_words(HOT * 3) == shared_words(HOT * 3)
