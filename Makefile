# Taawun: a printed figure goes in, a sentence that can answer "says who?" comes out.
# papermill runs every notebook, each behind those whose tables it reads:
#     01 clean -> 02 audit, 03 growth, 04 coverage -> 05 brief x en, fr, ar, 06 readings
# nbconvert prints each as a page, and what speaks a language as a PDF, too; then all is published.
# `make` alone says what it can do. Needs Python and GNU Make 3.81 or newer, and sets up the rest.
include tools/settings.mk
.PHONY: help report confirm watch sweep changes test test-all why verify bench lab lock clean \
    setup $(STEPS) $(ONE)

help:  ## this list
	@echo "make ..."
	@sed -n 's/^\([a-z][a-z-]*\):[^#]*## \(.*\)/  \1	\2/p' Makefile | expand -t 12
	@echo "  $(STEPS): one step and what it needs, in build/"
	@echo "make report NAME=value ... builds an experiment in a folder of its own under reports/:"
	@$(PYTHON) -E -s -m taawun.build parameters 2>/dev/null || echo "  (see README.md)"
report: setup  ## build the brief and its appendix into reports/
	@$(ANEW); exec $(BUILD) report '$(CHOSEN)'
	@$(COMPARE)
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
	@$(ANEW); $(HOMED); $(SETUP) $(if $(ACTIVE),active-lab,lab) && \
	    $(if $(ACTIVE),$(VENV),.lab/$(BIN)/python -E -s) -m jupyterlab --allow-root \
	    --config=tools/lab_config.py
lock: setup  ## choose the newest versions of all packages
	@$(VENV) -m tools.lock
clean:  ## remove build/ and the experiments; what is published and the environment stay
	rm -rf build reports/*=*
setup:
	@$(WHOLE) || $(SETUP) $(ACTIVE)
