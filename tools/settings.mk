# What the Makefile stands on: the environment, what was given as NAME=value, and the steps.

PYTHON ?= python3
BIN     = $(if $(filter Windows_NT,$(OS)),Scripts,bin)
# ENV=active is the environment that is active, if it has what the lock names.
ACTIVE  = $(if $(findstring command,$(origin ENV)),$(ENV))
VENV    = $(if $(ACTIVE),$(PYTHON),.venv/$(BIN)/python) -E -s
BUILD   = $(VENV) -S -m taawun.build
SETUP   = $(PYTHON) -E -s tools/setup_env.py
# The environment can tell by itself that it is whole, and sooner; not if another Python is named.
CHECK   = $(VENV) -S tools/setup_env.py check 2>/dev/null
WHOLE   = $(if $(ACTIVE),false,$(if $(filter file,$(origin PYTHON)),$(CHECK),false))
FORKS   = $(if $(findstring command,$(origin FORK)),$(FORK))
$(if $(filter-out yes no,$(FORKS)),$(error FORK=$(FORKS) is not accepted; accepted: yes or no))
$(if $(filter-out active,$(ACTIVE)),$(error ENV=$(ACTIVE) is not accepted; accepted: ENV=active))
# What was given as NAME=value on the command line; the values are in the environment.
CHOSEN  = $(sort $(foreach v,$(.VARIABLES),$(if $(findstring command,$(origin $v)),$v)))
# Of these what an experiment may differ in.
DIFFERS = $(filter-out PYTHON JOBS FORK ENV,$(CHOSEN))
# A value is text: make computes none of it.
$(foreach v,$(CHOSEN),$(if $(findstring $$,$(subst $$$$,,$(value $v))),\
    $(error $v=$(value $v) is not accepted; accepted: text, with $$$$ for a dollar sign)))
# What takes no parameters does not pass over them in silence.
PLAIN   = $(filter help test test-all bench lab lock clean,$(MAKECMDGOALS))
$(if $(PLAIN),$(if $(DIFFERS),$(error make $(PLAIN) takes no parameters, and was given $(DIFFERS); \
    accepted: make report, make verify, make why or make <step> with them)))
# An experiment is compared with what is published.
COMPARE = $(if $(DIFFERS),$(VENV) -m taawun.changes --experiment '$(DIFFERS)')
STEPS   = $(basename $(notdir $(wildcard notebooks/[0-9][0-9]-*.ipynb)))
# What notebooks run by hand have written is theirs until the next make report or make lab.
# The build takes the place of the shell that clears it: it ends with its make.
ANEW    = test ! -d build/lab || rm -rf build/lab
# JupyterLab keeps settings at home; where nothing can be written, or there is no home, here.
HOMED   = test -w ~ || export HOME="$$PWD/build/home"
# A step in one language, such as NN-name.en.
ONE     = $(filter $(STEPS:=.%),$(MAKECMDGOALS))
# Compiled modules are kept (every run would be twice as long); empty counts as unset.
export PYTHONDONTWRITEBYTECODE :=
