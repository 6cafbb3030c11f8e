//! The imports between modules of `src/`, from the `use` lines.

use std::collections::{BTreeMap, BTreeSet};

use crate::files::{below, read};

/// The imports of all modules, as pairs of module paths.
pub struct Imports {
    modules: BTreeSet<String>,
    edges: BTreeSet<(String, String)>,
}

impl Imports {
    pub fn of_src() -> Imports {
        let files: Vec<String> = below("src", ".rs").into_iter().filter(|file| file != "src/main.rs").collect();
        let modules: BTreeSet<String> = files.iter().map(|file| module(file)).collect();
        // A re-exported name is resolved to its origin.
        let (mut handed_on, mut found) = (BTreeMap::new(), Vec::new());
        for file in &files {
            let (own, text) = (module(file), read(file));
            let code = text.split("\n#[cfg(test)]\nmod ").next().unwrap();
            for (public, path) in uses(code) {
                let Some(path) = absolute(&path, &own, &modules) else { continue };
                if public {
                    handed_on.insert(format!("{own}::{}", last(&path)), path.clone());
                }
                if !public || parent(&path) != own {
                    found.push((own.clone(), path));
                }
            }
        }
        let edges = found.into_iter().map(|(from, mut path)| {
            while let Some(to) = handed_on.get(&path).filter(|to| **to != path) {
                path.clone_from(to);
            }
            while !modules.contains(&path) {
                path = parent(&path).to_owned();
            }
            (from, path)
        });
        Imports { edges: edges.collect(), modules }
    }

    pub fn len(&self) -> usize {
        self.edges.len()
    }

    /// The modules that contain modules.
    pub fn parents(&self) -> BTreeSet<String> {
        self.modules.iter().filter(|module| module.contains("::")).map(|module| parent(module).to_owned()).collect()
    }

    /// The imports between the modules of a directory, by their names there.
    pub fn between(&self, folder: &str) -> BTreeSet<(String, String)> {
        let name = |path: &str| {
            let rest = path.strip_prefix(folder)?.strip_prefix("::")?;
            let name = rest.split("::").next()?.to_owned();
            Some(name)
        };
        let named = self.edges.iter().filter_map(|(from, to)| Some((name(from)?, name(to)?)));
        named.filter(|(from, to)| from != to).collect()
    }

    /// Modules of a directory with circular imports.
    pub fn circle_in(&self, folder: &str) -> Option<Vec<String>> {
        let edges = self.between(folder);
        let mut left: BTreeSet<&String> = edges.iter().flat_map(|(from, to)| [from, to]).collect();
        let imports = |module: &String, left: &BTreeSet<&String>| {
            edges.iter().find(|(from, to)| from == module && left.contains(to)).map(|(_, to)| to)
        };
        while let Some(free) = left.iter().find(|module| imports(module, &left).is_none()).copied() {
            left.remove(free);
        }
        // Each remaining module imports a remaining one, so there is a circle.
        let mut way = vec![(*left.first()?).clone()];
        loop {
            let next =
                edges.iter().find(|(from, to)| Some(from) == way.last() && left.contains(to)).map(|(_, to)| to)?;
            way.push(next.clone());
            if way.iter().filter(|module| *module == next).count() > 1 {
                return Some(way);
            }
        }
    }
}

/// The module path of a file.
fn module(file: &str) -> String {
    let path = file.strip_prefix("src/").unwrap().strip_suffix(".rs").unwrap();
    let path = path.strip_suffix("/mod").unwrap_or(path);
    if path == "lib" { "crate".to_owned() } else { format!("crate::{}", path.replace('/', "::")) }
}

fn parent(path: &str) -> &str {
    path.rsplit_once("::").map_or("crate", |(parent, _)| parent)
}

fn last(path: &str) -> &str {
    path.rsplit("::").next().unwrap()
}

/// The paths in `use` items, each with whether it is re-exported.
fn uses(code: &str) -> Vec<(bool, String)> {
    let mut found = Vec::new();
    let mut rest = code;
    while let Some(at) = rest.find("use ") {
        let line = rest[..at].rsplit('\n').next().unwrap().trim();
        let after = &rest[at + 4..];
        let is_item = line.is_empty() || (line.starts_with("pub") && (line == "pub" || line.ends_with(')')));
        if let (true, Some(end)) = (is_item, after.find(';')) {
            let public = !line.is_empty();
            found.extend(leaves("", &after[..end]).into_iter().map(|path| (public, path)));
        }
        rest = after;
    }
    found
}

/// The single paths of a `use` tree.
fn leaves(before: &str, tree: &str) -> Vec<String> {
    let tree = tree.trim();
    let Some((head, inner)) = tree.split_once('{') else {
        let path = tree.split(" as ").next().unwrap().trim();
        return vec![format!("{before}{path}")];
    };
    let inner = inner.trim_end().strip_suffix('}').unwrap();
    let (mut found, mut depth, mut begin) = (Vec::new(), 0, 0);
    let before = format!("{before}{head}");
    for (at, c) in inner.char_indices().chain([(inner.len(), ',')]) {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                let part = inner[begin..at].trim();
                if !part.is_empty() {
                    found.extend(leaves(&before, part));
                }
                begin = at + 1;
            }
            _ => {}
        }
    }
    found
}

/// The path from the crate root, if it belongs to the project.
fn absolute(path: &str, own: &str, modules: &BTreeSet<String>) -> Option<String> {
    let path = path.trim_end_matches("::self").trim_end_matches("::*");
    let (head, rest) = path.split_once("::").unwrap_or((path, ""));
    let mut base = match head {
        "crate" => "crate".to_owned(),
        "self" => own.to_owned(),
        "super" => parent(own).to_owned(),
        child if modules.contains(&format!("{own}::{child}")) => format!("{own}::{child}"),
        _ => return None,
    };
    for part in rest.split("::").filter(|part| !part.is_empty()) {
        base = if part == "super" { parent(&base).to_owned() } else { format!("{base}::{part}") };
    }
    Some(base)
}
