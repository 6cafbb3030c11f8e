//! Classes of known deserialization gadget chains, identified by name. `gadgets.txt` is the list, with its sources.

use std::borrow::Cow;
use std::sync::LazyLock;

use super::modified_utf8;

/// Exact names and prefixes of names, each with its gadget chain.
struct Gadgets {
    /// Sorted.
    names: Vec<(&'static str, &'static str)>,
    beginnings: Vec<(&'static str, &'static str)>,
    /// The first bytes of each name: a mask of the bytes that it has, and their values.
    starts: Vec<(u64, u64)>,
    /// The first bytes of these names, of array names, and of multi-byte characters.
    first: [bool; 256],
}

static GADGETS: LazyLock<Gadgets> = LazyLock::new(|| {
    let mut gadgets = Gadgets { names: Vec::new(), beginnings: Vec::new(), starts: Vec::new(), first: [false; 256] };
    gadgets.first[usize::from(b'[')] = true;
    gadgets.first[0xc0..=0xef].fill(true);
    let lines = include_str!("gadgets.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    for (name, chain) in lines.filter_map(|line| line.split_once(' ')) {
        match name.strip_suffix('*') {
            Some(beginning) => gadgets.beginnings.push((beginning, chain.trim())),
            None => gadgets.names.push((name, chain.trim())),
        }
        let (mut mask, mut start) = ([0; START], [0; START]);
        for ((mask, start), byte) in mask.iter_mut().zip(&mut start).zip(name.trim_end_matches('*').bytes()) {
            (*mask, *start) = (0xff, byte);
        }
        gadgets.first[usize::from(start[0])] = true;
        gadgets.starts.push((u64::from_le_bytes(mask), u64::from_le_bytes(start)));
    }
    gadgets.names.sort_unstable();
    gadgets.starts.sort_unstable();
    gadgets.starts.dedup();
    gadgets
});

/// The gadget chain that contains this class; for an array, the class of its elements.
pub fn gadget(class: &str) -> Option<&'static str> {
    let element = class.trim_start_matches('[');
    let name = match element.strip_prefix('L').and_then(|rest| rest.strip_suffix(';')) {
        Some(name) if element.len() < class.len() => name,
        _ => class,
    };
    let exact = GADGETS.names.binary_search_by(|(known, _)| (*known).cmp(name)).ok().map(|at| GADGETS.names[at].1);
    let beginning = || GADGETS.beginnings.iter().find(|(beginning, _)| name.starts_with(beginning));
    exact.or_else(|| beginning().map(|(_, chain)| *chain))
}

/// Length of the longest name that is compared, in characters; longer than any name in the list.
const LONGEST: usize = 200;
/// The same in bytes: an array with 255 dimensions, the limit of a JVM, and three bytes per character. Two letters of
/// a text, read as a length, are larger.
const LONGEST_BYTES: usize = 255 + "L;".len() + 3 * LONGEST;
/// Number of bytes that distinguish most names from those in the list.
const START: usize = 8;

/// Finds the names of such classes in bytes, preceded by their lengths as in class descriptors; returns them with the
/// offsets of the lengths. The time is linear in the number of bytes.
pub fn find_gadgets(data: &[u8]) -> impl Iterator<Item = (usize, String)> {
    let gadgets = &*GADGETS;
    candidates(data).filter_map(move |at| {
        let [high, low, start @ ..] = window(data, at);
        let length = usize::from(u16::from_be_bytes([high, low]));
        if length > LONGEST_BYTES || !gadgets.first[usize::from(start[0])] {
            return None;
        }
        let known = |start| gadgets.starts.iter().any(|(mask, known)| start & mask == *known);
        // Array names and multi-byte characters are compared completely.
        if start[0] != b'[' && start.is_ascii() && !known(u64::from_le_bytes(start)) {
            return None;
        }
        let name = element_name(data.get(at + 2..at + 2 + length)?);
        gadget(&name).map(|_| (at, name.into_owned()))
    })
}

/// Offsets that may hold the length of a listed name: it is below 1,024, and the name does not begin with a digit or
/// a capital. This runs for every byte of every session, so eight bytes are compared at a time.
fn candidates(data: &[u8]) -> impl Iterator<Item = usize> {
    let names = data.get(2..).unwrap_or_default();
    let (words, rest) = names.as_chunks::<8>();
    let lengths = data.as_chunks::<8>().0;
    let together = lengths.iter().zip(words).zip((0..).step_by(8)).flat_map(|((length, name), at)| {
        let mut found = may_begin(u64::from_le_bytes(*length), u64::from_le_bytes(*name));
        std::iter::from_fn(move || {
            let next = (found != 0).then(|| at + found.trailing_zeros() as usize / 8);
            found &= found.wrapping_sub(1);
            next
        })
    });
    together.chain(names.len() - rest.len()..names.len())
}

/// Sets the highest bit of each byte for which the byte of `length` is below 4 and that of `name` is `[` or above.
fn may_begin(length: u64, name: u64) -> u64 {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    let above = length & (0xfc * ONES);
    // A byte that is not zero is at least 4, so subtracting 1 and a borrow never makes it look like zero.
    let below_4 = above.wrapping_sub(ONES) & !above;
    let letter = ((name & (0x7f * ONES)) + (0x80 - u64::from(b'[')) * ONES) | name;
    below_4 & letter & (0x80 * ONES)
}

/// The bytes at an offset, padded with zeros at the end of the data.
fn window(data: &[u8], at: usize) -> [u8; 2 + START] {
    data[at..].first_chunk().copied().unwrap_or_else(|| {
        let mut window = [0; 2 + START];
        data[at..].iter().zip(&mut window).for_each(|(byte, to)| *to = *byte);
        window
    })
}

/// The name; for an array, the name of its element class.
fn element_name(bytes: &[u8]) -> Cow<'_, str> {
    if bytes.first() != Some(&b'[')
        && let Ok(name) = str::from_utf8(bytes)
        && name.is_ascii()
    {
        return Cow::Borrowed(name.split(';').next().unwrap_or(name));
    }
    let mut units = modified_utf8::units(bytes).map_while(|unit| unit).peekable();
    let mut array = false;
    while units.next_if_eq(&u16::from(b'[')).is_some() {
        array = true;
    }
    if array && units.next_if_eq(&u16::from(b'L')).is_none() {
        return Cow::Borrowed("");
    }
    let name = units.take(LONGEST).take_while(|unit| *unit != u16::from(b';'));
    char::decode_utf16(name).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_gadget_family_is_known_and_ordinary_classes_are_not() {
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

    #[test]
    fn names_are_found_at_every_offset_and_in_every_encoding() {
        let named = |name: &[u8]| [&(name.len() as u16).to_be_bytes()[..], name].concat();
        let names: [(&[u8], &str); 6] = [
            (b"bsh.X", "bsh.X"),
            (b"org.apache.xalan.xsltc.trax.TemplatesImpl", "org.apache.xalan.xsltc.trax.TemplatesImpl"),
            (b"[[Lbsh.XThis;", "bsh.XThis"),
            // Overlong letters, a dot and a bracket.
            (b"\xc1\xa2sh.XThis", "bsh.XThis"),
            (b"bs\xe0\x81\xa8\xc0\xaeXThis", "bsh.XThis"),
            (b"\xc1\x9bLbsh.XThis;", "bsh.XThis"),
        ];
        for (bytes, name) in names {
            for before in 0..24 {
                for behind in [0, 1, 9] {
                    let data = [&vec![b'z'; before][..], &named(bytes), &vec![0; behind]].concat();
                    let found: Vec<(usize, String)> = find_gadgets(&data).collect();
                    assert_eq!(found, [(before, name.to_owned())], "{before} {behind}");
                }
                // One that is cut off is no name.
                let data = [&vec![b'z'; before][..], &named(bytes)].concat();
                assert_eq!(find_gadgets(&data[..data.len() - 1]).count(), 0);
            }
        }
        assert_eq!(find_gadgets(&named(b"[bsh.XThis")).chain(find_gadgets(&named(b"bshop.Cart"))).count(), 0);
        assert!((0..4).all(|length| find_gadgets(&b"\0\x05b"[..length.min(3)]).count() == 0));
    }

    #[test]
    fn eight_offsets_together_are_those_one_by_one() {
        let interesting = [0, 1, 3, 4, 0x5a, 0x5b, 0x62, 0x7f, 0x80, 0xc1, 0xff];
        let mut random = fastrand::Rng::with_seed(5);
        for length in 0..200 {
            let data: Vec<u8> = (0..length).map(|_| random.choice(interesting).unwrap()).collect();
            let found: Vec<usize> = candidates(&data).collect();
            let whole = data.len().saturating_sub(2) / 8 * 8;
            for at in 0..data.len().saturating_sub(2) {
                let may = at >= whole || data[at] < 4 && data[at + 2] >= b'[';
                assert_eq!(found.contains(&at), may, "{at} of {data:x?}");
            }
        }
    }
}
