//! Versions of Tomcat, and the first version of each branch with a change.

use std::fmt;

/// A version of Tomcat; `11.0.0-M5` comes before `11.0.0`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    major: u32,
    minor: u32,
    patch: u32,
    /// `u32::MAX` if it is not a milestone.
    milestone: u32,
}

/// The first version of a branch with a change: major, minor, patch.
pub type FirstVersion = (u32, u32, u32);

impl Version {
    /// Parses `10.1.60`, `9.0.0.M5`, `11.0.0-M5`, `10.1.60.0` (the format of server.number).
    pub fn parse(text: &str) -> Option<Version> {
        let mut parts = text.trim().split(['.', '-']);
        let mut number = || parts.next()?.parse().ok();
        let (major, minor, patch) = (number()?, number()?, number()?);
        let milestone = parts.next().and_then(|part| part.strip_prefix('M')).and_then(|n| n.parse().ok());
        Some(Version { major, minor, patch, milestone: milestone.unwrap_or(u32::MAX) })
    }

    pub fn major(self) -> u32 {
        self.major
    }

    /// Tells whether it is older than the version of its branch in `firsts`. A branch that is not listed counts as
    /// older if it comes before all listed ones.
    pub fn is_before(self, firsts: &[FirstVersion]) -> bool {
        match firsts.iter().find(|(major, minor, _)| (*major, *minor) == (self.major, self.minor)) {
            Some((_, _, patch)) => self.patch < *patch,
            None => firsts.iter().any(|(major, minor, _)| (self.major, self.minor) < (*major, *minor)),
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)?;
        if self.milestone == u32::MAX { Ok(()) } else { write!(f, "-M{}", self.milestone) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions() {
        let v = |text: &str| Version::parse(text).unwrap();
        assert!(v("11.0.0-M5") < v("11.0.0") && v("9.0.70") < v("9.0.100"));
        assert_eq!(
            (v("10.1.60.0").to_string(), v("9.0.0.M5").to_string()),
            ("10.1.60".to_owned(), "9.0.0-M5".to_owned())
        );
        assert_eq!((Version::parse("10"), Version::parse("x.y.z")), (None, None));
        let firsts = [(9, 0, 98), (10, 1, 34), (11, 0, 2)];
        for (version, before) in [
            ("9.0.97", true),
            ("9.0.98", false),
            ("8.5.100", true),
            ("10.0.27", true),
            ("11.0.2", false),
            ("12.0.0", false),
        ] {
            assert_eq!(v(version).is_before(&firsts), before, "{version}");
        }
    }
}
