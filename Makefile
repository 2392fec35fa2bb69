# Every task of the project; CI calls the same targets. `make` prints them.

VENV := .venv
PYTHON ?= python3
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input -c constraints.txt
ARTICLE ?= docs/samples/dam.txt
ADDRESS ?= 127.0.0.1:50051
RECIPE ?= models/recipes/embedded.toml
CORPORA ?=
BENCH ?=
QUICK ?=
PEERS ?= build/bench/peers
CLIENTS := build/faults/clients
OTHER_PYTHON ?= $(PYTHON)
SHARE ?= 1
SOURCES := client/src server/src models/src tests
MANIFESTS := constraints.txt proto/pyproject.toml client/pyproject.toml server/pyproject.toml models/pyproject.toml

.DEFAULT_GOAL := help
.PHONY: help run serve test check format lint types imports proto proto-check model test-models bench faults docs constraints clean

help:  ## print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/run: $(MANIFESTS)
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing into $(VENV) ..."
	@$(PIP) -e proto -e "client[cli]" -e server
	@touch $@

$(VENV)/develop: $(VENV)/run
	@$(PIP) -e models -e "server[tracing]" -r tests/requirements.txt
	@touch $@

$(VENV)/train: $(VENV)/develop
	@$(PIP) -e "models[train,convert]"
	@touch $@

run: $(VENV)/run  ## digest ARTICLE=path by a server started for it (the first command to try)
	@$(BIN)/python tests/serving.py $(BIN)/mojaz digest "$(ARTICLE)"

serve: $(VENV)/run  ## serve the embedded model at ADDRESS=host:port
	@$(BIN)/mojaz-server --address $(ADDRESS)

test: $(VENV)/develop  ## run all tests
	@$(BIN)/python -m pytest

check: format lint types imports proto-check test  ## all that CI checks, and the tests

format: $(VENV)/develop
	@$(BIN)/ruff format --check --quiet $(SOURCES) proto docs

lint: $(VENV)/develop
	@$(BIN)/ruff check --quiet $(SOURCES) proto docs
	@cd proto && ../$(BIN)/buf lint

types: $(VENV)/develop
	@$(BIN)/mypy --no-error-summary

imports: $(VENV)/develop
	@$(BIN)/lint-imports --no-logo > $(VENV)/imports.log || (cat $(VENV)/imports.log; exit 1)

proto: $(VENV)/develop  ## generate the Python code and the API page from the contract
	@$(BIN)/python proto/generate.py

proto-check: $(VENV)/develop
	@$(BIN)/python proto/generate.py --check
	@$(BIN)/python docs/generate.py --check

model: $(VENV)/train  ## make a model: RECIPE=path CORPORA=folder
	@$(BIN)/mojaz-models make $(RECIPE) $(if $(CORPORA),--corpora $(CORPORA))

test-models: $(VENV)/train  ## the tests that need PyTorch
	@$(BIN)/python -m pytest models/tests

$(PEERS)/ready: tests/bench/requirements.txt
	@test -x $(PEERS)/bin/python || $(PYTHON) -m venv $(PEERS)
	@echo "installing what the benchmark compares with into $(PEERS) ..."
	@$(PEERS)/bin/python -m pip install --quiet --disable-pip-version-check --no-input -r tests/bench/requirements.txt
	@touch $@

bench: $(VENV)/train $(PEERS)/ready  ## measure the server beside its rivals into docs/performance.md: BENCH=part, QUICK=1, LINES=file
	@$(BIN)/python tests/bench/bench.py --peers $(PEERS) $(if $(QUICK),--quick) $(if $(LINES),--lines $(LINES)) $(BENCH:%=--part %)

$(CLIENTS)/ready: tests/clients/requirements.txt tests/clients/node/package.json
	@test -x $(CLIENTS)/bin/python || $(OTHER_PYTHON) -m venv $(CLIENTS)
	@echo "installing clients that others wrote into $(CLIENTS) and tests/clients/node ..."
	@$(CLIENTS)/bin/python -m pip install --quiet --disable-pip-version-check --no-input -r tests/clients/requirements.txt
	@cd tests/clients/node && npm install --silent --no-package-lock --no-audit --no-fund
	@touch $@

faults: $(VENV)/develop $(CLIENTS)/ready  ## the fault suite at length into docs/faults.md: SHARE=0.1 for a tenth, OTHER_PYTHON=path
	@$(BIN)/python -m pytest tests/faults --long --page docs/faults.md --share $(SHARE)

docs: proto  ## write the generated pages of docs/
	@$(BIN)/python docs/generate.py

constraints: $(VENV)/train
	@(head -1 constraints.txt; $(BIN)/python -m pip freeze --exclude-editable | grep -vE '^(torch|nvidia|triton)') > constraints.new
	@mv constraints.new constraints.txt

clean:  ## remove the environment and all caches
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
