# Every target installs what it needs into .venv first; nothing is needed before.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DATA ?= data

.DEFAULT_GOAL := help

help:  ## list these targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## */\1\t/' | expand -t 14

demo: $(VENV)/installed  ## crawl two specimen portals, extract, check, and serve the archive on 127.0.0.1:8001
	@$(BIN)/gongkai demo --data $(DATA)

crawl: $(VENV)/installed  ## crawl every declared portal and publish what was found (safe in cron)
	@$(BIN)/gongkai crawl --data $(DATA)

serve: $(VENV)/installed  ## serve the newest publication on 127.0.0.1:8001
	@$(BIN)/gongkai serve --data $(DATA)

test: $(VENV)/installed-tests  ## all tests
	$(BIN)/python -m pytest --numprocesses=auto --maxprocesses=8 --dist=loadfile

soak: $(VENV)/installed-tests  ## the long forms: many kills, many round trips
	$(BIN)/python -m pytest -m soak --timeout=900

bench: $(VENV)/installed-tests $(VENV)/installed-bench  ## measure crawl and reading against other tools, write docs/BENCHMARKS.md
	$(BIN)/python -m tests.bench.bench_crawl
	$(BIN)/python -m tests.bench.bench_read
	$(BIN)/python -m tests.bench.bench_compare
	$(BIN)/python -m tests.bench.bench_list
	$(BIN)/python -m tests.bench.bench_site

bench-full: $(VENV)/installed-tests $(VENV)/installed-bench  ## measure the pages over 100,000 reports (8 GB of disk, half an hour)
	$(BIN)/python -m tests.bench.bench_site --full

test-fast: $(VENV)/installed-tests  ## the tests without browser, kills and whole crawls
	$(BIN)/python -m pytest --numprocesses=auto --maxprocesses=8 --dist=loadfile -m "not slow and not browser and not soak"

lint: $(VENV)/installed-tests  ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

lock: $(VENV)/installed-tests  ## write the requirements files anew (needs uv on the PATH)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header pyproject.toml --no-annotate -o requirements.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --extra test pyproject.toml -c requirements.txt -o tests/requirements.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate tests/bench/requirements.in -c requirements.txt -o tests/bench/requirements.txt
	echo pywb==2.10.0 | uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate - -o tests/pywb-requirements.txt
	echo wacz==0.6.0 | uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate - -o tests/wacz-requirements.txt

clean:  ## remove .venv and caches, never data/
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache *.egg-info

# Hash-checked first; then the project itself, whose build says nothing worth reading.
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

$(VENV)/installed: requirements.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing what is needed into $(VENV), a minute or two"
	@$(PIP) --require-hashes -r requirements.txt
	@PYTHONWARNINGS=ignore $(PIP) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/installed-tests: $(VENV)/installed tests/requirements.txt $(VENV)/pywb/installed $(VENV)/wacz/installed $(VENV)/axe/installed
	@echo "installing what the tests need into $(VENV)"
	@$(PIP) --require-hashes -r tests/requirements.txt
	@touch $@

$(VENV)/installed-bench: $(VENV)/installed tests/bench/requirements.txt
	@echo "installing what the benchmarks compare with into $(VENV)"
	@$(PIP) --require-hashes -r tests/bench/requirements.txt
	@touch $@

# Replays our WARCs in the tests: a program of its own, with its own licence and requirements.
$(VENV)/pywb/installed: $(VENV)/installed tests/pywb-requirements.txt
	@echo "installing pywb for the tests into $(VENV)/pywb"
	@$(PYTHON) -m venv $(VENV)/pywb
	@$(VENV)/pywb/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r tests/pywb-requirements.txt
	@touch $@

# Looks over every page in the tests, as assistive technology would.
AXE := axe-core@4.14.1
AXE_DIGEST := 29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c

$(VENV)/axe/installed: $(VENV)/installed Makefile
	@echo "installing axe-core for the tests into $(VENV)/axe"
	@npm install --prefix $(VENV)/axe --no-save --no-package-lock --no-fund --no-audit --silent $(AXE)
	@echo "$(AXE_DIGEST)  $(VENV)/axe/node_modules/axe-core/axe.min.js" | sha256sum --check --quiet
	@touch $@

# Validates our WACZ files in the tests; a program of its own like pywb.
$(VENV)/wacz/installed: $(VENV)/installed tests/wacz-requirements.txt
	@echo "installing wacz for the tests into $(VENV)/wacz"
	@$(PYTHON) -m venv $(VENV)/wacz
	@$(VENV)/wacz/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r tests/wacz-requirements.txt
	@touch $@

.PHONY: help demo crawl serve test test-fast soak bench bench-full lint lock clean
