# shellcheck shell=bash
# HAProxy, MySQL Router and PgBouncer, from Debian sid: Debian's own are packages with a service. Nothing is started
# here; a test starts one of its own in front of a cluster (tests/cluster/proxies.rs) or of PostgreSQL
# (tests/engines/pgbouncer.rs).

proxies_packages() { printf '%s\n' openssl debian-archive-keyring; }
proxies_up() {
  [ -x "$CACHE/proxies/bin/haproxy" ] && [ -x "$CACHE/proxies/bin/mysqlrouter" ] && [ -x "$CACHE/pgbouncer/bin/pgbouncer" ]
}

proxies_start() {
  local home=$CACHE/proxies bouncer=$CACHE/pgbouncer/bin/pgbouncer haproxy router pgbouncer
  sid_programs proxies 'haproxy mysql-router' sbin/haproxy bin/mysqlrouter
  sid_programs pgbouncer pgbouncer sbin/pgbouncer
  haproxy=$("$home/bin/haproxy" -v | sed -n 's/^HAProxy version \([0-9.]*\).*/\1/p')
  router=$("$home/bin/mysqlrouter" --version | sed -n 's/.*Ver \([0-9.]*\).*/\1/p')
  pgbouncer=$("$bouncer" --version | sed -n 's/^PgBouncer \([0-9.]*\).*/\1/p')
  echo "HAProxy $haproxy, MySQL Router $router, PgBouncer $pgbouncer" >"$STATE/proxies/version"
  echo "$home/bin" >"$STATE/proxies/where"
  write_env proxies "HAPROXY=$home/bin/haproxy" "ROUTER=$home/bin/mysqlrouter" \
    "ROUTER_PLUGINS=$home/root/usr/lib/mysqlrouter/plugin" "PGBOUNCER=$bouncer"
}

proxies_stop() { :; }
