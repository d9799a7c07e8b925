"""The link that proposes an improvement project where demand is seen, for those who may."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from yingxu.ground import authority
from yingxu.web.templatetags.yingxu import icon

register = template.Library()


@register.simple_tag(takes_context=True)
def propose_project(context: dict[str, Any], source: str, name: object) -> SafeString | str:
    """Return a link that begins a project with this as its evidence; nothing for who may not propose. Budget: none."""
    actor = context.get("actor")
    if actor is None or not authority.may_anywhere(actor, "project.propose"):
        return ""
    address = f"{reverse('web:propose_project')}?{urlencode({'source': source, 'name': str(name)})}"
    return format_html('<a class="btn" href="{}">{}{}</a>', address, icon("adjustments"), _("Propose a project"))
