//! Which folder may know of what: reads the sources and holds every `use` and every full path against the rules that
//! ARCHITECTURE.md tells of. Comments and the tests inside the sources do not count.

use std::path::{Path, PathBuf};

/// What a folder must never name.
struct Rule {
    /// Folders or files below the workspace.
    places: &'static [&'static str],
    /// Beginnings of paths, as `use` would write them.
    forbidden: &'static [&'static str],
    why: &'static str,
}

const RULES: &[Rule] = &[
    Rule {
        places: &["app/src/domain"],
        forbidden: &[
            "leptos",
            "leptos_axum",
            "server_fn",
            "axum",
            "http",
            "sqlx",
            "reqwest",
            "tokio",
            "web_sys",
            "js_sys",
            "crate::service",
            "crate::api",
            "crate::ui",
        ],
        why: "the domain is pure and compiles for the browser too",
    },
    Rule {
        places: &["app/src/domain"],
        forbidden: &[
            "std::time::SystemTime",
            "std::time::Instant",
            "std::env",
            "std::fs",
            "std::net::TcpStream",
            "rand",
        ],
        why: "the domain has neither clock nor chance nor input",
    },
    Rule {
        places: &["app/src/service"],
        forbidden: &["leptos", "axum", "http", "sqlx", "reqwest", "crate::api", "crate::ui"],
        why: "the services are the entry to the core and do not know what calls them",
    },
    Rule { places: &["app/src/api"], forbidden: &["crate::ui", "sqlx", "reqwest"], why: "calls know no pages" },
    Rule {
        places: &["app/src/ui"],
        forbidden: &["crate::service", "axum", "leptos_axum", "http", "sqlx"],
        why: "pages talk to the server through its functions alone",
    },
    Rule {
        places: &["server/src/rest", "server/src/web", "server/src/auth"],
        forbidden: &["sqlx", "reqwest", "crate::protocol"],
        why: "what speaks HTTP asks the services",
    },
    Rule {
        places: &["server/src/web"],
        forbidden: &["crate::store", "crate::core", "crate::builder"],
        why: "the portal asks the services",
    },
    Rule {
        places: &["server/src/rest", "server/src/auth"],
        forbidden: &["crate::store", "crate::core", "crate::web", "crate::builder"],
        why: "dialects and callers know the services alone",
    },
    Rule {
        places: &["server/src/core"],
        forbidden: &[
            "axum",
            "leptos",
            "leptos_axum",
            "http",
            "sqlx",
            "reqwest",
            "tower",
            "tower_http",
            "crate::rest",
            "crate::web",
            "crate::auth",
            "crate::builder",
            "crate::cli",
            "crate::config",
            "crate::jobs",
        ],
        why: "the core knows neither HTTP nor a driver",
    },
    Rule {
        places: &["server/src/jobs"],
        forbidden: &["crate::store", "crate::protocol", "crate::builder", "crate::config"],
        why: "jobs drive the services",
    },
    Rule {
        places: &["server/src/store"],
        forbidden: &["axum", "http", "reqwest", "crate::protocol", "crate::core", "crate::rest", "crate::web"],
        why: "the store does not know what uses it",
    },
    Rule {
        places: &["server/src/protocol"],
        forbidden: &["axum", "sqlx", "crate::store", "crate::core", "crate::rest", "crate::web"],
        why: "the protocols do not know what uses them",
    },
    Rule {
        places: &["server/src/jose"],
        forbidden: &["axum", "sqlx", "reqwest", "crate::protocol", "crate::store", "crate::core", "crate::auth"],
        why: "signatures know no one who checks them",
    },
    Rule {
        places: &[
            "server/src/jobs",
            "server/src/cli",
            "server/src/config",
            "server/src/builder",
            "server/src/telemetry/",
        ],
        forbidden: &["sqlx", "reqwest"],
        why: "only the store names the database driver, only the protocols the HTTP client",
    },
    Rule {
        places: &[
            "server/src/core",
            "server/src/store",
            "server/src/rest",
            "server/src/web",
            "server/src/jobs",
            "app/src",
        ],
        forbidden: &["ldap3", "lber"],
        why: "directories are read through the guard alone",
    },
    Rule {
        places: &["server/src", "app/src"],
        forbidden: &["vestibule_frontend", "openssl", "native_tls", "ring"],
        why: "the server does not link the browser side, and TLS is rustls over aws-lc",
    },
];

/// Files that break a rule for a reason; each must still do so.
const EXCEPTIONS: &[(&str, &str, &str)] = &[
    ("server/src/web/mod.rs", "crate::store", "readiness asks the database itself"),
    ("app/src/domain/web_url.rs", "web_sys", "the browser brings a parser that would be large to ship"),
    ("server/src/web/health.rs", "crate::store", "readiness asks the database itself"),
];

#[test]
fn no_folder_names_what_it_must_not_know() {
    let mut broken = Vec::new();
    for rule in RULES {
        let mut looked_at = 0;
        for place in rule.places {
            for file in sources(place) {
                looked_at += 1;
                for (line, path) in paths_of(&file) {
                    let named = rule.forbidden.iter().find(|forbidden| begins_with(&path, forbidden));
                    if let Some(named) = named
                        && !is_excepted(&file, named)
                    {
                        broken.push(format!("{}:{line} names {path}: {}", shown(&file), rule.why));
                    }
                }
            }
        }
        assert!(looked_at > 0, "{:?} holds no source", rule.places);
    }
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

#[test]
fn every_exception_is_still_needed() {
    for (file, named, _) in EXCEPTIONS {
        let paths = paths_of(&root().join(file));
        assert!(paths.iter().any(|(_, path)| begins_with(path, named)), "{file} names {named} no more");
    }
}

#[test]
fn a_dialect_knows_no_other_dialect() {
    let mut dialects = folders("server/src/rest");
    // How each is described is the same for all.
    dialects.retain(|folder| folder != "openapi");
    assert!(dialects.contains(&"waldur".to_owned()));
    for dialect in &dialects {
        for file in sources(&format!("server/src/rest/{dialect}")) {
            for (line, path) in paths_of(&file) {
                let other = dialects.iter().filter(|other| *other != dialect);
                let named = other.into_iter().find(|other| begins_with(&path, &format!("crate::rest::{other}")));
                assert!(named.is_none(), "{}:{line} names {path}", shown(&file));
            }
        }
    }
    // What they share has the shape of none.
    for (line, path) in paths_of(&root().join("server/src/rest/http.rs")) {
        let named = dialects.iter().find(|dialect| begins_with(&path, &format!("crate::rest::{dialect}")));
        assert!(named.is_none(), "rest/http.rs:{line} names {path}");
    }
}

#[test]
fn a_secret_is_opened_in_few_known_places() {
    // Every file that opens a secret, so that a new one is a decision.
    let mut opening = Vec::new();
    for file in sources("server/src").into_iter().chain(sources("app/src")) {
        if code_of(&file).iter().any(|(_, text)| text.contains("expose")) {
            opening.push(shown(&file));
        }
    }
    opening.sort();
    assert_eq!(
        opening,
        [
            "app/src/api/tokens.rs",
            "app/src/domain/provider/change.rs",
            "app/src/domain/provider/ldap/check.rs",
            "app/src/domain/secret.rs",
            "app/src/ui/pages/providers/forms/ldap.rs",
            "server/src/auth/portal/cookie.rs",
            "server/src/builder/instance.rs",
            "server/src/builder/mod.rs",
            "server/src/cli/metrics.rs",
            "server/src/cli/serve.rs",
            "server/src/cli/token.rs",
            "server/src/config/key.rs",
            "server/src/core/administrators.rs",
            "server/src/core/passwords.rs",
            "server/src/core/providers/secrets.rs",
            "server/src/core/sessions.rs",
            "server/src/core/set_up.rs",
            "server/src/core/sign_in/attempts/log.rs",
            "server/src/core/sign_in/begin.rs",
            "server/src/core/sign_in/start.rs",
            "server/src/core/sign_in/test_service.rs",
            "server/src/core/sign_in/ticket.rs",
            "server/src/core/sign_in/user_sessions.rs",
            "server/src/core/tokens.rs",
            "server/src/protocol/http/post.rs",
            "server/src/protocol/ldap/session.rs",
            "server/src/protocol/ldap/tls.rs",
            "server/src/protocol/oidc/authorize.rs",
            "server/src/protocol/oidc/client.rs",
            "server/src/protocol/oidc/exchange.rs",
            "server/src/protocol/oidc/relying_party/mod.rs",
            "server/src/protocol/oidc/userinfo.rs",
            "server/src/rest/waldur/dto.rs",
            "server/src/web/sign_in/cookies.rs",
        ]
    );
}

/// Protocols authenticate subjects; what that means is the same for all of them.
#[test]
fn the_flow_of_a_sign_in_names_no_protocol() {
    let mut looked_at = 0;
    for file in sources("server/src/core/sign_in").into_iter().chain(sources("app/src/domain/sign_in")) {
        looked_at += 1;
        for (line, text) in code_of(&file) {
            let text = text.to_lowercase();
            let named = ["oidc", "openid", "saml", "ldap"].into_iter().find(|name| text.contains(name));
            assert!(named.is_none(), "{}:{line} names {named:?}", shown(&file));
        }
    }
    assert!(looked_at > 10, "found {looked_at} files only");
}

/// What a run reads and writes may take longer than a page may take to load.
#[test]
fn a_synchronisation_runs_without_the_limits_of_requests() {
    // These answer requests, or claim and close runs in short transactions.
    let outside = ["cancel.rs", "history.rs", "maintenance.rs", "schedule.rs", "start.rs"];
    // A lease that cannot be renewed in the time of a request has run out.
    let exception = "lease.rs";
    let is_limited = |file: &Path| {
        let calls = ["store.begin()", "store.read()"];
        let found = code_of(file).into_iter().find(|(_, code)| calls.iter().any(|call| code.contains(call)));
        found.map(|(line, _)| line)
    };
    for file in sources("server/src/core/sync") {
        let name = shown(&file).trim_start_matches("server/src/core/sync/").to_owned();
        if name == exception {
            assert!(is_limited(&file).is_some(), "{name} is no exception any more");
        } else if !outside.contains(&name.as_str()) {
            let line = is_limited(&file);
            assert_eq!(line, None, "{} has to use begin_long or read_long", shown(&file));
        }
    }
}

/// A slow statement must be visible in a trace.
#[test]
fn every_operation_of_the_store_has_a_span() {
    let mut looked_at = 0;
    for file in sources("server/src/store") {
        let code = code_of(&file);
        for (position, (line, text)) in code.iter().enumerate() {
            if text.trim_start().starts_with("pub(crate) async fn ") && signature(&code[position..]).contains("Conn<") {
                looked_at += 1;
                let mut above =
                    code[..position].iter().rev().take_while(|(_, text)| text.trim_start().starts_with('#'));
                let has_span = above.any(|(_, text)| text.contains("tracing::instrument"));
                assert!(has_span, "{}:{line} has no span: {}", shown(&file), text.trim());
            }
        }
    }
    assert!(looked_at > 100, "found {looked_at} operations only");
}

/// The methods of services that work before a caller is known, or that an application implements; the traits say why.
const WITHOUT_AN_ACTOR: &[&str] = &[
    "Catalogue::get",
    "Catalogue::list",
    "SamlMetadata::write",
    "Sessions::resume",
    "SetUp::is_open",
    "SetUp::issue",
    "SignInReceiver::receive",
    "SignIns::begin",
    "SignIns::begin_test",
    "SignIns::finish",
    "SignIns::resume",
    "SignIns::sign_out",
    "Tokens::authenticate",
];

#[test]
fn every_method_of_a_service_takes_the_actor_first() {
    let mut without = Vec::new();
    let mut looked_at = 0;
    for file in sources("app/src/service") {
        let code = code_of(&file);
        let mut service = "";
        for (position, (_, text)) in code.iter().enumerate() {
            if let Some(rest) = text.strip_prefix("pub trait ") {
                service = rest.split(':').next().unwrap_or(rest);
            } else if let Some(rest) = text.trim_start().strip_prefix("async fn ") {
                looked_at += 1;
                let declared = signature(&code[position..]);
                if !declared.contains("(&self, actor: &Actor") {
                    let method = rest.split('(').next().unwrap_or(rest);
                    without.push(format!("{service}::{method}"));
                }
            }
        }
    }
    without.sort();
    assert_eq!(without, WITHOUT_AN_ACTOR);
    assert!(looked_at > 60, "found {looked_at} methods only");
}

/// A function's declaration on one line, up to its body or its semicolon.
fn signature(code: &[(usize, String)]) -> String {
    let mut declared = String::new();
    for (_, text) in code {
        let text = text.trim();
        if !declared.is_empty() && !declared.ends_with('(') {
            declared.push(' ');
        }
        declared.push_str(text);
        if text.ends_with('{') || text.ends_with(';') || text.ends_with('}') {
            break;
        }
    }
    declared
}

/// What a host can reach is what it needs. `cli` is for the binary, `testing` for the tests; both are hidden.
#[test]
fn the_library_shows_the_items_of_the_list_and_no_more() {
    let mut shown = Vec::new();
    public_items(&root().join("server/src/lib.rs"), "vestibule", &mut shown);
    shown.sort();
    let list = include_str!("../data/public-items.txt");
    let listed: Vec<_> = list.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(
        shown,
        listed,
        "update server/tests/data/public-items.txt if a host needs the difference:\n{}",
        shown.join("\n")
    );
}

/// The items that a file shows by `pub use`, and those of its public modules.
fn public_items(file: &Path, module: &str, found: &mut Vec<String>) {
    let mut module = module.to_owned();
    let mut declaration = String::new();
    let mut is_hidden = false;
    for (number, line) in code_of(file) {
        let line = line.trim();
        if let Some(name) = line.strip_prefix("pub mod ") {
            match name.strip_suffix(" {") {
                Some(name) => module = format!("{module}::{name}"),
                None if is_hidden => {}
                None => {
                    let name = name.trim_end_matches(';');
                    public_items(&file.with_file_name(format!("{name}.rs")), &format!("{module}::{name}"), found);
                }
            }
        } else if line == "}" && declaration.is_empty() {
            module.truncate(module.rfind("::").expect("an open module"));
        } else if line.starts_with("pub use ") || !declaration.is_empty() {
            declaration.push_str(line);
            if line.ends_with(';') {
                let tree = declaration.trim_start_matches("pub use ").trim_end_matches(';').to_owned();
                spread(&tree, "", &mut |_, name| {
                    assert_ne!(name, "*", "{}:{number} shows items that it does not name", self::shown(file));
                    found.push(format!("{module}::{name}"));
                });
                declaration.clear();
            }
        } else {
            let is_other = line.starts_with("pub ") && !line.starts_with("pub(");
            assert!(!is_other, "{}:{number} declares an item: {line}", self::shown(file));
        }
        is_hidden = line == "#[doc(hidden)]";
    }
}

fn is_excepted(file: &Path, named: &str) -> bool {
    EXCEPTIONS.iter().any(|(place, path, _)| shown(file) == *place && *path == named)
}

/// Whether a path is the forbidden one or lies below it.
fn begins_with(path: &str, forbidden: &str) -> bool {
    path.strip_prefix(forbidden).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_owned()
}

pub(crate) fn shown(file: &Path) -> String {
    file.strip_prefix(root()).expect("below the workspace").to_string_lossy().replace('\\', "/")
}

fn folders(place: &str) -> Vec<String> {
    let entries = std::fs::read_dir(root().join(place)).expect("a folder").filter_map(Result::ok);
    let folders = entries.filter(|entry| entry.path().is_dir());
    folders.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

/// Every source below a place.
pub(crate) fn sources(place: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut waiting = vec![root().join(place)];
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            waiting
                .extend(std::fs::read_dir(&path).expect("a folder").filter_map(Result::ok).map(|entry| entry.path()));
        } else if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("tests.rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The lines of a source, numbered, without comments and without what only its own tests compile.
pub(crate) fn code_of(file: &Path) -> Vec<(usize, String)> {
    without_tests(&std::fs::read_to_string(file).expect("a source"))
}

/// Skips each item below a `#[cfg(test)]`. Sources are formatted, so an item ends with the bracket at its indentation.
pub(crate) fn without_tests(text: &str) -> Vec<(usize, String)> {
    let mut code = Vec::new();
    let mut skipped: Option<Skipped> = None;
    for (number, line) in text.lines().enumerate() {
        let line = line.split("//").next().unwrap_or_default().trim_end();
        let (begun, indentation) = (line.trim_start(), line.len() - line.trim_start().len());
        match &mut skipped {
            _ if begun.is_empty() => {}
            None if begun == "#[cfg(test)]" => skipped = Some(Skipped::Attributes),
            None => code.push((number + 1, line.to_owned())),
            Some(Skipped::Attributes) if begun.starts_with("#[") => {}
            Some(Skipped::Attributes) if line.ends_with([';', ',', '}']) => skipped = None,
            Some(Skipped::Attributes) => skipped = Some(Skipped::Item { indentation }),
            Some(Skipped::Item { indentation: at })
                if *at == indentation && begun.starts_with(['}', ']', ')']) && !begun.ends_with('{') =>
            {
                skipped = None
            }
            Some(Skipped::Item { .. }) => {}
        }
    }
    code
}

enum Skipped {
    /// The item itself is still to come.
    Attributes,
    /// Its first line stands at this indentation.
    Item { indentation: usize },
}

#[test]
fn only_items_of_tests_are_skipped() {
    let text = "use a;\n#[cfg(test)]\nuse b;\n#[cfg(test)]\n#[expect(x)]\nfn c(\n    d: E,\n) {\n    f();\n}\n\nuse g; // h\n\
                #[cfg(test)]\nmod tests {\n    use i;\n}\nuse j;\n#[cfg(test)]\nconst K: [L; 1] = [\n    M,\n];\nuse n;\n";
    let kept: Vec<_> = without_tests(text).into_iter().map(|(number, line)| format!("{number} {line}")).collect();
    assert_eq!(kept, ["1 use a;", "12 use g;", "17 use j;", "22 use n;"]);
}

/// A path that a source names.
pub(crate) struct NamedPath {
    pub(crate) line: usize,
    pub(crate) path: String,
    /// The name that a `use` declaration gives it; nothing for a path in the middle of code.
    pub(crate) name: Option<String>,
    /// Whether the declaration passes the name on.
    pub(crate) is_export: bool,
}

/// The paths that a source names: those of its `use` declarations, spread out, and those written in full.
pub(crate) fn named_paths(file: &Path) -> Vec<NamedPath> {
    let mut paths = Vec::new();
    let mut declaration: Option<(usize, bool, String)> = None;
    for (number, line) in code_of(file) {
        if let Some((_, _, text)) = &mut declaration {
            text.push_str(line.trim());
        } else {
            let trimmed = line.trim_start();
            let after_visibility = trimmed.strip_prefix("pub").map_or(trimmed, |rest| {
                let scope = rest.trim_start().strip_prefix('(').and_then(|rest| rest.split_once(')'));
                scope.map_or(rest, |(_, rest)| rest)
            });
            match after_visibility.trim_start().strip_prefix("use ") {
                Some(rest) => declaration = Some((number, trimmed.starts_with("pub"), rest.trim().to_owned())),
                None => paths.extend(full_paths(&line).map(|path| NamedPath {
                    line: number,
                    path,
                    name: None,
                    is_export: false,
                })),
            }
        }
        if declaration.as_ref().is_some_and(|(_, _, text)| text.ends_with(';'))
            && let Some((begun, is_export, text)) = declaration.take()
        {
            spread(text.trim_end_matches(';'), "", &mut |path, name| {
                paths.push(NamedPath { line: begun, path, name: Some(name), is_export });
            });
        }
    }
    paths
}

fn paths_of(file: &Path) -> Vec<(usize, String)> {
    named_paths(file).into_iter().map(|named| (named.line, named.path)).collect()
}

/// The paths with `::` that a line of code names.
fn full_paths(line: &str) -> impl Iterator<Item = String> + '_ {
    // Who may see something is no dependency on them.
    let line = line.split_once("pub(in ").and_then(|(_, rest)| rest.split_once(')')).map_or(line, |(_, rest)| rest);
    let words = line.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == ':'));
    words.filter(|word| word.contains("::")).map(|word| word.trim_matches(':').to_owned())
}

/// Spreads `a::{b, c::{d as e}}` into `a::b` and `a::c::d`, with the names that they get.
fn spread(tree: &str, before: &str, found: &mut impl FnMut(String, String)) {
    let tree = tree.trim();
    let Some((head, inner)) = tree.split_once('{') else {
        let (path, alias) = tree.split_once(" as ").map_or((tree, None), |(path, alias)| (path.trim(), Some(alias)));
        if !path.is_empty() {
            let path = format!("{before}{path}");
            let path = path.strip_suffix("::self").unwrap_or(&path).to_owned();
            let name = alias.unwrap_or(path.rsplit("::").next().unwrap_or(&path)).trim().to_owned();
            found(path, name);
        }
        return;
    };
    let inner = inner.strip_suffix('}').unwrap_or(inner);
    let (mut depth, mut begun) = (0, 0);
    for (position, c) in inner.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                spread(&inner[begun..position], &format!("{before}{head}"), found);
                begun = position + 1;
            }
            _ => {}
        }
    }
    spread(&inner[begun..], &format!("{before}{head}"), found);
}

#[test]
fn a_declaration_is_spread_into_its_paths() {
    let mut found = Vec::new();
    spread("a::{b, c::{d as e, self}, f::*}", "", &mut |path, name| found.push(format!("{path} {name}")));
    assert_eq!(found, ["a::b b", "a::c::d e", "a::c c", "a::f::* *"]);
    assert!(begins_with("crate::ui::app", "crate::ui") && !begins_with("crate::uid", "crate::ui"));
}
