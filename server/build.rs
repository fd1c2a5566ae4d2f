//! Rebuilds the crate when the built portal or a migration changes: both are embedded.
fn main() {
    println!("cargo:rerun-if-changed=dist");
    println!("cargo:rerun-if-changed=migrations");
}
