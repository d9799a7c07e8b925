"""``yingxu token create``: a machine's bearer token, printed alone on standard output."""

from __future__ import annotations

import argparse

from django.utils import timezone

from yingxu.connect import house
from yingxu.connect.refusal import BadInput


def configure(parser: argparse.ArgumentParser) -> None:
    """``create`` with scopes, a site and a name."""
    verbs = parser.add_subparsers(dest="verb", required=True)
    create = verbs.add_parser("create", help="make a token")
    create.add_argument(
        "--scope", action="append", required=True, help="requests:write, requests:read, bulk; may be repeated"
    )
    create.add_argument("--site", help="limit to one site, by its code")
    create.add_argument("--name", default="command line")


def run(args: argparse.Namespace) -> int:
    """Make the token; refuses: BadInput for an unknown scope or site."""
    with house.entered():
        from yingxu.ground import actions, queries
        from yingxu.ground.actor import engine
        from yingxu.ground.refusals import Malformed, NotFound

        scopes = [part for given in args.scope for part in given.split(",") if part]
        try:
            site = queries.site_by_code(args.site) if args.site else None
            made = actions.make_token(
                name=args.name,
                scopes=scopes,
                site_id=site.id if site else None,
                actor=engine("setup"),
                at=timezone.now(),
            )
        except NotFound as error:
            raise BadInput(f"--site: no site {args.site!r} here") from error
        except Malformed as error:
            raise BadInput(f"--scope: unknown scope; known are {error.limit}") from error
    print(made.secret)
    return 0
