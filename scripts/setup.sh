#!/bin/sh
# Makes .venv with everything a target needs. Usage: scripts/setup.sh EXTRAS   (for example: test,dev)
set -eu
cd "$(dirname "$0")/.."
extras="$1"
say() { printf '\n== %s\n' "$*"; }

find_python() {
    for name in "${PYTHON:-python3}" python3.13 python3.12 python3.11; do
        if command -v "$name" >/dev/null 2>&1 &&
            "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$name"
            return
        fi
    done
}

apt_install() {
    if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null 2>&1; then
        return 1
    fi
    say "Installing $* with apt-get"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq && apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

python="$(find_python)"
if [ -z "$python" ]; then
    apt_install python3 python3-venv || true
    python="$(find_python)"
fi
if [ -z "$python" ]; then
    echo "OpenQMM needs Python 3.11 or later; none was found. Install it, or name it with PYTHON=..." >&2
    exit 1
fi

wanted="$extras $(cat pyproject.toml constraints.txt | cksum)"
if [ ! -x .venv/bin/python ]; then
    say "Making .venv with $("$python" --version)"
    if ! "$python" -m venv .venv 2>/dev/null; then
        rm -rf .venv
        apt_install python3-venv || {
            echo "$python cannot make a virtual environment; install its venv module (python3-venv)." >&2
            exit 1
        }
        "$python" -m venv .venv
    fi
fi
stamp=".venv/.installed-$(echo "$extras" | tr ',' '-')"
if [ "$(cat "$stamp" 2>/dev/null || true)" != "$wanted" ]; then
    say "Installing OpenQMM and what it needs ($extras); a minute or two the first time"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[$extras]"
    echo "$wanted" >"$stamp"
fi
