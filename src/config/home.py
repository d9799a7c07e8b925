"""Where Yingxu keeps its things on this machine, and which database it talks to."""

from __future__ import annotations

import hashlib
import os
import secrets
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

DATABASE_NAME = "yingxu"
#: The longest path of a UNIX socket that every system takes, with room for its file's name.
_LONGEST_SOCKET_FOLDER = 80


def home() -> Path:
    """Return YINGXU_HOME (default ``~/.yingxu``), absolute."""
    return Path(os.environ.get("YINGXU_HOME") or "~/.yingxu").expanduser().resolve()


def data_folder() -> Path:
    """Return the folder of the embedded database."""
    return home() / "postgres"


def socket_folder() -> Path:
    """Return the folder of the embedded database's socket: the data folder, or a short stand-in for a long path."""
    folder = data_folder()
    if len(str(folder)) <= _LONGEST_SOCKET_FOLDER:
        return folder
    digest = hashlib.sha256(str(folder).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"yingxu-{digest}"


def secret_key() -> str:
    """Return this installation's secret, made once and readable by its owner alone."""
    given = os.environ.get("YINGXU_SECRET_KEY")
    if given:
        return given
    path = home() / "secret"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(f".{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(48))
        try:
            os.link(draft, path)  # the first of several processes wins, whole
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()


def is_embedded() -> bool:
    """Tell whether the database is the embedded one."""
    return not os.environ.get("DATABASE_URL")


def database() -> dict[str, Any]:
    """Return Django's settings for DATABASE_URL, or for the embedded database."""
    url = os.environ.get("DATABASE_URL")
    if not url:
        return {"NAME": DATABASE_NAME, "USER": "postgres", "HOST": str(socket_folder()), "OPTIONS": {}}
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ValueError(f"DATABASE_URL must begin with postgresql:// (it begins with {parts.scheme!r})")
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    host = options.pop("host", None) or unquote(parts.hostname or "")
    return {
        "NAME": unquote(parts.path.lstrip("/")) or DATABASE_NAME,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
    }


#: A web process says so before Django reads its settings (``config.wsgi``).
KEEPS_CONNECTIONS = "YINGXU_KEEPS_CONNECTIONS"


def connecting() -> dict[str, Any]:
    """Return Django's settings for the database, and how this process holds its connections.

    The few threads of a web process keep one each, for an hour; elsewhere threads come and go, and share a pool.
    """
    given = database()
    options = {**given["OPTIONS"], "prepare_threshold": 1_000_000}
    if os.environ.get(KEEPS_CONNECTIONS) == "1":
        return {**given, "OPTIONS": options, "CONN_MAX_AGE": 3600}
    options["pool"] = {"min_size": 1, "max_size": int(os.environ.get("YINGXU_POOL", "16")), "timeout": 10}
    return {**given, "OPTIONS": options, "CONN_MAX_AGE": 0}
