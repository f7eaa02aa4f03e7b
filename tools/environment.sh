#!/bin/sh
# Makes .venv ready for "runtime", "dev" or "bench"; a second call with unchanged locks answers at once.
# usage: tools/environment.sh runtime|dev|bench
set -eu
cd "$(dirname "$0")/.."
kind=$1
venv=.venv

fail() {
    echo "permea: $*" >&2
    exit 1
}

is_new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

find_python() {
    for name in ${PYTHON:-} python3 python3.13 python3.12 python3.11 python3.14; do
        if command -v "$name" >/dev/null 2>&1 && is_new_enough "$name"; then
            command -v "$name"
            return
        fi
    done
}

lock=requirements/$kind.lock
[ -f "$lock" ] || fail "$lock is missing; this is not a complete copy of the source."
# What the environment was made from: the lock, the package's own description, and where it stands.
key_of() {
    (pwd; cat "requirements/$1.lock" pyproject.toml hatch_build.py) | cksum | tr ' ' '-'
}
key=$(key_of "$kind")

# Each lock holds all of the one before it: an environment made from a later one serves as well.
is_ready() {
    case $kind in
        runtime) kinds="runtime dev bench" ;;
        dev) kinds="dev bench" ;;
        *) kinds=$kind ;;
    esac
    for one in $kinds; do
        [ -f "requirements/$one.lock" ] && [ -f "$venv/.ready-$(key_of "$one")" ] && return 0
    done
    return 1
}

# Scripts of an environment name the folder it was made in: one that was moved or copied is made anew.
place=$(cat $venv/.place 2>/dev/null || pwd)
if [ "$place" = "$(pwd)" ] && [ -x $venv/bin/python ] && is_new_enough $venv/bin/python; then
    is_ready && exit 0
else
    python=$(find_python)
    if [ -z "$python" ]; then
        found=$( (python3 --version || echo "no python3") 2>/dev/null )
        fail "Python 3.11 or newer is needed, and this machine has $found. Install it, or name it: make PYTHON=/path/to/python3.12"
    fi
    rm -rf $venv
    echo "permea: making $venv with $("$python" --version) ..."
    if ! "$python" -m venv $venv >$venv.log 2>&1; then
        cat $venv.log >&2
        rm -rf $venv $venv.log
        fail "Python's venv module is missing or broken; on Debian and Ubuntu: apt install python3-venv"
    fi
    rm -f $venv.log
    pwd >$venv/.place
fi

rm -f $venv/.ready-*
pip="$venv/bin/python -m pip --disable-pip-version-check --no-input --no-cache-dir"
echo "permea: installing $lock (only what is missing) ..."
$pip install --quiet --require-hashes -r "$lock"
$pip install --quiet --no-deps --no-build-isolation -e .
: >"$venv/.ready-$key"
