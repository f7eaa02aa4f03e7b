# Permea. Everything is made inside this folder: the environment in .venv, the demo's data in var/demo.
# Needs Python 3.11 or newer, git and GNU make 3.81 or newer; `make PYTHON=python3.12 demo` names another Python.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.SUFFIXES:

BIN := .venv/bin
WORKERS := 2
ARGS :=
export PYTHON

CATALOGUES := $(wildcard src/permea/locale/*/LC_MESSAGES/*.po)
COMPILED := $(CATALOGUES:.po=.mo)
COVERAGE := --cov --cov-report=term:skip-covered --cov-fail-under=95 --coverage-gate

.PHONY: help demo test check lock bench docs reference messages clean runtime dev peers

help: ## show what can be made
	@sed -n 's/^\([a-z]*\):.*## \(.*\)$$/  make \1 \2/p' Makefile | awk '{ printf "  make %-10s ", $$2; $$1 = $$2 = ""; sub(/^ +/, ""); print }'

demo: runtime $(COMPILED) ## install, load the demo and serve it; data in var/demo
	@PERMEA_DATA_DIR="$(CURDIR)/var/demo" $(BIN)/permea demo $(ARGS)

test: dev $(COMPILED) ## run every test, with the coverage bars; ARGS="..." goes to pytest
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(COVERAGE) $(ARGS)

check: dev $(COMPILED) ## run every check that is not a test: style, types, contracts, catalogues, docs
	@$(BIN)/python -m tools.check $(ARGS)

bench: peers $(COMPILED) ## install the peers and run the benchmarks; results go to benchmarks/results
	@for file in benchmarks/[a-z]*.py; do echo "== $$file"; $(BIN)/python "$$file" $(ARGS) || exit 1; done

docs: dev ## build the documentation into site/
	@$(BIN)/python -m tools.reference --check
	@NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict && echo "documentation: site/index.html"

reference: dev ## write docs/reference anew from the sources
	@$(BIN)/python -m tools.reference

messages: dev ## write the catalogues anew from the sources, keeping translations
	@$(BIN)/python -m tools.messages update

lock: ## resolve the dependencies anew (needs uv)
	@tools/lock.sh

clean: ## remove everything that was made here, the demo's data included
	rm -rf .venv var build dist site .coverage .coverage.* .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find src tests tools benchmarks -name __pycache__ -prune -exec rm -rf {} +
	rm -f $(COMPILED)

runtime:
	@tools/environment.sh runtime

dev:
	@tools/environment.sh dev

peers:
	@tools/environment.sh bench

%.mo: %.po | runtime
	@$(BIN)/python -m tools.messages compile
