#!/bin/sh
# The same work by plain command lines, one after another: `sh naive.sh FOLDER` in a copy of the
# project.
set -eu
out=$1
mkdir -p "$out"
for step in 01-clean 02-audit 03-growth 04-coverage; do
    papermill --no-progress-bar "notebooks/$step.ipynb" "$out/$step.ipynb"
done
for language in en fr ar; do
    papermill --no-progress-bar notebooks/05-brief.ipynb "$out/05-brief.$language.ipynb" -p language "$language"
done
papermill --no-progress-bar notebooks/06-readings.ipynb "$out/06-readings.ipynb"
for notebook in "$out"/*.ipynb; do
    jupyter nbconvert --to taawun-html "$notebook"
done
for notebook in "$out"/05-brief.*.ipynb; do
    jupyter nbconvert --to taawun-pdf "$notebook"
    jupyter nbconvert --to taawun-docx "$notebook"
done
