//! Class descriptors of ordinary classes and of dynamic proxies.

use super::super::error::{Error, ErrorKind};
use super::super::tree::{ClassDesc, ClassId, Field, Run};
use super::{Frame, Handle, Parser, Span, Step, wire};

/// A descriptor whose annotation and superclass have yet to be read.
#[derive(Debug, Clone, Copy)]
pub(super) struct DescriptorFrame {
    class: ClassId,
    base: u32,
    wants_super: bool,
}

impl Parser<'_> {
    /// Reads a class descriptor, or a null or reference in its place.
    pub(super) fn begin_class(&mut self) -> Result<Step, Error> {
        let start = self.input.offset();
        match self.input.u8("a class")? {
            wire::TC_NULL => Ok(Step::NoClass),
            wire::TC_REFERENCE => self.known_class().map(Step::Class),
            code @ (wire::TC_CLASSDESC | wire::TC_PROXYCLASSDESC) => self.descriptor(code, start),
            found => Err(Error { offset: u64::from(start), kind: ErrorKind::Unexpected { wanted: "a class", found } }),
        }
    }

    /// The class that a handle refers to. A class that is still open would be its own ancestor, or the class of an
    /// object in its own descriptor.
    pub(super) fn known_class(&mut self) -> Result<ClassId, Error> {
        match self.handle("class")? {
            Handle::Class(class) if self.tree.class(class).complete => Ok(class),
            Handle::Class(_) => Err(self.error_before(ErrorKind::Impossible("a class within its own descriptor"))),
            Handle::Node(_) => {
                Err(self.error_before(ErrorKind::Impossible("a reference to another thing than a class")))
            }
        }
    }

    /// Reads a descriptor up to its annotation.
    pub(super) fn descriptor(&mut self, code: u8, start: u32) -> Result<Step, Error> {
        let class = if code == wire::TC_CLASSDESC { self.ordinary(start)? } else { self.proxy(start)? };
        let base = self.pending.len() as u32;
        self.open(Frame::Descriptor(DescriptorFrame { class, base, wants_super: false }))?;
        Ok(Step::Open)
    }

    fn ordinary(&mut self, start: u32) -> Result<ClassId, Error> {
        let name = self.utf("the name of a class")?;
        let suid = self.input.i64("the serialVersionUID of a class")?;
        let class = self.new_class(name, suid, start)?;
        let flags = self.input.u8("the flags of a class")?;
        if flags & wire::SC_SERIALIZABLE != 0 && flags & wire::SC_EXTERNALIZABLE != 0 {
            return Err(self.error_before(ErrorKind::Impossible("a class both Serializable and Externalizable")));
        }
        let count = self.input.u16("the number of fields")?;
        let first = self.tree.fields.len() as u32;
        for _ in 0..count {
            let field = self.field()?;
            self.tree.fields.push(field);
        }
        let desc = &mut self.tree.classes[class.0 as usize];
        desc.flags = flags;
        desc.fields = Run { start: first, end: self.tree.fields.len() as u32 };
        Ok(class)
    }

    fn field(&mut self) -> Result<Field, Error> {
        let offset = u64::from(self.input.offset());
        let wanted = "the type of a field";
        let code = self.input.u8(wanted)?;
        let name = self.utf("the name of a field")?;
        let type_name = match code {
            b'B' | b'C' | b'D' | b'F' | b'I' | b'J' | b'S' | b'Z' => None,
            b'L' | b'[' => Some(self.string_object(wanted)?),
            found => return Err(Error { offset, kind: ErrorKind::Unexpected { wanted, found } }),
        };
        Ok(Field { code, name, type_name })
    }

    fn proxy(&mut self, start: u32) -> Result<ClassId, Error> {
        let class = self.new_class(Span::default(), 0, start)?;
        let count = self.length("the number of interfaces")?;
        let first = self.tree.interfaces.len() as u32;
        for _ in 0..count {
            let name = self.utf("the name of an interface")?;
            self.tree.interfaces.push(name);
        }
        let desc = &mut self.tree.classes[class.0 as usize];
        desc.flags = wire::SC_SERIALIZABLE;
        desc.interfaces = Some(Run { start: first, end: self.tree.interfaces.len() as u32 });
        Ok(class)
    }

    fn new_class(&mut self, name: Span, suid: i64, start: u32) -> Result<ClassId, Error> {
        self.count_one()?;
        let class = ClassId(self.tree.classes.len() as u32);
        self.handles.push(Handle::Class(class));
        self.tree.classes.push(ClassDesc {
            name,
            suid,
            flags: 0,
            fields: Run::default(),
            interfaces: None,
            annotation: Run::default(),
            super_class: None,
            above: None,
            height: 1,
            complete: false,
            span: Span { start, end: self.input.offset() },
        });
        Ok(class)
    }

    pub(super) fn descriptor_goes_on(&mut self, mut frame: DescriptorFrame, step: &Step) -> Result<Step, Error> {
        let top = self.frames.len() - 1;
        if frame.wants_super {
            return match step {
                Step::Class(super_class) => self.complete(frame.class, Some(*super_class)),
                Step::NoClass => self.complete(frame.class, None),
                _ => Err(self.error_before(ErrorKind::Impossible("an object where a super class belongs"))),
            };
        }
        if let Step::Value(value) = step {
            self.push_pending(*value)?;
        }
        loop {
            match self.annotated()? {
                None => break,
                Some(Step::Value(value)) => self.push_pending(value)?,
                Some(other) => return Ok(other),
            }
        }
        let annotation = self.finish_run(frame.base);
        self.tree.classes[frame.class.0 as usize].annotation = annotation;
        frame.wants_super = true;
        self.frames[top] = Frame::Descriptor(frame);
        match self.begin_class()? {
            Step::Class(super_class) => self.complete(frame.class, Some(super_class)),
            Step::NoClass => self.complete(frame.class, None),
            other => Ok(other),
        }
    }

    fn complete(&mut self, class: ClassId, super_class: Option<ClassId>) -> Result<Step, Error> {
        self.frames.pop();
        let (mut above, mut height) = (None, 1);
        if let Some(id) = super_class {
            let desc = self.tree.class(id);
            above = if self.writes(id) { Some(id) } else { desc.above };
            height = desc.height + 1;
        }
        // The parser walks up for each object of the class: a deep hierarchy would make many objects slow.
        if height as usize > self.limits.depth {
            return Err(self.error_before(ErrorKind::TooDeep { limit: self.limits.depth }));
        }
        let end = self.input.offset();
        let desc = &mut self.tree.classes[class.0 as usize];
        desc.super_class = super_class;
        desc.above = above;
        desc.height = height;
        desc.complete = true;
        desc.span.end = end;
        Ok(Step::Class(class))
    }

    /// Tells whether objects contain bytes written by exactly this class.
    pub(super) fn writes(&self, class: ClassId) -> bool {
        let desc = self.tree.class(class);
        desc.fields.start < desc.fields.end || desc.flags & wire::SC_WRITE_METHOD != 0
    }
}
