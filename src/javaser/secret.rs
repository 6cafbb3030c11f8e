//! Names of values that are always hidden.

/// Parts of the names of fields and attributes whose values are secret.
const WORDS: [&str; 6] = ["password", "passwd", "pwd", "secret", "token", "credential"];

/// Replacement for a secret.
pub const REDACTED: &str = "***";

/// Tells whether a field or attribute called `name` is secret.
pub fn is_secret(name: &str) -> bool {
    let name = name.to_lowercase();
    WORDS.iter().any(|word| name.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secret_names_are_recognized() {
        for name in ["password", "j_passwd", "userPwd", "client_SECRET", "csrfToken", "credentials"] {
            assert!(is_secret(name), "{name}");
        }
        assert!(!is_secret("user") && !is_secret("SPRING_SECURITY_CONTEXT"));
    }
}
