#!/bin/sh
# Installs annex2 into .venv of this folder from the folder wheelhouse, without a network, and puts an icon on the desktop
# and into the menu. For Kylin, UOS and other Linux; safe to repeat.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
cd "$here"
stop() {
  cat "offline/says/$1.txt" >&2
  exit 1
}

wanted='import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11) or sys.maxsize < 2 ** 32)'
python=
for each in "$here/python/bin/python3" python3.11 python3 python3.12 python3.13 python3.14; do
  if "$each" -c "$wanted" >/dev/null 2>&1; then
    python=$each
    break
  fi
done
[ -n "$python" ] || stop no-python
[ -d wheelhouse ] || stop no-wheelhouse

cat offline/says/installing.txt
export PIP_CONFIG_FILE=/dev/null
install() {
  .venv/bin/python -m pip install --disable-pip-version-check --no-input --quiet --no-index --find-links wheelhouse "$@" || stop failed
}
"$python" -m venv --clear .venv || stop failed
install --require-hashes -r requirements.lock
install --no-deps annex2
.venv/bin/python offline/manual.py
chmod +x annex2.sh

case $here in
  *['"\$`%']*) stop no-icon ;; # signs that Exec lines of desktop entries give a meaning of their own
esac
menu=${XDG_DATA_HOME:-$HOME/.local/share}/applications
mkdir -p "$menu"
for folder in "$menu" "$(xdg-user-dir DESKTOP 2>/dev/null)"; do
  [ -d "$folder" ] || continue
  sed "s|@FOLDER@|$(printf '%s' "$here" | sed 's/[|&]/\\&/g')|" offline/annex2.desktop >"$folder/annex2.desktop"
  chmod +x "$folder/annex2.desktop"
  gio set "$folder/annex2.desktop" metadata::trusted true 2>/dev/null || true # GNOME and UKUI ask for it
done
cat offline/says/done.txt
