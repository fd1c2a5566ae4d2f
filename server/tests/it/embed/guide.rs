//! The guide shows the programs that are built and driven.

#[test]
fn the_guide_contains_the_programs_of_the_tests() {
    let guide = include_str!("../../../../docs/guides/embedding.md");
    for program in [
        include_str!("../../../../end2end/host/src/bin/host.rs"),
        include_str!("../../../../end2end/host/src/bin/services.rs"),
    ] {
        let block = format!("```rust\n{program}```\n");
        assert!(guide.contains(&block), "the guide does not contain this program as it is:\n{program}");
    }
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
