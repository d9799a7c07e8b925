"""A named tuple of arrays behind one pointer: a call inside compiled code then costs two words, not four kilobytes.

numba passes a named tuple by value: every field of every array, some five hundred words for the two tuples of a search,
copied at each call that is not inlined. A kernel that is called from Python lays its tuples down once with ``held`` and
hands on where they lie. Nothing ever changes in them there (only in the arrays' data), and the loads say so
(``invariant.load``), so that the compiler may keep what it has read in registers across stores.
"""

# mypy: disable-error-code="no-untyped-call,untyped-decorator"
from __future__ import annotations

import hashlib
from typing import Any, TypeVar

from llvmlite import ir
from numba.core import cgutils, types
from numba.core.typing.templates import AttributeTemplate
from numba.extending import infer_getattr, lower_builtin, lower_getattr_generic, models, register_model, type_callable

T = TypeVar("T")


def held(x: T) -> T:
    """The same tuple, for compiled callees by reference; held already, or without the compiler, ``x`` itself."""
    return x


class Held(types.Type):
    """numba's type of a held tuple."""

    def __init__(self, what: Any) -> None:
        self.what = what
        mark = hashlib.sha256(what.name.encode()).hexdigest()[:12]
        super().__init__(name=f"Held({what.instance_class.__name__}-{mark})")

    @property
    def key(self) -> Any:
        return self.what


@register_model(Held)
class _Model(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Held) -> None:
        super().__init__(manager, kind, manager.lookup(kind.what).get_value_type().as_pointer())


@type_callable(held)
def _type_held(context: Any) -> Any:
    def typer(x: Any) -> Any:
        if isinstance(x, Held):
            return x
        return Held(x) if isinstance(x, types.NamedTuple) else None

    return typer


@lower_builtin(held, types.Any)
def _lower_held(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    if isinstance(sig.args[0], Held):
        return args[0]
    spot = cgutils.alloca_once(builder, args[0].type)
    builder.store(args[0], spot)
    # an empty instruction that "makes" the pointer: no load through it can be moved before the store
    opaque = ir.FunctionType(spot.type, [spot.type])
    return builder.asm(opaque, "", "=r,0,~{memory}", [spot], True)


@infer_getattr
class _Fields(AttributeTemplate):
    key = Held

    def generic_resolve(self, kind: Held, name: str) -> Any:  # type: ignore[override]
        what = kind.what
        return what.types[what.fields.index(name)] if name in what.fields else None


def _read(builder: Any, at: Any, kind: Any) -> Any:
    """What lies at ``at``, word by word: those that nobody uses fall away."""
    if isinstance(kind, ir.LiteralStructType | ir.ArrayType):
        count = len(kind.elements) if isinstance(kind, ir.LiteralStructType) else kind.count
        whole = ir.Constant(kind, ir.Undefined)
        for x in range(count):
            part = kind.elements[x] if isinstance(kind, ir.LiteralStructType) else kind.element
            spot = cgutils.gep_inbounds(builder, at, 0, x)
            whole = builder.insert_value(whole, _read(builder, spot, part), x)
        return whole
    word = builder.load(at)
    word.set_metadata("invariant.load", builder.module.add_metadata([]))
    return word


@lower_getattr_generic(Held)
def _lower_field(context: Any, builder: Any, kind: Held, value: Any, name: str) -> Any:
    at = kind.what.fields.index(name)
    fields = context.data_model_manager.lookup(kind.what).get_value_type()
    return _read(builder, cgutils.gep_inbounds(builder, value, 0, at), fields.elements[at])
