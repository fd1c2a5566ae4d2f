//! Embeds the built portal, compressed, and rebuilds the crate when the portal or a migration changes.
//!
//! Writes `assets.rs` into the build folder: one `Asset` literal for each file below `dist`. Without a built portal the
//! list is empty, and the server serves a page that says how to build it.
#![cfg_attr(
    feature = "portal",
    expect(clippy::disallowed_methods, reason = "cargo speaks to build scripts through the environment")
)]

fn main() -> std::io::Result<()> {
    println!("cargo:rerun-if-changed=dist");
    println!("cargo:rerun-if-changed=migrations");
    // Distinguishes checkouts that share a target folder; .cargo/config.toml sets it.
    println!("cargo:rerun-if-env-changed=VESTIBULE_CHECKOUT");
    #[cfg(feature = "portal")]
    portal::embed()?;
    Ok(())
}

#[cfg(feature = "portal")]
mod portal {
    use std::{
        env, fs, io,
        io::Write as _,
        path::{Path, PathBuf},
    };

    pub(super) fn embed() -> io::Result<()> {
        let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
        let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
        let dist = root.join("dist");
        let mut files = Vec::new();
        collect(&dist, &mut files)?;
        files.sort();
        let mut code = format!("static ASSETS: [Asset; {}] = [\n", files.len());
        for (index, file) in files.iter().enumerate() {
            let bytes = fs::read(file)?;
            let name = file.strip_prefix(&dist).expect("collected below it").to_string_lossy().replace('\\', "/");
            let brotli = out.join(format!("{index}.br"));
            let gzip = out.join(format!("{index}.gz"));
            fs::write(&brotli, to_brotli(&bytes)?)?;
            fs::write(&gzip, to_gzip(&bytes)?)?;
            code.push_str(&format!(
                "    Asset::new({name:?}, {:?}, include_bytes!({brotli:?}), include_bytes!({gzip:?})),\n",
                content_type(&name),
            ));
        }
        code.push_str("];\n");
        fs::write(out.join("assets.rs"), code)
    }

    fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
        let Ok(entries) = fs::read_dir(folder) else { return Ok(()) };
        for entry in entries {
            let entry = entry?;
            let path = entry.path();
            // What begins with a dot is the build's own note, not a part of the portal.
            if entry.file_name().to_string_lossy().starts_with('.') {
                continue;
            }
            if path.is_dir() { collect(&path, files)? } else { files.push(path) }
        }
        Ok(())
    }

    fn to_brotli(bytes: &[u8]) -> io::Result<Vec<u8>> {
        // The best quality takes seconds for the portal, which a release is worth and a debug build is not.
        let quality = if env::var("PROFILE").as_deref() == Ok("release") { 11 } else { 5 };
        let mut compressed = Vec::new();
        brotli::CompressorWriter::new(&mut compressed, 64 * 1024, quality, 22).write_all(bytes)?;
        Ok(compressed)
    }

    fn to_gzip(bytes: &[u8]) -> io::Result<Vec<u8>> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(6));
        encoder.write_all(bytes)?;
        encoder.finish()
    }

    fn content_type(name: &str) -> &'static str {
        match name.rsplit('.').next() {
            Some("html") => "text/html; charset=utf-8",
            Some("js") => "text/javascript; charset=utf-8",
            Some("css") => "text/css; charset=utf-8",
            Some("wasm") => "application/wasm",
            Some("svg") => "image/svg+xml",
            Some("png") => "image/png",
            Some("ico") => "image/x-icon",
            Some("json" | "webmanifest") => "application/json",
            _ => "application/octet-stream",
        }
    }
}
