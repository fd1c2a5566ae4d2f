//! Modules form no circles: what two need lies below both.
//!
//! A module is a file. It depends on the file in which a name that it uses is defined; a `mod.rs` that only passes a name
//! on is looked through.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

use crate::architecture::{named_paths, root, shown, sources};

/// A module by the names on the way to it; none for the root of its crate.
type Module = Vec<String>;

struct Krate {
    files: BTreeMap<Module, PathBuf>,
    /// What each module calls by a name of its own: the full path.
    names: BTreeMap<Module, BTreeMap<String, Vec<String>>>,
}

impl Krate {
    fn read(place: &str) -> Self {
        let folder = root().join(place);
        let mut files = BTreeMap::new();
        for file in sources(place) {
            let below = file.strip_prefix(&folder).expect("below the crate").with_extension("");
            let mut module: Module = below.iter().map(|name| name.to_string_lossy().into_owned()).collect();
            match module.last().map(String::as_str) {
                Some("mod" | "lib") => drop(module.pop()),
                Some("main") if module.len() == 1 => continue,
                _ => {}
            }
            files.insert(module, file);
        }
        let mut this = Self { files, names: BTreeMap::new() };
        for (module, file) in &this.files {
            let names = named_paths(file).into_iter().filter_map(|named| {
                let path = this.absolute(module, &named.path)?;
                Some((named.name?, path))
            });
            this.names.insert(module.clone(), names.collect());
        }
        this
    }

    /// A path from the root of the crate; nothing for a path of another crate.
    fn absolute(&self, module: &Module, path: &str) -> Option<Vec<String>> {
        let mut names: Vec<String> = path.split("::").map(str::to_owned).collect();
        let mut base = module.clone();
        match names[0].as_str() {
            "crate" => base.clear(),
            "self" => {}
            "super" => {
                while names.get(1).is_some_and(|name| name == "super") {
                    base.pop();
                    names.remove(0);
                }
                base.pop();
            }
            first => {
                let mut child = module.clone();
                child.push(first.to_owned());
                if !self.files.contains_key(&child) {
                    return None;
                }
                names.insert(0, "self".to_owned());
            }
        }
        base.extend(names.into_iter().skip(1));
        Some(base)
    }

    /// The module in which what a path names is defined.
    fn defines(&self, path: &[String], depth: u8) -> Option<Module> {
        let at = (0..=path.len()).rev().find(|at| self.files.contains_key(&path[..*at]))?;
        let (module, rest) = path.split_at(at);
        let passed_on = rest.first().and_then(|name| self.names[module].get(name));
        match passed_on {
            Some(target) if depth > 0 && target != path => {
                let target: Vec<String> = target.iter().chain(&rest[1..]).cloned().collect();
                self.defines(&target, depth - 1)
            }
            _ => Some(module.to_vec()),
        }
    }

    /// For each module, those that it depends on, with one of the names.
    fn dependencies(&self) -> BTreeMap<&Module, BTreeMap<Module, String>> {
        let mut all = BTreeMap::new();
        for (module, file) in &self.files {
            let is_folder = file.ends_with("mod.rs") || file.ends_with("lib.rs");
            let mut own = BTreeMap::new();
            for named in named_paths(file) {
                if is_folder && named.is_export {
                    continue;
                }
                let Some(path) = self.absolute(module, &named.path) else { continue };
                if let Some(target) = self.defines(&path, 4).filter(|target| target != module) {
                    own.entry(target).or_insert(named.path);
                }
            }
            all.insert(module, own);
        }
        all
    }

    /// The circles, each in words.
    fn circles(&self) -> Vec<String> {
        let dependencies = self.dependencies();
        let reach: BTreeMap<&Module, BTreeSet<&Module>> = dependencies
            .keys()
            .map(|start| {
                let (mut seen, mut waiting) = (BTreeSet::new(), vec![*start]);
                while let Some(module) = waiting.pop() {
                    waiting.extend(dependencies[module].keys().filter(|next| seen.insert(*next)));
                }
                (*start, seen)
            })
            .collect();
        let mut found: BTreeMap<Vec<&Module>, Vec<String>> = BTreeMap::new();
        for (module, reached) in &reach {
            if !reached.contains(module) {
                continue;
            }
            let circle: Vec<&Module> = reached.iter().copied().filter(|other| reach[other].contains(module)).collect();
            let names = dependencies[module].iter().filter(|(target, _)| circle.contains(target));
            let lines = names.map(|(target, name)| {
                format!("  {} -> {} ({name})", shown(&self.files[*module]), shown(&self.files[target]))
            });
            found.entry(circle.clone()).or_default().extend(lines);
        }
        found.into_values().map(|lines| lines.join("\n")).collect()
    }
}

#[test]
fn modules_form_no_circles() {
    let mut circles = Vec::new();
    for place in ["app/src", "server/src", "frontend/src"] {
        circles.extend(Krate::read(place).circles());
    }
    assert!(circles.is_empty(), "{} circles:\n{}", circles.len(), circles.join("\n\n"));
}

#[test]
fn the_crates_are_read_with_their_dependencies() {
    let server = Krate::read("server/src");
    let dependencies = server.dependencies();
    let edges: usize = dependencies.values().map(BTreeMap::len).sum();
    assert!(dependencies.len() > 200 && edges > 800, "{} modules, {edges} dependencies", dependencies.len());
}
