//! Microsoft SQL Server 2016 and later, through tiberius.
//!
//! A TDS client sends text as NVARCHAR. If an NVARCHAR parameter is compared with a VARCHAR key, the server converts
//! the key of every row and scans instead of seeking. ASCII text, which includes ids and nearly all names, is
//! therefore cast to VARCHAR in the statement; other text stays NVARCHAR, and is compared correctly but slowly.

mod bulk;
mod connection;
mod driver;
mod error;
mod jdbc;
mod login;
mod url;

use async_trait::async_trait;

use super::template::hex;
use super::url::UrlError;
use super::{
    ColumnClass, Configured, Connection, DbError, DbErrorKind, Dialect, Driver, DriverClass, Engine, Hints, Quote,
    Statements, Target, Template, Timeouts, Value,
};

pub struct Mssql;

/// A constant, because a static cannot be copied.
const FILES: Statements = super::statements::statements_in!("mssql");

static STATEMENTS: Statements = FILES;

/// `SERVERPROPERTY('EngineEdition')` of Azure SQL Database.
const AZURE_EDITION: i64 = 5;
const AZURE_NAME: &str = "azure-sql";

macro_rules! azure {
    ($name:literal) => {
        Template(include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/sql/mssql/", $name, ".azure.sql")))
    };
}

static VARIANTS: &[(&str, &Statements)] = &[(AZURE_NAME, &AZURE)];

/// For Azure SQL Database, whose databases are independent of each other.
static AZURE: Statements = Statements {
    create_database: azure!("create_database"),
    create_login: azure!("create_login"),
    create_user: azure!("create_user"),
    database_exists: azure!("database_exists"),
    login_exists: azure!("login_exists"),
    orphans: azure!("orphans"),
    reset_password: azure!("reset_password"),
    use_database: azure!("use_database"),
    ..FILES
};

static DIALECT: Dialect = Dialect {
    hints: Hints {
        timeout: "loginTimeout=30",
        auth: &[],
        refused_password: &[],
        no_database: &[
            "the database may exist, but this login may have no user in it, for example after a restore: `tomcat-sessions check` with an administrator's --url lists database users without a login",
        ],
        tls: &[
            "add serverCertificate=/path/to/ca.pem to the URL: the certificate of the authority that signed the server's",
            "trustServerCertificate=true encrypts without checking the server; encrypt=false encrypts only the login",
        ],
        wrong_name: "use hostNameInCertificate=NAME with the name in the certificate",
        encrypted: "encrypt=true",
        replication: "",
        see_lag: "",
        see_source: "",
        all_characters: "change the column to NVARCHAR, or to a collation with all these characters",
        of_kind: |kind| match kind {
            DbErrorKind::ReadOnly => &[
                "use the listener of the availability group or its primary replica in --url",
                "if the database itself is set to READ_ONLY, ALTER DATABASE … SET READ_WRITE makes it writable",
            ],
            DbErrorKind::Policy => &[
                "use --generate-password for a password that satisfies the policy, or --no-password-policy to switch off SQL Server's policy for this account",
            ],
            DbErrorKind::TableName => &[
                "--table needs NAME, SCHEMA.NAME or DATABASE.SCHEMA.NAME; put a name that contains a dot into brackets",
            ],
            _ => &[],
        },
    },
    quote: Quote { open: '[', close: ']' },
    name_quotes: &[('[', ']'), ('"', '"')],
    fold: str::to_owned,
    qualifiers: &["database", "schema"],
    placeholder,
    literal: |s| format!("{}'{}'", if s.is_ascii() { "" } else { "N" }, s.replace('\'', "''")),
    coded_literal: |s| {
        let bytes: Vec<u8> = s.encode_utf16().flat_map(u16::to_le_bytes).collect();
        // A shorter type has at most 4,000 characters.
        let length = if bytes.len() > 8_000 { "MAX" } else { "4000" };
        format!("CAST(0x{} AS NVARCHAR({length}))", hex(&bytes))
    },
    // sqlcmd looks for $(NAME) in the text of the script, not in computed values.
    without_variables: |statement| match statement.contains("$(") {
        true => format!("EXEC(N'{}')", statement.replace('\'', "''").replace("$(", "$' + N'(")),
        false => statement.to_owned(),
    },
    blob_literal: |hex| format!("0x{hex}"),
    grant_pattern: str::to_owned,
    // sqlcmd and SSMS send everything up to GO as a batch; over TDS, each statement is sent separately.
    terminator: "\nGO",
    // sysname is NVARCHAR(128).
    max_name: 128,
    name_length: |name| name.chars().count(),
    max_user: 128,
    indexes_share_names: false,
    // 2,100 minus those that sp_executesql uses itself.
    max_params: 2_098,
    // From 5,000 locks on, a statement may lock the whole table; a row needs one lock per index.
    max_batch: 1_000,
    // For a clustered index; 1,700 for others.
    max_key_bytes: Some(900),
    expiry_index: &["app_name", "last_access"],
    has_accounts: true,
    has_hosts: false,
    policy_is_optional: true,
    holds_nul: true,
    ignores_trailing_spaces: true,
    int_overflow_error: Some("error 8115"),
    converts_text: true,
    converts_text_to_bytes: false,
    enforces_lengths: true,
    streams: false,
    blob_type: "varbinary",
    class,
};

fn placeholder(n: usize, value: &Value) -> String {
    match value {
        // VARCHAR(8000) is the longest type that is not a MAX type; with MAX types the server does not seek in an
        // index.
        Value::Text(s) if s.is_ascii() && s.len() <= 8000 => format!("CAST(@P{n} AS VARCHAR(8000))"),
        _ => format!("@P{n}"),
    }
}

fn class(data_type: &str) -> ColumnClass {
    match data_type {
        "char" | "varchar" | "nchar" | "nvarchar" | "text" | "ntext" => ColumnClass::Text,
        "bit" => ColumnClass::Int { bits: 1 },
        "tinyint" => ColumnClass::Int { bits: 8 },
        "smallint" => ColumnClass::Int { bits: 16 },
        "int" => ColumnClass::Int { bits: 32 },
        "bigint" => ColumnClass::Int { bits: 64 },
        // Limited by their own length; MAX is 2 GB.
        "binary" | "varbinary" => ColumnClass::Binary { max: None },
        "image" => ColumnClass::Binary { max: Some(2_147_483_647) },
        _ => ColumnClass::Other,
    }
}

#[async_trait]
impl Engine for Mssql {
    fn name(&self) -> &'static str {
        "mssql"
    }

    fn schemes(&self) -> &'static [&'static str] {
        &["mssql", "sqlserver", "jdbc:sqlserver", "jdbc:jtds:sqlserver"]
    }

    fn parse_url(&self, text: &str) -> Result<Target, UrlError> {
        let is_jdbc = text.get(..5).is_some_and(|head| head.eq_ignore_ascii_case("jdbc:"));
        if is_jdbc { jdbc::parse(text, None) } else { url::parse(text) }
    }

    fn parse_configured(&self, url: &str, configured: &Configured<'_>) -> Result<Target, UrlError> {
        jdbc::parse(url, Some(configured))
    }

    fn drivers(&self) -> &'static [&'static Driver] {
        jdbc::DRIVERS
    }

    fn driver_classes(&self) -> &'static [&'static DriverClass] {
        driver::DRIVERS
    }

    fn statements(&self) -> &'static Statements {
        &STATEMENTS
    }

    fn variants(&self) -> &'static [(&'static str, &'static Statements)] {
        VARIANTS
    }

    fn dialect(&self) -> &'static Dialect {
        &DIALECT
    }

    fn timeouts(&self, target: &Target) -> Timeouts {
        url::timeouts(target)
    }

    async fn open(&self, target: &Target, _create: bool) -> Result<Box<dyn Connection>, DbError> {
        Ok(Box::new(connection::MssqlStore::open(target).await?))
    }
}
