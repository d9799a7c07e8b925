"""Tags and filters of our own: times as people say them, icons, figures with their doubt."""

from __future__ import annotations

from django import template

register = template.Library()
