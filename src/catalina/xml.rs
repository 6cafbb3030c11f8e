//! XML elements with their line numbers, after Tomcat's substitution in attributes.
//!
//! No document is fetched: a reference to an external entity is an error. Internal entities are expanded within the
//! limits of the parser.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use roxmltree::{Document, Node, ParsingOptions};

use super::properties::Budget;
use super::{ConfigError, Location, Properties, configuration_file};

/// Maximum number of nodes of a document; Tomcat's own web.xml has about 15,000.
const NODES: u32 = 100_000;
/// Maximum number of attributes of a document: the parser compares each one with all others of its element.
const ATTRIBUTES: usize = 50_000;
/// Maximum number of bytes that entities may add to a document.
const EXPANDED: usize = 1 << 20;
/// Maximum number of entity declarations: the parser searches them linearly.
const DECLARATIONS: usize = 1_000;
/// Maximum nesting of entities.
const ENTITIES: usize = 10;
/// The beginning of an entity declaration.
const DECLARATION: &str = "<!ENTITY";
/// Maximum number of elements that are recorded for a comment.
const IN_COMMENT: usize = 1_000;
/// Maximum nesting of elements; those of Tomcat's files are nested 8 deep.
const DEPTH: usize = 100;

/// The contents of an XML file.
#[derive(Debug, Clone)]
pub struct Xml {
    pub root: Element,
    pub comments: Vec<Comment>,
}

/// A comment, which often contains disabled configuration.
#[derive(Debug, Clone)]
pub struct Comment {
    pub place: Location,
    /// Names of the elements inside it.
    pub elements: Vec<String>,
}

/// An element with its attributes.
#[derive(Clone)]
pub struct Element {
    pub name: String,
    pub place: Location,
    pub children: Vec<Element>,
    /// The text directly inside it.
    pub text: String,
    attributes: Vec<(String, String)>,
}

impl Xml {
    /// Reads a file, and substitutes properties.
    ///
    /// # Errors
    /// The file cannot be read, or is not XML.
    pub fn read(path: &Path, properties: &Properties) -> Result<Xml, ConfigError> {
        Xml::parse(path, &configuration_file::xml_text(path)?, properties)
    }

    /// As [`Xml::read`], for a text.
    ///
    /// # Errors
    /// The text is not XML.
    pub fn parse(path: &Path, text: &str, properties: &Properties) -> Result<Xml, ConfigError> {
        // Equals signs are an upper limit for the number of attributes.
        if text.bytes().filter(|byte| *byte == b'=').count() > ATTRIBUTES {
            return Err(ConfigError::new(path, format!("it has more than {ATTRIBUTES} attributes")));
        }
        if text.matches(DECLARATION).count() > DECLARATIONS {
            return Err(ConfigError::new(path, format!("it declares more than {DECLARATIONS} entities")));
        }
        if expanded(text) > EXPANDED {
            return Err(ConfigError::new(path, format!("its entities expand to more than {EXPANDED} bytes")));
        }
        // An old web.xml contains a DTD reference, which is not fetched.
        let options = ParsingOptions { allow_dtd: true, nodes_limit: NODES, ..ParsingOptions::default() };
        // The parser's message may contain text of the file, so only its kind and position are used.
        let document = Document::parse_with_options(text, options).map_err(|error| {
            let kind = match &error {
                roxmltree::Error::UnknownEntityReference(name, _) => {
                    format!("it refers to the undefined entity `{name}`")
                }
                roxmltree::Error::EntityReferenceLoop(_) => {
                    "its entities refer to each other in a circle or too often".to_owned()
                }
                roxmltree::Error::NodesLimitReached => format!("it has more than {NODES} nodes"),
                roxmltree::Error::UnexpectedCloseTag(wanted, found, _) => format!("<{wanted}> is closed by </{found}>"),
                roxmltree::Error::DuplicatedAttribute(name, _) => format!("the attribute `{name}` occurs twice"),
                roxmltree::Error::UnknownNamespace(prefix, _) => format!("the prefix `{prefix}:` is not declared"),
                _ => "it is not well-formed XML".to_owned(),
            };
            let line = text.lines().nth(usize::try_from(error.pos().row).unwrap_or(1).saturating_sub(1));
            if let Some(quote) = line.and_then(typographic_quote) {
                let kind = format!("an attribute value begins with the typographic quote {quote}");
                return ConfigError::new(path, kind)
                    .at(error.pos().row)
                    .hint("quote attribute values only with \" or '");
            }
            let trouble = ConfigError::new(path, kind).at(error.pos().row);
            trouble.hint("in XML, write `&` as `&amp;` and `<` as `&lt;`; a comment must not contain `--`")
        })?;
        let mut reader = Reader {
            path,
            properties,
            budget: Budget::default(),
            lines: text.match_indices('\n').map(|(at, _)| at).collect(),
        };
        let root = reader.element(document.root_element(), 0)?;
        if reader.budget.is_spent() {
            return Err(ConfigError::new(path, "the values of its ${…} are too many or too long"));
        }
        let comments = document.descendants().filter(Node::is_comment).map(|node| reader.comment(node)).collect();
        Ok(Xml { root, comments })
    }
}

/// A typographic quote at the beginning of a value.
fn typographic_quote(line: &str) -> Option<char> {
    let values = line.split('=').skip(1).filter_map(|value| value.trim_start().chars().next());
    values
        .into_iter()
        .find(|c| ('\u{2018}'..='\u{201f}').contains(c) || matches!(c, '\u{ab}' | '\u{bb}' | '\u{b4}' | '`'))
}

struct Reader<'a> {
    path: &'a Path,
    properties: &'a Properties,
    budget: Budget,
    /// Offsets of the line ends.
    lines: Vec<usize>,
}

/// An upper limit for the size of the expanded entity references: each reference with the longest value that is
/// declared for its name, including the references in that value.
fn expanded(text: &str) -> usize {
    let mut declared: BTreeMap<&str, &str> = BTreeMap::new();
    for (at, begin) in text.match_indices(DECLARATION) {
        let Some((name, value)) = declaration(&text[at + begin.len()..]) else { continue };
        let longest = declared.entry(name).or_default();
        if value.len() > longest.len() {
            *longest = value;
        }
    }
    if declared.is_empty() {
        return 0;
    }
    // References inside declarations are counted where the declared entity is used.
    references(text, &declared, ENTITIES, &mut BTreeMap::new())
}

/// Name and value of an entity, from the text after [`DECLARATION`]. The parser treats parameter entities (`% name`)
/// like others, and a value may contain text that looks like a declaration.
fn declaration(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start();
    let text = text.strip_prefix('%').map_or(text, str::trim_start);
    let (name, rest) = text.split_once(|c: char| c.is_ascii_whitespace())?;
    let rest = rest.trim_start();
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    Some((name, rest[1..].split(quote).next().unwrap_or_default()))
}

fn references<'a>(
    text: &'a str,
    declared: &BTreeMap<&'a str, &'a str>,
    depth: usize,
    known: &mut BTreeMap<(&'a str, usize), usize>,
) -> usize {
    let names = text.split('&').skip(1).filter_map(|rest| rest.split_once(';')).map(|(name, _)| name);
    names.fold(0, |sum, name| {
        let Some((&name, &value)) = declared.get_key_value(name) else { return sum };
        if depth == 0 {
            return EXPANDED + 1;
        }
        let length = match known.get(&(name, depth)) {
            Some(length) => *length,
            None => {
                let length = value.len() + references(value, declared, depth - 1, known);
                known.insert((name, depth), length);
                length
            }
        };
        sum.saturating_add(length).min(EXPANDED + 1)
    })
}

impl Reader<'_> {
    fn place(&self, node: Node) -> Location {
        let before = self.lines.partition_point(|end| *end < node.range().start);
        Location { file: self.path.to_owned(), line: u32::try_from(before + 1).unwrap_or(u32::MAX) }
    }

    fn element(&mut self, node: Node, depth: usize) -> Result<Element, ConfigError> {
        let place = self.place(node);
        if depth > DEPTH {
            return Err(
                ConfigError::new(self.path, format!("its elements are nested more than {DEPTH} deep")).at(place.line)
            );
        }
        let mut substitute = |text: &str| self.properties.substitute_within(text, &mut self.budget);
        let attributes: Vec<_> = node.attributes().map(|a| (a.name().to_owned(), substitute(a.value()))).collect();
        let text: String = node.children().filter(Node::is_text).filter_map(|text| text.text()).collect();
        let text = substitute(text.trim());
        let children = node.children().filter(Node::is_element).map(|child| self.element(child, depth + 1));
        Ok(Element {
            name: node.tag_name().name().to_owned(),
            place,
            attributes,
            text,
            children: children.collect::<Result<_, _>>()?,
        })
    }

    fn comment(&self, node: Node) -> Comment {
        let names = node
            .text()
            .unwrap_or_default()
            .split('<')
            .skip(1)
            .map(|rest| rest.chars().take_while(|c| c.is_alphanumeric()).collect::<String>());
        Comment { place: self.place(node), elements: names.filter(|name| !name.is_empty()).take(IN_COMMENT).collect() }
    }
}

impl Element {
    /// The value of an attribute. Names are case-sensitive, as in Tomcat.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// The value of an attribute as a whole number; `None` if it is not one.
    pub fn number(&self, name: &str) -> Option<i64> {
        self.get(name)?.trim().parse().ok()
    }

    /// The value of a boolean attribute, as Tomcat parses it.
    pub fn flag(&self, name: &str) -> Option<bool> {
        self.get(name).map(|value| ["true", "yes", "on"].iter().any(|yes| value.eq_ignore_ascii_case(yes)))
    }

    pub fn attributes(&self) -> impl Iterator<Item = (&str, &str)> {
        self.attributes.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The children with this name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl DoubleEndedIterator<Item = &'a Element> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The child with this name that Tomcat uses: the last one, because each replaces the one before.
    pub fn last(&self, name: &str) -> Option<&Element> {
        self.children.iter().rfind(|child| child.name == name)
    }

    /// The name of the class without its package; empty without className.
    pub fn class(&self) -> &str {
        self.get("className").and_then(|class| class.rsplit('.').next()).unwrap_or_default()
    }
}

/// Omits the values of attributes, which include passwords.
impl fmt::Debug for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{}> at {}", self.name, self.place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Xml, ConfigError> {
        Xml::parse(Path::new("x.xml"), text, &Properties::default())
    }

    #[test]
    fn elements_have_their_line_numbers() {
        let xml = parse("<Context>\n  <!-- <Manager>\n <Store/></Manager> -->\n\n  <Manager className='a.b.PersistentManager' maxIdleSwap=' 7 '\n saveOnRestart='TRUE'/>\n</Context>").unwrap();
        let manager = xml.root.last("Manager").unwrap();
        assert_eq!((manager.place.line, manager.class()), (5, "PersistentManager"));
        assert_eq!((manager.number("maxIdleSwap"), manager.flag("saveOnRestart")), (Some(7), Some(true)));
        assert_eq!(
            (xml.comments[0].place.line, xml.comments[0].elements.as_slice()),
            (2, &["Manager".to_owned(), "Store".to_owned()][..])
        );
    }

    #[test]
    fn malformed_xml_is_reported_with_its_line_but_not_its_text() {
        let deep = format!("{}{}", "<a>".repeat(3000), "</a>".repeat(3000));
        let wide = format!("<!DOCTYPE a [<!ENTITY x '{}'>]><a>{}</a>", "x".repeat(60_000), "&x;".repeat(20_000));
        // To the parser, both are ordinary entities.
        let parameter = wide.replace("ENTITY x", "ENTITY % x");
        let quoting = wide.replacen("'x", "'<![CDATA[<!ENTITY x", 1).replacen("x'", "]]>'", 1);
        let many = format!("<!DOCTYPE a [{}]><a>{}</a>", "<!ENTITY y 'y'>".repeat(1001), "&y;".repeat(1001));
        let attributes = (0..50_001).map(|n| format!(" a{n}=''")).collect::<String>();
        let attributes = format!("<a{attributes}/>");
        let nested = format!(
            "<!DOCTYPE a [<!ENTITY x '{}'><!ENTITY y \"{}\"><!ENTITY z '{}'>]><a b='&z;'/>",
            "x".repeat(1000),
            "&x;".repeat(100),
            "&y;".repeat(100)
        );
        let bomb = "<!DOCTYPE a [<!ENTITY x 'xxxxxxxxxx'><!ENTITY y '&x;&x;&x;&x;&x;&x;&x;&x;'><!ENTITY z '&y;&z;'>]><a b='&z;'/>";
        for (text, expected_text) in [
            ("<a>\n<b password='secret' & /></a>", "line 2: it is not well-formed XML"),
            ("<a>\n</b>", "line 2: <a> is closed by </b>"),
            ("", "not well-formed XML"),
            ("<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><a>&e;</a>", "the undefined entity `e`"),
            ("<!DOCTYPE a SYSTEM 'http://example.org/a.dtd'><a b='&secret1;'/>", "the undefined entity `secret1`"),
            (deep.as_str(), "100 deep"),
            (bomb, "its entities expand to more than"),
            (wide.as_str(), "its entities expand to more than"),
            (nested.as_str(), "its entities expand to more than"),
            ("<!DOCTYPE a [<!ENTITY x '&y;'><!ENTITY y '&x;'>]><a>&x;</a>", "its entities expand to more than"),
            (parameter.as_str(), "its entities expand to more than"),
            (quoting.as_str(), "its entities expand to more than"),
            (many.as_str(), "more than 1000 entities"),
            (attributes.as_str(), "more than 50000 attributes"),
        ] {
            let trouble = parse(text).unwrap_err().to_string();
            assert!(trouble.contains(expected_text), "{text:.60}: {trouble}");
            assert!(!trouble.contains("password"), "{trouble}");
        }
        assert!(parse("<!DOCTYPE a SYSTEM 'http://example.org/a.dtd'><a/>").is_ok());
        assert_eq!(parse("<!DOCTYPE a [<!ENTITY x 'y'>]><a b='&x;'/>").unwrap().root.get("b"), Some("y"));
    }
}
