"""Django's own commands, for developers; everything else is ``yingxu``."""

import os
import sys
from contextlib import nullcontext
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent / "src"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line

    from config.embedded import Embedded
    from config.home import is_embedded

    with Embedded() if is_embedded() else nullcontext():
        execute_from_command_line(sys.argv)
