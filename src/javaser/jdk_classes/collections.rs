//! Collections and maps of `java.util`, by the format in which each class writes its elements.

use super::super::tree::{ClassLevel, NodeId, Tree, Value};
use super::View;

/// Format in which a class writes its contents.
enum Shape {
    /// Objects in the annotation, after the block with their number.
    List,
    /// Objects terminated by null instead of counted.
    EndedList,
    /// Keys and values, counted.
    Map,
    EndedMap,
    /// `java.util.CollSer`, which represents `List.of` and similar; a tag determines the kind.
    Tagged,
    /// Another collection, map or array in a field.
    In(&'static str),
    /// The first N elements of an array: the two fields with the array and N.
    Part(&'static str, &'static str),
    One(&'static str),
    OnePair(&'static str, &'static str),
    Empty,
    EmptyMap,
}

fn shape(class: &[u8]) -> Option<Shape> {
    use Shape::*;
    let rest = class.strip_prefix(b"java.util.")?;
    if let Some(inner) = rest.strip_prefix(b"Collections$") {
        return Some(match inner {
            b"EmptyList" | b"EmptySet" => Empty,
            b"EmptyMap" => EmptyMap,
            b"SingletonList" | b"SingletonSet" => One("element"),
            b"SingletonMap" => OnePair("k", "v"),
            b"UnmodifiableMap" | b"SynchronizedMap" | b"SetFromMap" | b"CheckedMap" => In("m"),
            b"UnmodifiableCollection" | b"SynchronizedCollection" | b"CheckedCollection" => In("c"),
            _ => return None,
        });
    }
    Some(match rest {
        b"ArrayList"
        | b"LinkedList"
        | b"ArrayDeque"
        | b"PriorityQueue"
        | b"HashSet"
        | b"TreeSet"
        | b"concurrent.CopyOnWriteArrayList" => List,
        b"concurrent.ConcurrentLinkedQueue"
        | b"concurrent.ConcurrentLinkedDeque"
        | b"concurrent.LinkedBlockingQueue"
        | b"concurrent.LinkedBlockingDeque" => EndedList,
        b"HashMap" | b"Hashtable" | b"TreeMap" | b"IdentityHashMap" | b"EnumMap" => Map,
        b"concurrent.ConcurrentHashMap" | b"concurrent.ConcurrentSkipListMap" => EndedMap,
        b"CollSer" => Tagged,
        b"Arrays$ArrayList" => In("a"),
        b"EnumSet$SerializationProxy" => In("elements"),
        b"concurrent.CopyOnWriteArraySet" => In("al"),
        b"concurrent.ConcurrentSkipListSet" => In("m"),
        b"concurrent.ConcurrentHashMap$CollectionView" => In("map"),
        b"Vector" => Part("elementData", "elementCount"),
        b"concurrent.atomic.AtomicReference" => One("value"),
        _ => return None,
    })
}

/// Maximum number of nested wrappers that are unwrapped; deeper ones are shown as objects.
const WRAPPERS: usize = 8;

/// Elements of a collection or map, also of a subclass that adds no fields; `None` for anything else.
pub(super) fn view<'a>(tree: &Tree<'a>, id: NodeId) -> Option<View<'a>> {
    follow(tree, id, WRAPPERS)
}

fn follow<'a>(tree: &Tree<'a>, id: NodeId, wrappers: usize) -> Option<View<'a>> {
    let class = tree.class_of(id)?;
    // Collections$EmptyList writes nothing, so it has no level.
    let name = |class| tree.class(class).name.of(tree.bytes());
    let (shape, level) = match tree.levels(id).iter().rev().find_map(|level| Some((shape(name(level.class))?, level))) {
        Some((shape, level)) => (shape, Some(level)),
        None => (tree.lineage(class).find_map(|class| shape(name(class)))?, None),
    };
    // A class that adds its own fields is shown with its fields.
    let adds = tree.levels(id).iter().any(|level| !name(level.class).starts_with(b"java."));
    if adds {
        return None;
    }
    let field = |name| tree.field(id, name);
    Some(match shape {
        Shape::Empty => View::List(Vec::new()),
        Shape::EmptyMap => View::Map(Vec::new()),
        Shape::One(name) => View::List(vec![field(name)?]),
        Shape::OnePair(key, value) => View::Map(vec![(field(key)?, field(value)?)]),
        Shape::List => View::List(behind_block(tree, level?).to_vec()),
        Shape::EndedList => View::List(ended(behind_block(tree, level?), 1).to_vec()),
        Shape::Map => View::Map(pairs(behind_block(tree, level?))),
        Shape::EndedMap => View::Map(pairs(ended(behind_block(tree, level?), 2))),
        Shape::Tagged => {
            let values = behind_block(tree, level?);
            // CollSer.IMM_MAP is 3.
            match field("tag")? {
                Value::Int(tag) if tag & 0xff == 3 => View::Map(pairs(values)),
                _ => View::List(values.to_vec()),
            }
        }
        Shape::Part(array, count) => match (field(array)?, field(count)?) {
            (Value::Node(array), Value::Int(count)) => {
                View::List(tree.items(array).iter().copied().take(usize::try_from(count).ok()?).collect())
            }
            _ => return None,
        },
        Shape::In(name) => match field(name)? {
            Value::Node(inner) if !tree.items(inner).is_empty() => View::List(tree.items(inner).to_vec()),
            Value::Node(inner)
                if tree.levels(inner).is_empty() && tree.class_name(tree.class_of(inner)?).starts_with('[') =>
            {
                View::List(Vec::new())
            }
            Value::Node(inner) if wrappers > 0 => match follow(tree, inner, wrappers - 1)? {
                // A set that is written as the map of which it is the key set.
                View::Map(pairs) if is_set(name, tree, class) => {
                    View::List(pairs.into_iter().map(|(key, _)| key).collect())
                }
                view => view,
            },
            _ => return None,
        },
    })
}

fn is_set(field: &str, tree: &Tree<'_>, class: super::super::tree::ClassId) -> bool {
    let name = tree.class_name(class);
    field == "map" || name.ends_with("Set") || name.ends_with("SetFromMap")
}

/// The objects after the first block of an annotation, or all objects if it has no block.
fn behind_block<'t>(tree: &'t Tree<'_>, level: &ClassLevel) -> &'t [Value] {
    let all = tree.annotation(level);
    let block = all.iter().position(|value| matches!(value, Value::Block(_)));
    &all[block.map_or(0, |i| i + 1)..]
}

fn ended(values: &[Value], nulls: usize) -> &[Value] {
    let end = values.len().saturating_sub(nulls);
    if values[end..].iter().all(|value| *value == Value::Null) { &values[..end] } else { values }
}

fn pairs(values: &[Value]) -> Vec<(Value, Value)> {
    values.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect()
}
