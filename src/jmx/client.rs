//! HTTP requests to a Manager. Redirects are not followed, because they would pass on the password, and no proxy is
//! used.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret, SecretString};
use ureq::Agent;
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, TlsProvider, parse_pem};

use super::{JmxRequest, ManagerUrl, NodeError, NodeErrorKind};
use crate::request_log::RequestLog;

/// Maximum size of an answer: about 1.8 million session ids.
const LONGEST: u64 = 64 << 20;

/// Trusted certificates.
#[derive(Debug, Clone, Default)]
pub enum Trust {
    /// The system's authorities.
    #[default]
    System,
    /// Only those in a PEM file.
    File(PathBuf),
    /// Any certificate.
    AnyCertificate,
}

/// Options for requests to Managers.
#[derive(Debug, Clone)]
pub struct ClientOptions {
    pub trust: Trust,
    /// Response timeout; passes over all sessions have no limit.
    pub timeout: Duration,
    /// The log that counts requests.
    pub log: RequestLog,
}

pub(super) struct Client {
    place: ManagerUrl,
    agent: Agent,
    authorization: Option<SecretString>,
    log: RequestLog,
}

impl Client {
    /// # Errors
    /// If the authorities cannot be read.
    pub(super) fn new(place: ManagerUrl, options: &ClientOptions) -> Result<Client, String> {
        let tls = TlsConfig::builder()
            .provider(TlsProvider::Rustls)
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .disable_verification(matches!(options.trust, Trust::AnyCertificate))
            .root_certs(authorities(&options.trust)?)
            .build();
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(None)
            .user_agent(concat!("tomcat-sessions/", env!("CARGO_PKG_VERSION")))
            .timeout_connect(Some(options.timeout.min(Duration::from_secs(10))))
            .timeout_global(Some(options.timeout))
            .tls_config(tls)
            .build()
            .into();
        let authorization = place.user.as_ref().map(|user| {
            let password = place.password.as_ref().map_or("", |p| p.expose_secret());
            SecretString::from(format!("Basic {}", STANDARD.encode(format!("{user}:{password}"))))
        });
        Ok(Client { place, agent, authorization, log: options.log.clone() })
    }

    pub(super) fn place(&self) -> &ManagerUrl {
        &self.place
    }

    pub(super) fn error(&self, kind: NodeErrorKind) -> NodeError {
        NodeError { manager: self.place.to_string(), kind }
    }

    /// Sends one request and returns the text of the answer. Blocks.
    pub(super) fn send(&self, ask: &JmxRequest<'_>, timeout: Option<Duration>) -> Result<String, NodeError> {
        let logged = self.log.begin(ask.kind(), || None);
        let answer = self.call(ask, timeout);
        match &answer {
            Ok(_) => logged.answered(0),
            Err(_) => logged.failed("no answer"),
        }
        answer
    }

    fn call(&self, ask: &JmxRequest<'_>, timeout: Option<Duration>) -> Result<String, NodeError> {
        let parameters = ask.parameters().ok_or_else(|| self.error(NodeErrorKind::UnsupportedArgument))?;
        let mut request = self.agent.get(self.place.with(&parameters).as_str());
        if let Some(authorization) = &self.authorization {
            request = request.header("Authorization", authorization.expose_secret());
        }
        let sent = match timeout {
            Some(timeout) => request.config().timeout_global(Some(timeout)).build().call(),
            None => request.call(),
        };
        let mut answer = sent.map_err(|error| self.error(kind_of(&error)))?;
        match answer.status().as_u16() {
            200 => {}
            401 => return Err(self.error(NodeErrorKind::Login)),
            403 => return Err(self.error(NodeErrorKind::Forbidden)),
            404 => return Err(self.error(NodeErrorKind::NoManager)),
            status => return Err(self.error(NodeErrorKind::Status(status))),
        }
        let text = answer.body_mut().with_config().limit(LONGEST).lossy_utf8(true).read_to_string();
        text.map_err(|error| self.error(kind_of(&error)))
    }
}

fn kind_of(error: &ureq::Error) -> NodeErrorKind {
    match error {
        ureq::Error::Timeout(_) => NodeErrorKind::Timeout,
        ureq::Error::Tls(why) => NodeErrorKind::Tls((*why).to_owned()),
        ureq::Error::Rustls(why) => NodeErrorKind::Tls(why.to_string()),
        ureq::Error::Io(why) if why.kind() == std::io::ErrorKind::InvalidData => NodeErrorKind::Tls(why.to_string()),
        ureq::Error::Io(why) => NodeErrorKind::Unreachable(why.to_string()),
        ureq::Error::HostNotFound => NodeErrorKind::Unreachable("unknown host".to_owned()),
        ureq::Error::ConnectionFailed => NodeErrorKind::Unreachable("no connection".to_owned()),
        ureq::Error::Protocol(_) | ureq::Error::Http(_) | ureq::Error::BodyExceedsLimit(_) => NodeErrorKind::Foreign,
        other => NodeErrorKind::Unreachable(other.to_string()),
    }
}

fn authorities(trust: &Trust) -> Result<RootCerts, String> {
    let certificates: Vec<Certificate<'static>> = match trust {
        Trust::AnyCertificate => Vec::new(),
        Trust::System => {
            let native = rustls_native_certs::load_native_certs();
            native.certs.iter().map(|der| Certificate::from_der(der).to_owned()).collect()
        }
        Trust::File(file) => {
            let shown = file.display();
            let pem = std::fs::read(file).map_err(|e| format!("cannot read the certificates in `{shown}`: {e}"))?;
            let items = parse_pem(&pem).filter_map(Result::ok);
            let found: Vec<_> = items
                .filter_map(|item| match item {
                    PemItem::Certificate(certificate) => Some(certificate),
                    _ => None,
                })
                .collect();
            if found.is_empty() {
                return Err(format!("there is no certificate in `{shown}`"));
            }
            found
        }
    };
    Ok(RootCerts::Specific(Arc::new(certificates)))
}
