//! Classes of known deserialization gadget chains, identified by name. `gadgets.txt` is the list, with its sources.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::text;

/// Exact names and prefixes of names, each with its gadget chain.
struct Gadgets {
    names: HashMap<&'static str, &'static str>,
    beginnings: Vec<(&'static str, &'static str)>,
    /// The first [`PREFIX`] characters of each name, which are ASCII.
    prefixes: Vec<[u8; PREFIX]>,
    /// The first bytes of these names, of array names, and of multi-byte characters.
    first: [bool; 256],
}

static GADGETS: LazyLock<Gadgets> = LazyLock::new(|| {
    let mut gadgets =
        Gadgets { names: HashMap::new(), beginnings: Vec::new(), prefixes: Vec::new(), first: [false; 256] };
    gadgets.first[usize::from(b'[')] = true;
    gadgets.first[0xc0..=0xef].fill(true);
    let lines = include_str!("gadgets.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    for (name, chain) in lines.filter_map(|line| line.split_once(' ')) {
        if let Some(prefix) = name.as_bytes().first_chunk() {
            gadgets.first[usize::from(prefix[0])] = true;
            gadgets.prefixes.push(*prefix);
        }
        match name.strip_suffix('*') {
            Some(beginning) => gadgets.beginnings.push((beginning, chain.trim())),
            None => drop(gadgets.names.insert(name, chain.trim())),
        }
    }
    gadgets.prefixes.sort_unstable();
    gadgets.prefixes.dedup();
    gadgets
});

/// The gadget chain that contains this class; for an array, the class of its elements.
pub fn gadget(class: &str) -> Option<&'static str> {
    let element = class.trim_start_matches('[');
    let name = match element.strip_prefix('L').and_then(|rest| rest.strip_suffix(';')) {
        Some(name) if element.len() < class.len() => name,
        _ => class,
    };
    let beginning = || GADGETS.beginnings.iter().find(|(beginning, _)| name.starts_with(beginning));
    GADGETS.names.get(name).copied().or_else(|| beginning().map(|(_, chain)| *chain))
}

/// Length of the longest name that is compared, in characters; longer than any name in the list.
const LONGEST: usize = 200;
/// The same in bytes: an array with 255 dimensions, the limit of a JVM, and three bytes per character. Two letters of
/// a text, read as a length, are larger.
const LONGEST_BYTES: usize = 255 + "L;".len() + 3 * LONGEST;
/// Number of characters that distinguish most names from those in the list, all of which are longer.
const PREFIX: usize = 3;

/// Finds the names of such classes in bytes, preceded by their lengths as in class descriptors; returns them with the
/// offsets of the lengths. The time is linear in the number of bytes.
pub fn find_gadgets(data: &[u8]) -> impl Iterator<Item = (usize, String)> {
    let gadgets = &*GADGETS;
    // This runs for every byte of every session, so the cheapest conditions come first.
    let begins = move |window: &[u8; 2 + PREFIX]| {
        let [high, low, name @ ..] = window;
        // One branch for both conditions: each alone is often true.
        (usize::from(*high) <= LONGEST_BYTES >> 8) & gadgets.first[usize::from(name[0])]
            && (PREFIX..=LONGEST_BYTES).contains(&usize::from(u16::from_be_bytes([*high, *low])))
            // Array names and multi-byte characters are compared completely.
            && (name[0] == b'[' || !name.is_ascii() || gadgets.prefixes.contains(name))
    };
    let windows = data.array_windows();
    windows.enumerate().filter(move |(_, window)| begins(window)).filter_map(|(at, window)| {
        let length = usize::from(u16::from_be_bytes([window[0], window[1]]));
        let name = name(data.get(at + 2..at + 2 + length)?)?;
        gadget(&name).map(|_| (at, name))
    })
}

/// The name, if it begins like one in the list; for an array, the name of its element class.
fn name(bytes: &[u8]) -> Option<String> {
    let mut units = text::units(bytes).map_while(|unit| unit).peekable();
    let mut array = false;
    while units.next_if_eq(&u16::from(b'[')).is_some() {
        array = true;
    }
    if array {
        units.next_if_eq(&u16::from(b'L'))?;
    }
    let mut prefix = [0; PREFIX];
    for byte in &mut prefix {
        *byte = u8::try_from(units.next()?).ok()?;
    }
    GADGETS.prefixes.binary_search(&prefix).ok()?;
    let rest = units.take(LONGEST).take_while(|unit| *unit != u16::from(b';'));
    let prefix = prefix.into_iter().map(u16::from);
    Some(char::decode_utf16(prefix.chain(rest)).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_family_is_known_and_what_sessions_hold_is_not() {
        for class in [
            "org.apache.commons.collections.functors.InvokerTransformer",
            "org.apache.commons.collections4.functors.InstantiateTransformer",
            "org.apache.commons.beanutils.BeanComparator",
            "com.sun.org.apache.xalan.internal.xsltc.trax.TemplatesImpl",
            "[Lorg.apache.commons.collections.functors.ConstantTransformer;",
            "sun.reflect.annotation.AnnotationInvocationHandler",
            "bsh.XThis",
            "org.springframework.aop.framework.JdkDynamicAopProxy",
        ] {
            assert!(gadget(class).is_some(), "{class}");
        }
        for class in [
            "java.util.HashMap",
            "java.net.URL",
            "org.springframework.security.core.context.SecurityContextImpl",
            "bshop.Cart",
            "[B",
            "Lbsh.XThis;",
        ] {
            assert_eq!(gadget(class), None, "{class}");
        }
    }

    #[test]
    fn every_line_is_a_class_and_its_chain() {
        let lines: Vec<&str> =
            include_str!("gadgets.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
        assert_eq!(lines.len(), GADGETS.names.len() + GADGETS.beginnings.len());
        assert!(lines.iter().all(|line| {
            line.split_once(' ').is_some_and(|(name, chain)| name.contains('.') && !chain.trim().is_empty())
        }));
    }
}
