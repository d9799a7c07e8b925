"""Static files: names that carry their content's digest, compressed once; plain names where nothing was collected."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Collected(CompressedManifestStaticFilesStorage):
    """Digested names for what ``yingxu serve`` collected; a checkout under test serves files as they are."""

    def stored_name(self, name: str) -> str:
        if not self.hashed_files:
            return name
        return str(super().stored_name(name))
