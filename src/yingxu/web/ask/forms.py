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
        required=False,
        error_messages={
            "required": _("Say in a few words what is wrong; then send."),
            "max_length": _("That is too long; the first 2000 characters are enough."),
        },
    )
    item = forms.CharField(max_length=32, required=False)
    place = forms.CharField(max_length=64, required=False)
    phone = forms.CharField(max_length=32, required=False)
    photos = PicturesField(required=False)
    #: Spoken instead of typed, or beside it.
    voice = forms.FileField(required=False)

    def clean(self) -> dict[str, Any]:
        """Take a voice note for words; refuse when there is neither, or more files than are taken at once."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        voice = said.get("voice")
        if not said.get("text") and "text" not in self.errors:
            if voice is None:
                self.add_error("text", self.fields["text"].error_messages["required"])
            else:
                said["text"] = _("(Voice note: listen to it)")
        if voice is not None and len(said.get("photos") or ()) >= AT_ONCE:
            self.add_error("photos", _("At most %(n)d photos at once.") % {"n": AT_ONCE - 1})
        return said

    def sent_along(self) -> list[UploadedFile[Any]]:
        """Return what was sent along: the voice note first, then the photos."""
        voice = self.cleaned_data.get("voice")
        return [*([voice] if voice is not None else []), *self.cleaned_data["photos"]]

    def clean_photos(self) -> list[UploadedFile[Any]]:
        """Refuse more photos than are taken at once."""
        photos: list[UploadedFile[Any]] = self.cleaned_data["photos"]
        if len(photos) > AT_ONCE:
            raise forms.ValidationError(_("At most %(n)d photos at once.") % {"n": AT_ONCE})
        return photos

    def command_key(self) -> CommandKey:
        """Return the command's id with a digest of what it says; photos follow under ids of their own."""
        said = {name: str(self.cleaned_data[name]) for name in ("text", "item", "place", "phone")}
        digest = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
        return CommandKey(self.cleaned_data["command"], digest)


def new_command() -> str:
    """Return a fresh command id for a hidden field."""
    return secrets.token_urlsafe(18)
