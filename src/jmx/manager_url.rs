//! The URL of a Manager, and the user.

use std::fmt;

use percent_encoding::percent_decode_str;
use secrecy::SecretString;
use url::Url;

use crate::redaction::{is_within_secret, redact_url};

/// The URL of a Manager application, without its password.
#[derive(Clone)]
pub struct ManagerUrl {
    /// The JMX proxy, without user and password.
    proxy: Url,
    pub user: Option<String>,
    pub password: Option<SecretString>,
}

impl ManagerUrl {
    /// Parses `https://user:password@host:8443/manager`; the default path is `/manager`.
    ///
    /// # Errors
    /// The reason as a fragment that does not repeat the URL, which may contain a password.
    pub fn parse(text: &str) -> Result<ManagerUrl, String> {
        let text = text.trim();
        // The url crate drops tabs and line breaks, even in a password.
        if text.contains(|c: char| c.is_ascii_control()) {
            return Err("the Manager application's URL contains a control character, for example a tab or a line end"
                .to_owned());
        }
        let mut url = Url::parse(text).map_err(|e| format!("the Manager application's URL is malformed: {e}"))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err("the Manager application's URL is neither http:// nor https://".to_owned());
        }
        if url.host_str().is_some_and(|host| is_within_secret(text, host)) {
            return Err(
                "the Manager application's URL is malformed: write @ as %40 and / as %2F in the password".to_owned()
            );
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err("the Manager application's URL contains a ? or a #".to_owned());
        }
        let decode = |text: &str, what: &str| {
            let decoded = percent_decode_str(text).decode_utf8().map(|text| text.into_owned());
            decoded.map_err(|_| format!("the {what} in the Manager application's URL is not UTF-8"))
        };
        let user = Some(url.username()).filter(|u| !u.is_empty()).map(|u| decode(u, "user")).transpose()?;
        let password = url.password().map(|p| decode(p, "password")).transpose()?.map(SecretString::from);
        // http and https URLs have both, so neither call fails.
        let _ = (url.set_username(""), url.set_password(None));
        let path = url.path().trim_end_matches('/');
        let path =
            ["/jmxproxy", "/text", "/html", "/status"].iter().find_map(|end| path.strip_suffix(end)).unwrap_or(path);
        let path = format!("{}/jmxproxy/", if path.is_empty() { "/manager" } else { path });
        url.set_path(&path);
        Ok(ManagerUrl { proxy: url, user, password })
    }

    /// Tells whether it has this host, or this `host:port`.
    pub fn is_at(&self, name: &str) -> bool {
        let Some(host) = self.proxy.host_str() else { return false };
        let port = self.proxy.port_or_known_default().unwrap_or_default();
        name.eq_ignore_ascii_case(host) || name.eq_ignore_ascii_case(&format!("{host}:{port}"))
    }

    /// The URL for a request.
    pub(super) fn with(&self, parameters: &[(&'static str, String)]) -> Url {
        let mut url = self.proxy.clone();
        url.query_pairs_mut().extend_pairs(parameters);
        url
    }

    /// Tells whether the password is sent unencrypted over a network.
    pub fn is_plain_http(&self) -> bool {
        let loopback = match self.proxy.host() {
            Some(url::Host::Domain(name)) => name == "localhost",
            Some(url::Host::Ipv4(address)) => address.is_loopback(),
            Some(url::Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        };
        self.proxy.scheme() == "http" && !loopback
    }
}

impl fmt::Display for ManagerUrl {
    /// The URL without its password and the path of the proxy, for output and for the state file.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&redact_url(self.proxy.as_str().trim_end_matches("/jmxproxy/")))
    }
}

impl fmt::Debug for ManagerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;

    #[test]
    fn urls() {
        for (text, shown) in [
            ("http://h:8080", "http://h:8080/manager"),
            ("http://h:8080/", "http://h:8080/manager"),
            ("https://u:p%40w@h/manager/", "https://h/manager"),
            ("https://u@h/tools/mgr", "https://h/tools/mgr"),
            ("http://h/manager/jmxproxy/", "http://h/manager"),
            ("http://h/manager/html", "http://h/manager"),
        ] {
            assert_eq!(ManagerUrl::parse(text).unwrap().to_string(), shown, "{text}");
        }
        assert_eq!(
            ManagerUrl::parse("http://h/manager;password=x").unwrap().to_string(),
            "http://h/manager;password=…"
        );
        let place = ManagerUrl::parse("https://a%20b:p%40w@h/manager").unwrap();
        assert_eq!(place.user.as_deref(), Some("a b"));
        assert_eq!(place.password.as_ref().unwrap().expose_secret(), "p@w");
        assert!(!format!("{place:?}").contains('@'));
        let ask = place.with(&[("get", "Catalina:type=Manager,context=/a##2".to_owned())]);
        assert_eq!(ask.as_str(), "https://h/manager/jmxproxy/?get=Catalina%3Atype%3DManager%2Ccontext%3D%2Fa%23%232");
    }

    #[test]
    fn a_manager_is_found_by_host_with_or_without_port() {
        let place = ManagerUrl::parse("https://admin@tomcat1:8443/manager").unwrap();
        assert!(place.is_at("tomcat1") && place.is_at("TOMCAT1:8443"));
        assert!(!place.is_at("tomcat1:8080") && !place.is_at("tomcat") && !place.is_at("admin"));
        assert!(ManagerUrl::parse("https://[::1]/manager").unwrap().is_at("[::1]:443"));
    }

    #[test]
    fn rejects_invalid_manager_urls() {
        for wrong in [
            "",
            "http://u:sec\tret@h/",
            "http://u:x@secret/y@h/",
            "h:8080",
            "ftp://h/manager",
            "http://",
            "http://u:secret@h/manager?x=1",
            "http://h/#",
        ] {
            let error = ManagerUrl::parse(wrong).unwrap_err();
            assert!(!error.contains("secret"), "{error}");
        }
    }

    #[test]
    fn plain_http_is_detected() {
        let of = |text| ManagerUrl::parse(text).unwrap().is_plain_http();
        assert!(of("http://tomcat1:8080"));
        assert!(!of("https://tomcat1:8443"));
        assert!(!of("http://127.0.0.1:8080") && !of("http://[::1]:8080") && !of("http://localhost:8080"));
    }
}
