"""What this room does when somebody rated: a low rating, or one with words, is a voice that a person answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from yingxu.demand.models import Request
from yingxu.demand.reads import memo_of
from yingxu.ground.actor import Actor
from yingxu.ground.models import Holding
from yingxu.ground.unit import Unit
from yingxu.voice.claims import LETTER_LIMIT, day_at
from yingxu.voice.events.heard import VoiceHeard
from yingxu.voice.events.overseeing import PromiseOfForumDone, RemarkAnswered, RemarkJudged
from yingxu.voice.events.rating import ConductDoubted
from yingxu.voice.keeping import who_keeps
from yingxu.voice.models.heard import Heard
from yingxu.voice.models.overseeing import Remark

#: Domain 5.9: so few stars are a case.
LOW_STARS = 2
#: What a rating may say of how somebody behaved (服务行为规范, domain S30).
CONDUCT = ("no_badge", "no_knock", "no_word", "dirty", "rude")
_ASKER = Actor(kind="asker", id=None, name="")
_ANSWER_WITHIN = timedelta(hours=24)
#: What the end of a finding's request makes of the finding: its type, and its fate.
_ENDS = {
    "done": ("valid", "done"),
    "explained": ("", "answered"),
    "declined": ("", "declined"),
    "transferred": ("", "answered"),
    "cancelled": ("", "answered"),
}


def hear_rating(
    *,
    request_key: int,
    worked_key: int,
    stars: int,
    text: str,
    unit: Unit,
    reasons: Sequence[str] = (),
    is_more: bool = False,
) -> None:
    """A rating of one or two stars, or one with words, waits for a person's answer within a day, in somebody's hands.

    One star for how somebody behaved is a conduct case, and the leaders of the team are told (S30). Who rated is not
    kept with it; who asked may read its fate. ``is_more``: words that follow the tap join the case that it opened.
    Records VoiceHeard, ConductDoubted. Budget: none; of a case three queries.
    """
    request = memo_of(unit).requests.get(request_key)
    if request is None or (stars > LOW_STARS and not text.strip()):
        return
    doers = {key for one in getattr(request, "work", ()) or () for key in (one["finished_by"], one["worker"])}
    conduct = [reason for reason in reasons if reason in CONDUCT] if stars == 1 else []
    kind = "conduct" if conduct else "low_rating" if stars <= LOW_STARS else "words"
    if not is_more or not _join(request_key, kind, stars, text, reasons, unit):
        parties, teams = request.party_keys, request.team_keys
        if worked_key != request_key:
            parties, teams = Request.objects.values_list("party_keys", "team_keys").get(pk=worked_key)
        answerable = who_keeps(request.site_id, teams, but_not=doers)
        row = unit.insert(
            Heard(
                site_id=request.site_id,
                kind=kind,
                request_id=request.pk,
                text=text.strip(),
                stars=stars,
                reasons=list(dict.fromkeys(reasons)),
                line_code=request.line_code,
                place_path=request.place_path,
                department_id=request.department_id,
                party_keys=parties,
                team_keys=teams,
                worker_keys=sorted(key for key in doers if key is not None),
                keeper_id=answerable,
                said_at=unit.at,
                answer_by=unit.at + _ANSWER_WITHIN,
            )
        )
        heard = VoiceHeard(
            site_id=request.site_id,
            subject_id=row.pk,
            thread_id=request.pk,
            said=kind,
            answer_by=row.answer_by.isoformat(),
        )
        said = unit.record(heard, actor=_ASKER)
        if answerable is not None and kind == "low_rating":  # of conduct the leaders are told in its own words
            unit.deliver(entry=said, fact=heard, channel="in_app", to_account_id=answerable)
    if not conduct:
        return
    fact = ConductDoubted(site_id=request.site_id, subject_id=request.pk, thread_id=request.pk, reasons=tuple(conduct))
    entry = unit.record(fact, actor=_ASKER)
    leaders = Holding.objects.filter(site_id=request.site_id, role="TL", team_key__in=request.team_keys, ends_at=None)
    for account in sorted(set(leaders.values_list("account_id", flat=True))):
        unit.deliver(entry=entry, fact=fact, channel="in_app", to_account_id=account)


def _join(request_key: int, kind: str, stars: int, text: str, reasons: Sequence[str], unit: Unit) -> bool:
    """Add what followed the tap to the case that it opened; False where there is none, or it has its fate."""
    waits = Heard.objects.filter(request_id=request_key, owner=None, stars=stars, text="", reasons=[], fate="")
    row = waits.order_by("-id").first()
    if row is None:
        return False
    unit.change(row, seen=["fate", "text"], kind=kind, text=text.strip(), reasons=list(dict.fromkeys(reasons)))
    return True


def end_finding(*, request_key: int, final_answer: str, unit: Unit) -> None:
    """A finding has one fate: when a person ended its request, that is its answer; what was promised for it is done.

    Nobody's word (a lapse) is no fate: then a person still answers. Who found it and said good has said the last word.
    Records RemarkAnswered, PromiseOfForumDone, RemarkJudged. Budget: none; one query of a finding.
    """
    request = memo_of(unit).requests.get(request_key)
    if request is None or request.channel != "supervisor" or unit.actor.kind == "engine":
        return
    row = Remark.objects.filter(request_id=request_key).select_related("site").first()
    row = row and (unit.fresh(Remark, row.pk) or row)
    if row is None or final_answer not in _ENDS:
        return
    about = {"site_id": row.site_id, "subject_id": row.pk, "thread_id": request_key}
    verdict, fate = _ENDS[final_answer]
    is_promised = row.state == "answered" and row.fate == "studied"
    if row.state not in {"open", "proposed"} and not is_promised:
        return
    words = request.answer_text.strip()[:LETTER_LIMIT] or row.answer or fate
    unit.change(
        row,
        seen=["state", "n_disagreed"],
        state="answered",
        verdict=row.verdict if is_promised else verdict,
        fate=fate,
        answer=words,
        answered_by_id=unit.actor.account_id,
        answered_at=unit.at,
        word="",
    )
    answered = RemarkAnswered(
        site_id=row.site_id,
        subject_id=row.pk,
        thread_id=request_key,
        state="answered",
        verdict=row.verdict,
        fate=fate,
        owner=row.owner_name,
        due_on="",
    )
    unit.record(answered)
    if is_promised and fate == "done" and row.due_on is not None and row.done_on is None:
        unit.change(row, done_on=day_at(row.site, unit.at), done_note=words)
        unit.record(PromiseOfForumDone(**about))
    if unit.actor.account_id is not None and unit.actor.account_id == row.raised_by_id:
        unit.change(row, state="settled", word="understood")
        unit.record(
            RemarkJudged(**about, word="understood", n_disagreed=row.n_disagreed),
            actor=_ASKER if row.is_hidden else None,
        )
