"""A dataclass whose methods are compiled when they are called is the dataclass that the standard library makes."""

from __future__ import annotations

import dataclasses
import pickle
from dataclasses import FrozenInstanceError, dataclass, field, replace
from typing import Any

import pytest

from config import lazy_classes


@pytest.fixture
def lazily(monkeypatch: pytest.MonkeyPatch) -> None:
    made = getattr(dataclasses, "_create_fn", None)
    if made is None:
        pytest.skip("this Python compiles a class at once by itself")
    monkeypatch.setattr(dataclasses, "_create_fn", made)  # put back at the end
    lazy_classes.compile_when_called()


def _classes() -> tuple[Any, Any, Any]:
    @dataclass(frozen=True)
    class Base:
        """A frozen one."""

        a: int
        b: str = "b"

        def __post_init__(self) -> None:
            if self.a < 0:
                raise ValueError(self.a)

    @dataclass(frozen=True, kw_only=True)
    class Child(Base):
        """Keywords alone."""

        c: list[int] = field(default_factory=list, compare=False)

    @dataclass(slots=True, order=True)
    class Slotted:
        """With slots."""

        x: int
        y: int = 2

    return Base, Child, Slotted


@pytest.mark.usefixtures("lazily")
def test_its_methods_do_what_they_always_did() -> None:
    base, child, slotted = _classes()
    one = child(1, c=[3])
    assert (one.a, one.b, one.c) == (1, "b", [3])
    assert one == child(a=1, c=[4])
    assert one != base(1)
    assert hash(one) == hash(child(1))
    assert repr(one).endswith("Child(a=1, b='b', c=[3])")
    assert replace(one, b="z").b == "z"
    for act in (lambda: setattr(one, "a", 2), lambda: delattr(one, "a"), lambda: setattr(one, "new", 2)):
        with pytest.raises(FrozenInstanceError):
            act()
    with pytest.raises(ValueError, match="-1"):
        child(-1)
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'a'"):
        base()
    assert slotted(1) < slotted(1, 3)
    assert not hasattr(slotted(1), "__dict__")


@pytest.mark.usefixtures("lazily")
def test_a_method_that_was_called_is_the_compiled_one_from_then_on() -> None:
    base, child, _ = _classes()
    before = base.__init__
    child(1)
    assert base.__init__ is before, "only the class whose method was called"
    base(1)
    assert base.__init__ is not before
    assert base.__init__.__qualname__.endswith("Base.__init__")
    assert base(2) == base(2)


@pytest.mark.usefixtures("lazily")
def test_asked_twice_it_is_lazy_once() -> None:
    once = dataclasses._create_fn  # type: ignore[attr-defined]
    lazy_classes.compile_when_called()
    assert dataclasses._create_fn is once  # type: ignore[attr-defined]


@dataclass(frozen=True)
class _Kept:
    """Known by its module, as pickle wants it."""

    n: int


def test_what_was_pickled_comes_back() -> None:
    assert pickle.loads(pickle.dumps(_Kept(3))) == _Kept(3)
