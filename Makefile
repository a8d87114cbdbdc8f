# Taawun: a printed figure goes in, a sentence that can answer "says who?" comes out.
# papermill runs every notebook, each behind those whose tables it reads:
#     01 clean -> 02 audit, 03 growth, 04 coverage -> 05 brief x en, fr, ar, 06 readings
# nbconvert prints each as a page, and what speaks a language as a PDF, too; then all is published.
# `make` alone says what it can do. Needs Python and GNU Make 3.81 or newer, and sets up the rest.

PYTHON ?= python3
BIN     = $(if $(filter Windows_NT,$(OS)),Scripts,bin)
VENV    = .venv/$(BIN)/python -E -s
BUILD   = $(VENV) -S -m taawun.build
SETUP   = $(PYTHON) -E -s tools/setup_env.py
# The environment can tell by itself that it is whole, and sooner; not if another Python is named.
CHECK   = $(VENV) -S tools/setup_env.py check 2>/dev/null
WHOLE   = $(if $(filter file,$(origin PYTHON)),$(CHECK),false)
# What was given as NAME=value on the command line; the values are in the environment.
CHOSEN  = $(sort $(foreach v,$(.VARIABLES),$(if $(findstring command,$(origin $v)),$v)))
# Of these what an experiment may differ in.
DIFFERS = $(filter-out PYTHON JOBS FORK,$(CHOSEN))
# A value is text: make computes none of it.
$(foreach v,$(CHOSEN),$(if $(findstring $$,$(subst $$$$,,$(value $v))),\
    $(error $v=$(value $v) is not accepted; accepted: text, with $$$$ for a dollar sign)))
# What takes no parameters does not pass over them in silence.
PLAIN   = $(filter help test test-all bench lab lock clean,$(MAKECMDGOALS))
$(if $(PLAIN),$(if $(DIFFERS),$(error make $(PLAIN) takes no parameters, and was given $(DIFFERS); \
    accepted: make report, make verify, make why or make <step> with them)))
STEPS   = $(basename $(notdir $(wildcard notebooks/[0-9][0-9]-*.ipynb)))
# What notebooks run by hand have written is theirs until the next make report or make lab.
ANEW    = test ! -d build/lab || rm -rf build/lab
# A step in one language, such as 05-brief.en.
ONE     = $(filter $(STEPS:=.%),$(MAKECMDGOALS))
# Compiled modules are kept (every run would be twice as long); empty counts as unset.
export PYTHONDONTWRITEBYTECODE :=
.PHONY: help report confirm watch sweep changes test test-all why verify bench lab lock clean setup $(STEPS) \
    $(ONE)

help:  ## this list
	@echo "make ..."
	@sed -n 's/^\([a-z][a-z-]*\):[^#]*## \(.*\)/  \1	\2/p' Makefile | expand -t 12
	@echo "  $(STEPS): one step and what it needs, in build/"
	@echo "make report NAME=value ... builds an experiment in a folder of its own under reports/:"
	@$(PYTHON) -E -s -m taawun.build parameters 2>/dev/null || echo "  (see README.md)"
report: setup  ## build the brief and its appendix into reports/
	@$(ANEW); $(BUILD) report '$(CHOSEN)'$(if $(DIFFERS), && $(VENV) -m taawun.changes --experiment '$(DIFFERS)')
$(STEPS) $(ONE): setup
	@$(BUILD) $@ '$(CHOSEN)'
test: report  ## build the report, then test it
	@$(VENV) -m taawun.metadata && $(VENV) -m pytest -m "not exhaustive"
test-all: report  ## the same, and kill builds, build elsewhere, try sets of parameters
	@$(VENV) -m taawun.metadata && $(VENV) -m pytest
watch: setup  ## build what a saved file changes and show it: PAGE=05-brief.fr, Ctrl-C ends it
	@$(BUILD) watch '$(CHOSEN)'
sweep: setup  ## run every combination: HORIZON=2026..2035 SCENARIO=all BASE_YEAR=2010,2015
	@$(if $(DASK),$(SETUP) dask && .dask/$(BIN)/python -E -s,$(VENV)) -m taawun.sweep '$(CHOSEN)'
why: setup  ## draw the flow, and say for each step why it would run, or that it need not
	@$(BUILD) why '$(CHOSEN)'
confirm: setup  ## keep what the figures of new judgements read, and of ROW=<table/row>
	@$(VENV) -m taawun.judgements confirm "$$ROW"
changes: setup  ## which numbers moved since OLD=<folder, archive, revision or tag>, and why
	@$(VENV) -m taawun.changes "$(OLD)" $(if $(NEW),"$(NEW)")
verify: setup  ## check the sums of what is published, build, account for every number of the briefs
	@$(BUILD) verify '$(CHOSEN)'
bench: setup  ## time it against the plain commands and against no notebooks at all
	@$(VENV) benchmarks/bench.py
lab:  ## open JupyterLab on the notebooks, with the report's kernel
	@$(ANEW); $(SETUP) lab && .lab/$(BIN)/python -E -s -m jupyterlab --allow-root \
	    --config=tools/lab_config.py --ServerApp.root_dir=. \
	    --LabApp.default_url=/lab/tree/notebooks/exercises/00-start.ipynb
lock: setup  ## choose the newest versions of all packages
	@$(VENV) -m tools.lock
clean:  ## remove build/ and the experiments; what is published and the environment stay
	rm -rf build reports/*=*
setup:
	@$(WHOLE) || $(SETUP)
