# shellcheck shell=bash
# HAProxy and MySQL Router, from Debian sid: Debian's own HAProxy is a package with a service. Nothing is started here;
# a test starts one of its own in front of a cluster (tests/cluster/proxies.rs).

proxies_packages() { printf '%s\n' openssl debian-archive-keyring; }
proxies_up() { [ -x "$CACHE/proxies/bin/haproxy" ] && [ -x "$CACHE/proxies/bin/mysqlrouter" ]; }

proxies_start() {
  local home=$CACHE/proxies haproxy router
  sid_programs proxies 'haproxy mysql-router' sbin/haproxy bin/mysqlrouter
  haproxy=$("$home/bin/haproxy" -v | sed -n 's/^HAProxy version \([0-9.]*\).*/\1/p')
  router=$("$home/bin/mysqlrouter" --version | sed -n 's/.*Ver \([0-9.]*\).*/\1/p')
  echo "HAProxy $haproxy, MySQL Router $router" >"$STATE/proxies/version"
  echo "$home/bin" >"$STATE/proxies/where"
  write_env proxies "HAPROXY=$home/bin/haproxy" "ROUTER=$home/bin/mysqlrouter" \
    "ROUTER_PLUGINS=$home/root/usr/lib/mysqlrouter/plugin"
}

proxies_stop() { :; }
