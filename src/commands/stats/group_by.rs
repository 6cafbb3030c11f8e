//! `stats --by`: counts sessions and bytes by attribute, class, user, route or application.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use clap::ValueEnum;
use serde::Serialize;

use super::sort::Sort;
use crate::javaser::{ClassId, Decoded, Kind, NodeId, Value};
use crate::session::{EpochMillis, SessionMeta, route_of};
use crate::ui::{Head, Page, Report, Table, bytes, count, plural};

/// Maximum number of groups: a manipulated table could contain any number of names.
const GROUPS: usize = 20_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum GroupBy {
    /// Name of an attribute
    Attr,
    /// Class of an object in the data
    Class,
    /// Who is logged in
    User,
    /// jvmRoute
    Route,
    /// Application
    App,
}

/// The groups to which a session belongs, with its bytes in each; `None` is the group of sessions without a value.
pub type GroupSizes = Vec<(Option<String>, u64)>;

impl GroupBy {
    /// Tells whether the data of the session are needed.
    pub fn reads_data(self) -> bool {
        matches!(self, GroupBy::Attr | GroupBy::Class | GroupBy::User)
    }

    /// The groups of a session; `None` if its data cannot be read.
    pub fn of(self, meta: &SessionMeta, decoded: Option<&Decoded<'_>>) -> Option<GroupSizes> {
        let size = meta.size.unwrap_or(0);
        Some(match self {
            GroupBy::App => vec![(meta.key.app.clone(), size)],
            GroupBy::Route => vec![(route_of(&meta.key.id).map(str::to_owned), size)],
            GroupBy::User => {
                let Decoded { tree, session, broken, .. } = decoded?;
                let users = session.users(tree);
                // The attribute with the login may come after the damaged part.
                if users.is_empty() && broken.is_some() {
                    return None;
                }
                let none = users.is_empty().then_some((None, size));
                none.into_iter().chain(users.into_iter().map(|user| (Some(user.into_owned()), size))).collect()
            }
            GroupBy::Attr => {
                let Decoded { tree, session, .. } = decoded?;
                // Grouped by the string object, not by its text: many attributes may refer to one long name.
                let mut names: HashMap<NodeId, u64> = HashMap::new();
                for attribute in &session.attributes {
                    if let Value::Node(name) = attribute.name {
                        *names.entry(name).or_default() += attribute.span.len() as u64;
                    }
                }
                names.into_iter().map(|(name, bytes)| (tree.string(Value::Node(name)).map(Into::into), bytes)).collect()
            }
            GroupBy::Class => classes(decoded?),
        })
    }
}

/// The bytes of the objects of each class, including the objects inside them. An object inside another one of the same
/// class is counted once.
fn classes(decoded: &Decoded<'_>) -> GroupSizes {
    /// Bytes, and the end of the object that was counted last.
    #[derive(Default)]
    struct Counted(u64, u32);
    let tree = &decoded.tree;
    let (mut objects, mut strings): (HashMap<ClassId, Counted>, Option<Counted>) = (HashMap::new(), None);
    for (id, node) in tree.nodes() {
        let counted = match tree.class_of(id) {
            Some(class) => objects.entry(class).or_default(),
            None if matches!(node.kind, Kind::String(_)) => strings.get_or_insert_default(),
            None => continue,
        };
        if node.span.start >= counted.1 {
            *counted = Counted(counted.0 + node.span.len() as u64, node.span.end);
        }
    }
    // A stream may describe a class several times, after an exception or a reset.
    let mut names: BTreeMap<String, u64> = BTreeMap::new();
    for (class, Counted(bytes, _)) in objects {
        *names.entry(tree.class_name(class).into_owned()).or_default() += bytes;
    }
    if let Some(Counted(bytes, _)) = strings {
        names.insert("java.lang.String".to_owned(), bytes);
    }
    names.into_iter().map(|(name, bytes)| (Some(name), bytes)).collect()
}

/// Sums by group.
#[derive(Debug)]
pub struct Groups {
    by: GroupBy,
    sessions: u64,
    unreadable: u64,
    cut: bool,
    sums: BTreeMap<Option<String>, (u64, u64)>,
}

/// The number of sessions in each group.
#[derive(Debug, Serialize)]
pub struct GroupReport {
    command: &'static str,
    by: GroupBy,
    /// Epoch milliseconds.
    now: EpochMillis,
    now_rfc3339: Option<String>,
    sessions: u64,
    /// Of those, sessions whose data cannot be read.
    unreadable: u64,
    /// Largest first, unless --sort is given.
    pub groups: Vec<Group>,
    /// Whether there were more groups than the report contains.
    groups_truncated: bool,
}

#[derive(Debug, Serialize)]
pub struct Group {
    /// `null`: without login, route or application.
    name: Option<String>,
    sessions: u64,
    bytes: u64,
}

impl Groups {
    pub fn new(by: GroupBy) -> Groups {
        Groups { by, sessions: 0, unreadable: 0, cut: false, sums: BTreeMap::new() }
    }

    /// Adds a session.
    pub fn add(&mut self, sizes: Option<GroupSizes>) {
        self.sessions += 1;
        let Some(mut sizes) = sizes else {
            self.unreadable += 1;
            return;
        };
        // A session that has a name several times is counted once for it.
        sizes.sort();
        let mut last: Option<Option<String>> = None;
        for (name, bytes) in sizes {
            if self.sums.len() >= GROUPS && !self.sums.contains_key(&name) {
                self.cut = true;
                continue;
            }
            let again = last.as_ref() == Some(&name);
            let sum = self.sums.entry(name.clone()).or_default();
            sum.0 += u64::from(!again);
            sum.1 = sum.1.saturating_add(bytes);
            last = Some(name);
        }
    }

    pub fn report(self, now: EpochMillis, sort: Sort) -> GroupReport {
        let mut groups: Vec<Group> =
            self.sums.into_iter().map(|(name, (sessions, bytes))| Group { name, sessions, bytes }).collect();
        // Groups with equal numbers stay sorted by name.
        match sort {
            Sort::Name => {}
            Sort::Size => groups.sort_by_key(|group| Reverse((group.bytes, group.sessions))),
            _ => groups.sort_by_key(|group| Reverse((group.sessions, group.bytes))),
        }
        GroupReport {
            command: "stats",
            by: self.by,
            now,
            now_rfc3339: now.rfc3339(),
            sessions: self.sessions,
            unreadable: self.unreadable,
            groups,
            groups_truncated: self.cut,
        }
    }
}

impl Report for GroupReport {
    const RECORDS: Option<&'static str> = Some("groups");

    fn page(&self, page: &mut Page) {
        let title = match self.by {
            GroupBy::Attr => "ATTRIBUTE",
            GroupBy::Class => "CLASS",
            GroupBy::User => "USER",
            GroupBy::Route => "ROUTE",
            GroupBy::App => "APPLICATION",
        };
        let none = if self.by == GroupBy::App { "NULL" } else { "-" };
        if !self.groups.is_empty() {
            let heads = vec![Head::left(title), Head::right("SESSIONS"), Head::right("DATA")];
            let row = |group: &Group| {
                let name = group.name.clone().unwrap_or_else(|| none.to_owned());
                vec![name, count(group.sessions), bytes(group.bytes)]
            };
            page.table(&Table { heads, rows: self.groups.iter().map(row).collect() });
            page.blank();
        }
        let read = match self.by {
            GroupBy::Route | GroupBy::App => "Counted",
            GroupBy::Attr | GroupBy::Class | GroupBy::User => "Read the data of",
        };
        page.line(format!("{read} {}.", plural(self.sessions, "session")));
        if self.unreadable > 0 {
            page.line(format!(
                "The data of {} cannot be decoded. `tomcat-sessions list --restorable no` and \
                 `tomcat-sessions list --restorable unknown` print the reasons.",
                plural(self.unreadable, "session")
            ));
        }
        if self.groups_truncated {
            page.line(format!("Only the first {} groups are shown.", count(GROUPS as u64)));
        }
    }
}
