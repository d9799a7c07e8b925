"""At the desk: a human word, what is missing asked and answered, item and place known, work sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from yingxu.demand.actions.changed import (
    Changed,
    changed,
    checked,
    in_askers_name,
    is_asker,
    load_for,
    require_open,
    require_state,
    say,
)
from yingxu.demand.actions.raising import accept, is_ready
from yingxu.demand.actions.triaged import Proposed, keep_proposal
from yingxu.demand.events import (
    ClarificationAnswered,
    ClarificationAsked,
    PriorityChanged,
    RequestUrged,
    WordAdded,
)
from yingxu.demand.follow_up import URGE_S
from yingxu.demand.models import Request, RequestState
from yingxu.demand.refusals import PlaceNeeded
from yingxu.demand.sides import require_hospital_side
from yingxu.demand.words import acknowledge
from yingxu.ground.actor import Actor
from yingxu.ground.models import File
from yingxu.ground.refusals import Malformed
from yingxu.ground.unit import CommandKey, Unit
from yingxu.standards import queries as standards
from yingxu.standards.queries import ItemRow

_WAITING = frozenset({"new", "clarifying"})
#: The urgency of a request that nobody has classified yet.
UNSAID_PRIORITY = 3


def acknowledge_request(
    *,
    request_id: UUID,
    actor: Actor,
    at: datetime,
    word: str = "",
    happened_at: datetime | None = None,
    command: CommandKey | None = None,
) -> Changed:
    """A person has given the asker his or her word; nothing automatic counts as one.

    Records RequestAcknowledged. Refuses: NotFound, NotAllowed, NotInThisState, Malformed. Budget: 3.
    """
    with Unit(actor=actor, at=at, command=command, happened_at=happened_at) as unit:
        request = load_for(unit, request_id, "request.acknowledge")
        require_open(request, "request.acknowledge")
        acknowledge(unit, request, checked(word, "text", is_needed=False))
        changed(unit, request)
    return unit.answered(Changed)


def accept_request(
    *,
    request_id: UUID,
    item_codes: Sequence[str],
    actor: Actor,
    at: datetime,
    place_code: str | None = None,
    priority: int | None = None,
    word: str = "",
    is_asker_told: bool = True,
    proposed: Proposed | None = None,
    command: CommandKey | None = None,
) -> Changed:
    """Item, urgency and place are known; each item of work gets a job (-1, -2 …) under the one request.

    ``word``: the desk's human word to the asker, which acknowledges it; so does accepting with the asker on the line
    (``is_asker_told``). ``proposed``: what was shown to whoever accepts, kept with what was decided.
    Records RequestAccepted, RequestAcknowledged, PriorityChanged.
    Refuses: NotFound, NotAllowed, NotInThisState, PlaceNeeded, HospitalDecides, Malformed, Stale. Budget: 4, one more
    for each further item.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        request = load_for(unit, request_id, "request.accept")
        require_state(request, "request.accept", _WAITING)
        if not item_codes:
            raise Malformed(field="item", problem="missing")
        asked = standards.asking(
            request.site_id,
            on=request.created_at.date(),
            at=at,
            item_code=item_codes[0],
            place_code=place_code,
            place_id=None if place_code else request.place_id,
        )
        items = [
            asked.item,
            *(
                standards.asking(request.site_id, on=request.created_at.date(), at=at, item_code=code).item
                for code in item_codes[1:]
            ),
        ]
        known = tuple(item for item in items if item is not None)
        urgency = _urgency(actor, request, known, priority)
        if proposed is not None:
            urgency = proposed.at_least(urgency)
        unit.change(
            request,
            seen=["state"],
            item_id=known[0].id,
            line_code=known[0].line_code,
            contract_id=asked.contract_id,
            party_keys=[asked.party_id] if asked.party_id else [],
            has_contract_gap=asked.contract_id is None and not known[0].is_answered_only,
        )
        if asked.place is not None:
            unit.change(
                request,
                place_id=asked.place.id,
                place_path=asked.place.path,
                place_name=asked.place.full_name,
                place_name_en=asked.place.full_name_en,
                department_id=asked.place.department_id,
            )
        if urgency != request.priority:
            change_priority(unit, request, urgency, reason="accepted")
        if not all(is_ready(item, request) for item in known):
            raise PlaceNeeded
        said = checked(word, "text", is_needed=False)
        if said or is_asker_told:
            acknowledge(unit, request, said)
        accept(unit, request, known, asked)
        if proposed is not None:
            place = asked.place.code if asked.place is not None else ""
            keep_proposal(unit, request, proposed, item_code=known[0].code, priority=request.priority, place_code=place)
        changed(unit, request)
    return unit.answered(Changed)


def _urgency(actor: Actor, request: Request, items: tuple[ItemRow, ...], given: int | None) -> int:
    """Return the urgency: what the desk says, else the most urgent of the items' own; never below what somebody said.

    Below either it is a lowering, which only the hospital's side decides (domain 4.3.2).
    """
    own = min(item.default_priority for item in items)
    is_said = request.item_id is not None or request.priority < UNSAID_PRIORITY
    standing = min(own, request.priority) if is_said else own
    if given is None:
        return standing
    if not 1 <= given <= 4:
        raise Malformed(field="priority", problem="unknown")
    if given > standing:
        require_hospital_side(actor, "priority.lower", site_id=request.site_id)
    return given


def change_priority(unit: Unit, request: Request, after: int, *, reason: str) -> None:
    """Set the urgency and record it; clocks follow by the loop's page."""
    before = request.priority
    unit.change(request, seen=["priority"], priority=after)
    unit.record(
        PriorityChanged(
            site_id=request.site_id,
            subject_id=request.pk,
            thread_id=request.pk,
            before=before,
            after=after,
            reason=reason,
        )
    )


def ask_clarification(
    *, request_id: UUID, question: str, actor: Actor, at: datetime, command: CommandKey | None = None
) -> Changed:
    """The asker is asked for a missing fact; the question is a human word, and the desk looks again if none comes back.

    Records ClarificationAsked, RequestAcknowledged. Refuses: NotFound, NotAllowed, NotInThisState, Malformed, Stale.
    Budget: 3.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        request = load_for(unit, request_id, "request.clarify")
        require_state(request, "request.clarify", _WAITING)
        said = checked(question, "text")
        unit.change(request, seen=["state"], state=RequestState.CLARIFYING)
        say(unit, request, "question", said)
        unit.record(
            ClarificationAsked(site_id=request.site_id, subject_id=request.pk, thread_id=request.pk, question=said)
        )
        acknowledge(unit, request, "")
        changed(unit, request)
    return unit.answered(Changed)


def answer_clarification(
    *,
    request_id: UUID,
    text: str,
    actor: Actor,
    at: datetime,
    place_words: str = "",
    phone: str = "",
    command: CommandKey | None = None,
) -> Changed:
    """The missing fact is given; the desk owes the next step.

    Records ClarificationAnswered. Refuses: NotFound, NotAllowed, NotInThisState, Malformed. Budget: 2.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        request = load_for(unit, request_id, "request.answer_clarify")
        require_state(request, "request.answer_clarify", _WAITING)
        said = checked(text, "text")
        if not is_asker(actor, request):
            in_askers_name(unit, request)
        say(unit, request, "answer", said, is_from_asker=True)
        if place_words:
            unit.change(request, place_words=place_words[:200])
        if phone:
            unit.change(request, requester_phone=phone[:32])
        unit.change(request, follow_up_at=None, word_due_at=request.word_due_at or at + timedelta(seconds=URGE_S))
        unit.record(ClarificationAnswered(site_id=request.site_id, subject_id=request.pk, thread_id=request.pk))
        changed(unit, request)
    return unit.answered(Changed)


def add_word(
    *,
    request_id: UUID,
    text: str,
    actor: Actor,
    at: datetime,
    file_keys: Sequence[int] = (),
    command: CommandKey | None = None,
) -> Changed:
    """Somebody added a word or photos; a word from our side pays what was owed to the asker.

    ``file_keys``: stored files that the same sender gave and that belong to nothing else yet.
    Records WordAdded. Refuses: NotFound, NotAllowed, Malformed. Budget: 2, one more with files.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        action = "request.add_photo" if file_keys and not text.strip() else "request.add_word"
        request = load_for(unit, request_id, action)
        from_asker = is_asker(actor, request) or not (actor.roles - {"RQ", "PF", "VS"})
        said = checked(text, "text", is_needed=not file_keys)
        say(unit, request, "word", said, is_from_asker=from_asker)
        files = (
            list(File.objects.filter(pk__in=file_keys, site_id=request.site_id, sender=actor.key)) if file_keys else []
        )
        if len(files) != len(set(file_keys)):
            raise Malformed(field="photo", problem="unknown")
        for file in files:
            unit.change(file, subject_kind="request", subject_id=request.pk)
        unit.record(
            WordAdded(
                site_id=request.site_id,
                subject_id=request.pk,
                thread_id=request.pk,
                is_from_asker=from_asker,
                n_photos=len(files),
            )
        )
        changed(unit, request)
    return unit.answered(Changed)


def urge_request(
    *, request_id: UUID, actor: Actor, at: datetime, text: str = "", command: CommandKey | None = None
) -> Changed:
    """The asker urges: a person owes a word within ten minutes. No new request is made of it.

    Records RequestUrged. Refuses: NotFound, NotAllowed, NotInThisState, Malformed. Budget: 2.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        request = load_for(unit, request_id, "request.urge")
        require_open(request, "request.urge")
        if not is_asker(actor, request):
            in_askers_name(unit, request)
        say(unit, request, "urge", checked(text, "text", is_needed=False), is_from_asker=True)
        owed_by = at + timedelta(seconds=URGE_S)
        word_due_at = min(request.word_due_at, owed_by) if request.word_due_at else owed_by
        unit.change(request, n_urges=request.n_urges + 1, word_due_at=word_due_at)
        unit.record(
            RequestUrged(
                site_id=request.site_id,
                subject_id=request.pk,
                thread_id=request.pk,
                n_urges=request.n_urges,
                word_due_at=word_due_at,
            )
        )
        changed(unit, request)
    return unit.answered(Changed)
