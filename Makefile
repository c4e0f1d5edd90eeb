# make run    the app with the demo program, at http://127.0.0.1:8501
# make test   the tests
# make check  format, lint, types, import rules, tests
# make bench  the promises of speed and memory, each told and kept or broken
# make fuzz   every parser fed with broken input, 60 seconds each (SECONDS=, NAMES="part of a name")
# make golden writes the golden files, the manual of metrics and the editors' schema anew, to be read in review

SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
export UPSTANDER_HOME ?= instance
export UV_PYTHON_DOWNLOADS := never
unexport PYTHONDONTWRITEBYTECODE  # tests start many processes, each of which would compile everything anew

.PHONY: run test check bench fuzz golden install

run: install
	@test -f "$(UPSTANDER_HOME)/upstander.yml" || $(BIN)/upstander demo
	@$(BIN)/upstander build
	@$(BIN)/upstander app

# There is a process for each core already.
test: export OPENBLAS_NUM_THREADS := 1
test: install
	@$(BIN)/python -m pytest --numprocesses=auto --maxprocesses=4 --dist=loadfile --no-loadscope-reorder

check: install
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(MAKE) --no-print-directory test

bench: install
	@test -f "$(UPSTANDER_HOME)/upstander.yml" || $(BIN)/upstander demo
	@$(BIN)/upstander build
	@broken=0; for name in read_dump read_history read_tickets read_api growth unchanged_feed \
		control_charts kaplan_meier false_alarms forecast_coverage share_coverage survival_and_survey_coverage \
		impact_coverage engine build ask page_rerun cold_start weekly_report; do \
		echo; echo "== $$name"; $(BIN)/python benchmarks/$$name.py || broken=1; \
	done; exit $$broken

fuzz: install
	@$(BIN)/python -m tests.fuzz --seconds $(or $(SECONDS),60) $(NAMES)

golden: install
	@$(BIN)/python -m tests.golden

# Installs only what changed: the stamp holds the SHA-256 of the lock and of the project's own settings.
install:
	@PYTHON="$(PYTHON)" sh .ci/install $(VENV) $(STAMP)
