//! Judges whether data may go where a Tomcat will deserialize them: by the names in class
//! descriptors alone, which stand before anything that could run.

use std::borrow::Cow;
use std::cell::LazyCell;
use std::collections::HashSet;

use super::error::ErrorKind;
use super::gadgets::find_gadgets;
use super::parser::{Limits, Parser};
use super::tree::{Kind, Tree};
use super::{gadget, text};

/// What a session is made of before it has any attribute.
const ENVELOPE: [&str; 4] = ["java.lang.Boolean", "java.lang.Integer", "java.lang.Long", "java.lang.Number"];
/// Interfaces of a proxy that are looked at where it was not decoded.
const INTERFACES: usize = 16;
/// Bytes of the longest name that is looked at there: every byte may begin one, and time must not grow with both.
const LONGEST: usize = 1_000;
/// A class name is told up to this length.
const SHOWN: usize = 200;

/// What is refused.
#[derive(Debug, Clone, Default)]
pub struct Guard {
    /// Classes of known gadget chains.
    pub gadgets: bool,
    /// Classes that are not on this list, where there is one.
    pub allowed: Option<AllowedClasses>,
    /// Takes what cannot be decoded completely, where no class that is refused is found in it.
    pub unreadable: bool,
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
    /// What is no stream at all is not refused: `ObjectInputStream` takes nothing without its header.
    /// Of a stream, nothing is assumed about where a JVM stops, or which classes it has: what cannot be
    /// decoded completely is refused unless it is asked for, and names of attack classes are looked for
    /// in the bytes themselves too.
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

    /// Looks where the parser has not come, or has seen other things than a JVM would: one whose class
    /// reads less than was written takes the rest for the next object.
    fn refuses_bytes(&self, tree: &Tree<'_>, undecoded: bool) -> Option<String> {
        let data = tree.bytes();
        // Collected at the first name that is found: most data have none, and hostile ones have many.
        let texts = LazyCell::new(|| {
            let texts = tree.nodes().filter_map(|(_, node)| match node.kind {
                Kind::String(text) if !undecoded => Some(text.start as usize),
                _ => None,
            });
            texts.collect::<HashSet<_>>()
        });
        let is_text = |at: usize| texts.contains(&(at + 2));
        // Each scan costs more than decoding does: none is made whose finds would not count.
        let gadgets = self.gadgets.then(|| find_gadgets(data)).into_iter().flatten();
        let mut named = gadgets.filter(|(at, _)| data[at.saturating_sub(1)] == 0x72 || !is_text(*at));
        named.find_map(|(_, name)| self.refuses_class(&name)).or_else(|| {
            let mut names = self.allowed.is_some().then(|| descriptors(data)).into_iter().flatten();
            names.find_map(|name| self.refuses_class(&name))
        })
    }

    fn refuses_class(&self, name: &str) -> Option<String> {
        if let Some(chain) = gadget(name).filter(|_| self.gadgets) {
            return Some(format!("it contains `{}`, a class of deserialization attacks ({chain})", shown(name)));
        }
        let stranger = self.allowed.as_ref().is_some_and(|allowed| !allowed.has(name));
        stranger.then(|| format!("it contains `{}`, which is not an allowed class", shown(name)))
    }
}

/// Names in bytes that may be those of descriptors.
fn descriptors(data: &[u8]) -> impl Iterator<Item = Cow<'_, str>> {
    let starts = data.iter().enumerate().filter(|(_, byte)| matches!(**byte, 0x72 | 0x7d));
    starts.flat_map(move |(at, byte)| match byte {
        0x72 => ordinary(&data[at + 1..]).into_iter().collect(),
        _ => interfaces(&data[at + 1..]),
    })
}

fn ordinary(rest: &[u8]) -> Option<Cow<'_, str>> {
    let (name, rest) = name(rest).filter(|(name, _)| is_plausible(name))?;
    // Behind it are the serialVersionUID, the flags, of which a JVM ignores those it does not know, and fields.
    (rest.len() > 8).then_some(name)
}

/// The first few interfaces of what may be a proxy.
fn interfaces(rest: &[u8]) -> Vec<Cow<'_, str>> {
    let Some((count, mut rest)) = rest.split_first_chunk::<4>() else { return Vec::new() };
    let mut names = Vec::new();
    for _ in 0..INTERFACES.min(u32::from_be_bytes(*count) as usize) {
        let Some((name, behind)) = name(rest) else { break };
        // One that no class has says nothing of those behind it.
        names.extend(Some(name).filter(|name| is_plausible(name)));
        rest = behind;
    }
    names
}

/// Text behind its length, and what follows it.
fn name(bytes: &[u8]) -> Option<(Cow<'_, str>, &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<2>()?;
    let length = usize::from(u16::from_be_bytes(*length));
    let (name, rest) = rest.split_at_checked(length).filter(|_| length <= LONGEST)?;
    text::is_valid(name).then(|| (text::text(name), rest))
}

/// Tells whether a compiler would give a class that name. A JVM takes nearly any character; binary data would
/// be full of such names.
fn is_plausible(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "._$[;-".contains(c))
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
        Guard { gadgets: true, ..Guard::default() }
    }

    #[test]
    fn gadgets_are_refused_in_every_position_and_spelling() {
        for data in [
            stream(&[object(b"bsh.XThis")]),
            stream(&[object(b"a.B"), object(b"bsh.XThis")]),
            // An overlong `b`, which ObjectInputStream reads as `b` too.
            stream(&[object(b"\xc1\xa2sh.XThis")]),
            // In a stream that is cut off behind it, and in one that continues with nonsense.
            stream(&[object(b"bsh.XThis"), vec![0x73]]),
            stream(&[object(b"bsh.XThis"), vec![0x00]]),
        ] {
            let reason = gadgets().refuses(&data).unwrap();
            assert!(reason.starts_with("it contains `bsh.XThis`, a class of deserialization attacks"), "{reason}");
            assert_eq!(Guard::default().refuses(&data), None);
        }
        assert_eq!(gadgets().refuses(&stream(&[object(b"bshop.Cart")])), None);
        assert_eq!(gadgets().refuses(b"no stream"), None);
        // A text of that name is no class.
        assert_eq!(gadgets().refuses(&stream(&[b"\x74\x00\x09bsh.XThis".to_vec()])), None);
    }

    /// `Object[]` of this many elements, and those that are there.
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
            assert!(Guard { unreadable: true, ..gadgets() }.refuses(&data).unwrap().contains("`bsh.XThis`"));
        }
    }

    #[test]
    fn data_left_unread_by_a_class_is_checked() {
        // A class without SC_WRITE_METHOD and fields, whose readObject reads an int of block data: to this
        // reader the object has ended, and the block and what follows stand in the array's place.
        let lazy = object(b"a.Lazy");
        let data = stream(&[array(2, &[lazy, b"\x77\x04\x00\x00\x00\x01".to_vec(), object(b"bsh.XThis")])]);
        for guard in [gadgets(), Guard { unreadable: true, ..gadgets() }] {
            assert!(guard.refuses(&data).unwrap().contains("`bsh.XThis`"));
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
            let keep = Guard { unreadable: true, ..gadgets() };
            assert_eq!(keep.refuses(&data), None);
            // A list of classes holds in what is not decoded too.
            let listed = |list: &str| Guard { allowed: Some(AllowedClasses::read(list)), ..keep.clone() };
            assert_eq!(listed("a.B\njava.lang.Object").refuses(&data), None);
            let hidden = [data, vec![0x01], object(b"b.C")].concat();
            assert!(listed("a.B\njava.lang.Object").refuses(&hidden).unwrap().contains("`b.C`"));
        }
    }

    #[test]
    fn an_invalid_interface_name_hides_none_after_it() {
        let proxy = b"\x73\x7d\x00\x00\x00\x02\x00\x03a b\x00\x03b.C\x78\x70".to_vec();
        let data = stream(&[object(b"a.B"), vec![0x01], proxy]);
        let guard = Guard { allowed: Some(AllowedClasses::read("a.B")), unreadable: true, ..gadgets() };
        assert!(guard.refuses(&data).unwrap().contains("`b.C`"));
    }

    #[test]
    fn gadgets_in_nested_byte_arrays_are_found() {
        // An array of bytes that is a stream of its own: SignedObject and its kind read such.
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
        // Deeper than our limit, with the gadget below.
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
        let guard = Guard { gadgets: true, allowed: Some(allowed), unreadable: false };
        let passing = ["com.example.Cart", "java.util.Date", "[[Lcom.example.Cart;", "[B", "java.lang.Long"];
        assert_eq!(guard.refuses(&stream(&passing.map(|name| object(name.as_bytes())))), None);
        for name in ["com.exampl", "java.util.Dates", "[Ljava.util.UUID;", "\u{1b}[2J"] {
            let reason = guard.refuses(&stream(&[object(name.as_bytes())])).unwrap();
            assert!(reason.ends_with("which is not an allowed class") && !reason.contains('\u{1b}'), "{reason}");
        }
    }
}
