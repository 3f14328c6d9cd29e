#!/bin/sh
# Sees to it that browser journeys have a Chromium: finds one, installs one as root, or says that they are skipped.
set -eu
for name in "${OPENQMM_CHROMIUM:-}" chromium chromium-browser google-chrome; do
    if [ -n "$name" ] && command -v "$name" >/dev/null 2>&1; then
        exit 0
    fi
done
if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1; then
    printf '\n== Installing Chromium for the browser journeys (a few minutes)\n'
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null && exit 0
fi
printf '\n== No Chromium was found and it cannot be installed here: BROWSER JOURNEYS ARE SKIPPED.\n'
printf '   Install Chromium, or name one with OPENQMM_CHROMIUM=/path/to/chromium.\n'
