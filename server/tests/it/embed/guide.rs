//! The guide shows the programs that are built and driven.

#[test]
fn the_guide_contains_the_programs_of_the_tests() {
    let guide = include_str!("../../../../docs/guides/embedding.md");
    for program in [
        include_str!("../../../../end2end/host/src/bin/host.rs"),
        include_str!("../../../../end2end/host/src/bin/services.rs"),
        include_str!("../../../examples/minimal.rs"),
    ] {
        // What is for our own checks of style is not part of the program that is shown.
        let program: String = program.split_inclusive('\n').filter(|line| !line.starts_with("#![allow(")).collect();
        let block = format!("```rust\n{program}```\n");
        assert!(guide.contains(&block), "the guide does not contain this program as it is:\n{program}");
    }
}

#[test]
fn the_guide_contains_the_hook_of_the_example() {
    let guide = include_str!("../../../../docs/guides/embedding.md");
    let example = include_str!("../../../examples/own_sessions.rs");
    let (_, hook) = example.split_once("struct BeginSession;").expect("a hook");
    let (hook, _) = hook.split_once("\n}\n").expect("its end");
    assert!(guide.contains(hook), "the guide does not contain this hook as it is:\n{hook}");
}

#[test]
fn the_guide_names_every_setting_of_the_builder() {
    let guide = include_str!("../../../../docs/guides/embedding.md");
    let source = include_str!("../../../src/builder/mod.rs");
    let lines: Vec<_> = source.lines().map(str::trim).collect();
    let shown = lines.windows(2).filter(|pair| pair[0] != "#[doc(hidden)]").map(|pair| pair[1]);
    let settings = shown.filter_map(|line| line.strip_prefix("pub fn ")?.split_once("(mut self"));
    let settings: Vec<_> = settings.map(|(name, _)| name).collect();
    assert!(settings.len() > 10, "{settings:?}");
    for name in settings {
        assert!(guide.contains(&format!("\n| `{name}` | ")), "the guide's table lacks {name}");
    }
}
