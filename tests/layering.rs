//! Who may know what: the invariants of ARCHITECTURE.md, read from the sources.

use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust or shader source below `folder` (or the one file), with its text.
fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    fn walk(path: &Path, found: &mut Vec<(PathBuf, String)>) {
        if path.is_dir() {
            let entries = std::fs::read_dir(path).unwrap();
            entries.for_each(|entry| walk(&entry.unwrap().path(), found));
        } else if path.extension().is_some_and(|extension| extension == "rs" || extension == "js") {
            found.push((path.into(), std::fs::read_to_string(path).unwrap()));
        }
    }
    let mut found = Vec::new();
    walk(&root().join(folder), &mut found);
    assert!(!found.is_empty(), "{folder} holds sources");
    found
}

fn none_mentions(folder: &str, words: &[&str]) {
    for (path, text) in sources(folder) {
        for (number, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap();
            for word in words {
                assert!(
                    !code.contains(word),
                    "{}:{}: `{word}` does not belong here",
                    path.display(),
                    number + 1
                );
            }
        }
    }
}

#[test]
fn networks_know_no_methods() {
    none_mentions("src/network", &["crate::cam", "crate::render", "crate::picture", "crate::explain"]);
}

#[test]
fn networks_and_methods_know_neither_files_nor_clock_nor_gpu_nor_dom() {
    let words = ["std::fs", "std::time", "web_time", "wgpu", "web_sys", "js_sys", "wasm_bindgen"];
    none_mentions("src/network", &words);
    none_mentions("src/cam", &words);
    none_mentions("src/measure", &words);
}

#[test]
fn measures_know_the_network_only_through_a_session() {
    none_mentions("src/measure", &["crate::network", "burn::", "NETWORKS", "METHODS", "crate::device"]);
    for folder in ["src/network", "src/cam", "src/picture", "src/render", "src/weights"] {
        none_mentions(folder, &["crate::measure"]);
    }
}

#[test]
fn methods_know_networks_only_as_a_trait() {
    none_mentions("src/cam", &["Architecture", "NETWORKS", "resnet", "mobilenet", "squeezenet", "blocks"]);
}

#[test]
fn pictures_know_no_tensors() {
    none_mentions("src/picture", &["burn", "wgpu", "web_sys", "crate::network", "crate::cam"]);
}

#[test]
fn readers_of_weight_files_know_no_networks() {
    none_mentions(
        "src/weights/format",
        &["burn", "crate::network", "crate::cam", "crate::explain", "std::fs"],
    );
}

#[test]
fn scenes_know_neither_tensors_nor_networks() {
    let words =
        ["burn", "wgpu", "crate::network", "crate::cam", "crate::train", "crate::weights", "crate::explain"];
    none_mentions("src/scenes", &words);
    none_mentions("src/scenes", &["std::time", "web_time", "web_sys", "crate::measure", "crate::render"]);
}

#[test]
fn nothing_that_explains_knows_scenes_or_training() {
    let entries = std::fs::read_dir(root().join("src")).unwrap().map(|entry| entry.unwrap().file_name());
    let (mut looked_at, own) = (0, ["scenes", "train", "bin", "lib.rs"]);
    for name in entries.map(|name| name.into_string().unwrap()).filter(|name| !own.contains(&name.as_str())) {
        none_mentions(&format!("src/{name}"), &["crate::scenes", "crate::train", "tiny_skia", "ttf_parser"]);
        looked_at += 1;
    }
    assert!(looked_at > 8, "the sources are where they were: {looked_at}");
    none_mentions("src/bin/web", &["::scenes", "::train"]);
}

#[test]
fn training_alone_knows_scenes_and_only_binaries_know_training() {
    none_mentions("src/scenes", &["crate::train"]);
    none_mentions("src/train", &["crate::explain", "crate::measure", "crate::render", "crate::device"]);
    let library = std::fs::read_to_string(root().join("src/lib.rs")).unwrap();
    for module in ["scenes", "train"] {
        let line = format!("#[cfg(feature = \"train\")]\npub mod {module};");
        assert!(library.contains(&line), "{module} is not in what the page loads");
    }
}

#[test]
fn the_browser_is_known_to_the_web_binary_alone() {
    for folder in [
        "src/cam",
        "src/device",
        "src/measure",
        "src/network",
        "src/picture",
        "src/render",
        "src/weights",
        "src/bin/cam-lucida",
    ] {
        none_mentions(folder, &["wasm_bindgen", "web_sys", "js_sys", "serde_wasm_bindgen"]);
    }
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let (common, wasm) =
        manifest.split_once("[target.'cfg(target_arch = \"wasm32\")'.dependencies]").unwrap();
    for dependency in ["wasm-bindgen", "web-sys", "js-sys", "serde-wasm-bindgen"] {
        let line = format!("\n{dependency} =");
        assert!(wasm.contains(&line), "{dependency} is a dependency of wasm");
        assert!(!common.contains(&line), "{dependency} is a dependency of wasm alone");
    }
}

#[test]
fn the_page_reaches_the_engine_through_one_facade() {
    for (path, text) in sources("www") {
        let name = path.file_name().unwrap().to_str().unwrap();
        let posts = text.contains("new Worker(") || text.contains("worker.postMessage");
        assert!(!posts || name == "engine.js", "{}: only engine.js talks to the worker", path.display());
    }
}

#[test]
fn neither_page_nor_command_line_lists_methods_or_networks_of_its_own() {
    let words = ["'grad-cam++'", "\"grad-cam++\"", "'resnet50'", "\"resnet50\"", "'mobilenet_v2'"];
    none_mentions("www", &words);
    none_mentions("src/bin", &words);
}

#[test]
fn the_version_of_burn_is_told_as_it_is() {
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let pin = format!("burn = {{ version = \"={}\"", cam_lucida::BURN_VERSION);
    assert!(manifest.contains(&pin));
}
