"""Verbs of the standards, by what they change."""

from yingxu.standards.actions.catalogue import Extended, NewItem, NewLine, extend_catalogue
from yingxu.standards.actions.library import Installed, install_library

__all__ = ["Extended", "Installed", "NewItem", "NewLine", "extend_catalogue", "install_library"]
