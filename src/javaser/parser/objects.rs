//! Objects, arrays, enum constants, classes as objects.

use super::super::error::{Error, ErrorKind};
use super::super::tree::{ClassId, ClassLevel, Kind, NodeId, Run, Value};
use super::{Frame, Parser, Span, Step, TypedContent, wire};

/// An object whose classes are read one after the other, the topmost superclass first.
#[derive(Debug, Clone, Copy)]
pub(super) struct ObjectFrame {
    node: NodeId,
    /// The class being read.
    class: ClassId,
    /// Its next field.
    next: u32,
    /// Its fields, once complete.
    fields: Run,
    in_annotation: bool,
    base: u32,
    first_level: u32,
    first_todo: u32,
}

/// An array of objects.
#[derive(Debug, Clone, Copy)]
pub(super) struct ElementsFrame {
    node: NodeId,
    left: u32,
    base: u32,
}

impl Parser<'_> {
    /// Reads an element that begins with a class, most often a known one.
    pub(super) fn typed(&mut self, what: TypedContent, start: u32) -> Result<Step, Error> {
        if self.input.peek() == Some(wire::TC_REFERENCE) {
            self.input.skip();
            let class = self.known_class()?;
            return self.instance(what, start, class);
        }
        self.open(Frame::Typed { what, start })?;
        self.begin_class()
    }

    pub(super) fn instance(&mut self, what: TypedContent, start: u32, class: ClassId) -> Result<Step, Error> {
        match what {
            TypedContent::Object => self.new_object(class, start),
            TypedContent::Array => self.array(class, start),
            TypedContent::Enum => {
                let id = self.node(Kind::Enum { class, constant: Span::default() }, start)?;
                let constant = self.string_object("the name of an enum constant")?;
                self.finish(id, Kind::Enum { class, constant })
            }
            TypedContent::Class => self.node(Kind::Class(class), start).map(|id| Step::Value(Value::Node(id))),
            // Its handle is that of the class.
            TypedContent::Descriptor => {
                self.add_unreferenced(Kind::Descriptor(class), start).map(|id| Step::Value(Value::Node(id)))
            }
        }
    }

    fn finish(&mut self, id: NodeId, kind: Kind) -> Result<Step, Error> {
        let end = self.input.offset();
        let node = &mut self.tree.nodes[id.0 as usize];
        node.kind = kind;
        node.span.end = end;
        Ok(Step::Value(Value::Node(id)))
    }

    fn new_object(&mut self, class: ClassId, start: u32) -> Result<Step, Error> {
        let node = self.node(Kind::Object { class, levels: Run::default() }, start)?;
        let mut frame = ObjectFrame {
            node,
            class,
            next: 0,
            fields: Run::default(),
            in_annotation: false,
            base: self.pending.len() as u32,
            first_level: self.levels.len() as u32,
            first_todo: self.todo.len() as u32,
        };
        let desc = self.tree.class(class);
        if desc.flags & wire::SC_EXTERNALIZABLE != 0 {
            if desc.flags & wire::SC_BLOCK_DATA == 0 {
                return Err(Error { offset: u64::from(start), kind: ErrorKind::Opaque });
            }
            frame.in_annotation = true;
        } else {
            let lowest = if self.writes(class) { Some(class) } else { desc.above };
            let Some(mut next) = lowest else {
                return Ok(Step::Value(Value::Node(node)));
            };
            while let Some(above) = self.tree.class(next).above {
                self.todo.push(next);
                next = above;
            }
            frame.class = next;
        }
        self.open(Frame::Object(frame))?;
        Ok(Step::Open)
    }

    pub(super) fn object_goes_on(&mut self, mut frame: ObjectFrame, value: Option<Value>) -> Result<Step, Error> {
        let top = self.frames.len() - 1;
        if let Some(value) = value {
            self.push_pending(value)?;
        }
        loop {
            let desc = *self.tree.class(frame.class);
            if !frame.in_annotation {
                while frame.next < desc.fields.end - desc.fields.start {
                    let code = self.tree.fields[(desc.fields.start + frame.next) as usize].code;
                    frame.next += 1;
                    match self.field_value(code)? {
                        Step::Value(value) => self.push_pending(value)?,
                        Step::Broken => return Ok(Step::Broken),
                        other => {
                            self.frames[top] = Frame::Object(frame);
                            return Ok(other);
                        }
                    }
                }
                frame.fields = self.finish_run(frame.base);
            }
            let mut annotation = Run::default();
            if frame.in_annotation || desc.flags & wire::SC_WRITE_METHOD != 0 {
                frame.in_annotation = true;
                loop {
                    match self.annotated()? {
                        None => break,
                        Some(Step::Value(value)) => self.push_pending(value)?,
                        Some(Step::Broken) => return Ok(Step::Broken),
                        Some(other) => {
                            self.frames[top] = Frame::Object(frame);
                            return Ok(other);
                        }
                    }
                }
                annotation = self.finish_run(frame.base);
            }
            self.levels.push(ClassLevel { class: frame.class, fields: frame.fields, annotation });
            if self.todo.len() as u32 == frame.first_todo {
                break;
            }
            let Some(next) = self.todo.pop() else { break };
            frame = ObjectFrame { class: next, next: 0, fields: Run::default(), in_annotation: false, ..frame };
        }
        self.frames.pop();
        let start = self.tree.levels.len() as u32;
        self.tree.levels.extend_from_slice(&self.levels[frame.first_level as usize..]);
        self.levels.truncate(frame.first_level as usize);
        let levels = Run { start, end: self.tree.levels.len() as u32 };
        let Kind::Object { class, .. } = self.tree.node(frame.node).kind else {
            return Ok(Step::Value(Value::Node(frame.node)));
        };
        self.finish(frame.node, Kind::Object { class, levels })
    }

    #[inline]
    fn field_value(&mut self, code: u8) -> Result<Step, Error> {
        let wanted = "the value of a field";
        let input = &mut self.input;
        Ok(Step::Value(match code {
            b'B' => Value::Byte(input.take(wanted).map(i8::from_be_bytes)?),
            b'C' => Value::Char(input.u16(wanted)?),
            b'D' => Value::Double(input.take(wanted).map(f64::from_be_bytes)?),
            b'F' => Value::Float(input.take(wanted).map(f32::from_be_bytes)?),
            b'I' => Value::Int(input.i32(wanted)?),
            b'J' => Value::Long(input.i64(wanted)?),
            b'S' => Value::Short(input.take(wanted).map(i16::from_be_bytes)?),
            b'Z' => Value::Boolean(input.u8(wanted)? != 0),
            _ => return self.begin(),
        }))
    }

    fn array(&mut self, class: ClassId, start: u32) -> Result<Step, Error> {
        let id = self.node(Kind::Array { class, items: Run::default() }, start)?;
        let length = self.length("the length of an array")?;
        let name = self.tree.class(class).name.of(self.tree.bytes);
        let width = match *name {
            [b'[', b'B' | b'Z'] => 1,
            [b'[', b'C' | b'S'] => 2,
            [b'[', b'F' | b'I'] => 4,
            [b'[', b'D' | b'J'] => 8,
            [b'[', b'L' | b'[', ..] => 0,
            _ => return Err(self.error_before(ErrorKind::Impossible("an array of a class that is none"))),
        };
        if width > 0 {
            let bytes = self.input.span(length * width, "the elements of an array")?;
            return self.finish(id, Kind::Primitives { class, element: name[1], bytes });
        }
        // Elements that are present are read even if others are missing, as a JVM does.
        if length == 0 {
            return self.finish(id, Kind::Array { class, items: Run::default() });
        }
        let base = self.pending.len() as u32;
        self.open(Frame::Elements(ElementsFrame { node: id, left: length as u32, base }))?;
        Ok(Step::Open)
    }

    pub(super) fn elements_go_on(&mut self, mut frame: ElementsFrame, value: Option<Value>) -> Result<Step, Error> {
        let top = self.frames.len() - 1;
        if let Some(value) = value {
            self.push_pending(value)?;
        }
        while frame.left > 0 {
            frame.left -= 1;
            match self.begin()? {
                Step::Value(value) => self.push_pending(value)?,
                Step::Broken => return Ok(Step::Broken),
                other => {
                    self.frames[top] = Frame::Elements(frame);
                    return Ok(other);
                }
            }
        }
        self.frames.pop();
        let items = self.finish_run(frame.base);
        let Some(class) = self.tree.class_of(frame.node) else { return Ok(Step::Value(Value::Node(frame.node))) };
        self.finish(frame.node, Kind::Array { class, items })
    }
}
