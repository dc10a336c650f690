# Haedap. `make run` and `make test` work from a bare clone: no root, no Docker, no Node.

PORT ?= 8000
BIND ?= 127.0.0.1
HAEDAP_HOME ?= $(CURDIR)/var
DEMO ?= 1
export PORT BIND HAEDAP_HOME

BIN := .venv/bin
MANAGE := $(BIN)/python manage.py

.DEFAULT_GOAL := help
.PHONY: help run install install-dev prepare test check lint format lock messages clean

help: ## what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: prepare ## start the site, with demo content the first time (DEMO=0: empty)
	@exec $(MANAGE) serve

prepare: install
	@scripts/prepare "$(DEMO)"

install: .venv/installed
install-dev: .venv/installed-dev

.venv/bin/python:
	@scripts/make-venv

.venv/installed: .venv/bin/python requirements.txt
	@scripts/install requirements.txt $@

.venv/installed-dev: .venv/bin/python requirements.txt requirements-dev.txt
	@scripts/install requirements-dev.txt $@ .venv/installed

test: install-dev ## every check and test, as the CI runs them
	@.ci/check

lint: install-dev ## the checks that need no test run
	@.ci/check lint

format: install-dev ## write the code as the checks want it
	@$(BIN)/ruff check -q --fix . || true
	@$(BIN)/ruff format -q .
	@$(BIN)/djlint --quiet --reformat templates || true

lock: install-dev ## renew the exact versions in requirements*.txt
	@$(BIN)/uv pip compile -q --upgrade requirements.in -o requirements.txt
	@$(BIN)/uv pip compile -q --upgrade requirements-dev.in -o requirements-dev.txt

messages: install-dev ## collect what people read into locale/*/LC_MESSAGES/django.po
	@$(MANAGE) make_catalogues

clean: ## remove what was installed and compiled; never the data
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
