//! Session data made for tests: descriptors of classes that do not exist, and nothing that could be executed.

use tomcat_sessions::javaser::{Limits, decode};
use tomcat_sessions::session::Session;

use crate::support::{NOW, session};

/// A session written by a JVM, and its id.
pub const PLAIN: &[u8] = include_bytes!("../decode/fixtures/session-plain.ser");
pub const ID: &str = "0123456789ABCDEF0123456789ABCDEF.jvm1";

/// A session with these data.
pub fn row(id: &str, data: Vec<u8>) -> Session {
    let mut row = session("/Catalina/localhost/demo", id, 1800, NOW.0);
    row.meta.size = Some(data.len() as u64);
    row.data = Some(data.into());
    row
}

fn utf(text: &str) -> Vec<u8> {
    [&u16::try_from(text.len()).unwrap().to_be_bytes()[..], text.as_bytes()].concat()
}

/// An object of a class with this name, without fields: only a descriptor.
pub fn object(class: &str) -> Vec<u8> {
    [&[0x73, 0x72][..], &utf(class), &[0; 8], &[2, 0, 0, 0x78, 0x70]].concat()
}

/// A dynamic proxy of an interface, with its handler.
pub fn handled(interface: &str, handler: &str) -> Vec<u8> {
    let field = [&[1, b'L'][..], &utf("h"), &[0x74], &utf("Ljava/lang/reflect/InvocationHandler;")].concat();
    let class = [&[0x72][..], &utf("java.lang.reflect.Proxy"), &[0; 8], &[2, 0], &field, &[0x78, 0x70]].concat();
    [&[0x73, 0x7d, 0, 0, 0, 1][..], &utf(interface), &[0x78], &class, &object(handler)].concat()
}

/// A dynamic proxy of an interface.
pub fn proxy(interface: &str) -> Vec<u8> {
    [&[0x73, 0x7d, 0, 0, 0, 1][..], &utf(interface), &[0x78, 0x70]].concat()
}

/// A session with these four values as attributes `a0` to `a3`. The id in its data is [`ID`].
pub fn with_values(id: &str, values: [Vec<u8>; 4]) -> Session {
    let decoded = decode(PLAIN, Limits::default()).unwrap();
    assert_eq!(decoded.session.count, 4);
    let mut data = PLAIN[..decoded.session.attributes[0].span.start as usize].to_vec();
    for (i, value) in values.into_iter().enumerate() {
        data.extend([&[0x74][..], &utf(&format!("a{i}")), &value].concat());
    }
    row(id, data)
}

/// A HashMap whose only key is a URL with this hash.
pub fn map_of_url(hash: [u8; 4]) -> Vec<u8> {
    let url = [&[0x73, 0x72][..], &utf("java.net.URL"), &[0; 8], &[2, 0, 1, b'I'], &utf("hashCode"), &[0x78, 0x70]];
    let fields = [&[0, 2, b'F'][..], &utf("loadFactor"), b"I", &utf("threshold")].concat();
    let map = [&[0x73, 0x72][..], &utf("java.util.HashMap"), &[0; 8], &[3], &fields, &[0x78, 0x70]];
    // Both fields, then block data with capacity and size, then key and value.
    let head = [&[0x3f, 0x40, 0, 0, 0, 0, 0, 12, 0x77, 8, 0, 0, 0, 16, 0, 0, 0, 1][..], &url.concat(), &hash];
    [&map.concat()[..], &head.concat(), &[0x70, 0x78]].concat()
}

/// A session of a user of Tomcat 9, whose principal contains the password of the realm.
pub fn with_password(user: &str, password: &str) -> Session {
    let values = [object("a.A"), object("a.B"), object("a.C"), object("a.D")];
    let data = with_values(ID, values).data.unwrap();
    let decoded = decode(&data, Limits::default()).unwrap();
    // The number of attributes comes before them: an object, a reference to its class, an int.
    let (head, rest) = data.split_at(decoded.session.attributes[0].span.start as usize - 10);
    let text = |text: &str| [&[0x74][..], &utf(text)].concat();
    let field = |name: &str| [&[b'L'][..], &utf(name), &text("Ljava/lang/String;")].concat();
    let class = utf("org.apache.catalina.realm.GenericPrincipal$SerializablePrincipal");
    let class = [&[0x73, 0x72][..], &class, &[0; 8], &[2, 0, 2], &field("name"), &field("password"), &[0x78, 0x70]];
    let principal = [&class.concat()[..], &text(user), &text(password)].concat();
    row(ID, [head, &text("BASIC"), &principal, rest].concat())
}
