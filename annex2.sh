#!/bin/sh
# Without arguments: opens the outbox and starts the watcher. With arguments: the annex2 command of this folder.
# The workspace is this folder unless ANNEX2_WORKSPACE names another.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
python=$here/.venv/bin/python
export ANNEX2_WORKSPACE="${ANNEX2_WORKSPACE:-$here}"
if [ ! -x "$python" ]; then
  cat "$here/offline/says/not-installed.txt" >&2
  [ $# -gt 0 ] || read -r _
  exit 2
fi
[ $# -eq 0 ] || exec "$python" -P -m pipeline "$@"

cd "$ANNEX2_WORKSPACE"
[ -e settings.toml ] || mkdir -p inbox outbox
if [ -d outbox ]; then open=outbox; else open=.; fi # settings may give the outbox another name: it is seen in the workspace
xdg-open "$open" >/dev/null 2>&1 &
trap : INT # Ctrl-C is for the watcher; the window stays until its last words are read
"$python" -P -m pipeline watch || true
cat "$here/offline/says/stopped.txt"
read -r _ || true
