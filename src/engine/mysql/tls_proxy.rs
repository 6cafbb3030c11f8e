//! TLS with a check of the certificate, but not of the host name (`ssl-mode=verify-ca`).
//!
//! The driver's own check of this kind expects a certain error of rustls for a wrong name and gets another one
//! (`NotValidForNameContext`). It therefore refuses every certificate without the host name, including the one that
//! MySQL creates, which contains no name. A `local_proxy` connects instead of the driver. The certificate that it presents
//! to the driver exists as long as the connection, and is not checked.

use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName, UnixTime};
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, ServerConfig, SignatureScheme,
};
use tokio::io::{AsyncRead, AsyncWrite, copy_bidirectional_with_sizes};
use tokio::net::UnixStream;
use tokio_rustls::{TlsAcceptor, TlsConnector};

use super::local_proxy::{BUFFER, LocalProxy, pass, unreachable};
use crate::engine::{DbError, DbErrorKind, Target};

/// Starts to wait for the driver.
///
/// # Errors
/// As [`LocalProxy::start`], and if the certificate files cannot be used.
pub(super) fn start(target: &Target) -> Result<LocalProxy, DbError> {
    let (outer, inner) = (to_server(target)?, to_driver().map_err(tls)?);
    let host = target.host.clone();
    LocalProxy::start(target, move |driver, server| async move { forward(driver, server, &host, outer, inner).await })
}

/// Forwards the greeting and the request for TLS, uses TLS on both sides, and forwards the rest.
async fn forward<S: AsyncRead + AsyncWrite + Unpin>(
    mut driver: UnixStream,
    mut server: S,
    host: &str,
    outer: Arc<ClientConfig>,
    inner: Arc<ServerConfig>,
) -> Result<(), DbError> {
    pass(&mut server, &mut driver).await.map_err(unreachable)?;
    // The driver closes the connection here if the server has no TLS, or sends an error instead of a greeting.
    if pass(&mut driver, &mut server).await.is_err() {
        return Ok(());
    }
    // The name is not checked; if the host is not a valid name, none is sent to the server.
    let name = ServerName::try_from(host.to_owned()).or_else(|_| ServerName::try_from("localhost")).map_err(tls)?;
    let mut server = TlsConnector::from(outer).connect(name, server).await.map_err(tls)?;
    let mut driver = TlsAcceptor::from(inner).accept(driver).await.map_err(tls)?;
    // The driver notices how a connection ends.
    let _ = copy_bidirectional_with_sizes(&mut driver, &mut server, BUFFER, BUFFER).await;
    Ok(())
}

fn tls(error: impl std::fmt::Display) -> DbError {
    DbError::new(DbErrorKind::Tls, "", error.to_string())
}

/// TLS to the server: the system's authorities and the one in `ssl-ca`, and the client certificate.
fn to_server(target: &Target) -> Result<Arc<ClientConfig>, DbError> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if let Some(file) = target.params.get("ssl-ca") {
        for certificate in certificates(file)? {
            roots.add(certificate).map_err(tls)?;
        }
    }
    let verifier = WebPkiServerVerifier::builder(Arc::new(roots)).build().map_err(tls)?;
    let config = ClientConfig::builder().dangerous().with_custom_certificate_verifier(Arc::new(AnyName(verifier)));
    let config = match (target.params.get("ssl-cert"), target.params.get("ssl-key")) {
        (Some(certificate), Some(key)) => {
            let key = PrivateKeyDer::from_pem_file(key).map_err(tls)?;
            config.with_client_auth_cert(certificates(certificate)?, key).map_err(tls)?
        }
        _ => config.with_no_client_auth(),
    };
    Ok(Arc::new(config))
}

fn certificates(file: &str) -> Result<Vec<CertificateDer<'static>>, DbError> {
    let read = CertificateDer::pem_file_iter(file).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    read.map_err(|e| tls(format!("cannot use the certificates in `{file}`: {e}")))
}

/// Checks a certificate, except for its name.
#[derive(Debug)]
struct AnyName(Arc<WebPkiServerVerifier>);

impl ServerCertVerifier for AnyName {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        // The name is checked last.
        match self.0.verify_server_cert(certificate, intermediates, name, ocsp, now) {
            Err(Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) => Ok(ServerCertVerified::assertion()),
            checked => checked,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.0.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.0.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_verify_schemes()
    }
}

/// Prefix of an Ed25519 key in PKCS #8, before its 32 bytes (RFC 8410).
const KEY: &[u8] = &[0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
/// Contents of the certificate before its public key: version 3, serial number 1, Ed25519, no names, valid from 1970
/// to 9999 (RFC 5280).
const BEFORE_KEY: &[u8] = b"\xa0\x03\x02\x01\x02\x02\x01\x01\x30\x05\x06\x03\x2b\x65\x70\x30\x00\
    \x30\x20\x17\x0d700101000000Z\x18\x0f99991231235959Z\x30\x00";
/// The signature algorithm, and an invalid signature.
const AFTER_KEY: &[u8] = b"\x30\x05\x06\x03\x2b\x65\x70\x03\x41\x00";

/// TLS to the driver, with a new random key.
fn to_driver() -> Result<Arc<ServerConfig>, Error> {
    let mut key = KEY.to_vec();
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).map_err(|e| Error::General(e.to_string()))?;
    key.extend_from_slice(&seed);
    let key = PrivatePkcs8KeyDer::from(key);
    let signer = rustls::crypto::ring::sign::any_eddsa_type(&key)?;
    let public = signer.public_key().ok_or_else(|| Error::General("the key has no public part".to_owned()))?;
    let body = sequence(&[BEFORE_KEY, public.as_ref()].concat());
    let certificate = sequence(&[&body, AFTER_KEY, &[0; 64]].concat());
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![CertificateDer::from(certificate)], PrivateKeyDer::from(key))?;
    Ok(Arc::new(config))
}

/// A DER SEQUENCE of up to 255 bytes.
fn sequence(content: &[u8]) -> Vec<u8> {
    let length = u8::try_from(content.len()).unwrap_or(u8::MAX);
    let head: &[u8] = if length < 128 { &[0x30, length] } else { &[0x30, 0x81, length] };
    [head, content].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_certificate_for_the_driver_is_valid() {
        crate::engine::choose_cryptography();
        to_driver().unwrap();
    }
}
