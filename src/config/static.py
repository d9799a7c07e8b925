"""Static files: names that carry their content's digest, compressed once; plain names where nothing was collected."""

from __future__ import annotations

from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Collected(CompressedManifestStaticFilesStorage):
    """Digested names for what ``yingxu serve`` collected; a checkout under test serves files as they are."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._addresses: dict[str, str] = {}

    def url(self, name: str, force: bool = False) -> str:
        """Return a file's address; a page asks for a dozen of them, and they don't change while a process lives."""
        known = self._addresses.get(name)
        if known is None:
            known = self._addresses[name] = str(super().url(name, force))
        return known

    def stored_name(self, name: str) -> str:
        if not self.hashed_files:
            return name
        return str(super().stored_name(name))
