//! HAProxy and MySQL Router in front of a cluster, started per test from the programs that `tests/servers` fetched.

use std::fmt::Write as _;
use std::fs::File;
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command};
use std::thread;
use std::time::Duration;

use tempfile::TempDir;

use super::{absent, variable};

/// A load balancer that runs for the duration of the test.
pub struct Balancer {
    /// The ports on which it listens, in the order of the requests.
    pub ports: Vec<u16>,
    dir: TempDir,
    process: Child,
}

/// Ports that are free at this moment.
fn free_ports(count: usize) -> Vec<u16> {
    let listeners: Vec<TcpListener> = (0..count).map(|_| TcpListener::bind("127.0.0.1:0").unwrap()).collect();
    listeners.iter().map(|listener| listener.local_addr().unwrap().port()).collect()
}

impl Balancer {
    /// HAProxy that uses the servers in turn, and closes connections that are idle for `idle`; prints a line and
    /// returns `None` if it is missing.
    pub fn haproxy(servers: &[u16], idle: Duration) -> Option<Balancer> {
        let Some(program) = variable("TOMCAT_SESSIONS_TEST_HAPROXY") else {
            absent("proxies");
            return None;
        };
        let ports = free_ports(1);
        let ms = idle.as_millis();
        let mut config = format!(
            "defaults\n  mode tcp\n  timeout connect 5s\n  timeout client {ms}ms\n  timeout server {ms}ms\n\
             listen cluster\n  bind 127.0.0.1:{}\n  balance roundrobin\n  option mysql-check user proxy\n  option redispatch\n",
            ports[0]
        );
        for (nth, server) in servers.iter().enumerate() {
            writeln!(
                config,
                "  server n{nth} 127.0.0.1:{server} check inter 500ms fall 2 rise 2 on-marked-down shutdown-sessions"
            )
            .unwrap();
        }
        Some(Balancer::start(&program, "-f", &config, ports))
    }

    /// MySQL Router with one port for each pair of TLS modes for clients and servers.
    pub fn router(servers: &[u16], tls: &[(&str, &str)]) -> Option<Balancer> {
        let (Some(program), Some(plugins)) =
            (variable("TOMCAT_SESSIONS_TEST_ROUTER"), variable("TOMCAT_SESSIONS_TEST_ROUTER_PLUGINS"))
        else {
            absent("proxies");
            return None;
        };
        let dir = variable("TOMCAT_SESSIONS_TEST_CA").unwrap();
        let dir = dir.trim_end_matches("/ca.pem");
        let ports = free_ports(tls.len());
        let servers: Vec<String> = servers.iter().map(|port| format!("127.0.0.1:{port}")).collect();
        let mut config = format!("[DEFAULT]\nplugin_folder={plugins}\n");
        for (port, (client, server)) in ports.iter().zip(tls) {
            writeln!(
                config,
                "[routing:r{port}]\nbind_address=127.0.0.1\nbind_port={port}\ndestinations={}\n\
                 routing_strategy=first-available\nprotocol=classic\nclient_ssl_mode={client}\nserver_ssl_mode={server}",
                servers.join(",")
            )
            .unwrap();
            if *client == "PREFERRED" || *client == "REQUIRED" {
                writeln!(config, "client_ssl_cert={dir}/server.pem\nclient_ssl_key={dir}/server-key.pem").unwrap();
            }
        }
        Some(Balancer::start(&program, "-c", &config, ports))
    }

    fn start(program: &str, option: &str, config: &str, ports: Vec<u16>) -> Balancer {
        let dir = tempfile::Builder::new().prefix("ts.").tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        // Router needs its own directories, whose names it otherwise chooses itself.
        let folders: String =
            ["logging", "runtime", "data"].map(|name| format!("{name}_folder={}\n", dir.path().display())).concat();
        std::fs::write(at("conf"), config.replacen("[DEFAULT]\n", &format!("[DEFAULT]\n{folders}"), 1)).unwrap();
        let log = File::create(at("out")).unwrap();
        let mut command = Command::new(program);
        command.arg(option).arg(at("conf")).current_dir(dir.path());
        let mut process = command.stdout(log.try_clone().unwrap()).stderr(log).spawn().unwrap();
        let answers = |port: &u16| TcpStream::connect(("127.0.0.1", *port)).is_ok();
        let up = (0..300).any(|_| {
            thread::sleep(Duration::from_millis(100));
            process.try_wait().unwrap().is_none() && ports.iter().all(answers)
        });
        assert!(up, "{}", std::fs::read_to_string(at("out")).unwrap());
        Balancer { ports, dir, process }
    }

    /// Its output.
    pub fn output(&self) -> String {
        std::fs::read_to_string(self.dir.path().join("out")).unwrap()
    }

    /// The same URL through the balancer.
    pub fn url(&self, url: &str, port: u16, nth: usize) -> String {
        url.replacen(&format!(":{port}/"), &format!(":{}/", self.ports[nth]), 1)
    }
}

/// A failed test leaves no balancer running.
impl Drop for Balancer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
