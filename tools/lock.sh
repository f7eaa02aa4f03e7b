#!/bin/sh
# Resolves the dependencies of pyproject.toml into requirements/*.lock, with hashes, for every platform and Python.
# Versions already locked are kept where they still fit; UPGRADE=--upgrade takes the newest.
set -eu
cd "$(dirname "$0")/.."
uv=$(command -v uv || echo .venv/bin/uv)
[ -x "$uv" ] || {
    echo "permea: make lock needs uv (pip install uv)" >&2
    exit 1
}
compile() {
    target=$1
    shift
    "$uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-emit-index-url \
        --no-header --no-annotate ${UPGRADE:-} --output-file "$target" "$@"
}
compile requirements/runtime.lock pyproject.toml --extra postgresql --group build
# The model of `semantic` (32 MB) is in the environments of tests and benchmarks, not in what a demo installs.
compile requirements/dev.lock pyproject.toml --extra postgresql --extra semantic --group build --group dev \
    --constraint requirements/runtime.lock
compile requirements/bench.lock pyproject.toml --extra postgresql --extra semantic --group build --group dev --group bench \
    --constraint requirements/dev.lock
