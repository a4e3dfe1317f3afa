#!/bin/sh
# Make a virtual environment with everything the project's own commands need.
#   sh setup.sh DIR        into DIR, with the versions of constraints.txt
#   sh setup.sh --update   write constraints.txt anew from the newest versions
set -eu
cd "$(dirname "$0")"

fail() { echo "setup: $1" >&2; exit 1; }

find_python() {
    for name in python3.14 python3.13 python3.12 python3.11 python3 python; do
        if command -v "$name" >/dev/null 2>&1 &&
            "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$name"
            return
        fi
    done
}

# Compares only what pip installs, so a half-made environment is made again.
make_venv() { # DIR [PIP ARGUMENTS]
    dir=$1
    shift
    python=${PYTHON:-$(find_python)}
    [ -n "$python" ] || fail "Python 3.11 or newer is needed and was not found; install it, or name it: make PYTHON=/path/to/python3"
    "$python" -m venv "$dir" >/dev/null 2>&1 ||
        fail "$python has no venv module; on Debian or Ubuntu: apt install python3-venv"
    echo "setup: installing into $dir (once, about a minute)" >&2
    "$dir/bin/pip" install --quiet --disable-pip-version-check "$@" -e '.[dev]' >"$dir/install.log" 2>&1 || {
        grep -iE '^ERROR' "$dir/install.log" | tail -n 1 >&2 || true
        fail "could not install the packages; is there a network? All of pip's words are in $dir/install.log"
    }
}

if [ "${1:-}" = "--update" ]; then
    scratch=$(mktemp -d)
    trap 'rm -rf "$scratch"' EXIT
    make_venv "$scratch/venv"
    "$scratch/venv/bin/pip" freeze --all --exclude-editable | grep -E '^[A-Za-z0-9._-]+==' | grep -v '^pip==' >"$scratch/constraints.txt"
    mv "$scratch/constraints.txt" constraints.txt
    echo "setup: constraints.txt now names $(wc -l <constraints.txt) packages" >&2
else
    make_venv "${1:?name the folder of the virtual environment}" -c constraints.txt
    touch "$1/.ready"
fi
