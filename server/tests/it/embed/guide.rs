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
