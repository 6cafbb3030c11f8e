//! The format in which Tomcat writes a session (`StandardSession.writeObjectData`): in a row of JDBCStore and
//! DataSourceStore, in a file of FileStore, and, after a count, in StandardManager's SESSIONS.ser.
//!
//! Every part is a separate object in one stream:
//!
//! | objects | since |
//! |---|---|
//! | creationTime, lastAccessedTime, maxInactiveInterval, isNew, isValid, thisAccessedTime, id | always |
//! | authType, principal | 7.0.101, 8.5.52, 9.0.32, 10.0.0-M2 |
//! | expectedSessionId, saved request | 10.0.24; 9.0.66 and 8.5.83 with persistAuthenticationNotes |
//! | the number of attributes, then name and value of each | always |
//!
//! The stream does not say which of these forms it has. The number of attributes is an Integer, and none of the
//! optional objects can be one, so the first Integer after the id is that number.

use crate::session::{EpochMillis, expired_at};

use super::bytes::Span;
use super::error::{Error, ErrorKind};
use super::parser::{Content, Limits, Parser, TopLevelElement};
use super::tree::{NodeId, Tree, Value};

/// Which parts of a login the session has room for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EnvelopeForm {
    /// No login: up to 7.0.100, 8.5.51, 9.0.31.
    Plain,
    /// authType and principal.
    Login,
    /// In addition the expected session id and the saved request.
    LoginAndNotes,
}

/// One attribute of a session.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Attribute {
    /// A string.
    pub name: Value,
    /// The value, or the exception that prevented writing it.
    pub value: Value,
    /// Writing the value failed; Tomcat drops the attribute when it loads the session.
    pub broken: bool,
    /// Bytes of name and value.
    pub span: Span,
}

/// A session in a stream.
#[derive(Debug, Clone, PartialEq)]
pub struct Envelope {
    /// Epoch milliseconds.
    pub creation_time: i64,
    /// Epoch milliseconds: start of the request before the last one.
    pub last_accessed_time: i64,
    /// Seconds; with 0 or less the session never expires.
    pub max_inactive_interval: i32,
    pub is_new: bool,
    pub is_valid: bool,
    /// Epoch milliseconds: start of the last request.
    pub this_accessed_time: i64,
    pub id: NodeId,
    pub form: EnvelopeForm,
    pub auth_type: Value,
    pub principal: Value,
    pub expected_session_id: Value,
    pub saved_request: Value,
    /// Number of attributes that the session declares.
    pub count: usize,
    /// Attributes that could be read.
    pub attributes: Vec<Attribute>,
    pub span: Span,
}

impl Envelope {
    /// The time at which the session expired, if it is expired at `now`. Tomcat applies this rule after loading a session.
    pub fn expired_since(&self, now: EpochMillis) -> Option<EpochMillis> {
        self.expires_at().filter(|ends| *ends < now)
    }

    /// The time after which the session is expired; `None` if it never expires.
    pub fn expires_at(&self) -> Option<EpochMillis> {
        expired_at(i64::from(self.max_inactive_interval), EpochMillis(self.this_accessed_time))
    }
}

/// A session, and the tree that contains its values.
#[derive(Debug, Clone)]
pub struct Decoded<'a> {
    pub tree: Tree<'a>,
    pub session: Envelope,
    /// The error that stopped reading the attributes; the attributes before it are present.
    pub broken: Option<Error>,
    /// Number of bytes after the last attribute.
    pub trailing: u64,
}

/// Reads the session in the `session_data` of a row.
///
/// # Errors
/// If these bytes contain no session. A session whose attributes cannot all be read is `Ok`; [`Decoded::broken`] has
/// the error.
pub fn decode(bytes: &[u8], limits: Limits) -> Result<Decoded<'_>, Error> {
    let mut parser = Parser::new(bytes, limits)?;
    let mut session = head(&mut parser)?;
    let broken = attributes(&mut parser, &mut session).err();
    let end = session.span.end as usize;
    let trailing = if broken.is_some() { 0 } else { (bytes.len() - end) as u64 };
    Ok(Decoded { tree: parser.into_tree(), session, broken, trailing })
}

/// Reads the sessions of a SESSIONS.ser: a count, followed by that many sessions in one stream.
///
/// # Errors
/// If a session cannot be read completely.
pub fn decode_many(bytes: &[u8], limits: Limits) -> Result<(Tree<'_>, Vec<Envelope>), Error> {
    let mut parser = Parser::new(bytes, limits)?;
    let wanted = "the number of sessions (an Integer)";
    let (value, at) = value(&mut parser, wanted)?;
    let count = int(parser.tree(), value).and_then(|n| usize::try_from(n).ok()).ok_or(at.not(wanted))?;
    let mut sessions = Vec::new();
    for _ in 0..count {
        let mut session = head(&mut parser)?;
        attributes(&mut parser, &mut session)?;
        sessions.push(session);
    }
    Ok((parser.into_tree(), sessions))
}

/// Offset of an object that was expected to be something else.
struct At(u32);

impl At {
    fn not(&self, wanted: &'static str) -> Error {
        Error { offset: u64::from(self.0), kind: ErrorKind::NotASession(wanted) }
    }
}

/// The next object, which must exist.
fn top(parser: &mut Parser<'_>, wanted: &'static str) -> Result<TopLevelElement, Error> {
    let offset = u64::from(parser.offset());
    parser.read()?.ok_or(Error { offset, kind: ErrorKind::Ended { wanted } })
}

fn value(parser: &mut Parser<'_>, wanted: &'static str) -> Result<(Value, At), Error> {
    let top = top(parser, wanted)?;
    let at = At(top.span.start);
    match top.content {
        Content::Value(value) => Ok((value, at)),
        Content::Block(_) | Content::Broken(_) => Err(at.not(wanted)),
    }
}

fn head(parser: &mut Parser<'_>) -> Result<Envelope, Error> {
    let start = parser.offset();
    let creation_time = read(parser, "creationTime (a Long)", long)?;
    let last_accessed_time = read(parser, "lastAccessedTime (a Long)", long)?;
    let max_inactive_interval = read(parser, "maxInactiveInterval (an Integer)", int)?;
    let is_new = read(parser, "isNew (a Boolean)", boolean)?;
    let is_valid = read(parser, "isValid (a Boolean)", boolean)?;
    let this_accessed_time = read(parser, "thisAccessedTime (a Long)", long)?;
    let id = read(parser, "the session id (a String)", string)?;
    let mut optional = [Value::Null; 4];
    let mut present = 0;
    let wanted = "the number of attributes (an Integer)";
    let (count, at) = loop {
        let (value, at) = value(parser, wanted)?;
        match int(parser.tree(), value) {
            Some(count) => break (count, at),
            None if present < 4 => optional[present] = value,
            None => return Err(at.not(wanted)),
        }
        present += 1;
    };
    let form = match present {
        0 => EnvelopeForm::Plain,
        2 => EnvelopeForm::Login,
        4 => EnvelopeForm::LoginAndNotes,
        _ => return Err(at.not("two or four objects before the number of attributes")),
    };
    let [auth_type, principal, expected_session_id, saved_request] = optional;
    Ok(Envelope {
        creation_time,
        last_accessed_time,
        max_inactive_interval,
        is_new,
        is_valid,
        this_accessed_time,
        id,
        form,
        auth_type,
        principal,
        expected_session_id,
        saved_request,
        count: usize::try_from(count).map_err(|_| at.not("a number of attributes that is not negative"))?,
        attributes: Vec::new(),
        span: Span { start, end: parser.offset() },
    })
}

fn attributes(parser: &mut Parser<'_>, session: &mut Envelope) -> Result<(), Error> {
    for _ in 0..session.count {
        let (name, at) = value(parser, "the name of an attribute (a String)")?;
        if string(parser.tree(), name).is_none() {
            return Err(at.not("the name of an attribute (a String)"));
        }
        let top = top(parser, "the value of an attribute")?;
        let (value, broken) = match top.content {
            Content::Value(value) => (value, false),
            Content::Broken(exception) => (exception, true),
            Content::Block(_) => return Err(At(top.span.start).not("the value of an attribute")),
        };
        let span = Span { start: at.0, end: top.span.end };
        session.attributes.push(Attribute { name, value, broken, span });
        session.span.end = top.span.end;
    }
    Ok(())
}

fn read<T>(parser: &mut Parser<'_>, wanted: &'static str, of: fn(&Tree<'_>, Value) -> Option<T>) -> Result<T, Error> {
    let (value, at) = value(parser, wanted)?;
    of(parser.tree(), value).ok_or(at.not(wanted))
}

fn long(tree: &Tree<'_>, value: Value) -> Option<i64> {
    match tree.unboxed(value)? {
        Value::Long(n) => Some(n),
        _ => None,
    }
}

fn int(tree: &Tree<'_>, value: Value) -> Option<i32> {
    match tree.unboxed(value)? {
        Value::Int(n) => Some(n),
        _ => None,
    }
}

fn boolean(tree: &Tree<'_>, value: Value) -> Option<bool> {
    match tree.unboxed(value)? {
        Value::Boolean(b) => Some(b),
        _ => None,
    }
}

fn string(tree: &Tree<'_>, value: Value) -> Option<NodeId> {
    match value {
        Value::Node(id) if tree.string(value).is_some() => Some(id),
        _ => None,
    }
}
