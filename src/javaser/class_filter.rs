//! Decides whether data may be written to a table that Tomcat deserializes. It looks only at the names in class
//! descriptors, which precede everything that could be executed.

use std::borrow::Cow;
use std::cell::LazyCell;
use std::collections::HashSet;

use super::error::ErrorKind;
use super::gadgets::find_gadgets;
use super::parser::{Limits, Parser};
use super::tree::{Kind, Tree};
use super::{gadget, modified_utf8};

/// Classes that every session contains, even without attributes.
const ENVELOPE: [&str; 4] = ["java.lang.Boolean", "java.lang.Integer", "java.lang.Long", "java.lang.Number"];
/// Maximum number of interfaces of a proxy that are examined in undecoded data.
const INTERFACES: usize = 16;
/// Length in bytes of the longest name that is examined there. Every byte can be the beginning of a name, so without
/// a limit the time would be quadratic.
const LONGEST: usize = 1_000;
/// Maximum number of characters of a class name in a message.
const SHOWN: usize = 200;

/// What is refused.
#[derive(Debug, Clone, Default)]
pub struct ClassFilter {
    /// Refuse classes of known gadget chains.
    pub gadgets: bool,
    /// Refuse classes that are not in this list.
    pub allowed: Option<AllowedClasses>,
    /// Accept data that cannot be decoded completely, unless a refused class is found in them.
    pub unreadable: bool,
}

/// Class names, and prefixes of class names.
#[derive(Debug, Clone, Default)]
pub struct AllowedClasses {
    names: Vec<String>,
    beginnings: Vec<String>,
}

impl AllowedClasses {
    /// Reads a list: one class per line, or a prefix followed by `*`; `#` begins a comment. An array is represented
    /// by its element class.
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

impl ClassFilter {
    /// The reason why these data are refused; `None` if they are accepted.
    ///
    /// Data that are not a stream are accepted, because `ObjectInputStream` refuses everything without its header.
    /// For a stream, nothing is assumed about where a JVM stops or which classes it has: data that cannot be decoded
    /// completely are refused unless [`ClassFilter::unreadable`] is set, and the names of attack classes are searched in
    /// the raw bytes too.
    pub fn refuses(&self, data: &[u8]) -> Option<String> {
        if !self.gadgets && self.allowed.is_none() {
            return None;
        }
        let mut parser = match Parser::new(data, Limits::default()) {
            Ok(parser) => parser,
            Err(error) => return (error.kind == ErrorKind::TooLong).then(|| error.to_string()),
        };
        let fault = loop {
            match parser.read() {
                Ok(Some(_)) => {}
                Ok(None) => break None,
                Err(error) => break Some(error),
            }
        };
        self.refuses_class_of(parser.tree()).or_else(|| self.refuses_bytes(parser.tree(), fault.is_some())).or_else(
            || {
                fault.filter(|_| !self.unreadable).map(|fault| {
                    format!("its data cannot be decoded completely: {fault} (--unreadable keep accepts it)")
                })
            },
        )
    }

    fn refuses_class_of(&self, tree: &Tree<'_>) -> Option<String> {
        let ordinary =
            tree.classes().filter(|(_, class)| class.interfaces.is_none()).map(|(id, _)| tree.class_name(id));
        let interfaces = tree.classes().flat_map(|(id, _)| tree.interfaces(id).map(|name| tree.text(name)));
        ordinary.chain(interfaces).find_map(|name| self.refuses_class(&name))
    }

    /// Searches the part that the parser did not reach, or may have read differently than a JVM: if a class reads
    /// less than was written, a JVM takes the rest for the next object.
    fn refuses_bytes(&self, tree: &Tree<'_>, undecoded: bool) -> Option<String> {
        let data = tree.bytes();
        // Collected only when the first name is found: most data contain none, and hostile data many.
        let texts = LazyCell::new(|| {
            let texts = tree.nodes().filter_map(|(_, node)| match node.kind {
                Kind::String(text) if !undecoded => Some(text.start as usize),
                _ => None,
            });
            texts.collect::<HashSet<_>>()
        });
        let is_text = |at: usize| texts.contains(&(at + 2));
        // Each scan takes longer than decoding, so a scan whose results would not matter is skipped.
        let gadgets = self.gadgets.then(|| find_gadgets(data)).into_iter().flatten();
        let mut named = gadgets.filter(|(at, _)| data[at.saturating_sub(1)] == 0x72 || !is_text(*at));
        named.find_map(|(_, name)| self.refuses_class(&name)).or_else(|| {
            let mut names = self.allowed.is_some().then(|| descriptors(data)).into_iter().flatten();
            names.find_map(|name| self.refuses_class(&name))
        })
    }

    fn refuses_class(&self, name: &str) -> Option<String> {
        if let Some(chain) = gadget(name).filter(|_| self.gadgets) {
            return Some(format!("it contains `{}`, a class used in deserialization attacks ({chain})", shown(name)));
        }
        let stranger = self.allowed.as_ref().is_some_and(|allowed| !allowed.has(name));
        stranger.then(|| format!("it contains `{}`, which is not an allowed class", shown(name)))
    }
}

/// Names in bytes that may belong to class descriptors.
fn descriptors(data: &[u8]) -> impl Iterator<Item = Cow<'_, str>> {
    let starts = data.iter().enumerate().filter(|(_, byte)| matches!(**byte, 0x72 | 0x7d));
    starts.flat_map(move |(at, byte)| match byte {
        0x72 => ordinary(&data[at + 1..]).into_iter().collect(),
        _ => interfaces(&data[at + 1..]),
    })
}

fn ordinary(rest: &[u8]) -> Option<Cow<'_, str>> {
    let (name, rest) = name(rest).filter(|(name, _)| is_plausible(name))?;
    // A name is followed by the serialVersionUID, the flags (a JVM ignores unknown ones) and the fields.
    (rest.len() > 8).then_some(name)
}

/// The first few interfaces of a possible proxy.
fn interfaces(rest: &[u8]) -> Vec<Cow<'_, str>> {
    let Some((count, mut rest)) = rest.split_first_chunk::<4>() else { return Vec::new() };
    let mut names = Vec::new();
    for _ in 0..INTERFACES.min(u32::from_be_bytes(*count) as usize) {
        let Some((name, behind)) = name(rest) else { break };
        // A name that no class can have says nothing about the following names.
        names.extend(Some(name).filter(|name| is_plausible(name)));
        rest = behind;
    }
    names
}

/// Text preceded by its length, and the bytes after it.
fn name(bytes: &[u8]) -> Option<(Cow<'_, str>, &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<2>()?;
    let length = usize::from(u16::from_be_bytes(*length));
    let (name, rest) = rest.split_at_checked(length).filter(|_| length <= LONGEST)?;
    modified_utf8::is_valid(name).then(|| (modified_utf8::text(name), rest))
}

/// Tells whether a compiler would accept this class name. A JVM accepts nearly every character, but then binary data
/// would be full of names.
fn is_plausible(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "._$[;-".contains(c))
}

/// The element class of an array, or the class itself; for primitives, their letter.
fn element(class: &str) -> &str {
    let element = class.trim_start_matches('[');
    match element.strip_prefix('L').and_then(|rest| rest.strip_suffix(';')) {
        Some(name) if element.len() < class.len() => name,
        _ => element,
    }
}

/// A name chosen by whoever wrote the data, made safe for a terminal.
fn shown(name: &str) -> String {
    name.chars().take(SHOWN).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An object of a class with this name: a class descriptor without fields.
    fn object(class: &[u8]) -> Vec<u8> {
        [&[0x73, 0x72, 0, class.len() as u8][..], class, &[0; 8], &[2, 0, 0, 0x78, 0x70]].concat()
    }

    fn stream(objects: &[Vec<u8>]) -> Vec<u8> {
        [&[0xac, 0xed, 0, 5][..], &objects.concat()].concat()
    }

    fn gadgets() -> ClassFilter {
        ClassFilter { gadgets: true, ..ClassFilter::default() }
    }

    #[test]
    fn gadgets_are_refused_in_every_position_and_spelling() {
        for data in [
            stream(&[object(b"bsh.XThis")]),
            stream(&[object(b"a.B"), object(b"bsh.XThis")]),
            // An overlong encoding of `b`, which ObjectInputStream accepts as `b`.
            stream(&[object(b"\xc1\xa2sh.XThis")]),
            // In a stream that is truncated after it, and in one that continues with invalid bytes.
            stream(&[object(b"bsh.XThis"), vec![0x73]]),
            stream(&[object(b"bsh.XThis"), vec![0x00]]),
        ] {
            let reason = gadgets().refuses(&data).unwrap();
            assert!(reason.starts_with("it contains `bsh.XThis`, a class used in deserialization attacks"), "{reason}");
            assert_eq!(ClassFilter::default().refuses(&data), None);
        }
        assert_eq!(gadgets().refuses(&stream(&[object(b"bshop.Cart")])), None);
        assert_eq!(gadgets().refuses(b"no stream"), None);
        // A string with this text is not a class.
        assert_eq!(gadgets().refuses(&stream(&[b"\x74\x00\x09bsh.XThis".to_vec()])), None);
    }

    /// `Object[]` with this length, and the elements that are present.
    fn array(length: u32, elements: &[Vec<u8>]) -> Vec<u8> {
        let class = [&[0x75, 0x72, 0, 19][..], b"[Ljava.lang.Object;", &[0; 8], &[2, 0, 0, 0x78, 0x70]].concat();
        [class, length.to_be_bytes().to_vec(), elements.concat()].concat()
    }

    #[test]
    fn a_truncated_array_hides_no_element() {
        let gadget = object(b"bsh.XThis");
        for data in [
            stream(&[array(1000, std::slice::from_ref(&gadget))]),
            stream(&[array(u32::MAX >> 1, &[array(1000, std::slice::from_ref(&gadget))])]),
            stream(&[array(2, &[array(1, &[]), gadget.clone()])]),
        ] {
            let reason = gadgets().refuses(&data).unwrap();
            assert!(reason.contains("`bsh.XThis`"), "{reason}");
            assert!(ClassFilter { unreadable: true, ..gadgets() }.refuses(&data).unwrap().contains("`bsh.XThis`"));
        }
    }

    #[test]
    fn data_left_unread_by_a_class_is_checked() {
        // A class without SC_WRITE_METHOD and without fields, whose readObject reads an int of block data. For this
        // reader the object has ended, so it reads the block and the rest in place of the array.
        let lazy = object(b"a.Lazy");
        let data = stream(&[array(2, &[lazy, b"\x77\x04\x00\x00\x00\x01".to_vec(), object(b"bsh.XThis")])]);
        for filter in [gadgets(), ClassFilter { unreadable: true, ..gadgets() }] {
            assert!(filter.refuses(&data).unwrap().contains("`bsh.XThis`"));
        }
    }

    #[test]
    fn undecodable_sessions_are_refused_by_default() {
        for data in [
            stream(&[object(b"a.B"), vec![0x73]]),
            stream(&[object(b"a.B"), vec![0x00]]),
            stream(&[array(3, &[object(b"a.B")])]),
        ] {
            let reason = gadgets().refuses(&data).unwrap();
            assert!(reason.starts_with("its data cannot be decoded completely: "), "{reason}");
            let keep = ClassFilter { unreadable: true, ..gadgets() };
            assert_eq!(keep.refuses(&data), None);
            // A list of classes also applies to undecoded data.
            let listed = |list: &str| ClassFilter { allowed: Some(AllowedClasses::read(list)), ..keep.clone() };
            assert_eq!(listed("a.B\njava.lang.Object").refuses(&data), None);
            let hidden = [data, vec![0x01], object(b"b.C")].concat();
            assert!(listed("a.B\njava.lang.Object").refuses(&hidden).unwrap().contains("`b.C`"));
        }
    }

    #[test]
    fn an_invalid_interface_name_hides_none_after_it() {
        let proxy = b"\x73\x7d\x00\x00\x00\x02\x00\x03a b\x00\x03b.C\x78\x70".to_vec();
        let data = stream(&[object(b"a.B"), vec![0x01], proxy]);
        let filter = ClassFilter { allowed: Some(AllowedClasses::read("a.B")), unreadable: true, ..gadgets() };
        assert!(filter.refuses(&data).unwrap().contains("`b.C`"));
    }

    #[test]
    fn gadgets_in_nested_byte_arrays_are_found() {
        // A byte array that contains a stream, as SignedObject and similar classes have.
        let inner = stream(&[object(b"bsh.XThis")]);
        let bytes = [
            &[0x75, 0x72, 0, 2][..],
            b"[B",
            &[0; 8],
            &[2, 0, 0, 0x78, 0x70],
            &(inner.len() as u32).to_be_bytes(),
            &inner,
        ]
        .concat();
        assert!(gadgets().refuses(&stream(&[bytes])).unwrap().contains("`bsh.XThis`"));
    }

    #[test]
    fn trailing_data_that_a_jvm_could_read_is_refused() {
        // The gadget is nested more deeply than the limit.
        let mut deep = stream(&[]);
        let array = [&[0x75, 0x72, 0, 19][..], b"[Ljava.lang.Object;", &[0; 8], &[2, 0, 0, 0x78, 0x70, 0, 0, 0, 1]];
        deep.extend(array.concat());
        for _ in 0..600 {
            deep.extend([0x75, 0x71, 0, 0x7e, 0, 0, 0, 0, 0, 1]);
        }
        deep.extend(object(b"bsh.XThis"));
        let reason = gadgets().refuses(&deep).unwrap();
        assert!(reason.contains("`bsh.XThis`"), "{reason}");
        deep.truncate(deep.len() - 20);
        let reason = gadgets().refuses(&deep).unwrap();
        assert!(reason.starts_with("its data cannot be decoded completely: nested more than 512 deep"), "{reason}");
    }

    #[test]
    fn only_listed_classes_pass_where_there_is_a_list() {
        let allowed = AllowedClasses::read("# ours\ncom.example.*\n [Ljava.util.Date;  # dates\n\n");
        assert!(!allowed.is_empty() && AllowedClasses::read("# nothing\n").is_empty());
        let filter = ClassFilter { gadgets: true, allowed: Some(allowed), unreadable: false };
        let passing = ["com.example.Cart", "java.util.Date", "[[Lcom.example.Cart;", "[B", "java.lang.Long"];
        assert_eq!(filter.refuses(&stream(&passing.map(|name| object(name.as_bytes())))), None);
        for name in ["com.exampl", "java.util.Dates", "[Ljava.util.UUID;", "\u{1b}[2J"] {
            let reason = filter.refuses(&stream(&[object(name.as_bytes())])).unwrap();
            assert!(reason.ends_with("which is not an allowed class") && !reason.contains('\u{1b}'), "{reason}");
        }
    }
}
