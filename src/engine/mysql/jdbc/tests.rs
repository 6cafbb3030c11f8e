//! How Connector/J 5.1.49 and 9.1.0 and MariaDB Connector/J 2.7.12 and 3.3.3 read these URLs.

use secrecy::ExposeSecret;

use super::super::{Mariadb, Mysql, url};
use super::*;

const CONNECTOR: &str = "com.mysql.cj.jdbc.Driver";

/// Reads a URL from a configuration; `version` is that of the jar.
fn read(url: &str, version: Option<&str>) -> Result<Target, UrlError> {
    let engine: &'static dyn Engine = if url.starts_with("jdbc:mariadb") { &Mariadb } else { &Mysql };
    parse(engine, url, Some(&Configured { version, ..Configured::default() }))
}

fn tls(url: &str, version: Option<&str>) -> &'static str {
    url::tls(&read(url, version).unwrap()).unwrap().as_str()
}

fn password(target: &Target) -> &str {
    target.password.as_ref().map_or("", |password| password.expose_secret())
}

/// The error message; it contains only known parts of the input.
fn refused(url: &str) -> String {
    let error = read(url, None).unwrap_err();
    let text = format!("{}\n{}", error.message, error.hint);
    assert!(!text.contains("geheim"), "{url}: {text}");
    text
}

#[test]
fn tls_of_connector_8() {
    for (query, expected) in [
        ("", "preferred"),
        ("useSSL=true", "preferred"),
        ("useSSL=FALSE", "disabled"),
        ("useSSL=no", "disabled"),
        ("requireSSL=false&useSSL=true", "preferred"),
        ("requireSSL=true", "required"),
        ("useSSL=false&requireSSL=true&verifyServerCertificate=true", "disabled"),
        ("verifyServerCertificate=true", "verify-ca"),
        ("useSSL=true&requireSSL=true&verifyServerCertificate=Yes", "verify-ca"),
        ("useSSL=false&sslMode=required", "required"),
        ("sslMode=verify_identity&useSSL=false", "verify-identity"),
        ("sslMode=DISABLED&sslMode=REQUIRED", "required"),
        ("SSLMODE = verify_ca ", "verify-ca"),
    ] {
        assert_eq!(tls(&format!("jdbc:mysql://db/shop?{query}"), None), expected, "{query}");
    }
    for query in ["useSSL=1", "useSSL=", "sslMode=bogus"] {
        refused(&format!("jdbc:mysql://db/shop?password=geheim&{query}"));
    }
}

#[test]
fn tls_of_connector_5() {
    for (query, expected) in [
        ("", "preferred"),
        ("useSSL=false", "disabled"),
        ("useSSL=true", "verify-ca"),
        ("useSSL=true&verifyServerCertificate=false", "preferred"),
        ("useSSL=true&verifyServerCertificate=false&requireSSL=true", "required"),
        ("sslMode=REQUIRED", "preferred"),
        ("usessl=false", "preferred"),
    ] {
        assert_eq!(tls(&format!("jdbc:mysql://db/shop?{query}"), Some("5.1.49")), expected, "{query}");
    }
}

#[test]
fn tls_of_mariadb() {
    for (query, of_three, of_two) in [
        ("", "disabled", "disabled"),
        ("sslMode=trust", "required", "disabled"),
        ("sslMode=REQUIRED", "required", "disabled"),
        ("sslmode=verify-ca", "verify-ca", "disabled"),
        ("sslMode=verify-full", "verify-identity", "disabled"),
        ("sslMode", "disabled", "disabled"),
        ("useSsl=true", "verify-identity", "verify-identity"),
        ("useSSL=true&trustServerCertificate=true", "required", "required"),
        ("useSSL=true&disableSslHostnameVerification=true", "verify-ca", "verify-ca"),
        ("trustServerCertificate=true", "disabled", "disabled"),
        ("requireSSL=true", "disabled", "disabled"),
        ("useSSL=TRUE", "disabled", "verify-identity"),
        // Neither driver knows another spelling of these.
        ("usessl=true", "disabled", "disabled"),
        ("useSsl=true&trustservercertificate=true", "verify-identity", "verify-identity"),
        ("useSsl=true&disablesslhostnameverification=true", "verify-identity", "verify-identity"),
    ] {
        let url = format!("jdbc:mariadb://db/shop?{query}");
        assert_eq!((tls(&url, None), tls(&url, Some("2.7.12"))), (of_three, of_two), "{query}");
    }
    refused("jdbc:mariadb://db/shop?sslMode=PREFERRED");
    // The class determines the driver, not the scheme.
    let of = |class| {
        let configured = Configured { class: Some(class), ..Configured::default() };
        url::tls(&parse(&Mysql, "jdbc:mysql://db/shop?permitMysqlScheme", Some(&configured)).unwrap()).unwrap()
    };
    assert_eq!((of("org.mariadb.jdbc.Driver"), of(CONNECTOR)), (Tls::Disabled, Tls::Tried));
}

#[test]
fn unchecked_certificates_are_reported() {
    for (url, unchecked) in [
        ("jdbc:mysql://db/shop", true),
        ("jdbc:mysql://db/shop?sslMode=REQUIRED", true),
        ("jdbc:mysql://db/shop?sslMode=VERIFY_CA", false),
        ("jdbc:mysql://db/shop?sslMode=DISABLED", false),
        ("jdbc:mariadb://db/shop?sslMode=trust", true),
        ("jdbc:mariadb://db/shop", false),
    ] {
        let target = read(url, None).unwrap();
        assert_eq!(target.accepts_any_certificate, unchecked, "{url}");
        assert_eq!(target.notes.iter().any(|note| note.contains("not checked")), unchecked, "{url}");
    }
    // With --url, the default is that of this program.
    let typed = parse(&Mysql, "jdbc:mysql://db/shop?useUnicode=true", None).unwrap();
    assert!(!typed.accepts_any_certificate && typed.params.is_empty() && typed.notes.is_empty());
    let typed = parse(&Mysql, "jdbc:mysql://db/shop?ssl-ca=/ca.pem&ssl-mode=verify-ca", None).unwrap();
    assert_eq!(typed.params["ssl-ca"], "/ca.pem");
}

#[test]
fn accounts() {
    let beside = || Configured { user: Some("beside"), password: Some("geheim".into()), ..Configured::default() };
    for (url, user, secret) in [
        ("jdbc:mysql://db/shop?user=query&password=p", "beside", "geheim"),
        ("jdbc:mysql://own:o%40w@db/shop?user=query&password=p", "own", "o@w"),
        ("jdbc:mysql://address=(host=db)(port=1)(user=long)/shop?user=query", "beside", "geheim"),
        ("jdbc:mariadb://db/shop?user=query&password=p%40w#x", "query", "p%40w#x"),
        ("jdbc:mariadb://db/shop", "beside", "geheim"),
    ] {
        let engine: &'static dyn Engine = if url.starts_with("jdbc:mariadb") { &Mariadb } else { &Mysql };
        let target = parse(engine, url, Some(&beside())).unwrap();
        assert_eq!((target.user.as_deref(), password(&target)), (Some(user), secret), "{url}");
    }
    let target = read("jdbc:mysql://db/shop? user = a & user = b & password = x+y%2B ", None).unwrap();
    assert_eq!((target.user.as_deref(), password(&target)), (Some("b"), "x y+"));
}

#[test]
fn one_server() {
    for (url, place) in [
        ("jdbc:mysql:///shop", "mysql://localhost:3306/shop"),
        ("jdbc:mysql:/shop", "mysql://localhost:3306/shop"),
        ("jdbc:mysql://db", "mysql://db:3306/"),
        ("jdbc:mysql://my_db:3307/shop#x", "mysql://my_db:3307/shop"),
        ("jdbc:mysql://[::1]:3307/shop", "mysql://::1:3307/shop"),
        ("jdbc:mysql://address=(host=db)(port=3307)/shop", "mysql://db:3307/shop"),
        ("jdbc:mysql://ADDRESS=(protocol=tcp)(host=db)/shop", "mysql://db:3306/shop"),
        ("jdbc:mysql://(host=db,port=3307)/shop", "mysql://db:3307/shop"),
        ("jdbc:mysql:loadbalance://db:3307/shop", "mysql://db:3307/shop"),
        ("jdbc:mysql:replication://db/s%68op", "mysql://db:3306/shop"),
        ("jdbc:mysql:///shop?host=db&port=5&dbname=other", "mysql://db:5/other"),
        ("jdbc:mariadb:sequential://db/shop", "mariadb://db:3306/shop"),
        ("jdbc:mariadb://address=(host=db)(port=3307)(type=primary)/shop", "mariadb://db:3307/shop"),
    ] {
        assert_eq!(read(url, None).unwrap().place(), place, "{url}");
    }
}

#[test]
fn several_servers_are_the_hosts_of_one_target() {
    for (url, place) in [
        ("jdbc:mysql://h1:3307,h2/shop", "mysql://h1:3307,h2:3306/shop"),
        ("jdbc:mysql://[h1:3307,h2,h3]/shop", "mysql://h1:3307,h2:3306,h3:3306/shop"),
        ("jdbc:mysql:loadbalance://h1:3307,h2/shop", "mysql://h1:3307,h2:3306/shop"),
        (
            "jdbc:mysql:replication://address=(host=h1)(port=3307)(type=source),address=(host=h2)(type=replica)/shop",
            "mysql://h1:3307,h2:3306/shop",
        ),
        ("jdbc:mariadb:sequential://h1:3307,h2/shop", "mariadb://h1:3307,h2:3306/shop"),
        ("jdbc:mariadb:replication://h1:3307,[::1]:3308/shop", "mariadb://h1:3307,::1:3308/shop"),
    ] {
        assert_eq!(read(url, None).unwrap().place(), place, "{url}");
    }
    for url in ["jdbc:mysql://u:123,geheim@h/shop", "jdbc:mysql://u:geheim@h1,v:geheim@h2/shop"] {
        let text = refused(url);
        assert!(text.contains("different accounts or parameters"), "{text}");
        assert!(!text.contains("123") && !text.contains("geheim"), "{text}");
    }
}

#[test]
fn parameters_that_are_unknown_here() {
    let target = read(
        "jdbc:mysql://db/shop?useLocalSessionState=true&user=u&password=p&newFangled=1&useCursorFetch=true&other_thing=2",
        None,
    );
    let notes = target.unwrap().notes;
    let unknown: Vec<&String> = notes.iter().filter(|note| note.contains("unknown")).collect();
    assert_eq!(
        unknown,
        ["Ignored parameters of the URL, unknown to Connector/J 8 and 9: `newFangled`, `other_thing`."]
    );
    // A part of a password does not appear in the message.
    let notes = read("jdbc:mysql://db/shop?user=u&password=a&g3heim=x", None).unwrap().notes;
    assert!(
        notes.iter().any(|note| note.contains("write & in a password as %26")) && !notes.concat().contains("g3heim"),
        "{notes:?}"
    );
    for (query, expected_text) in [
        ("socketFactory=com.google.cloud.sql.mysql.SocketFactory", "`socketFactory`"),
        ("protocol=pipe", "`protocol`"),
        ("dnsSrv=true", "`dnsSrv`"),
        ("socksProxyHost=proxy", "`socksProxyHost`"),
    ] {
        let text = refused(&format!("jdbc:mysql://db/shop?{query}&password=geheim"));
        assert!(text.contains(expected_text) && text.contains("--url"), "{query}: {text}");
    }
    read("jdbc:mysql://db/shop?dnsSrv=false&protocol=tcp", None).unwrap();
}

#[test]
fn misplaced_separators_are_diagnosed_without_the_password() {
    for url in [
        "jdbc:mysql://db/shop?user=u;password=geheim",
        "jdbc:mysql://db/shop?user=u?password=geheim",
        "jdbc:mysql://db/shop?useSSL=false;user=u;password=geheim",
        "jdbc:mysql://db/shop?useSSL=false,password=geheim",
        "jdbc:mysql://db/shop/user=u&password=geheim",
        "jdbc:mysql://db/shop;user=u;password=geheim",
        "jdbc:mysql://db/shop&user=u&password=geheim",
        "jdbc:mysql://db:3306;databaseName=shop;user=u;password=geheim",
        "jdbc:mysql://db:3306&user=u&password=geheim/shop",
        "jdbc:mysql://db:geheim/shop",
        "jdbc:mysql://u:p/geheim@db/shop?x=y",
        "jdbc:mysql:geheim//db/shop",
        "jdbc:mysql:geheim",
        "jdbc:mysql://db/shop?password=geheim%zz",
        "jdbc:mysql://db/shop?user=u&amp;password=geheim",
        "jdbc:mariadb://db/shop?user=u;password=geheim",
        "jdbc:mariadb://db/shop/user=u&password=geheim",
        "jdbc:mariadb://db(geheim/shop",
    ] {
        let text = refused(url);
        let mends = ["separated by", "form is", "put a password", "%25", "write `&amp;` only in XML"];
        assert!(mends.iter().any(|mend| text.contains(mend)), "{url}: {text}");
    }
    let named = refused("jdbc:mysql://db/shop?user=u;password=geheim");
    assert!(named.contains("its parameters are separated by ; instead of &"), "{named}");
    // A separator inside a password belongs to the password.
    assert_eq!(password(&read("jdbc:mysql://db/shop?user=u&password=a;user=b", None).unwrap()), "a;user=b");
    read("jdbc:mysql://db/shop?sessionVariables=sql_mode='ANSI,NO_ZERO_DATE',wait_timeout=600", None).unwrap();
}

#[test]
fn connect_timeout_is_in_milliseconds() {
    let seconds = |query: &str| {
        read(&format!("jdbc:mysql://db/shop?{query}"), None).unwrap().params.get("connect-timeout").cloned()
    };
    assert_eq!(seconds("connectTimeout=2000").as_deref(), Some("2"));
    assert_eq!(seconds("connectTimeout=500").as_deref(), Some("1"));
    assert_eq!(seconds("connectTimeout=0"), None);
}
