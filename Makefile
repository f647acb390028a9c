# SPDX-License-Identifier: Apache-2.0
# Each target sets up what it needs; the second time that takes no time.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help setup setup-test run ui test lint bench soak docs lock clean distclean

# First Python of 3.11 to 3.13 that starts; `make PYTHON=/path/to/python3.12 run` overrides
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python \
	/usr/bin/python3 /usr/local/bin/python3; do \
	"$$p" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null \
	&& echo "$$p" && break; done)
BIN := .venv/bin

# A cooperative does not report home
export DO_NOT_TRACK := 1
export DAGSTER_DISABLE_TELEMETRY := yes
export DBT_SEND_ANONYMOUS_USAGE_STATS := False
export RUNTIME__DLTHUB_TELEMETRY := false
export GX_ANALYTICS_ENABLED := false
export PYTHONUTF8 := 1

ORTSKERN_HOME ?= $(CURDIR)/var
export ORTSKERN_HOME

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' \
	| expand -t 20

setup:
	@test -n "$(PYTHON)" || { echo "Python 3.11, 3.12 oder 3.13 fehlt;" \
	"bitte installieren oder mit PYTHON=/pfad/zu/python3 angeben." >&2; exit 1; }
	@"$(PYTHON)" tools/setup.py run

setup-test:
	@test -n "$(PYTHON)" || { echo "Python 3.11, 3.12 oder 3.13 fehlt;" \
	"bitte installieren oder mit PYTHON=/pfad/zu/python3 angeben." >&2; exit 1; }
	@"$(PYTHON)" tools/setup.py test

run: setup ## From deliveries to portal, statements and signed edition of the sample cooperative
	@$(BIN)/ortskern run

ui: setup ## Dagster's user interface on http://127.0.0.1:3000
	@DAGSTER_HOME="$$($(BIN)/python -m orchestration.instance)" \
	$(BIN)/dagster dev -w workspace.yaml -h 127.0.0.1 -p 3000

# Whole runs of the town in one process, everything else beside it: two cores, half the time
WHOLE_RUNS := tests/end_to_end

test: setup-test lint ## Lint, types, SQL format and all tests but the long ones
	@said="$$(mktemp)"; $(BIN)/python -m pytest $(WHOLE_RUNS) > "$$said" 2>&1 & whole=$$!; \
	$(BIN)/python -m pytest $(foreach part,$(WHOLE_RUNS),--ignore=$(part)); rest=$$?; \
	wait $$whole; whole=$$?; cat "$$said"; rm -f "$$said"; test $$rest -eq 0 && test $$whole -eq 0

lint: setup-test ## Lint, types and SQL format only
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@if [ -d dbt_project ]; then $(BIN)/sqlfmt --check --no-progressbar --quiet dbt_project; fi

bench: setup-test ## Rows per second of generate, ingest, dbt and publish
	@$(BIN)/python -m tests.bench

soak: setup-test ## The tests that run for many minutes
	@$(BIN)/python -m pytest -m soak

docs: setup-test ## Write generated tables and pictures of the documents anew
	@$(BIN)/python -m tests.documents

lock: setup ## Write the locks after a change of pyproject.toml; newest versions: UPGRADE=--upgrade
	@$(BIN)/uv pip compile --quiet $(UPGRADE) --universal --generate-hashes --no-emit-index-url \
	--group dev --python-version 3.11 pyproject.toml -o requirements.lock
	@grep -oE '^uv==[0-9.]+' requirements-bootstrap.txt | $(BIN)/uv pip compile --quiet --universal \
	--generate-hashes --no-emit-index-url --no-header --no-annotate --python-version 3.11 - \
	> var-bootstrap.tmp && { sed -n '/^#/p' requirements-bootstrap.txt; cat var-bootstrap.tmp; } \
	> var-bootstrap.new && mv var-bootstrap.new requirements-bootstrap.txt && rm var-bootstrap.tmp

clean: ## Remove state (keys too!), caches and build outputs; keep the environment
	@rm -rf var build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
	@rm -rf reports/site/build reports/site/.evidence reports/site/.svelte-kit
	@rm -rf dbt_project/target dbt_project/logs logs
	@find . -name __pycache__ -not -path './.venv/*' -not -path '*/node_modules/*' -prune \
	-exec rm -rf {} +

distclean: clean ## Remove the environment and the Node packages as well
	@rm -rf .venv tests/browser/node_modules reports/site/node_modules
