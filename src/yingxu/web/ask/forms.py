"""The form of asking: one box, the rest is optional."""

from __future__ import annotations

import hashlib
import json
import secrets
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from yingxu.demand.actions import TEXT_LIMIT
from yingxu.ground.actions.filing import AT_ONCE
from yingxu.ground.unit import CommandKey


class Pictures(forms.ClearableFileInput):
    """A file field that takes several."""

    allow_multiple_selected = True


class PicturesField(forms.FileField):
    """Several photos; what they contain is looked at where they are stored."""

    widget = Pictures

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        given = [file for file in (data or []) if file]
        return [super(PicturesField, self).clean(file, initial) for file in given]


class AskForm(forms.Form):
    """What is needed, in the asker's words; perhaps the item, a phone number, photos."""

    command = forms.CharField(max_length=64)
    text = forms.CharField(
        max_length=TEXT_LIMIT,
        error_messages={
            "required": _("Say in a few words what is wrong; then send."),
            "max_length": _("That is too long; the first 2000 characters are enough."),
        },
    )
    item = forms.CharField(max_length=32, required=False)
    place = forms.CharField(max_length=64, required=False)
    phone = forms.CharField(max_length=32, required=False)
    photos = PicturesField(required=False)

    def clean_photos(self) -> list[UploadedFile[Any]]:
        """Refuse more photos than are taken at once."""
        photos: list[UploadedFile[Any]] = self.cleaned_data["photos"]
        if len(photos) > AT_ONCE:
            raise forms.ValidationError(_("At most %(n)d photos at once.") % {"n": AT_ONCE})
        return photos

    def command_key(self) -> CommandKey:
        """Return the command's id with a digest of what it says; photos follow under ids of their own."""
        said = {name: self.cleaned_data[name] for name in ("text", "item", "place", "phone")}
        digest = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
        return CommandKey(self.cleaned_data["command"], digest)


def new_command() -> str:
    """Return a fresh command id for a hidden field."""
    return secrets.token_urlsafe(18)
