"""Names of doors, settings, states and troubles, as people say them."""

from __future__ import annotations

from django.utils.translation import gettext as _


def kind_name(code: str) -> str:
    """Return a kind of door."""
    names = {
        "mail": _("E-mail"),
        "wecom": _("WeCom"),
        "dingtalk": _("DingTalk"),
        "feishu": _("Feishu"),
        "mqtt": _("Sensors (MQTT)"),
        "kiosk": _("Kiosk"),
        "pbx": _("Telephone exchange (PBX)"),
    }
    return names.get(code, code)


def kind_hint(code: str) -> str:
    """Return what a kind of door is for."""
    hints = {
        "mail": _("A mailbox is read every 20 seconds, or a mail gateway posts to our address. Replies are threaded."),
        "wecom": _("A self-built application's callback. It is answered in the same call."),
        "dingtalk": _("A robot of an internal application, by HTTP. It is answered in the chat."),
        "feishu": _("A bot's event subscription with an Encrypt Key. It is answered under the message."),
        "mqtt": _("Readings from a broker, judged by rules that you set. An alarm asks once while it stands."),
        "kiosk": _("A tablet at a stand: one page for whoever walks by, its place preset."),
        "pbx": _("The telephone exchange posts who rings, who answered, who gave up, signed with a secret."),
    }
    return hints.get(code, "")


def setting_name(code: str) -> str:
    """Return a setting's label."""
    names = {
        "imap_host": _("IMAP server (empty: mails are posted to our address only)"),
        "imap_port": _("IMAP port"),
        "user": _("User"),
        "password_env": _("Environment variable that holds the password"),
        "folder": _("Folder"),
        "security": _("Security: tls, starttls or plain"),
        "from_address": _("Our address"),
        "smtp_host": _("SMTP server (empty: no receipts)"),
        "smtp_port": _("SMTP port"),
        "smtp_security": _("SMTP security: tls, starttls or plain"),
        "corp_id": _("Corp ID"),
        "agent_id": _("Agent ID"),
        "token_env": _("Environment variable that holds the token"),
        "aes_key_env": _("Environment variable that holds the EncodingAESKey"),
        "secret_env": _("Environment variable that holds the app secret"),
        "api": _("Address of the vendor's API"),
        "app_id": _("App ID"),
        "app_secret_env": _("Environment variable that holds the app secret"),
        "verification_token_env": _("Environment variable that holds the verification token"),
        "encrypt_key_env": _("Environment variable that holds the Encrypt Key"),
        "host": _("Broker"),
        "port": _("Port"),
        "client_id": _("Client ID (empty: one of our own)"),
    }
    return names.get(code, code)


def state_name(code: str) -> str:
    """Return what became of a message."""
    names = {
        "new": _("waits to be taken in"),
        "raised": _("became a request"),
        "added": _("added to a request"),
        "ignored": _("not answered: a machine's"),
        "failed": _("somebody has to look"),
        "put_away": _("put away"),
    }
    return names.get(code, code)


def why_name(code: str) -> str:
    """Return why a message was not taken in."""
    names = {
        "not_text": _("it holds no words (a picture, a voice, a card)"),
        "no_words": _("it holds no words"),
        "no_sender": _("it says no sender"),
        "too_large": _("it is larger than is taken"),
        "auto_reply": _("an automatic answer"),
        "bulk": _("a mailing list"),
        "robot": _("a delivery report"),
        "own_mail": _("our own mail"),
        "malformed": _("its words could not be taken"),
        "not_found": _("its place or service is not known any more"),
    }
    return names.get(code, _("it could not be read")) if code else ""


def condition_name(code: str) -> str:
    """Return how a rule compares."""
    names = {
        "above": _("higher than"),
        "below": _("lower than"),
        "equals": _("equal to"),
        "differs": _("other than"),
    }
    return names.get(code, code)
