"""The acts of the desk as small forms: what each asks for, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from yingxu.demand.queries import Detail
from yingxu.dispatch.queries import ReceiverRow
from yingxu.web.templatetags.yingxu import in_language, priority_word
from yingxu.web.words import choices


@dataclass(frozen=True)
class Field:
    """One input: a line of text, or a choice when it has some. ``is_chosen``: by a person, no choice stands first."""

    name: str
    label: str
    choices: list[tuple[str, str]] = field(default_factory=list)
    is_needed: bool = True
    is_chosen: bool = False


@dataclass(frozen=True)
class ActForm:
    """One act: its name in the address, its title, its fields, its button."""

    name: str
    title: str
    icon: str
    button: str
    fields: tuple[Field, ...] = ()
    is_open: bool = False


def act_forms(
    may: frozenset[str], detail: Detail, receivers: tuple[ReceiverRow, ...], *, likely_receiver: str = ""
) -> tuple[ActForm, ...]:
    """Return the forms of what may be done now, the likeliest first. ``likely_receiver``: who seems to own it."""
    now = detail.row.priority
    higher = [(str(level), priority_word(level)) for level in range(now - 1, 0, -1)]
    lower = [(str(level), priority_word(level)) for level in range(now + 1, 5)]
    reason = Field("reason", _("Reason"))
    owners_first = sorted(receivers, key=lambda row: row.code != likely_receiver)
    departments = [(row.code, in_language(row)) for row in owners_first]
    told = Field("word", _("What you told the asker"), is_needed=False)
    forms = (
        ActForm("decline", _("Agree to the no"), "ban", _("Answer no"), is_open=True),
        ActForm("approve-lower", _("Agree to the lower urgency"), "flag", _("Lower it"), (reason,), is_open=True),
        ActForm("refuse-proposal", _("Do not agree to the proposal"), "x", _("Go on as before"), (reason,)),
        ActForm(
            "transfer-taken",
            _("The department took it over"),
            "user-check",
            _("Record"),
            (Field("contact", _("Who, and on which number")),),
            is_open=True,
        ),
        ActForm(
            "transfer-answered", _("The department answered"), "check", _("Record"), (Field("text", _("The answer")),)
        ),
        ActForm("transfer-back", _("The department gave it back"), "arrow-back-up", _("Take it back"), (reason,)),
        ActForm(
            "word",
            _("Give the asker a word"),
            "message",
            _("Send the word"),
            (Field("word", _("Your word")),),
            is_open=detail.row.word_due_at is not None,
        ),
        ActForm(
            "ask", _("Ask back"), "message-question", _("Ask"), (Field("question", _("What do you need to know?")),)
        ),
        ActForm("answered", _("The asker answered"), "message", _("Record"), (Field("text", _("The asker's words")),)),
        ActForm(
            "urge",
            _("The asker urges"),
            "bell-ringing",
            _("Record"),
            (Field("text", _("The asker's words"), is_needed=False),),
        ),
        ActForm(
            "raise",
            _("Make it more urgent"),
            "arrow-up",
            _("Raise"),
            (Field("priority", _("Urgency"), higher), Field("reason", _("Reason"), is_needed=False)),
        ),
        ActForm(
            "lower",
            _("Make it less urgent"),
            "chevron-down",
            _("Lower it"),
            (Field("priority", _("Urgency"), lower), reason, Field("word", _("What you told the asker"))),
        ),
        ActForm(
            "propose-lower",
            _("Propose a lower urgency"),
            "chevron-down",
            _("Propose"),
            (Field("priority", _("Urgency"), lower), reason),
        ),
        ActForm(
            "merge",
            _("Same incident as another"),
            "git-merge",
            _("Merge"),
            (Field("number", _("Number of the other request")),),
        ),
        ActForm("unmerge", _("Not the same incident"), "arrow-back-up", _("Take the merge back"), is_open=True),
        ActForm(
            "transfer",
            _("Carry it to a department outside logistics"),
            "arrow-right-circle",
            _("Carry over"),
            (Field("receiver", _("Department"), departments, is_chosen=not likely_receiver), told),
            is_open=bool(likely_receiver),
        ),
        ActForm(
            "answer",
            _("Answer in words, no work needed"),
            "message",
            _("Answer"),
            (Field("text", _("The answer")),),
            is_open=detail.row.state == "queued",
        ),
        ActForm(
            "propose-decline",
            _("Propose to say no"),
            "ban",
            _("Propose"),
            (
                Field("reason", _("Reason"), choices("decline_reasons"), is_chosen=True),
                Field("alternative", _("What the asker can do instead")),
            ),
        ),
        ActForm(
            "cancel",
            _("Call it off with the asker's word"),
            "x",
            _("Call off"),
            (
                Field("reason", _("Reason"), choices("cancel_reasons"), is_chosen=True),
                Field("word", _("The asker's words"), is_needed=False),
            ),
        ),
    )
    return tuple(form for form in forms if form.name in may)
