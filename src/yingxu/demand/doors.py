"""What a door is and which settings each kind has. Secrets are never kept: a setting names an environment variable."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from yingxu.ground.refusals import Malformed


@dataclass(frozen=True)
class Setting:
    """One setting of a kind of door. ``is_secret``: the name of an environment variable, not the secret itself."""

    name: str
    is_needed: bool = False
    is_secret: bool = False
    default: str = ""


@dataclass(frozen=True)
class Kind:
    """A kind of door: the channel that its requests carry, its settings; ``has_hook``: outsiders call its address."""

    code: str
    channel: str
    settings: tuple[Setting, ...] = ()
    has_hook: bool = False


KINDS: Mapping[str, Kind] = {
    kind.code: kind
    for kind in (
        Kind(
            "mail",
            "mail",
            (
                Setting("imap_host"),
                Setting("imap_port", default="993"),
                Setting("user"),
                Setting("password_env", is_secret=True),
                Setting("folder", default="INBOX"),
                Setting("security", default="tls"),
                Setting("from_address", is_needed=True),
                Setting("smtp_host"),
                Setting("smtp_port", default="465"),
                Setting("smtp_security", default="tls"),
            ),
            has_hook=True,
        ),
        Kind(
            "wecom",
            "im",
            (
                Setting("corp_id", is_needed=True),
                Setting("agent_id"),
                Setting("token_env", is_needed=True, is_secret=True),
                Setting("aes_key_env", is_needed=True, is_secret=True),
                Setting("secret_env", is_secret=True),
                Setting("api", default="https://qyapi.weixin.qq.com"),
            ),
            has_hook=True,
        ),
        Kind(
            "dingtalk",
            "im",
            (
                Setting("secret_env", is_needed=True, is_secret=True),
                Setting("api", default="https://oapi.dingtalk.com"),
            ),
            has_hook=True,
        ),
        Kind(
            "feishu",
            "im",
            (
                Setting("app_id"),
                Setting("app_secret_env", is_secret=True),
                Setting("verification_token_env", is_secret=True),
                Setting("encrypt_key_env", is_needed=True, is_secret=True),
                Setting("api", default="https://open.feishu.cn"),
            ),
            has_hook=True,
        ),
        Kind(
            "mqtt",
            "alarm",
            (
                Setting("host", is_needed=True),
                Setting("port", default="1883"),
                Setting("security", default="plain"),
                Setting("user"),
                Setting("password_env", is_secret=True),
                Setting("client_id"),
            ),
        ),
        Kind("kiosk", "kiosk"),
        Kind("pbx", "phone", (Setting("secret_env", is_needed=True, is_secret=True),), has_hook=True),
    )
}

_ENV = re.compile(r"[A-Z][A-Z0-9_]{0,63}\Z")
_LONGEST = 200
#: Settings of one of a few words.
_WORDS = {
    "security": frozenset({"tls", "starttls", "plain"}),
    "smtp_security": frozenset({"tls", "starttls", "plain"}),
}


def checked(kind: str, given: Mapping[str, Any]) -> dict[str, str]:
    """Return the settings of a kind as they are kept; refuses: Malformed (unknown kind, missing, wrong form)."""
    if kind not in KINDS:
        raise Malformed(field="door_kind", problem="unknown")
    kept: dict[str, str] = {}
    for setting in KINDS[kind].settings:
        value = str(given.get(setting.name) or "").strip() or setting.default
        if setting.is_needed and not value:
            raise Malformed(field=setting.name, problem="missing")
        if len(value) > _LONGEST:
            raise Malformed(field=setting.name, problem="too_long", limit=str(_LONGEST))
        if value:
            _check_form(setting, value)
            kept[setting.name] = value
    return kept


def _check_form(setting: Setting, value: str) -> None:
    is_wrong = (
        (setting.is_secret and not _ENV.match(value))
        or (setting.name.endswith("port") and not (value.isdigit() and 0 < int(value) < 65536))
        or (setting.name in _WORDS and value not in _WORDS[setting.name])
        or (setting.name == "api" and not value.startswith(("https://", "http://127.0.0.1:")))
    )
    if is_wrong:
        raise Malformed(field=setting.name, problem="wrong_type")
