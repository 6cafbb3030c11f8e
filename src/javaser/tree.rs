//! Contents of a stream: objects, class descriptors and values in arenas, referred to by index, so that cycles cost
//! nothing and dropping a tree needs no recursion.

use std::borrow::Cow;

use super::bytes::Span;
use super::modified_utf8;

/// An object of the stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(pub(super) u32);

impl NodeId {
    /// Number of the object, unique within its tree.
    pub fn number(self) -> u32 {
        self.0
    }
}

/// A class descriptor of the stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ClassId(pub(super) u32);

/// A range of elements in one of the arenas.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Run {
    pub(super) start: u32,
    pub(super) end: u32,
}

impl Run {
    fn of<T>(self, arena: &[T]) -> &[T] {
        arena.get(self.start as usize..self.end as usize).unwrap_or_default()
    }
}

/// Contents of a field, an element or an annotation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value {
    Null,
    Boolean(bool),
    Byte(i8),
    /// A UTF-16 unit.
    Char(u16),
    Short(i16),
    Int(i32),
    Long(i64),
    Float(f32),
    Double(f64),
    Node(NodeId),
    /// Block data: bytes that a class wrote in its own format. Only in annotations.
    Block(Span),
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// Modified UTF-8.
    String(Span),
    Object {
        class: ClassId,
        /// One per class of the hierarchy, the topmost superclass first.
        levels: Run,
    },
    /// An array of objects and arrays.
    Array {
        class: ClassId,
        items: Run,
    },
    /// An array of primitives: the type code of an element, and the bytes of all elements.
    Primitives {
        class: ClassId,
        element: u8,
        bytes: Span,
    },
    Enum {
        class: ClassId,
        constant: Span,
    },
    /// A `java.lang.Class`.
    Class(ClassId),
    /// An `ObjectStreamClass`.
    Descriptor(ClassId),
}

/// An object and its position.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Node {
    pub kind: Kind,
    pub span: Span,
}

/// What one class of an object's hierarchy wrote.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClassLevel {
    pub class: ClassId,
    pub(super) fields: Run,
    pub(super) annotation: Run,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Field {
    /// `B C D F I J S Z`, or `L` and `[` for references.
    pub code: u8,
    pub name: Span,
    /// The declared type of a reference, such as `Ljava/lang/String;`.
    pub type_name: Option<Span>,
}

impl Field {
    pub fn is_primitive(self) -> bool {
        !matches!(self.code, b'L' | b'[')
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClassDesc {
    /// Empty for a proxy.
    pub name: Span,
    pub suid: i64,
    pub flags: u8,
    pub fields: Run,
    /// The interfaces of a dynamic proxy; `None` for an ordinary class.
    pub interfaces: Option<Run>,
    pub annotation: Run,
    pub super_class: Option<ClassId>,
    /// The nearest superclass that writes anything.
    pub(super) above: Option<ClassId>,
    /// Number of classes up to and including the topmost.
    pub(super) height: u32,
    pub(super) complete: bool,
    pub span: Span,
}

/// Everything that was read from a stream.
#[derive(Debug, Clone, Default)]
pub struct Tree<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) nodes: Vec<Node>,
    pub(super) classes: Vec<ClassDesc>,
    pub(super) fields: Vec<Field>,
    pub(super) interfaces: Vec<Span>,
    pub(super) levels: Vec<ClassLevel>,
    pub(super) values: Vec<Value>,
}

impl<'a> Tree<'a> {
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    pub fn class(&self, id: ClassId) -> &ClassDesc {
        &self.classes[id.0 as usize]
    }

    /// All objects, in the order in which they begin, except strings that are names of types.
    pub fn nodes(&self) -> impl Iterator<Item = (NodeId, &Node)> {
        self.nodes.iter().enumerate().map(|(i, node)| (NodeId(i as u32), node))
    }

    /// All class descriptors, in their order in the stream.
    pub fn classes(&self) -> impl Iterator<Item = (ClassId, &ClassDesc)> {
        self.classes.iter().enumerate().map(|(i, class)| (ClassId(i as u32), class))
    }

    pub fn text(&self, span: Span) -> Cow<'a, str> {
        let bytes: &'a [u8] = self.bytes;
        modified_utf8::text(bytes.get(span.start as usize..span.end as usize).unwrap_or_default())
    }

    /// Name of the class as Java prints it: `java.lang.Long`, `[I`; for a proxy, its interfaces.
    pub fn class_name(&self, id: ClassId) -> Cow<'a, str> {
        let class = self.class(id);
        match class.interfaces {
            None => self.text(class.name),
            Some(_) => {
                let names: Vec<_> = self.interfaces(id).map(|span| self.text(span)).collect();
                Cow::Owned(format!("proxy of {}", names.join(", ")))
            }
        }
    }

    /// Tells whether the class has exactly this name.
    pub fn is(&self, id: ClassId, name: &str) -> bool {
        self.class(id).name.of(self.bytes) == name.as_bytes()
    }

    pub fn interfaces(&self, id: ClassId) -> impl Iterator<Item = Span> + '_ {
        self.class(id).interfaces.unwrap_or_default().of(&self.interfaces).iter().copied()
    }

    pub fn fields_of(&self, id: ClassId) -> &[Field] {
        self.class(id).fields.of(&self.fields)
    }

    /// The class and its superclasses.
    pub fn lineage(&self, id: ClassId) -> impl Iterator<Item = ClassId> + '_ {
        std::iter::successors(Some(id), |id| self.class(*id).super_class)
    }

    pub fn levels(&self, id: NodeId) -> &[ClassLevel] {
        match self.node(id).kind {
            Kind::Object { levels, .. } => levels.of(&self.levels),
            _ => &[],
        }
    }

    /// The fields of a level, in their order in the stream.
    pub fn fields(&self, level: &ClassLevel) -> impl Iterator<Item = (Field, Value)> + '_ {
        self.fields_of(level.class).iter().copied().zip(level.fields.of(&self.values).iter().copied())
    }

    /// What the class wrote in addition to its fields: block data and objects.
    pub fn annotation(&self, level: &ClassLevel) -> &[Value] {
        level.annotation.of(&self.values)
    }

    pub fn items(&self, id: NodeId) -> &[Value] {
        match self.node(id).kind {
            Kind::Array { items, .. } => items.of(&self.values),
            _ => &[],
        }
    }

    /// The class of an object, if the stream has one: strings have none.
    pub fn class_of(&self, id: NodeId) -> Option<ClassId> {
        match self.node(id).kind {
            Kind::Object { class, .. }
            | Kind::Array { class, .. }
            | Kind::Primitives { class, .. }
            | Kind::Enum { class, .. } => Some(class),
            Kind::String(_) | Kind::Class(_) | Kind::Descriptor(_) => None,
        }
    }

    /// Name of a value's class as Java prints it.
    pub fn type_of(&self, value: Value) -> Cow<'a, str> {
        Cow::Borrowed(match value {
            Value::Null => "null",
            Value::Boolean(_) => "boolean",
            Value::Byte(_) => "byte",
            Value::Char(_) => "char",
            Value::Short(_) => "short",
            Value::Int(_) => "int",
            Value::Long(_) => "long",
            Value::Float(_) => "float",
            Value::Double(_) => "double",
            Value::Block(_) => "block data",
            Value::Node(id) => match self.node(id).kind {
                Kind::String(_) => "java.lang.String",
                Kind::Class(_) => "java.lang.Class",
                Kind::Descriptor(_) => "java.io.ObjectStreamClass",
                _ => return self.class_of(id).map_or(Cow::Borrowed(""), |class| self.class_name(class)),
            },
        })
    }

    /// Value of a field of an object, the most derived class first; `None` if there is no such field.
    pub fn field(&self, id: NodeId, name: &str) -> Option<Value> {
        self.levels(id).iter().rev().find_map(|level| {
            self.fields(level).find(|(field, _)| field.name.of(self.bytes) == name.as_bytes()).map(|(_, value)| value)
        })
    }

    /// Text of a value that is a string.
    pub fn string(&self, value: Value) -> Option<Cow<'a, str>> {
        match value {
            Value::Node(id) => match self.node(id).kind {
                Kind::String(span) => Some(self.text(span)),
                _ => None,
            },
            _ => None,
        }
    }

    /// The primitive in a boxed value of `java.lang`.
    pub fn unboxed(&self, value: Value) -> Option<Value> {
        let Value::Node(id) = value else { return None };
        let class = self.class_of(id)?;
        let name = self.class(class).name.of(self.bytes).strip_prefix(b"java.lang.")?;
        let boxes: [&[u8]; 8] = [b"Integer", b"Long", b"Boolean", b"Double", b"Character", b"Short", b"Byte", b"Float"];
        boxes.contains(&name).then(|| self.field(id, "value")).flatten()
    }
}
