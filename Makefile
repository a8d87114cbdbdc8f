# Taawun: a printed figure goes in, a sentence that can answer "says who?" comes out.
# `make` alone says what it can do. Works with GNU Make 3.81 and newer; everything else is set up by it.

PYTHON ?= python3
VENV    = .venv/$(if $(filter Windows_NT,$(OS)),Scripts,bin)/python
LAB     = .lab/$(if $(filter Windows_NT,$(OS)),Scripts,bin)/python
SETUP   = $(PYTHON) -E -s tools/setup_env.py
# The environment can tell by itself that it is whole, and sooner; not if another Python is named.
WHOLE   = $(if $(filter file,$(origin PYTHON)),$(VENV) -E -s -S tools/setup_env.py check 2>/dev/null,false)
BUILD   = $(VENV) -E -s -S -m taawun.build
# What was given as NAME=value on the command line; the values are in the environment.
CHOSEN  = $(sort $(foreach name,$(.VARIABLES),$(if $(findstring command,$(origin $(name))),$(name))))
STEPS   = 01-clean 02-audit 03-growth 04-coverage 05-brief

# Compiled modules are kept (every run would be twice as long); empty counts as unset.
export PYTHONDONTWRITEBYTECODE :=
export TAAWUN_MAKE := $(MAKE)
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
.PHONY: help report test why verify bench lab lock clean setup $(STEPS)

# ---- What people call -------------------------------------------------------------------------------------

report: setup  ## build the brief and its appendix into reports/
	@$(BUILD) report '$(CHOSEN)'

test: report  ## build the report, then test everything
	@$(VENV) -E -s -m taawun.metadata
	@$(VENV) -E -s -m pytest

why: setup  ## say for each step why it would run, or that it need not
	@$(BUILD) why '$(CHOSEN)'

verify: setup  ## check the sums of what is published, build, and account for every number of the briefs
	@$(BUILD) sums && $(BUILD) report && $(VENV) -E -s -m taawun.metadata
	@$(VENV) -E -s -m taawun.verify

lab:  ## open JupyterLab on the notebooks, with the report's kernel
	@$(SETUP) lab
	@$(LAB) -E -s -m jupyterlab --ServerApp.root_dir=. --LabApp.default_url=/lab/tree/notebooks

bench: setup  ## time it against the plain commands and against no notebooks at all
	@$(VENV) -E -s benchmarks/bench.py

help:  ## this list
	@echo "make ..."
	@sed -n 's/^\([a-z][a-z]*\):[^#]*## \(.*\)/  \1	\2/p' Makefile | expand -t 10
	@echo "  $(STEPS): one step and what it needs, in build/"
	@echo "make report NAME=value ... builds an experiment in a folder of its own under reports/:"
	@$(PYTHON) -E -s -m taawun.build parameters 2>/dev/null || echo "  (the parameters: see README.md)"

clean:  ## remove build/ and the experiments; what is published and the environment stay
	rm -rf build reports/*=*

lock: setup  ## choose the newest versions of all packages
	@$(VENV) -E -s -m taawun.lock

$(STEPS): setup
	@$(BUILD) $@ '$(CHOSEN)'

setup:
	@$(WHOLE) || $(SETUP)

# ---- The data flow, run by taawun.build in build/<edition>/ -------------------------------------------------
# A step is done when its record says what it was made from; a table's date moves only when its content does.

01-clean.done:
02-audit.done:       processed/01-figures.csv processed/01-ledger.csv
03-growth.done:      processed/01-figures.csv processed/01-ledger.csv
04-coverage.done:    processed/01-figures.csv processed/01-ledger.csv
$(filter 05-brief.%,$(MAKECMDGOALS)): processed/01-figures.csv processed/01-ledger.csv processed/02-checks.csv processed/02-ledger.csv \
                     processed/03-series.csv processed/03-ledger.csv processed/04-coverage.csv processed/04-ledger.csv

%.done:
	@"$(TAAWUN_PYTHON)" $(TAAWUN_HOW) $*

processed/01-%.csv: 01-clean.done ; @:
processed/02-%.csv: 02-audit.done ; @:
processed/03-%.csv: 03-growth.done ; @:
processed/04-%.csv: 04-coverage.done ; @:
