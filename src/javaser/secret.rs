//! What is kept back although values are shown.

/// Parts of names of fields and attributes whose values are secrets.
const WORDS: [&str; 6] = ["password", "passwd", "pwd", "secret", "token", "credential"];

/// What stands instead of a secret.
pub const KEPT_BACK: &str = "***";

/// Tells whether what is called `name` is a secret.
pub fn is_secret(name: &str) -> bool {
    let name = name.to_lowercase();
    WORDS.iter().any(|word| name.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_secrets() {
        for name in ["password", "j_passwd", "userPwd", "client_SECRET", "csrfToken", "credentials"] {
            assert!(is_secret(name), "{name}");
        }
        assert!(!is_secret("user") && !is_secret("SPRING_SECURITY_CONTEXT"));
    }
}
