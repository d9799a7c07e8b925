"""Django's tags ``url`` and ``static``, with what does not change while a process lives found once.

A page says a dozen addresses; most are the same on every page, the others differ in one public id. Stands in for the
library ``static`` and for the built-in tag ``url`` (see the settings).
"""

from __future__ import annotations

from uuid import UUID

from django.template import Context, Library, Node
from django.template.base import Parser, Token, Variable
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as make_address
from django.templatetags import static as files
from django.urls import reverse
from django.utils.html import conditional_escape

register = Library()
register.tags.update(files.register.tags)

#: Stands in an address for the id that completes it.
_ANY = UUID(int=0xF1DED)


class FixedAddress(Node):
    """An address that no value changes, or that one public id completes; with another value it is Django's own."""

    child_nodelists = ()

    def __init__(self, made: URLNode, name: str) -> None:
        self._made = made
        self._name = name
        self._given = made.args[0] if made.args else None
        self._parts: tuple[str, str] | None = None

    def render(self, context: Context) -> str:
        if self._given is None:
            before, _ = self._parts or self._find()
            return before
        value = self._given.resolve(context)
        if type(value) is not UUID:
            return str(self._made.render(context))
        before, after = self._parts or self._find()
        return f"{before}{value}{after}"

    def _find(self) -> tuple[str, str]:
        """Return what stands before and after the id."""
        address = conditional_escape(reverse(self._name, args=[_ANY] if self._given is not None else []))
        before, _, after = address.partition(str(_ANY))
        self._parts = before, after
        return self._parts


class FixedFile(Node):
    """The address of a static file named in the template."""

    child_nodelists = ()

    def __init__(self, made: files.StaticNode) -> None:
        self._made = made
        self._address = ""

    def render(self, context: Context) -> str:
        self._address = self._address or str(self._made.render(context))
        return self._address


@register.tag("url")
def url(parser: Parser, token: Token) -> Node:
    """Return Django's own node, or one that knows its address where a fixed name and at most one value make it."""
    made = make_address(parser, token)
    name = made.view_name.var
    is_fixed = isinstance(name, str) and not (made.view_name.filters or made.kwargs or made.asvar)
    return FixedAddress(made, name) if is_fixed and len(made.args) < 2 else made


@register.tag("static")
def static(parser: Parser, token: Token) -> Node:
    """Return Django's own node, or one that knows its address where the file is named by itself."""
    made = files.do_static(parser, token)
    is_fixed = made.varname is None and not isinstance(made.path.var, Variable) and not made.path.filters
    return FixedFile(made) if is_fixed else made
