# shellcheck shell=bash
# Microsoft SQL Server. No Debian package has it, so it is optional: a server that somebody gave us
# (TOMCAT_SESSIONS_TEST_MSSQL_URL; tests/servers looks at that first), a command that starts one,
# or a container. `how` says which it was, and so how to stop it.

MSSQL_IMAGE=mcr.microsoft.com/mssql/server:2022-latest

mssql_packages() { :; }

# Has no process of ours: it is up when something listens.
mssql_up() {
  local where; where=$(cat "$STATE/mssql/where" 2>/dev/null) || return 1
  (exec 3<>"/dev/tcp/${where%:*}/${where##*:}") 2>/dev/null
}

mssql_start() {
  local engine
  if command -v tds-test-server >/dev/null; then
    mssql_start_command
    return
  fi
  for engine in docker podman; do
    if timeout 20 "$engine" info >/dev/null 2>&1; then
      mssql_start_container "$engine"
      return
    fi
  done
  echo 'no server: set TOMCAT_SESSIONS_TEST_MSSQL_URL, or start a container engine' >"$STATE/mssql/why"
}

# The command may have been started by somebody else already: then it is not ours to stop. One whose
# start fails cleans up itself.
mssql_start_command() {
  local dir=$STATE/mssql running=0 url
  tds-test-server status >/dev/null 2>&1 && running=1
  if ! url=$(tds-test-server start 2>"$dir/out.log" 9>&- </dev/null); then
    echo "tds-test-server does not start; see $dir/out.log" >"$dir/why"
    return 0
  fi
  [ "$running" -eq 1 ] || echo tds-test-server >"$dir/how"
  url=$(tail -n 1 <<<"$url")
  sed -nE 's#^(mssql|sqlserver)://.*[@/]([^@/]+:[0-9]+).*#\2#p' <<<"$url" >"$dir/where"
  if [ ! -s "$dir/where" ]; then
    echo 'tds-test-server printed no URL with a port' >"$dir/why"
    return 0
  fi
  echo '(tds-test-server)' >"$dir/version"
  write_env mssql "MSSQL_URL=$url"
}

mssql_start_container() {
  local engine=$1 dir=$STATE/mssql password port i
  password=Aa1-$(random_password)   # the server demands three kinds of characters
  if ! timeout 900 "$engine" pull -q "$MSSQL_IMAGE" >"$dir/out.log" 2>&1; then
    echo "no server: $engine cannot fetch $MSSQL_IMAGE" >"$dir/why"
    return 0
  fi
  write_secret "$dir/container.env" <<ENV
ACCEPT_EULA=Y
MSSQL_SA_PASSWORD=$password
MSSQL_MEMORY_LIMIT_MB=2048
ENV
  "$engine" run -d --rm --env-file "$dir/container.env" -p 127.0.0.1::1433 "$MSSQL_IMAGE" >"$dir/container" 2>>"$dir/out.log"
  rm -f "$dir/container.env"
  echo "$engine" >"$dir/how"
  port=$("$engine" port "$(cat "$dir/container")" 1433/tcp | sed -n 's/.*://p' | head -n 1)
  echo "127.0.0.1:$port" >"$dir/where"
  for ((i = 0; i < 120; i++)); do
    if "$engine" logs "$(cat "$dir/container")" 2>&1 | grep -q 'Recovery is complete'; then
      echo 2022 >"$dir/version"
      write_env mssql "MSSQL_URL=mssql://sa:$password@127.0.0.1:$port/"
      return 0
    fi
    sleep 1
  done
  "$engine" logs "$(cat "$dir/container")" 2>&1 | tail -n 20 >&2
  return 1
}

mssql_stop() {
  local dir=$STATE/mssql
  case $(cat "$dir/how" 2>/dev/null) in
    tds-test-server) tds-test-server stop >>"$dir/out.log" 2>&1 9>&- || true ;;
    docker | podman) "$(cat "$dir/how")" stop "$(cat "$dir/container")" >>"$dir/out.log" 2>&1 || true ;;
  esac
  rm -f "$dir/how" "$dir/container"
}
