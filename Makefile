# The whole vocabulary: demo test check fmt bench docs (and warm). Everything is set up by itself; only Python 3.11+ and make are needed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PYTEST_WORKERS ?= 2

.PHONY: demo test check fmt bench docs warm setup setup-dev browser

demo: setup
	$(BIN)/yingxu demo

test: setup-dev browser
	$(BIN)/pytest -n $(PYTEST_WORKERS) --dist loadgroup $(PYTEST)

check: setup-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python manage.py makemigrations --check --dry-run

fmt: setup-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: setup-dev
	$(BIN)/python -m bench $(BENCH)

# compile the planner's kernels now instead of at the first plan (about a minute, once a machine)
warm: setup
	$(BIN)/python -m yingxu.core.routing.warm

# lists that docs take from data, and the screenshots
docs: setup-dev
	$(BIN)/python -m tests.rooms.test_authority_docs
	$(BIN)/python -m tests.journeys.screens --days 60

setup: $(VENV)/.ready
setup-dev: $(VENV)/.ready-dev

$(VENV)/.ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Yingxu needs Python 3.11 or later; set PYTHON=python3.x"; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "setting up (once) …"
	@$(BIN)/python -m pip install -q --disable-pip-version-check -r requirements.lock
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps -e .
	@$(BIN)/python -m compileall -q src
	@touch $@

$(VENV)/.ready-dev: requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Yingxu needs Python 3.11 or later; set PYTHON=python3.x"; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "setting up for development (once) …"
	@$(BIN)/python -m pip install -q --disable-pip-version-check -r requirements-dev.lock
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps -e .
	@$(BIN)/python -m compileall -q src
	@touch $@ $(VENV)/.ready

# browser tests drive Debian's Chromium; where it can't be installed they skip, loudly
browser:
	@sh tests/journeys/browser.sh
