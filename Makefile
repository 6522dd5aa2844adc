# Needs Python 3.11 or newer with venv and pip, and make. Everything else is set up here.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

.PHONY: help up check lint types unit test bench images lock clean

help: ## Say what there is
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 10

$(INSTALLED): requirements.lock pyproject.toml
	@echo "Installing the pinned packages into $(VENV) (about a minute)…"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

up: $(INSTALLED) ## Start everything on http://localhost:8000 (ARGS="--port 8080" for options)
	@$(BIN)/wijktwin up $(ARGS)

check: $(INSTALLED) ## Lint, types, layers and unit tests, side by side; needs no system packages
	@$(MAKE) --no-print-directory --jobs 2 --output-sync=target lint types unit

lint: $(INSTALLED)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports --no-logo

types: $(INSTALLED)
	@$(BIN)/pyright

unit: $(INSTALLED)
	@$(BIN)/pytest -q -m "not mosquitto and not browser and not slow"

test: $(INSTALLED) ## All tests; installs Mosquitto and Chromium where it may
	@tests/system/packages.sh
	@$(MAKE) --no-print-directory lint types
	@$(BIN)/pytest

bench: $(INSTALLED) ## Measure; writes benchmarks/RESULTS.md
	@tests/system/packages.sh
	@$(BIN)/python -m benchmarks $(ARGS)

images: $(INSTALLED) ## Make the screenshots in docs/images
	@tests/system/packages.sh
	@$(BIN)/python docs/take_images.py

lock: ## Pin the newest allowed packages, with hashes and without addresses (needs uv)
	uv pip compile pyproject.toml --group dev --upgrade --generate-hashes --no-emit-index-url \
	  --no-annotate --no-header --python-version 3.11 --output-file requirements.lock

clean: ## Remove the environment and caches, not the data
	rm -rf $(VENV) .pytest_cache .ruff_cache .hypothesis .import_linter_cache
