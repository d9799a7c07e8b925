"""The ground's tables, by noun."""

from yingxu.ground.models.accounts import Account, Holding, Token
from yingxu.ground.models.assets import Asset, AssetState
from yingxu.ground.models.files import File
from yingxu.ground.models.hooks import Relay, Subscription
from yingxu.ground.models.imports import ImportRun
from yingxu.ground.models.journal import MOST_TRIES, Command, Delivery, Entry, Seal
from yingxu.ground.models.notices import NoticeSetting
from yingxu.ground.models.parties import Contract, Party
from yingxu.ground.models.sites import Place, PlaceToken, Site
from yingxu.ground.models.tries import SignInTry

__all__ = [
    "MOST_TRIES",
    "Account",
    "Asset",
    "AssetState",
    "Command",
    "Contract",
    "Delivery",
    "Entry",
    "File",
    "Holding",
    "ImportRun",
    "NoticeSetting",
    "Party",
    "Place",
    "PlaceToken",
    "Relay",
    "Seal",
    "SignInTry",
    "Site",
    "Subscription",
    "Token",
]
