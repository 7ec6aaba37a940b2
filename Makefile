# Needs CPython 3.11 or later with venv, and make; everything else is set up in .venv from the lock files.
# `make PYTHON=/path/to/python3.12 …` chooses the interpreter; `make WHEELHOUSE=folder …` installs from there and asks no network.
.DEFAULT_GOAL := help
.PHONY: help setup setup-dev demo test bench bench-detection fuzz torture lock wheelhouse without-network clean
.DELETE_ON_ERROR:

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
INSTALL := $(PIP) install --quiet
STEP := @sh .ci/step
WHEELHOUSE ?= $(wildcard wheelhouse)
OFFLINE := $(if $(WHEELHOUSE),--no-index --find-links $(WHEELHOUSE))
COMPILE = $(BIN)/uv pip compile pyproject.toml --group build --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --quiet

help:
	@echo "make demo            the main job on sample returns, in a fresh workspace ./demo"
	@echo "make test            ruff, mypy and all tests; what needs a program that is not here is skipped and named"
	@echo "make setup           .venv with the annex2 command: .venv/bin/annex2 --help"
	@echo "make bench           the speed ratios"
	@echo "make bench-detection known faults against the rules"
	@echo "make fuzz            damaged good returns: exceptions, numbers other than LibreOffice shows; goes on where it was"
	@echo "                     (MUTANTS=8400, SEED=1)"
	@echo "make torture         500 kills and 300 disk errors at system calls, eight runs at once (two hours; needs strace)"
	@echo "                     (KILLS=500, ERRORS=300, ROUNDS=50, PROCESSES=2)"
	@echo "make lock            resolve the lock files anew (make lock UPGRADE=1: to the latest versions)"
	@echo "make wheelhouse      ./wheelhouse: the wheels an installation without network needs"
	@echo "                     (PYTHONS='3.11 3.12', TARGETS=windows-amd64)"
	@echo "make without-network proof that they are enough: installation and demo in a network namespace of their own"
	@echo "make clean           remove .venv, caches and ./demo"
	@echo "Each sets up what it needs in .venv; PYTHON=/path/to/python3.12 chooses the interpreter."

setup: .venv/.runtime
setup-dev: .venv/.dev

demo: setup
	@echo "the main job on sample returns of three periods, some of them faulty, in ./demo:"
	@$(BIN)/annex2 demo
	@echo "Look at demo/outbox/2025-03-31: the bulletin (通报表), the validation report (审核报告), the working papers (工作底稿)."

# ANNEX2_NO_SKIP=1 makes a skipped test a failure (CI).
test: setup-dev
	@$(BIN)/python -m tests $(if $(ANNEX2_NO_SKIP),-p tests.support.no_skips)

bench: setup-dev
	$(BIN)/python -m bench

bench-detection: setup-dev
	$(BIN)/python -m bench.detection

# MUTANTS of SEED, WORKERS at the same time; what was found lies in STATE (.fuzz), for each state of the code.
fuzz: setup-dev
	$(BIN)/python -m bench.fuzz $(if $(MUTANTS),--mutants $(MUTANTS)) $(if $(SEED),--seed $(SEED)) $(if $(WORKERS),--workers $(WORKERS)) $(if $(STATE),--state $(STATE))

# KILLS and ERRORS confirmed, ROUNDS rounds of 8 runs at once, PROCESSES faults at the same time.
torture: setup-dev
	$(BIN)/python -m bench.torture $(if $(KILLS),--kills $(KILLS)) $(if $(ERRORS),--errors $(ERRORS)) $(if $(ROUNDS),--rounds $(ROUNDS)) $(if $(PROCESSES),--processes $(PROCESSES))

lock: setup-dev
	$(COMPILE) $(if $(UPGRADE),--upgrade) --output-file requirements.lock
	$(COMPILE) $(if $(UPGRADE),--upgrade) --group dev --constraint requirements.lock --output-file requirements-dev.lock

wheelhouse: setup
	$(BIN)/python -m offline.wheelhouse $@ $(TARGETS:%=--target %) $(PYTHONS:%=--python %)

without-network: setup
	offline/without-network

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis annex2.egg-info build dist demo
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Stamps: a second call installs nothing unless a lock file or pyproject.toml has changed.
.venv/.runtime: requirements.lock pyproject.toml | .venv/.made
	$(STEP) "the packages of requirements.lock into .venv (a minute or two)" $(INSTALL) $(OFFLINE) --require-hashes -r requirements.lock
	$(STEP) "annex2 into .venv" $(INSTALL) $(OFFLINE) --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.dev: requirements-dev.lock .venv/.runtime
	$(STEP) "what the tests need into .venv (a minute)" $(INSTALL) --require-hashes -r requirements-dev.lock
	@touch $@

.venv/.made:
	$(STEP) "a virtual environment, .venv" sh .ci/venv .venv "$(PYTHON)"
	@touch $@
