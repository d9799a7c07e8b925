"""``yingxu token``: bearer tokens of machines and of people; a new one is printed alone on standard output."""

from __future__ import annotations

import argparse

from django.utils import timezone

from yingxu.connect import house
from yingxu.connect.refusal import BadInput


def configure(parser: argparse.ArgumentParser) -> None:
    """``create`` with scopes, a site, a name and whose own it is; ``list``; ``revoke``."""
    verbs = parser.add_subparsers(dest="verb", required=True)
    create = verbs.add_parser("create", help="make a token")
    create.add_argument(
        "--scope",
        action="append",
        required=True,
        help="requests:write, requests:read, dispatch:read, dispatch:write, work:write, bulk; may be repeated",
    )
    create.add_argument("--site", help="limit to one site, by its code")
    create.add_argument("--account", help="a person's own token, by account name: it may do what that person may")
    create.add_argument("--name", default="command line")
    verbs.add_parser("list", help="tokens that work: number, scopes, site, account, name")
    verbs.add_parser("revoke", help="a token no longer works").add_argument("number", type=int, help="as in the list")


def run(args: argparse.Namespace) -> int:
    """Make, list or revoke tokens; refuses: BadInput for an unknown scope, site, account or token."""
    with house.entered():
        return {"create": _create, "list": _list, "revoke": _revoke}[args.verb](args)


def _create(args: argparse.Namespace) -> int:
    from yingxu.ground import actions, queries
    from yingxu.ground.actor import engine
    from yingxu.ground.refusals import Malformed, NotFound

    scopes = [part for given in args.scope for part in given.split(",") if part]
    if "work:write" in scopes and not args.account:
        raise BadInput("--scope: work:write is for a person's own token; add --account NAME")
    account = queries.account_for_sign_in(args.account) if args.account else None
    if args.account and (account is None or not account.is_active):
        raise BadInput(f"--account: no open account {args.account!r} here")
    try:
        site = queries.site_by_code(args.site) if args.site else None
        made = actions.make_token(
            name=args.name,
            scopes=scopes,
            site_id=site.id if site else None,
            account_id=account.pk if account else None,
            actor=engine("setup"),
            at=timezone.now(),
        )
    except NotFound as error:
        raise BadInput(f"--site: no site {args.site!r} here") from error
    except Malformed as error:
        raise BadInput(f"--scope: unknown scope; known are {error.limit}") from error
    print(made.secret)
    return 0


def _list(args: argparse.Namespace) -> int:
    from yingxu.ground import queries

    for row in queries.tokens():
        print(f"{row.id}\t{','.join(row.scopes)}\t{row.site_code or '-'}\t{row.username or '-'}\t{row.name}")
    return 0


def _revoke(args: argparse.Namespace) -> int:
    from yingxu.ground import actions
    from yingxu.ground.actor import engine
    from yingxu.ground.refusals import NotFound

    try:
        actions.revoke_api_token(token_id=args.number, actor=engine("setup"), at=timezone.now())
    except NotFound as error:
        raise BadInput(f"no token {args.number} that works; see yingxu token list") from error
    return 0
