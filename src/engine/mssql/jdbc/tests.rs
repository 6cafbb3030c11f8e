//! How mssql-jdbc 7.4.1 and 12.6.1 and jTDS 1.3.1 read these URLs.

use secrecy::ExposeSecret;

use super::super::url::trusts_any;
use super::*;

fn read(url: &str, version: Option<&str>) -> Result<Target, UrlError> {
    parse(url, Some(&Configured { version, ..Configured::default() }))
}

fn password(target: &Target) -> &str {
    target.password.as_ref().map_or("", |password| password.expose_secret())
}

#[test]
fn encryption_before_and_since_10_2() {
    for (property, old, new) in [
        ("", Some(Encrypt::LoginOnly), Some(Encrypt::Required)),
        ("encrypt=FALSE", Some(Encrypt::LoginOnly), Some(Encrypt::LoginOnly)),
        ("encrypt=true", Some(Encrypt::Required), Some(Encrypt::Required)),
        ("encrypt=false;encrypt=true", Some(Encrypt::Required), Some(Encrypt::Required)),
        ("encrypt = Optional ", None, Some(Encrypt::LoginOnly)),
        ("encrypt=no", Some(Encrypt::LoginOnly), Some(Encrypt::LoginOnly)),
        ("encrypt=mandatory", None, Some(Encrypt::Required)),
        ("encrypt=strict", None, Some(Encrypt::Strict)),
        ("encrypt=perhaps", None, None),
    ] {
        let of =
            |version| read(&format!("jdbc:sqlserver://db;{property}"), version).ok().map(|t| Encrypt::of(&t).unwrap());
        assert_eq!((of(Some("7.4.1.jre11")), of(Some("12.6.1.jre11"))), (old, new), "{property}");
        assert_eq!(of(None), new, "{property}");
    }
    // With --url, the default is that of this program.
    let typed = parse("jdbc:sqlserver://db;user=u", None).unwrap();
    assert_eq!(Encrypt::of(&typed), Ok(Encrypt::Tried));
}

#[test]
fn unchecked_certificates_are_noted() {
    for (property, trusted, note_expected) in [
        ("trustServerCertificate=True", true, true),
        ("trustServerCertificate=true;trustServerCertificate=false", false, false),
        ("encrypt=false;trustServerCertificate=true", true, false),
        ("encrypt=true", false, false),
    ] {
        let target = read(&format!("jdbc:sqlserver://db;{property}"), None).unwrap();
        let note = target.notes.iter().any(|note| note.contains("not checked"));
        assert_eq!((trusts_any(&target), note), (trusted, note_expected), "{property}");
    }
}

#[test]
fn servers_and_accounts() {
    let target = read(
        "jdbc:sqlserver:// db : 1434 ; user = u ; password = {a;b}}c} ; database=other;databaseName=shop;sendStringParametersAsUnicode=false;prepareMethod=prepexec;iPAddressPreference=IPv4First;",
        None,
    )
    .unwrap();
    assert_eq!(target.to_string(), "mssql://u@db:1434/shop");
    assert_eq!(password(&target), "a;b}c");
    assert!(target.notes.is_empty(), "{:?}", target.notes);
    let target = read("jdbc:sqlserver://;serverName=db;port=5;user=x;userName=y;user=z", None).unwrap();
    assert_eq!(target.to_string(), "mssql://z@db:5/");
    // A port takes precedence over an instance.
    for url in [
        "jdbc:sqlserver://db\\SHOP:1434",
        "jdbc:sqlserver://db:1434;instanceName=SHOP",
        "jdbc:sqlserver://db;instanceName=SHOP;portNumber=1434",
    ] {
        assert_eq!(read(url, None).unwrap().place(), "mssql://db:1434/", "{url}");
    }
    let beside = Configured { user: Some("beside"), password: Some("geheim".into()), ..Configured::default() };
    let of = |url| parse(url, Some(&beside)).unwrap().user.unwrap();
    assert_eq!(of("jdbc:sqlserver://db;user=own;password=p"), "beside");
    assert_eq!(of("jdbc:jtds:sqlserver://db/shop;user=own;password=p"), "own");
    assert_eq!(of("jdbc:jtds:sqlserver://db/shop"), "beside");
}

#[test]
fn jtds() {
    for (ssl, expected, trusted) in [
        ("", Encrypt::LoginOnly, false),
        (";ssl=request", Encrypt::Tried, true),
        (";SSL=require", Encrypt::Required, true),
        (";ssl=authenticate", Encrypt::Required, false),
    ] {
        let target =
            read(&format!("jdbc:jtds:sqlserver://db:1434/shop{ssl};useLOBs=false;appName=x;loginTimeout=3"), None)
                .unwrap();
        assert_eq!(target.place(), "mssql://db:1434/shop");
        assert_eq!((Encrypt::of(&target).unwrap(), trusts_any(&target)), (expected, trusted), "{ssl}");
    }
}

#[test]
fn ignored_and_followed_url_parameters() {
    let target = read("jdbc:sqlserver://db;databaseName=shop;failoverPartner=other:1434", None).unwrap();
    assert_eq!(target.place(), "mssql://db:1433,other:1434/shop");
    let notes =
        read("jdbc:sqlserver://db;trustStore=/x.jks;newFangled=1;columnEncryptionSetting=Enabled", None).unwrap().notes;
    for expected_text in ["`trustStore`", "`newFangled`", "`columnEncryptionSetting`"] {
        assert!(notes.iter().any(|note| note.contains(expected_text)), "{expected_text}: {notes:?}");
    }
    read("jdbc:sqlserver://db;integratedSecurity=false;authentication=SqlPassword;domain=", None).unwrap();
}

#[test]
fn errors_do_not_contain_the_password() {
    for (url, expected_text) in [
        ("jdbc:sqlserver://db:1433&databaseName=t&user=u&password=geheim", "jdbc:sqlserver://db:1433;databaseName="),
        ("jdbc:sqlserver://u:geheim@db&databaseName=t", "jdbc:sqlserver://host:1433;databaseName="),
        ("jdbc:sqlserver://db:1433/t;user=u;password=geheim", "jdbc:sqlserver://db:1433;databaseName="),
        ("jdbc:sqlserver://u:geheim@db;user=u", "first ;"),
        ("jdbc:sqlserver://db\\SHOP;password=geheim", "port"),
        ("jdbc:sqlserver://db;instanceName=X;password=geheim", "port"),
        ("jdbc:sqlserver://db;password={geheim", "}"),
        ("jdbc:sqlserver://db;password=x{geheim;user=u", "{"),
        ("jdbc:sqlserver://db;geheim", "no ="),
        ("jdbc:sqlserver://db;password=geheim;integratedSecurity=true", "integratedSecurity"),
        ("jdbc:sqlserver://db;password=geheim;authentication=ActiveDirectoryPassword", "authentication"),
        ("jdbc:sqlserver://;password=geheim", "host"),
        ("jdbc:sqlserver:db;password=geheim", "//"),
        ("jdbc:sqlserver://db:geheim;password=p", "port"),
        ("jdbc:jtds:sqlserver://db:1433/t;domain=D;password=geheim", "domain"),
        ("jdbc:jtds:sqlserver://db:1433?user=u&password=geheim", "first ;"),
    ] {
        let error = read(url, None).unwrap_err();
        let text = format!("{} {}", error.message, error.hint);
        assert!(text.contains(expected_text), "{url}: {text}");
        assert!(!text.contains("geheim"), "{url}: {text}");
    }
}
