"""Django's translation tags, with each fixed sentence put into a language once a process.

A page says thirty such sentences, and Django wraps each in a lazy text, looks it up and localises it on every page: a
sixth of the page's time. Stands in for the library ``i18n`` (see the settings).
"""

from __future__ import annotations

from django.template import Context, Library, Node
from django.template.base import Parser, Token, Variable
from django.templatetags import i18n
from django.utils.translation import get_language

register = Library()
register.tags.update(i18n.register.tags)
register.filters.update(i18n.register.filters)


class FixedWords(Node):
    """A ``{% translate "…" %}`` of words that no variable, filter or context changes."""

    child_nodelists = ()

    def __init__(self, said: i18n.TranslateNode) -> None:
        self._said = said
        self._by_language: dict[str | None, str] = {}

    def render(self, context: Context) -> str:
        language = get_language()
        words = self._by_language.get(language)
        if words is None:
            words = self._by_language[language] = self._said.render(context)
        return words


@register.tag("translate")
@register.tag("trans")
def translate(parser: Parser, token: Token) -> Node:
    """Return Django's own node, or one that remembers what it says where it always says the same."""
    node: i18n.TranslateNode = i18n.do_translate(parser, token)
    said = node.filter_expression
    is_fixed = isinstance(said.var, Variable) and isinstance(said.var.literal, str) and not said.filters
    return FixedWords(node) if is_fixed and not (node.noop or node.asvar or node.message_context) else node
