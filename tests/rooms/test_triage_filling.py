"""What one sentence says of an item's own fields, as a proposal; nothing that was denied, no patient, no hour."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yingxu.demand.triage.filling import said_of
from yingxu.standards.forms import fields_of


@pytest.mark.parametrize(
    ("item", "text", "said"),
    [
        ("esc.exam", "3床平车去放射科做CT", {"bed": "3", "mode": "stretcher", "to": "放射科"}),
        (
            "esc.exam",
            "十二床推轮椅送到超声科，接触隔离，吸氧",
            {"bed": "十二", "mode": "wheelchair", "to": "超声科", "isolation": "contact", "oxygen": "1"},
        ),
        (
            "esc.exam",
            "加3床去查心电图，监护仪跟着，护士陪同",
            {"bed": "加3", "to": "心电图", "monitor": "1", "nurse": "1"},
        ),
        ("esc.exam", "5床和6床都要去做B超，轮椅或者平车", {"to": "B超"}),
        ("esc.exam", "8床不吸氧，没有输液，去做核磁", {"bed": "8", "to": "核磁"}),
        ("esc.exam", "骨科11床做CT，轮椅，带氧气", {"bed": "11", "to": "CT", "mode": "wheelchair", "oxygen": "1"}),
        ("esc.exam", "病人要检查", {}),
        ("elv.trapped", "电梯困了两个人，停在七楼", {"people": "2", "floor": "七"}),
        ("ele.light", "灯不亮", {}),
    ],
)
def test_a_sentence_fills_what_it_says(item: str, text: str, said: dict[str, str]) -> None:
    assert said_of(text, fields_of(item, None)) == said


@given(st.text(max_size=60))
def test_no_text_breaks_it_and_no_patient_is_guessed(text: str) -> None:
    found = said_of(text, fields_of("esc.exam", None))
    assert not {"patient_name", "patient_no", "appointment"} & set(found)
