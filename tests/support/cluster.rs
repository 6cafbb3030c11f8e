//! The three Galera nodes and the three members of a MySQL group that `tests/servers` started, used by one test at a
//! time.

use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::{Connection, Executor, Row};
use tokio::sync::{Mutex, MutexGuard};

use super::{absent, variable};
use tomcat_sessions::store::{Bind, Names, parse_url};

/// The kind of a cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Galera,
    /// With a single primary, the first member, unless a test changes that.
    Group,
}

/// A cluster, and a database in it for one test.
pub struct Cluster {
    kind: Kind,
    /// Administrator URLs of the nodes, each ending with a slash.
    nodes: Vec<String>,
    dir: PathBuf,
    pub database: String,
    _alone: MutexGuard<'static, ()>,
}

impl Cluster {
    /// Prints a line and returns `None` if there is no such cluster.
    pub async fn galera() -> Option<Cluster> {
        static ALONE: Mutex<()> = Mutex::const_new(());
        Cluster::new(Kind::Galera, "galera", &ALONE).await
    }

    /// As [`Cluster::galera`], for MySQL servers.
    pub async fn group() -> Option<Cluster> {
        static ALONE: Mutex<()> = Mutex::const_new(());
        Cluster::new(Kind::Group, "group", &ALONE).await
    }

    async fn new(kind: Kind, name: &str, alone: &'static Mutex<()>) -> Option<Cluster> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let of = |what: &str| variable(&format!("TOMCAT_SESSIONS_TEST_{}_{what}", name.to_uppercase()));
        let (Some(urls), Some(dir)) = (of("URLS"), of("DIR")) else {
            absent(name);
            return None;
        };
        let alone = alone.lock().await;
        let database = format!("ts_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let nodes = urls.split_whitespace().map(str::to_owned).collect();
        let cluster = Cluster { kind, nodes, dir: PathBuf::from(dir), database, _alone: alone };
        cluster.server_sql(1, &format!("CREATE DATABASE `{}` CHARACTER SET utf8mb4", cluster.database)).await;
        cluster.create_table("tomcat_sessions").await;
        cluster.synced().await;
        Some(cluster)
    }

    /// Makes the statements of a connection see the commits of all nodes.
    fn causal(&self) -> &'static str {
        match self.kind {
            Kind::Galera => "SET SESSION wsrep_sync_wait = 7",
            Kind::Group => "SET SESSION group_replication_consistency = 'BEFORE'",
        }
    }

    /// The URL of the test's database on a node, counted from 1.
    pub fn url(&self, node: usize) -> String {
        // MySQL requests the password in clear text if the server does not know the account yet.
        let tls = if self.kind == Kind::Galera { "disabled" } else { "required" };
        format!("{}{}?ssl-mode={tls}", self.nodes[node - 1], self.database)
    }

    /// A URL with all nodes, `first` before the others.
    pub fn url_of_all(&self, first: usize) -> String {
        let others = (1..=self.nodes.len()).filter(|node| *node != first);
        let others: String = others.map(|node| format!(",127.0.0.1:{}", self.port(node))).collect();
        let port = self.port(first);
        self.url(first).replacen(&format!(":{port}/"), &format!(":{port}{others}/"), 1)
    }

    /// Creates the lease table with the program's own statement.
    pub async fn create_lease(&self, table: &str) {
        let target = parse_url(&self.url(1)).unwrap();
        let names = Names { lease: format!("{table}_lease"), ..Names::default() };
        let sql = target.engine.statements().lease_create.render_script(&names, target.engine.dialect(), &Bind::new());
        self.sql(1, &sql.unwrap().text).await;
        self.synced().await;
    }

    /// The port of a node.
    pub fn port(&self, node: usize) -> u16 {
        parse_url(&self.url(node)).unwrap().port
    }

    async fn connect(&self, node: usize, database: &str) -> sqlx::MySqlConnection {
        let url = self.nodes[node - 1].replacen("mariadb:", "mysql:", 1);
        let mut connection = sqlx::MySqlConnection::connect(&url).await.unwrap();
        if !database.is_empty() {
            // The database may not have been replicated yet.
            connection.execute(self.causal()).await.unwrap();
            connection.execute("SELECT 1").await.unwrap();
            connection.execute(sqlx::raw_sql(&format!("USE `{database}`"))).await.unwrap();
            let (variable, _) = self.causal().split_once(" =").unwrap();
            connection.execute(&*format!("{variable} = DEFAULT")).await.unwrap();
        }
        connection
    }

    /// A connection to the test's database that does not use the tested code.
    pub async fn connection(&self, node: usize) -> sqlx::MySqlConnection {
        self.connect(node, &self.database).await
    }

    /// Runs SQL in the test's database.
    pub async fn sql(&self, node: usize, text: &str) {
        let mut connection = self.connection(node).await;
        connection.execute(sqlx::raw_sql(text)).await.unwrap_or_else(|e| panic!("{text}: {e}"));
        connection.close().await.unwrap();
    }

    /// Runs SQL without a database.
    pub async fn server_sql(&self, node: usize, text: &str) {
        let mut connection = self.connect(node, "").await;
        connection.execute(sqlx::raw_sql(text)).await.unwrap_or_else(|e| panic!("{text}: {e}"));
        connection.close().await.unwrap();
    }

    /// The result of a query after all commits in the cluster have been replicated.
    pub async fn number(&self, node: usize, query: &str) -> i64 {
        let mut connection = self.connection(node).await;
        connection.execute(self.causal()).await.unwrap();
        let number = connection.fetch_one(query).await.unwrap().get(0);
        connection.close().await.unwrap();
        number
    }

    /// Waits until every node has the commits of the others.
    pub async fn synced(&self) {
        for node in 1..=self.nodes.len() {
            self.number(node, "SELECT 1").await;
        }
    }

    /// Creates a session table with the program's own statement.
    pub async fn create_table(&self, table: &str) {
        let target = parse_url(&self.url(1)).unwrap();
        let names = Names { table: table.to_owned(), ..Names::default() };
        let sql = target.engine.statements().create_table.render_script(&names, target.engine.dialect(), &Bind::new());
        self.sql(1, &sql.unwrap().text).await;
    }

    /// Inserts this number of sessions, of `size` bytes each, that were last used this many seconds ago.
    pub async fn fill(&self, table: &str, count: u32, size: u32, idle_seconds: u32) {
        let numbers = match self.kind {
            Kind::Galera => format!("FROM seq_1_to_{count}"),
            Kind::Group => format!(
                "FROM JSON_TABLE(CONCAT('[1', REPEAT(',1', {count} - 1), ']'), '$[*]' COLUMNS (seq FOR ORDINALITY)) t"
            ),
        };
        let sql = format!(
            "INSERT INTO `{table}` (session_id, app_name, valid_session, max_inactive, last_access, session_data) \
             SELECT UPPER(LEFT(SHA2(CONCAT('{table}', seq), 256), 32)), '/Catalina/localhost/app', '1', 1800, \
             (UNIX_TIMESTAMP() - {idle_seconds}) * 1000, REPEAT('x', {size}) {numbers}"
        );
        self.sql(1, &sql).await;
        self.synced().await;
    }

    /// Ends a node like a power failure. The others of a Galera cluster are notified, so that they do not wait as long
    /// as a busy machine may keep a node silent.
    pub async fn kill(&self, node: usize) {
        let name = match self.kind {
            Kind::Galera => Some(self.status(node, "wsrep_gcomm_uuid").await),
            Kind::Group => None,
        };
        self.kill_unnoticed(node).await;
        let Some(name) = name else { return };
        for other in (1..=self.nodes.len()).filter(|other| *other != node && self.is_up(*other)) {
            self.server_sql(other, &format!("SET GLOBAL wsrep_provider_options = 'evs.evict={name}'")).await;
        }
    }

    /// The same without a notification: an evicted node does not count for the majority.
    pub async fn kill_unnoticed(&self, node: usize) {
        let pid = std::fs::read_to_string(self.dir.join(format!("n{node}/pid"))).unwrap();
        assert!(Command::new("kill").args(["-9", pid.trim()]).status().unwrap().success());
        while Command::new("kill").args(["-0", pid.trim()]).output().unwrap().status.success() {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    }

    /// Tells whether a node accepts connections.
    fn is_up(&self, node: usize) -> bool {
        std::net::TcpStream::connect(("127.0.0.1", self.port(node))).is_ok()
    }

    /// A status variable of a Galera node.
    pub async fn status(&self, node: usize, name: &str) -> String {
        let mut connection = self.connect(node, "").await;
        let query = "SELECT variable_value FROM information_schema.global_status WHERE variable_name = ?";
        let value = connection.fetch_one(sqlx::query(query).bind(name)).await.unwrap().get(0);
        connection.close().await.unwrap();
        value
    }

    /// Starts a killed node, and waits until it is synchronized.
    pub fn start(&self, node: usize) {
        let done = Command::new(self.dir.join(format!("n{node}/start"))).output().unwrap();
        assert!(done.status.success(), "{done:?}");
    }

    /// Removes the database; that of a failed test is kept for inspection.
    pub async fn drop(self) {
        self.server_sql(1, &format!("DROP DATABASE IF EXISTS `{}`", self.database)).await;
    }
}
