# make demo: watch recorded people walk.  make test: every test.  Everything needed is set up in .venv.
PYTHON ?= python3
VENV := $(if $(SUREFOOT_VENV),$(SUREFOOT_VENV),.venv)
BIN := $(VENV)/bin
PEERS := $(if $(SUREFOOT_PEERS_VENV),$(SUREFOOT_PEERS_VENV),.venv-peers)
PREPARE := $(PYTHON) requirements/prepare.py
# Further recordings of real people for the demo: make demo RECORDINGS="a.parquet b.parquet"
RECORDINGS ?= $(wildcard ../shared/recordings/voisard_clinical/*.parquet)
# Several processes, since most of the time is spent waiting; make test PYTEST="-n 0 -x" for one of them
PYTEST ?= -n 3 --dist loadgroup --no-loadscope-reorder

.PHONY: demo test check bench kills clinic falls stumbles freezes days clean help

help:
	@echo "make demo   set up, stream recorded people over a virtual radio, open the dashboard"
	@echo "make test   set up, run all tests"
	@echo "make check  format, lint, types, import contracts, tests"
	@echo "make bench  measure latency, processor time, memory, start-up and alarms, beside two published pipelines"
	@echo "make kills  kill the program in the middle of alarms: none may be lost (KILLS=200 of each kind)"
	@echo "make clinic let 200 simulated people do each test of the clinic: what was found, what is wrong"
	@echo "make falls  how falls are told from everything else in recordings whose truth is known (FALLS=folder)"
	@echo "make stumbles  how stumbles are told from all other walking, the same way (STUMBLES=folder)"
	@echo "make freezes how much of the time that people froze is found, by person, place and threshold"
	@echo "make days   live seeded days of simulated people: falls found, false alarms against their budget (DAYS=1000)"
	@echo "make clean  remove everything that was built"

demo:
	@$(PREPARE) run
	@$(BIN)/surefoot demo $(foreach file,$(RECORDINGS),--recording $(file)) --with-samples $(DEMO)

test:
	@$(PREPARE) test
	@SUREFOOT_BROWSER="$$(cat $(VENV)/.browser)" $(BIN)/python -m pytest $(PYTEST)
	@test -s $(VENV)/.browser || echo "NOTE: no browser could be found or installed, so the browser tests were skipped."

check:
	@$(PREPARE) test
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(MAKE) --no-print-directory test

bench:
	@$(PREPARE) test
	@$(PREPARE) peers
	@$(BIN)/python -m server.bench --peers $(PEERS)/bin/python $(BENCH)
	@SUREFOOT_BROWSER="$$(cat $(VENV)/.browser)" $(BIN)/python -m tests.dashboard.start_bench

# kill -9 between an alarm's cause and its acknowledgement; fails if one was lost. A fall takes half a minute, two at a
# time: make kills KILLS=25 KILL="--only fall --seed 7 --lines kills.jsonl"
KILLS ?= 200
kills:
	@$(PREPARE) run
	@$(BIN)/python -m server.bench.kills --times $(KILLS) $(KILL)

# Fewer, or only some: make clinic CLINIC="--people 20 --tests tug stance"
clinic:
	@$(PREPARE) run
	@$(BIN)/python -m server.bench.clinic $(CLINIC)

# How falls are told from everything else in recordings whose truth is known, and in simulated people.
FALLS ?= ../shared/recordings
falls:
	@$(PREPARE) run
	@$(BIN)/python -m server.bench.falls $(FALLS)

# How stumbles are told from all other walking, the same way.
STUMBLES ?= ../shared/recordings
stumbles:
	@$(PREPARE) run
	@$(BIN)/python -m server.bench.stumbles $(STUMBLES)

# How much of the time that people froze is found: sensitivity/specificity over the threshold.
freezes:
	@$(PREPARE) run
	@$(BIN)/python -m server.bench.freezes $(FALLS)

# Seeded days of simulated people, sampled: falls and stumbles found, false alarms against their budget.
DAYS ?= 150
days:
	@$(PREPARE) run
	@$(BIN)/python -m server.bench.days --days $(DAYS)

clean:
	rm -rf $(VENV) $(PEERS) dashboard/dist dashboard/node_modules dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find sensing dsp server dashboard tests -name __pycache__ -type d -prune -exec rm -rf {} +
