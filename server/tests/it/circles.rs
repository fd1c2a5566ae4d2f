//! Modules form no circles: what two need lies below both.
//!
//! A module is a file. It depends on the file in which a name that it uses is defined; a `mod.rs` that only passes a name
//! on is looked through. Methods count too: a type whose `impl` blocks stand in several files depends on those whose
//! methods it calls.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

use crate::architecture::{code_of, named_paths, root, shown, sources, without_tests};

/// A module by the names on the way to it; none for the root of its crate.
type Module = Vec<String>;

/// By the module and the name of a type: the methods that modules define for it.
type ImplBlocks = BTreeMap<(Module, String), BTreeMap<Module, BTreeSet<String>>>;

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
        let blocks = self.impl_blocks();
        for (module, file) in &self.files {
            let is_folder = file.ends_with("mod.rs") || file.ends_with("lib.rs");
            let words = if is_folder { words_of_code(&code_of(file)) } else { BTreeSet::new() };
            let mut own = self.method_calls(module, &blocks);
            for named in named_paths(file) {
                // A name that is passed on counts where the file uses it as well.
                if is_folder && named.is_export && named.name.as_ref().is_none_or(|name| !words.contains(name)) {
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

    /// The types whose `impl` blocks stand in several modules, with the methods that each module defines.
    fn impl_blocks(&self) -> ImplBlocks {
        let mut blocks = ImplBlocks::new();
        for (module, file) in &self.files {
            for (name, methods) in impl_blocks_of(&code_of(file)) {
                let imported = self.names[module].get(&name).cloned();
                let path = imported.unwrap_or_else(|| module.iter().chain([&name]).cloned().collect());
                if let Some(defined) = self.defines(&path, 4) {
                    blocks.entry((defined, name)).or_default().entry(module.clone()).or_default().extend(methods);
                }
            }
        }
        blocks.retain(|(defined, _), modules| modules.keys().any(|module| module != defined));
        blocks
    }

    /// The modules whose methods a module calls of the types that it defines or extends. A method that several of them
    /// define says nothing; elsewhere, the name of a method does not say whose it is.
    fn method_calls(&self, module: &Module, blocks: &ImplBlocks) -> BTreeMap<Module, String> {
        let mut found = BTreeMap::new();
        let code = code_of(&self.files[module]);
        for ((defined, name), modules) in blocks {
            if module != defined && !modules.contains_key(module) {
                continue;
            }
            for call in calls_of(&code, name) {
                let mut others = modules.iter().filter(|(_, methods)| methods.contains(&call)).map(|(other, _)| other);
                if let (Some(other), None) = (others.next(), others.next())
                    && other != module
                {
                    found.entry(other.clone()).or_insert_with(|| format!("{name}::{call}"));
                }
            }
        }
        found
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

/// The words that a file has besides its `use` declarations.
fn words_of_code(code: &[(usize, String)]) -> BTreeSet<String> {
    let mut is_declaration = false;
    let mut words = BTreeSet::new();
    for (_, line) in code {
        let begun = line.trim_start();
        is_declaration |= begun.starts_with("use ") || (begun.starts_with("pub") && begun.contains(" use "));
        if !is_declaration && !begun.starts_with("mod ") && !begun.contains(" mod ") {
            words.extend(words_of(line).map(str::to_owned));
        }
        is_declaration &= !line.ends_with(';');
    }
    words
}

fn words_of(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).filter(|word| !word.is_empty())
}

/// The names of the methods that a file calls on any value, and of the functions that it calls of a type.
fn calls_of(code: &[(usize, String)], of_type: &str) -> BTreeSet<String> {
    let mut calls = BTreeSet::new();
    for (_, line) in code {
        for (position, _) in line.match_indices('(') {
            let name = words_of(&line[..position]).last().filter(|name| line[..position].ends_with(name));
            let Some(name) = name else { continue };
            let before = &line[..position - name.len()];
            let is_of_type = before.strip_suffix("::").and_then(|before| words_of(before).last());
            if before.ends_with('.') || is_of_type.is_some_and(|before| before == "Self" || before == of_type) {
                calls.insert(name.to_owned());
            }
        }
    }
    calls
}

/// The types for which a file has `impl` blocks of their own, without a trait, and the methods of each block.
fn impl_blocks_of(code: &[(usize, String)]) -> Vec<(String, BTreeSet<String>)> {
    let mut blocks: Vec<(String, BTreeSet<String>)> = Vec::new();
    let mut is_open = false;
    for (_, line) in code {
        if let Some(head) = line.strip_prefix("impl") {
            let name = if head.starts_with('<') { after_parameters(head) } else { head };
            let name = words_of(name).next().unwrap_or_default().to_owned();
            is_open = !head.contains(" for ");
            if is_open {
                blocks.push((name, BTreeSet::new()));
            }
        } else if line.starts_with('}') {
            is_open = false;
        } else if is_open
            && let Some((before, rest)) = line.split_once("fn ")
            && before.split(' ').all(is_qualifier)
            && let (Some(method), Some((_, methods))) = (words_of(rest).next(), blocks.last_mut())
        {
            methods.insert(method.to_owned());
        }
    }
    blocks
}

/// Whether a word may stand before `fn`.
fn is_qualifier(word: &str) -> bool {
    word.is_empty() || word.starts_with("pub") || word.ends_with(')') || ["async", "const", "unsafe"].contains(&word)
}

/// What follows the parameters of an `impl`: `Type` of `<'a, T: Into<U>> Type`.
fn after_parameters(head: &str) -> &str {
    let mut depth = 0;
    for (position, c) in head.char_indices() {
        match c {
            '<' => depth += 1,
            '>' if !head[..position].ends_with('-') => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return &head[position + 1..];
        }
    }
    ""
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

#[test]
fn methods_and_what_calls_them_are_read_from_the_text() {
    let code = without_tests(
        "use a::{Own, passed};\npub(super) use b::Shown;\nmod c;\nimpl<'a, T: Fn() -> U> Own<'a, T> {\n    pub(in crate::d) async fn \
         begin(&self) {\n        self.run(|x| x.step(1)).await?;\n        Self::end(Shown::new());\n    }\n}\nimpl Other for Own {\n    fn \
         e() {}\n}\n#[cfg(test)]\nmod tests {\n    fn f() { own.tested() }\n}\n",
    );
    let texts = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(impl_blocks_of(&code), [("Own".to_owned(), texts(&["begin"]))]);
    assert_eq!(calls_of(&code, "Own"), texts(&["run", "step", "end"]));
    assert_eq!(calls_of(&code, "Shown"), texts(&["run", "step", "end", "new"]));
    let words = words_of_code(&code);
    assert!(words.contains("Shown") && !words.contains("passed"), "{words:?}");
}
