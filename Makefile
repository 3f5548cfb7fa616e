# Everything a fresh machine needs is set up here: a Python of 3.11 to 3.13, nothing else. What is installed is what
# the locks in .ci/ name, each file by its hash; `make update` renews them.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
DEMO ?= demo
# A peer in the benchmarks, apart: it pins an old Pillow.
MOVIEPY ?= .venv-moviepy
WORKERS ?= 2
# uv, which writes the locks, apart from what they name.
UPDATING ?= .venv-update
# `make update UPGRADE=` renews the locks for what pyproject.toml changed, and keeps every other release.
UPGRADE ?= --upgrade
# `make test SEED=7` runs the tests in an order of its own; the same seed gives the same order.
SEED ?=
PIP = $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: demo developing test check bench sbom update clean

demo: $(VENV)/installed
	$(BIN)/answerprint demo $(DEMO)

# What tests and checks need.
developing: $(VENV)/developing

test: $(VENV)/developing
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(if $(SEED),--random-order --random-order-seed=$(SEED))

check: $(VENV)/developing
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: $(VENV)/developing $(MOVIEPY)/installed
	$(BIN)/python -m tests.bench --work build/bench --moviepy $(MOVIEPY)/bin/python

# A CycloneDX list of what `make demo` installs: names, versions, licences, hashes.
sbom: $(VENV)/developing
	PYTHONPATH=.ci $(BIN)/python -m supply.sbom build/sbom.json

# The same numpy for users as for tests: the users' lock is held to the versions of the developers'.
LOCK = $(UPDATING)/bin/uv pip compile --quiet $(UPGRADE) --universal --python-version 3.11 --generate-hashes \
  --custom-compile-command 'make update' --annotation-style line --group pyproject.toml:build pyproject.toml

update: $(UPDATING)/installed
	$(LOCK) --extra dev --output-file .ci/lock-dev.txt
	$(LOCK) --constraints .ci/lock-dev.txt --output-file .ci/lock.txt

$(VENV)/installed: pyproject.toml .ci/lock.txt
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || { \
	  echo "Answerprint needs Python 3.11, 3.12 or 3.13: run make PYTHON=python3.12" >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(PIP) --require-hashes --only-binary :all: --requirement .ci/lock.txt
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/developing: $(VENV)/installed .ci/lock-dev.txt
	$(PIP) --require-hashes --only-binary :all: --requirement .ci/lock-dev.txt
	@touch $@

$(UPDATING)/installed:
	$(PYTHON) -m venv $(UPDATING)
	$(UPDATING)/bin/python -m pip install --quiet --disable-pip-version-check 'uv>=0.9,<1'
	@touch $@

$(MOVIEPY)/installed:
	$(PYTHON) -m venv $(MOVIEPY)
	$(MOVIEPY)/bin/python -m pip install --quiet --disable-pip-version-check 'moviepy>=2.2,<3'
	@touch $@

clean:
	rm -rf $(VENV) $(MOVIEPY) $(UPDATING) $(DEMO) build *.egg-info
