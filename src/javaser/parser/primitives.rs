//! Parses the parts of values: text, lengths, block data and references.

use super::super::bytes::Span;
use super::super::error::{Error, ErrorKind};
use super::super::modified_utf8;
use super::super::tree::{Kind, Value};
use super::{Handle, Parser, Step, wire};

impl Parser<'_> {
    pub(super) fn block(&mut self) -> Result<Span, Error> {
        let length = match self.input.u8("block data")? {
            wire::TC_BLOCKDATA => u64::from(self.input.u8("the length of block data")?),
            _ => self.length("the length of block data")?,
        };
        self.input.span(length, "block data")
    }

    pub(super) fn length(&mut self, wanted: &'static str) -> Result<u64, Error> {
        let length = self.input.i32(wanted)?;
        u64::try_from(length).map_err(|_| self.error_before(ErrorKind::Impossible("a negative length")))
    }

    pub(super) fn reference(&mut self, start: u32) -> Result<Step, Error> {
        match self.handle("object")? {
            Handle::Node(id) => Ok(Step::Value(Value::Node(id))),
            Handle::Class(class) => {
                let id = self.add_unreferenced(Kind::Descriptor(class), start)?;
                Ok(Step::Value(Value::Node(id)))
            }
        }
    }

    pub(super) fn handle(&mut self, wanted: &'static str) -> Result<Handle, Error> {
        let offset = u64::from(self.input.offset());
        let handle = u32::from_be_bytes(self.input.take("a handle")?);
        let found = handle.checked_sub(wire::FIRST_HANDLE).and_then(|i| self.handles.get(i as usize));
        found.copied().ok_or(Error { offset, kind: ErrorKind::BadReference { handle, wanted } })
    }

    /// Text after the type code of a string.
    pub(super) fn string(&mut self, code: u8) -> Result<Span, Error> {
        if code == wire::TC_STRING {
            return self.utf("a string");
        }
        let length = u64::from_be_bytes(self.input.take("the length of a string")?);
        self.valid_text(length, "a string")
    }

    pub(super) fn utf(&mut self, wanted: &'static str) -> Result<Span, Error> {
        let length = u64::from(self.input.u16(wanted)?);
        self.valid_text(length, wanted)
    }

    pub(super) fn valid_text(&mut self, length: u64, wanted: &'static str) -> Result<Span, Error> {
        let span = self.input.span(length, wanted)?;
        if !modified_utf8::is_valid(span.of(self.input.all())) {
            return Err(Error { offset: u64::from(span.start), kind: ErrorKind::BadText });
        }
        Ok(span)
    }

    /// A string object where nothing else is allowed: the name of a constant, the type of a field.
    pub(super) fn string_object(&mut self, wanted: &'static str) -> Result<Span, Error> {
        let start = self.input.offset();
        match self.input.u8(wanted)? {
            code @ (wire::TC_STRING | wire::TC_LONGSTRING) => {
                let span = self.string(code)?;
                self.node(Kind::String(span), start)?;
                Ok(span)
            }
            wire::TC_REFERENCE => {
                if let Handle::Node(id) = self.handle("string")?
                    && let Kind::String(span) = self.tree.node(id).kind
                {
                    return Ok(span);
                }
                Err(self.error_before(ErrorKind::Impossible("a reference to another thing than a string")))
            }
            found => Err(Error { offset: u64::from(start), kind: ErrorKind::Unexpected { wanted, found } }),
        }
    }
}
