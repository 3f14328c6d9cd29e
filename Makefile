# Two commands on a fresh machine: `make demo` opens the running platform, `make test` runs every test.
.PHONY: help demo test check fix coverage bench docs screenshots clean
.DEFAULT_GOAL := help

BIN := .venv/bin
PORT ?= 8000
JOBS ?= $(shell nproc 2>/dev/null || echo 2)

help: ## List the targets
	@grep -E '^[a-z]+:.*## ' Makefile | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

demo: ## Set everything up and open the platform with a demonstration round
	@scripts/setup.sh test
	@$(BIN)/openqmm demo --port $(PORT)

test: ## Set everything up and run every test, on both databases
	@scripts/setup.sh test
	@scripts/chromium.sh
	@$(BIN)/python scripts/test_engines.py -n $(JOBS) --dist worksteal $(ARGS)

check: ## Lint, types, import contracts, size budgets; changes nothing
	@scripts/setup.sh test,dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python scripts/style_metrics.py . --check
	DJANGO_SETTINGS_MODULE=tests.settings $(BIN)/python -m django makemigrations --check --dry-run

fix: ## Repair what the linter can repair
	@scripts/setup.sh test,dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

coverage: ## Run the tests and report branch coverage
	@scripts/setup.sh test
	$(BIN)/pytest -n $(JOBS) --dist worksteal --cov --cov-report=term $(ARGS)

bench: ## Measure what the speed goals name
	@scripts/setup.sh test
	$(BIN)/python bench/run.py

docs: ## Build the manual into site/
	@scripts/setup.sh docs
	$(BIN)/mkdocs build --strict

screenshots: ## Take the pictures of the manual from a running demonstration
	@scripts/setup.sh test
	@scripts/chromium.sh
	$(BIN)/python scripts/screenshots.py docs/images

clean: ## Remove what the targets made
	rm -rf .venv site build dist .pytest_cache .ruff_cache .mypy_cache .hypothesis
