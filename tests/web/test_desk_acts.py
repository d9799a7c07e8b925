"""Every act of the desk names arguments that its verb has, and none that the verb needs is missing."""

from __future__ import annotations

import inspect
from types import FunctionType

import pytest

from yingxu.web.desk.acts import JOB_ACTS, REQUEST_ACTS, Act


@pytest.mark.parametrize("act", [*REQUEST_ACTS.values(), *JOB_ACTS.values()])
def test_an_act_calls_its_verb_with_what_the_verb_takes(act: Act) -> None:
    assert isinstance(act, FunctionType)
    held = inspect.getclosurevars(act).nonlocals
    given = [held["subject"], *held["fields"], "actor", "at", "command"]
    inspect.signature(held["verb"]).bind(**dict.fromkeys(given))
