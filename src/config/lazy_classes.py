"""Methods of dataclasses that are compiled when they are first called, for processes that must start soon.

The standard library writes and compiles six methods a frozen dataclass when its module is imported; of the house's
1,200 classes a web process uses a few hundred soon, and compiling was more than half of its start. What is compiled is
the standard library's own text, unchanged. Python 3.13 and later compile a class at once, and are left alone.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any


def compile_when_called() -> None:
    """Let dataclasses that are made from now on in this process compile a method at its first call."""
    compiled = getattr(dataclasses, "_create_fn", None)
    if compiled is None or getattr(compiled, "is_lazy", False):
        return

    def lazy(name: str, args: Any, body: Any, **given: Any) -> Callable[..., Any]:
        made: Callable[..., Any] | None = None

        def first(self: Any, /, *said: Any, **named: Any) -> Any:
            nonlocal made
            if made is None:
                method = compiled(name, args, body, **given)
                method.__qualname__ = first.__qualname__
                for kind in type(self).__mro__:
                    if kind.__dict__.get(name) is first:
                        setattr(kind, name, method)
                made = method
            return made(self, *said, **named)

        first.__name__ = name
        return first

    lazy.is_lazy = True  # type: ignore[attr-defined]
    dataclasses._create_fn = lazy  # type: ignore[attr-defined]
