# Everything a fresh machine needs is set up here: a Python of 3.11 to 3.13, nothing else.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
DEMO ?= demo
# A peer in the benchmarks, apart: it pins an old Pillow.
MOVIEPY ?= .venv-moviepy
WORKERS ?= 2

.PHONY: demo test check bench clean

demo: $(VENV)/installed
	$(BIN)/answerprint demo $(DEMO)

test: $(VENV)/developing
	$(BIN)/python -m pytest -n $(WORKERS)

check: $(VENV)/developing
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: $(VENV)/developing $(MOVIEPY)/installed
	$(BIN)/python -m tests.bench --work build/bench --moviepy $(MOVIEPY)/bin/python

$(VENV)/installed: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || { \
	  echo "Answerprint needs Python 3.11, 3.12 or 3.13: run make PYTHON=python3.12" >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/developing: $(VENV)/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

$(MOVIEPY)/installed:
	$(PYTHON) -m venv $(MOVIEPY)
	$(MOVIEPY)/bin/python -m pip install --quiet --disable-pip-version-check 'moviepy>=2.2,<3'
	@touch $@

clean:
	rm -rf $(VENV) $(MOVIEPY) $(DEMO) build *.egg-info
