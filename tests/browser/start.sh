#!/bin/bash
# tests/browser/start.sh BUILD [--empty] [CHECK…]: a private database and the program of BUILD with sample
# data, CHECK (run.mjs unless given) against it, and the end of both, however the check ends. --empty: no
# data but the municipalities and one organizer.
set -euo pipefail
build=$(realpath -- "${1:?usage: tests/browser/start.sh BUILD [--empty] [CHECK…]}")
shift
empty=
if [ "${1:-}" = --empty ]; then empty=yes; shift; fi
root=$(cd "$(dirname "$0")/../.." && pwd)
[ $# -gt 0 ] || set -- node "$root/tests/browser/run.mjs"
narada=$build/service/narada
[ -x "$narada" ] || { echo "start.sh: $narada is not built" >&2; exit 1; }

dir=$(mktemp -d "$build/browser-XXXXXX")
server=
finish() {
  trap - EXIT INT TERM HUP
  [ -z "$server" ] || { kill -TERM "$server" 2>/dev/null && wait "$server"; } || true
  "$root/tools/database" stop "$dir/db" || true
  rm -rf "$dir"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
chmod 755 "$dir"

free_port() {
  local port
  while true; do
    port=$((20000 + RANDOM % 10000))
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
  done
}

port=$(free_port)
NARADA_DATABASE=$("$root/tools/database" start "$dir/db" --owner $$)
export NARADA_DATABASE NARADA_DATA=$dir NARADA_LISTEN=127.0.0.1:$port NARADA_BASE_URL=http://127.0.0.1:$port
export NARADA_RATE_LIMITS=off NARADA_HOLD_SECONDS=0
# What the libraries that set sheets of paper keep to their end, in a sanitized build.
export LSAN_OPTIONS=suppressions=$root/tests/leaks.supp:print_suppressions=0
NARADA_DATABASE_OWNER=$("$root/tools/database" owner "$dir/db") \
  "$narada" migrate >"$dir/migrate.log" 2>&1 || { cat "$dir/migrate.log" >&2; exit 1; }
fill() {
  [ -n "$empty" ] || { "$narada" load-sample; return; }
  # Without the association, which an empty installation does not know.
  grep -E '^(association|GZM),' "$root/sample/municipalities.csv" | cut -d, -f3- >"$dir/municipalities.csv"
  "$narada" import municipalities "$dir/municipalities.csv" &&
  "$narada" user add --email organizator@narada.example --name 'Olga Organizatorka' --role organizer
}
fill >"$dir/load.log" 2>&1 || { cat "$dir/load.log" >&2; exit 1; }
"$narada" serve >"$dir/serve.log" 2>&1 &
server=$!
export SERVER_PID=$server
for _ in $(seq 300); do
  curl -fsS -o /dev/null "$NARADA_BASE_URL/readyz" 2>/dev/null && break
  kill -0 "$server" 2>/dev/null || { cat "$dir/serve.log" >&2; exit 1; }
  sleep 0.1
done

status=0
"$@" "$NARADA_BASE_URL" || status=$?
if ! kill -TERM "$server" 2>/dev/null; then
  echo "FAILED  the program ended during the check" >&2
  status=1
fi
# What a sanitizer finds shows at the end.
ended=0
wait "$server" || ended=$?
server=
if [ "$ended" -ne 0 ]; then
  echo "FAILED  the program ended with status $ended" >&2
  tail -n 60 "$dir/serve.log" >&2
  status=1
fi
exit "$status"
