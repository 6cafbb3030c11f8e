//! Reads a stream into a tree.
//!
//! Open objects are on an explicit stack of frames, so that the call stack does not grow with the nesting. The values
//! of open objects wait in `pending`, and are moved to the tree in one run when their owner is complete.

mod classes;
mod objects;
mod primitives;
mod wire;

use self::classes::DescriptorFrame;
use self::objects::{ElementsFrame, ObjectFrame};
use super::bytes::{Bytes, Span};
use super::error::{Error, ErrorKind};
use super::tree::{ClassId, ClassLevel, Kind, Node, NodeId, Run, Tree, Value};

/// Limits of reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Maximum nesting of objects and class descriptors.
    pub depth: usize,
    /// Maximum number of objects and class descriptors; together they may contain eight times as many values.
    pub objects: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { depth: 512, objects: 1_000_000 }
    }
}

/// A top-level element of a stream.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TopLevelElement {
    pub content: Content,
    pub span: Span,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Content {
    /// Output of one `writeObject`.
    Value(Value),
    /// Output of the write methods for primitives.
    Block(Span),
    /// Writing failed with this exception; the stream continues after it.
    Broken(Value),
}

/// Reads a stream element by element.
pub struct Parser<'a> {
    input: Bytes<'a>,
    tree: Tree<'a>,
    handles: Vec<Handle>,
    frames: Vec<Frame>,
    /// Values of the open frames, those of the innermost frame at the end.
    pending: Vec<Value>,
    /// Levels of the open objects.
    levels: Vec<ClassLevel>,
    /// Classes of the open objects that have yet to be read, the next one at the end.
    todo: Vec<ClassId>,
    limits: Limits,
}

#[derive(Debug, Clone, Copy)]
enum Handle {
    Node(NodeId),
    Class(ClassId),
}

/// An open element.
#[derive(Debug, Clone, Copy)]
enum Frame {
    /// An element that waits for its class.
    Typed {
        what: TypedContent,
        start: u32,
    },
    Descriptor(DescriptorFrame),
    Object(ObjectFrame),
    Elements(ElementsFrame),
}

/// An element that begins with its class.
#[derive(Debug, Clone, Copy)]
enum TypedContent {
    Object,
    Array,
    Enum,
    Class,
    Descriptor,
}

/// Result of a step.
enum Step {
    Value(Value),
    Class(ClassId),
    NoClass,
    /// A frame above has to continue first, or again.
    Open,
    /// Writing failed here.
    Broken,
}

impl<'a> Parser<'a> {
    /// Starts reading.
    ///
    /// # Errors
    /// If the bytes do not begin like a stream.
    pub fn new(bytes: &'a [u8], limits: Limits) -> Result<Parser<'a>, Error> {
        if u32::try_from(bytes.len()).is_err() {
            return Err(Error { offset: 0, kind: ErrorKind::TooLong });
        }
        let mut input = Bytes::new(bytes);
        if bytes.len() >= 4 && !bytes.starts_with(&wire::HEADER) {
            return Err(Error { offset: 0, kind: ErrorKind::NotAStream });
        }
        input.take::<4>("the header of a stream")?;
        // Estimates from the length, each less than a page of memory.
        let few = (bytes.len() / 32).min(512);
        let tree = Tree {
            bytes,
            nodes: Vec::with_capacity(few),
            values: Vec::with_capacity(few),
            levels: Vec::with_capacity(few / 2),
            ..Tree::default()
        };
        Ok(Parser {
            input,
            tree,
            handles: Vec::with_capacity(few),
            frames: Vec::new(),
            pending: Vec::new(),
            levels: Vec::new(),
            todo: Vec::new(),
            limits,
        })
    }

    /// The tree read so far.
    pub fn tree(&self) -> &Tree<'a> {
        &self.tree
    }

    pub fn into_tree(self) -> Tree<'a> {
        self.tree
    }

    /// The offset of the next byte.
    pub fn offset(&self) -> u32 {
        self.input.offset()
    }

    /// Reads the next element; `None` at the end of the stream.
    ///
    /// # Errors
    /// If the bytes are not a valid element. The parser cannot continue then, but its tree remains valid.
    pub fn read(&mut self) -> Result<Option<TopLevelElement>, Error> {
        while self.input.peek() == Some(wire::TC_RESET) {
            self.input.skip();
            self.handles.clear();
        }
        let start = self.input.offset();
        let content = match self.input.peek() {
            None => return Ok(None),
            Some(wire::TC_BLOCKDATA | wire::TC_BLOCKDATALONG) => Content::Block(self.block()?),
            Some(_) => self.object()?,
        };
        Ok(Some(TopLevelElement { content, span: Span { start, end: self.input.offset() } }))
    }

    /// Reads one complete object.
    fn object(&mut self) -> Result<Content, Error> {
        let mut broken = false;
        let mut step = self.begin()?;
        loop {
            step = match step {
                Step::Broken if broken => {
                    return Err(self.error_before(ErrorKind::Impossible("an exception in an exception")));
                }
                Step::Broken => {
                    // ObjectOutputStream.writeFatalException: handles start again before the exception and after it,
                    // and open objects are never closed.
                    broken = true;
                    self.clear_state();
                    self.begin()?
                }
                Step::Value(value) if self.frames.is_empty() => {
                    if broken {
                        self.handles.clear();
                        return Ok(Content::Broken(value));
                    }
                    return Ok(Content::Value(value));
                }
                other => self.continue_frame(other)?,
            };
        }
    }

    fn clear_state(&mut self) {
        self.frames.clear();
        self.pending.clear();
        self.levels.clear();
        self.todo.clear();
        self.handles.clear();
    }

    /// Continues the innermost frame with the value that it was waiting for.
    fn continue_frame(&mut self, step: Step) -> Result<Step, Error> {
        let value = match step {
            Step::Value(value) => Some(value),
            _ => None,
        };
        match self.frames.last() {
            Some(&Frame::Object(frame)) => self.object_goes_on(frame, value),
            Some(&Frame::Elements(frame)) => self.elements_go_on(frame, value),
            Some(&Frame::Descriptor(frame)) => self.descriptor_goes_on(frame, &step),
            Some(&Frame::Typed { what, start }) => match step {
                Step::Class(class) => {
                    self.frames.pop();
                    self.instance(what, start, class)
                }
                _ => Err(Error { offset: u64::from(start), kind: ErrorKind::Impossible("an object without a class") }),
            },
            // Only a value leaves no frame, and `object` has already handled that.
            None => Err(self.error_before(ErrorKind::Impossible("a class where an object belongs"))),
        }
    }

    /// Begins the next value; most values are complete immediately.
    fn begin(&mut self) -> Result<Step, Error> {
        let start = self.input.offset();
        let code = self.input.u8("an object")?;
        match code {
            wire::TC_NULL => Ok(Step::Value(Value::Null)),
            wire::TC_REFERENCE => self.reference(start),
            wire::TC_STRING | wire::TC_LONGSTRING => {
                let span = self.string(code)?;
                self.node(Kind::String(span), start).map(|id| Step::Value(Value::Node(id)))
            }
            wire::TC_OBJECT => self.typed(TypedContent::Object, start),
            wire::TC_ARRAY => self.typed(TypedContent::Array, start),
            wire::TC_ENUM => self.typed(TypedContent::Enum, start),
            wire::TC_CLASS => self.typed(TypedContent::Class, start),
            wire::TC_CLASSDESC | wire::TC_PROXYCLASSDESC => {
                self.open(Frame::Typed { what: TypedContent::Descriptor, start })?;
                self.descriptor(code, start)
            }
            wire::TC_EXCEPTION => Ok(Step::Broken),
            found => {
                Err(Error { offset: u64::from(start), kind: ErrorKind::Unexpected { wanted: "an object", found } })
            }
        }
    }

    /// An element between the fields and the end of block data; `None` at that end.
    fn annotated(&mut self) -> Result<Option<Step>, Error> {
        match self.input.peek() {
            Some(wire::TC_ENDBLOCKDATA) => {
                self.input.skip();
                Ok(None)
            }
            Some(wire::TC_BLOCKDATA | wire::TC_BLOCKDATALONG) => {
                self.block().map(|span| Some(Step::Value(Value::Block(span))))
            }
            _ => self.begin().map(Some),
        }
    }

    /// A new object with a handle; its end is set later.
    fn node(&mut self, kind: Kind, start: u32) -> Result<NodeId, Error> {
        let id = self.add_unreferenced(kind, start)?;
        self.handles.push(Handle::Node(id));
        Ok(id)
    }

    /// A new object that nothing can refer to.
    fn add_unreferenced(&mut self, kind: Kind, start: u32) -> Result<NodeId, Error> {
        self.count_one()?;
        let id = NodeId(self.tree.nodes.len() as u32);
        self.tree.nodes.push(Node { kind, span: Span { start, end: self.input.offset() } });
        Ok(id)
    }

    fn count_one(&self) -> Result<(), Error> {
        if self.tree.nodes.len() + self.tree.classes.len() < self.limits.objects {
            return Ok(());
        }
        Err(self.error_before(ErrorKind::TooMany { limit: self.limits.objects }))
    }

    fn open(&mut self, frame: Frame) -> Result<(), Error> {
        if self.frames.len() >= self.limits.depth {
            return Err(self.error_before(ErrorKind::TooDeep { limit: self.limits.depth }));
        }
        self.frames.push(frame);
        Ok(())
    }

    fn push_pending(&mut self, value: Value) -> Result<(), Error> {
        if self.pending.len() + self.tree.values.len() >= self.limits.objects.saturating_mul(8) {
            return Err(self.error_before(ErrorKind::TooMany { limit: self.limits.objects }));
        }
        self.pending.push(value);
        Ok(())
    }

    /// Moves the waiting values above `base` to the tree.
    fn finish_run(&mut self, base: u32) -> Run {
        let start = self.tree.values.len() as u32;
        self.tree.values.extend_from_slice(&self.pending[base as usize..]);
        self.pending.truncate(base as usize);
        Run { start, end: self.tree.values.len() as u32 }
    }

    /// An error that is found after its bytes were consumed.
    fn error_before(&self, kind: ErrorKind) -> Error {
        Error { offset: u64::from(self.input.offset()), kind }
    }
}
