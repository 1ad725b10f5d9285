# Everything a developer or CI runs; `make help` lists it.  Needs Python 3.11, pip and bash only.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/pip --disable-pip-version-check --quiet
PYTEST := $(BIN)/python -m pytest --quiet
LOCK := $(BIN)/uv --quiet pip compile --generate-hashes --no-emit-index-url \
  --no-emit-find-links --custom-compile-command "make lock"

# What runs a node is installed by both; a developer's set-up serves the demo too.
NODE := $(if $(wildcard build/.setup),build/.setup,build/.node)

##@ Start here

.PHONY: help
help: ## List the targets
	@awk 'BEGIN {FS = ":.*## "} \
	  /^##@ / {printf "\n%s\n", substr($$0, 5)} \
	  /^[a-z0-9-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: demo
demo: $(NODE) ## Three cities on this machine and the whole story between them
	$(BIN)/huxin demo

.PHONY: up
up: $(NODE) ## One city's node in one process, until interrupted
	$(BIN)/huxin up

.PHONY: setup
setup: build/.setup ## Make .venv with everything for development; quick when nothing changed
	@:

$(BIN)/python:
	$(PYTHON) -m venv .venv

build/.node: requirements/base.txt pyproject.toml | $(BIN)/python
	$(PIP) install --require-hashes -r requirements/base.txt
	$(PIP) install --no-deps --no-build-isolation -e .
	@mkdir -p build && touch $@

build/.setup: requirements/dev.txt pyproject.toml | $(BIN)/python
	$(PIP) install --require-hashes -r requirements/dev.txt
	$(PIP) install --no-deps --no-build-isolation -e .
	@mkdir -p build && touch $@

##@ Check

.PHONY: check
check: lint types arch contracts-check test ## All that CI runs, in its order

.PHONY: lint
lint: setup ## Style and format (ruff)
	$(BIN)/ruff check
	$(BIN)/ruff format --check

.PHONY: types
types: setup ## Types (mypy, strict)
	$(BIN)/mypy

.PHONY: arch
arch: setup ## Who may import whom (import-linter)
	$(BIN)/lint-imports

.PHONY: contracts-check
contracts-check: setup ## The generated documents are fresh
	$(BIN)/python -m contracts.documents --check

##@ Test

# One process each: integration and e2e change the standard library for eventlet.
.PHONY: test
test: setup servers unit components side-by-side integration e2e ## Every test

.PHONY: side-by-side
side-by-side:
	@$(BOTH) foreign contract-tests arch-tests

.PHONY: unit
unit: setup ## Rules, without sockets or servers (seconds)
	@echo "== unit"
	$(PYTEST) -n 2 tests/unit --disable-socket

.PHONY: components
components: setup ## One part with its real database files, without servers
	@echo "== components"
	$(PYTEST) -n 2 tests/components --disable-socket

.PHONY: contract-tests
contract-tests: setup ## Messages against golden files, vocabulary, documents
	@echo "== contracts"
	$(PYTEST) tests/contracts --disable-socket

.PHONY: arch-tests
arch-tests: setup ## The rules can go red; habits; glossary
	@echo "== architecture"
	$(PYTEST) tests/architecture --disable-socket

.PHONY: foreign
foreign: setup servers ## Our formats and pages in somebody else's hands (Node packages, Chromium)
	@echo "== foreign"
	$(PYTEST) tests/foreign

.PHONY: integration
integration: setup servers ## Broker, databases and services as the fakes promise
	@$(BOTH) integration-embedded integration-servers

.PHONY: e2e
e2e: setup servers ## The story over HTTP, on both runtimes
	@$(BOTH) e2e-embedded e2e-servers

# Side by side: what runs on nothing but Python, and what runs on RabbitMQ and PostgreSQL.
BOTH = $(MAKE) --jobs=2 $(if $(filter output-sync,$(.FEATURES)),--output-sync=target)

.PHONY: integration-embedded e2e-embedded
integration-embedded e2e-embedded: %-embedded:
	@echo "== $*, embedded"
	@$(PYTEST) tests/$* -m "not (rabbitmq or postgresql)"

.PHONY: integration-servers e2e-servers
integration-servers e2e-servers: %-servers:
	@echo "== $*, on RabbitMQ and PostgreSQL"
	@$(PYTEST) tests/$* -m "rabbitmq or postgresql"

.PHONY: fuzz
fuzz: setup ## Ask the gateway anything for FUZZ_MINUTES (60) and compare with openapi.json
	$(BIN)/python -W ignore -m tests.fuzz

.PHONY: servers
servers: ## Install RabbitMQ, PostgreSQL and Chromium for the tests, when missing and root
	@deploy/install-test-servers

.PHONY: bench
bench: setup servers ## Measure (docs/performance.md)
	@command -v wrk >/dev/null || { echo "wrk is missing: apt-get install wrk" >&2; exit 1; }
	$(BIN)/python -W ignore -m tests.bench

##@ Write

.PHONY: fmt
fmt: setup ## Format, and fix what can be fixed
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

.PHONY: contracts
contracts: setup ## Golden files of new messages; messages.md, OpenAPI, AsyncAPI
	$(BIN)/python -m tests.contracts.golden
	$(BIN)/python -m contracts.documents

.PHONY: client
client: setup ## A wheel of the client library alone, for those who run no node (build/client)
	rm -rf build/client && mkdir -p build/client/tree
	cp -r contracts huxin_client LICENSE deploy/client/pyproject.toml build/client/tree
	$(PIP) wheel --no-deps --no-build-isolation --wheel-dir build/client build/client/tree
	@rm -rf build/client/tree && ls build/client/*.whl

.PHONY: lock
lock: setup ## Compile requirements/*.txt, also for the image; keeps the versions it may
	$(LOCK) requirements/base.in --output-file requirements/base.txt
	$(LOCK) requirements/sm.in --constraint requirements/base.txt \
	  --output-file requirements/sm.txt
	$(LOCK) requirements/dev.in --constraint requirements/base.txt --constraint requirements/sm.txt \
	  --output-file requirements/dev.txt

##@ Operate

.PHONY: parked
parked: $(NODE) ## List messages set aside after their last retry, of every service
	@for service in recognition scenarios gateway; do \
	  echo "$$service"; $(BIN)/huxin parked list $$service; done

.PHONY: clean
clean: ## Remove what builds and runs leave behind; keeps .venv
	rm -rf build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find contracts services tests -name __pycache__ -prune -exec rm -rf {} +
