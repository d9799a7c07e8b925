"""The route of the anonymous pages stays out of the logs."""

from __future__ import annotations

import logging
import re

#: Pages on which somebody unknown speaks or reads by a code: boxes, surveys, claims.
_ROUTE = re.compile(r"/(?:v|s|c)/[^\s'\"]*")


class Quiet(logging.Filter):
    """Drops lines that name an anonymous page; a failure of the house is kept, without the page and the request."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether the line may be written."""
        said = record.getMessage()
        if not _ROUTE.search(said):
            return True
        if record.levelno < logging.ERROR:
            return False
        record.msg, record.args = _ROUTE.sub("/…", said), ()
        record.__dict__.pop("request", None)
        record.exc_info = record.exc_text = None
        return True
