//! Passwords for Tomcat's account, from the operating system's random number generator.

use secrecy::SecretString;

use crate::engine::DbError;
use crate::store::error::{Result, StoreError};

/// Letters, digits and characters that need no escaping in a URL, in XML, in a shell or in SQL.
const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// 6 bits per character: 144 bits.
const LENGTH: usize = 24;

/// Generates a password of 24 characters with at least one upper-case letter, one lower-case letter, one digit and
/// one other character, as the servers' policies require (`validate_password`, `CHECK_POLICY`). It begins with a
/// letter, so that no program takes it for an option.
///
/// # Errors
/// If the operating system returns no random bytes.
pub fn generate() -> Result<SecretString> {
    loop {
        let mut bytes = [0u8; LENGTH];
        getrandom::fill(&mut bytes)
            .map_err(|e| StoreError::db("generate a password", DbError::other(e.to_string())))?;
        if let Some(password) = of(&bytes) {
            return Ok(SecretString::from(password));
        }
    }
}

/// The password for these bytes; `None` if it lacks a kind of character. Retrying keeps all remaining passwords
/// equally likely.
fn of(bytes: &[u8]) -> Option<String> {
    // 256 is a multiple of 64, so all characters are equally likely.
    let password: String = bytes.iter().map(|b| char::from(ALPHABET[usize::from(b % 64)])).collect();
    let kinds: [fn(char) -> bool; 4] = [
        |c| c.is_ascii_uppercase(),
        |c| c.is_ascii_lowercase(),
        |c| c.is_ascii_digit(),
        |c| !c.is_ascii_alphanumeric(),
    ];
    let whole = kinds.iter().all(|kind| password.contains(*kind));
    (whole && password.starts_with(|c: char| c.is_ascii_alphabetic())).then_some(password)
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;

    #[test]
    fn passwords_contain_every_kind_of_character() {
        assert_eq!(of(&[0, 26, 52, 62]).as_deref(), Some("Aa0-"));
        for lacking in [[0, 26, 52, 53], [0, 26, 27, 62], [0, 1, 52, 62], [26, 27, 52, 62], [62, 26, 52, 0]] {
            assert_eq!(of(&lacking), None);
        }
    }

    #[test]
    fn generated_passwords_differ() {
        let (a, b) = (generate().unwrap(), generate().unwrap());
        assert_eq!(a.expose_secret().len(), LENGTH);
        assert_ne!(a.expose_secret(), b.expose_secret());
    }
}
