//! Judges whether data may go where a Tomcat will deserialize them: by the names in class
//! descriptors alone, which stand before anything that could run.

use super::error::Fault;
use super::parser::{Limits, Parser};
use super::{gadget, tree::Tree};

/// What a session is made of before it has any attribute.
const ENVELOPE: [&str; 4] = ["java.lang.Boolean", "java.lang.Integer", "java.lang.Long", "java.lang.Number"];
/// A class name is told up to this length.
const SHOWN: usize = 200;

/// What is refused.
#[derive(Debug, Clone, Default)]
pub struct Guard {
    /// Classes of known gadget chains.
    pub gadgets: bool,
    /// Classes that are not on this list, where there is one.
    pub allowed: Option<AllowedClasses>,
}

/// Names of classes, and beginnings of names.
#[derive(Debug, Clone, Default)]
pub struct AllowedClasses {
    names: Vec<String>,
    beginnings: Vec<String>,
}

impl AllowedClasses {
    /// Reads a list: a class a line, or the beginning of classes with `*` behind; `#` begins a
    /// comment. Arrays are named by what they hold.
    pub fn read(text: &str) -> AllowedClasses {
        let mut allowed = AllowedClasses::default();
        for line in text.lines().map(|line| line.split('#').next().unwrap_or_default().trim()) {
            match line.strip_suffix('*') {
                Some(beginning) => allowed.beginnings.push(beginning.to_owned()),
                None if line.is_empty() => {}
                None => allowed.names.push(element(line).to_owned()),
            }
        }
        allowed.names.sort();
        allowed
    }

    pub fn is_empty(&self) -> bool {
        self.names.is_empty() && self.beginnings.is_empty()
    }

    fn has(&self, class: &str) -> bool {
        let class = element(class);
        class.len() == 1
            || ENVELOPE.contains(&class)
            || self.names.binary_search_by(|name| name.as_str().cmp(class)).is_ok()
            || self.beginnings.iter().any(|beginning| class.starts_with(beginning.as_str()))
    }
}

impl Guard {
    /// Says why these data are refused; `None` where they are not.
    ///
    /// What is no stream is not refused, nor one that ends too early or goes on with nonsense: a JVM
    /// stops where this reader does, or before. Where a JVM may be able to go on, and to find what
    /// was not seen here, the data are refused.
    pub fn refuses(&self, data: &[u8]) -> Option<String> {
        if !self.gadgets && self.allowed.is_none() {
            return None;
        }
        let mut parser = match Parser::new(data, Limits::default()) {
            Ok(parser) => parser,
            Err(error) => return (error.fault == Fault::TooLong).then(|| error.to_string()),
        };
        let fault = loop {
            match parser.read() {
                Ok(Some(_)) => {}
                Ok(None) => break None,
                Err(error) => break (!stops_a_jvm(&error.fault)).then_some(error),
            }
        };
        self.refuses_class_of(parser.tree())
            .or_else(|| fault.map(|fault| format!("its data cannot be judged to their end: {fault}")))
    }

    fn refuses_class_of(&self, tree: &Tree<'_>) -> Option<String> {
        let ordinary =
            tree.classes().filter(|(_, class)| class.interfaces.is_none()).map(|(id, _)| tree.class_name(id));
        let interfaces = tree.classes().flat_map(|(id, _)| tree.interfaces(id).map(|name| tree.text(name)));
        ordinary.chain(interfaces).find_map(|name| {
            if let Some(chain) = gadget(&name).filter(|_| self.gadgets) {
                return Some(format!("it holds `{}`, a class of deserialization attacks ({chain})", shown(&name)));
            }
            let stranger = self.allowed.as_ref().is_some_and(|allowed| !allowed.has(&name));
            stranger.then(|| format!("it holds `{}`, which is not among the allowed classes", shown(&name)))
        })
    }
}

/// Tells whether `ObjectInputStream` throws at such a place as well, whatever the classes are.
fn stops_a_jvm(fault: &Fault) -> bool {
    matches!(fault, Fault::Ended { .. } | Fault::Unexpected { .. } | Fault::BadText | Fault::NotAStream)
}

/// The class of an array's elements, or the class itself; of primitives, their letter.
fn element(class: &str) -> &str {
    let element = class.trim_start_matches('[');
    match element.strip_prefix('L').and_then(|rest| rest.strip_suffix(';')) {
        Some(name) if element.len() < class.len() => name,
        _ => element,
    }
}

/// A name that whoever wrote the data has chosen, fit for a terminal.
fn shown(name: &str) -> String {
    name.chars().take(SHOWN).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An object of a class of that name: a descriptor, and nothing in it.
    fn object(class: &[u8]) -> Vec<u8> {
        [&[0x73, 0x72, 0, class.len() as u8][..], class, &[0; 8], &[2, 0, 0, 0x78, 0x70]].concat()
    }

    fn stream(objects: &[Vec<u8>]) -> Vec<u8> {
        [&[0xac, 0xed, 0, 5][..], &objects.concat()].concat()
    }

    fn gadgets() -> Guard {
        Guard { gadgets: true, allowed: None }
    }

    #[test]
    fn a_gadget_is_refused_wherever_it_stands_and_however_its_name_is_written() {
        for data in [
            stream(&[object(b"bsh.XThis")]),
            stream(&[object(b"a.B"), object(b"bsh.XThis")]),
            // An overlong `b`, which ObjectInputStream reads as `b` too.
            stream(&[object(b"\xc1\xa2sh.XThis")]),
            // In a stream that is cut off behind it, and in one that goes on with nonsense.
            stream(&[object(b"bsh.XThis"), vec![0x73]]),
            stream(&[object(b"bsh.XThis"), vec![0x00]]),
        ] {
            let reason = gadgets().refuses(&data).unwrap();
            assert!(reason.starts_with("it holds `bsh.XThis`, a class of deserialization attacks"), "{reason}");
            assert_eq!(Guard::default().refuses(&data), None);
        }
        assert_eq!(gadgets().refuses(&stream(&[object(b"bshop.Cart")])), None);
        assert_eq!(gadgets().refuses(b"no stream"), None);
        assert_eq!(gadgets().refuses(&stream(&[object(b"a.B"), vec![0x73]])), None);
    }

    #[test]
    fn what_a_jvm_might_read_further_is_refused() {
        // Deeper than our limit, with the gadget below.
        let mut deep = stream(&[]);
        let array = [&[0x75, 0x72, 0, 19][..], b"[Ljava.lang.Object;", &[0; 8], &[2, 0, 0, 0x78, 0x70, 0, 0, 0, 1]];
        deep.extend(array.concat());
        for _ in 0..600 {
            deep.extend([0x75, 0x71, 0, 0x7e, 0, 0, 0, 0, 0, 1]);
        }
        deep.extend(object(b"bsh.XThis"));
        let reason = gadgets().refuses(&deep).unwrap();
        assert!(reason.starts_with("its data cannot be judged to their end: nested more than 512 deep"), "{reason}");
    }

    #[test]
    fn only_listed_classes_pass_where_there_is_a_list() {
        let allowed = AllowedClasses::read("# ours\ncom.example.*\n [Ljava.util.Date;  # dates\n\n");
        assert!(!allowed.is_empty() && AllowedClasses::read("# nothing\n").is_empty());
        let guard = Guard { gadgets: true, allowed: Some(allowed) };
        let passing = ["com.example.Cart", "java.util.Date", "[[Lcom.example.Cart;", "[B", "java.lang.Long"];
        assert_eq!(guard.refuses(&stream(&passing.map(|name| object(name.as_bytes())))), None);
        for name in ["com.exampl", "java.util.Dates", "[Ljava.util.UUID;", "\u{1b}[2J"] {
            let reason = guard.refuses(&stream(&[object(name.as_bytes())])).unwrap();
            assert!(
                reason.ends_with("which is not among the allowed classes") && !reason.contains('\u{1b}'),
                "{reason}"
            );
        }
    }
}
