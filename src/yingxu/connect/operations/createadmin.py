"""``yingxu createadmin NAME``: open an administrator's account."""

from __future__ import annotations

import argparse
import getpass
import os
import sys

from django.utils import timezone

from yingxu.connect import house
from yingxu.connect.refusal import BadInput


def configure(parser: argparse.ArgumentParser) -> None:
    """A name; the password comes from YINGXU_ADMIN_PASSWORD, a pipe, or is asked for twice."""
    parser.add_argument("username")
    parser.add_argument("--name", default="", help="the person's name (default: the account's)")


def run(args: argparse.Namespace) -> int:
    """Open the account; refuses: BadInput for a name that is taken or a weak password."""
    with house.entered():
        from django.contrib.auth.password_validation import validate_password
        from django.core.exceptions import ValidationError
        from django.db import IntegrityError

        from yingxu.ground import actions
        from yingxu.ground.actions import NewAccount, NewHolding
        from yingxu.ground.actor import engine

        password = _password()
        try:
            validate_password(password)
        except ValidationError as error:
            raise BadInput(f"the password is refused: {' '.join(error.messages)}") from error
        person = NewAccount(
            username=args.username,
            name=args.name or args.username,
            password=password,
            holdings=(NewHolding(role="AD"),),
        )
        try:
            actions.open_accounts(site_id=None, people=[person], actor=engine("setup"), at=timezone.now())
        except IntegrityError as error:
            raise BadInput(f"the account {args.username!r} exists; choose another name") from error
    print(f"administrator {args.username} can sign in")
    return 0


def _password() -> str:
    given = os.environ.get("YINGXU_ADMIN_PASSWORD")
    if given:
        return given
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first, second = getpass.getpass("Password: "), getpass.getpass("Again: ")
    if first != second:
        raise BadInput("the two passwords differ; nothing was made")
    return first
