//! Who may know what: the invariants of ARCHITECTURE.md, read from the sources.

mod arrows;
mod documents;
mod examples;
mod names;
mod sources;

use sources::{Source, read, root, sources};

const BROWSER: &[&str] = &["wasm_bindgen", "wasm_bindgen_futures", "web_sys", "js_sys", "serde_wasm_bindgen"];
const GPU: &[&str] = &["wgpu", "burn_wgpu", "cubecl"];
const CLOCK: &[&str] = &["std::time", "web_time"];
const FILES: &[&str] = &["std::fs"];

/// What must not stand in the sources below a folder: where a path begins, or one name anywhere in a path.
const NEVER: &[(&str, &[&[&str]])] = &[
    (
        "src/network",
        &[
            &[
                "crate::cam",
                "crate::render",
                "crate::picture",
                "crate::explain",
                "crate::weights",
                "crate::measure",
            ],
            FILES,
            CLOCK,
            GPU,
            BROWSER,
        ],
    ),
    // Slices in, slices out.
    ("src/kernels", &[&["burn", "burn_flex"], FILES, CLOCK, GPU, BROWSER]),
    // A method knows a network only as a trait.
    ("src/cam", &[&["Architecture", "NETWORKS", "families", "crate::measure"], FILES, CLOCK, GPU, BROWSER]),
    // A measure knows a network only through a model, and asks it for numbers.
    (
        "src/measure",
        &[&["crate::network", "crate::device", "burn", "NETWORKS", "METHODS"], FILES, CLOCK, GPU, BROWSER],
    ),
    ("src/picture", &[&["burn", "crate::network", "crate::cam", "crate::measure"], GPU, BROWSER]),
    ("src/render", &[&["crate::measure"], BROWSER]),
    ("src/device", &[BROWSER]),
    ("src/weights", &[&["crate::explain", "crate::measure"], BROWSER]),
    // The readers of weight files know no network.
    ("src/weights/format", &[&["burn", "crate::network", "crate::cam"], FILES]),
    (
        "src/scenes",
        &[
            &["burn", "crate::network", "crate::cam", "crate::weights", "crate::explain", "crate::measure"],
            &["crate::render", "crate::train"],
            CLOCK,
            GPU,
            BROWSER,
        ],
    ),
    ("src/train", &[&["crate::explain", "crate::measure", "crate::render", "crate::device"], BROWSER]),
    ("src/bin/web", &[&["cam_lucida::scenes", "cam_lucida::train"]]),
    ("src/bin/cam-lucida", &[BROWSER]),
];

/// The port by which a measure reads weights that it makes fresh, and the head that it tells of; neither holds a network.
const PORT: [&str; 3] = ["crate::network::Parameters", "crate::network::HeadPlan", "crate::network::Variant"];

/// Fails when one of `sources` has a path that begins with one of `words`, or that holds it as a name.
fn assert_never<'a>(sources: &[Source], words: impl IntoIterator<Item = &'a str>) {
    let words: Vec<Vec<&str>> = words.into_iter().map(|word| word.split("::").collect()).collect();
    let mut wrong = Vec::new();
    for source in sources.iter().filter(|source| source.is_rust()) {
        let from_root = source.crate_paths().into_iter().map(|path| [vec!["crate".into()], path].concat());
        for path in source
            .paths()
            .into_iter()
            .chain(from_root)
            .filter(|path| !PORT.contains(&path.join("::").as_str()))
        {
            let begins =
                |word: &[&str]| path.len() >= word.len() && path.iter().zip(word).all(|(a, b)| a == b);
            let holds = |word: &[&str]| word.len() == 1 && path.iter().any(|segment| segment == word[0]);
            if words.iter().any(|word| begins(word) || holds(word)) {
                wrong.push(format!("{}: {}", source.file, path.join("::")));
            }
        }
    }
    assert!(wrong.is_empty(), "these do not belong where they are:\n{}", wrong.join("\n"));
}

#[test]
fn no_folder_knows_what_it_must_not() {
    for (folder, words) in NEVER {
        assert_never(&sources(folder), words.iter().copied().flatten().copied());
    }
}

#[test]
fn methods_know_no_family_of_networks() {
    let families = sources("src/network/families");
    let families =
        families.iter().map(|source| source.module().pop().unwrap()).filter(|name| name != "families");
    let families: Vec<String> = families.collect();
    assert!(families.len() > 5, "the families are where they were: {families:?}");
    assert_never(&sources("src/cam"), families.iter().map(String::as_str));
}

#[test]
fn nothing_that_explains_knows_scenes_or_training() {
    let own = ["src/scenes/", "src/train/", "src/bin/", "src/lib.rs"];
    let mut all = sources("src");
    all.retain(|source| !own.iter().any(|own| source.file.starts_with(own)));
    assert!(all.len() > 50, "the sources are where they were: {}", all.len());
    assert_never(&all, ["crate::scenes", "crate::train", "tiny_skia", "ttf_parser"]);
    let library = read("src/lib.rs");
    for module in ["scenes", "train"] {
        let line = format!("#[cfg(feature = \"train\")]\npub mod {module};");
        assert!(library.contains(&line), "{module} is not in what the page loads");
    }
}

#[test]
fn the_browser_is_a_dependency_of_wasm_alone() {
    let manifest = read("Cargo.toml");
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
    for Source { file, text } in sources("www") {
        let posts = text.contains("new Worker(") || text.contains("worker.postMessage");
        // The engine's worker has a pool of its own.
        let allowed = ["www/engine/connection.js", "www/engine/threads.js"].contains(&&*file);
        assert!(!posts || allowed, "{file}: only connection.js talks to the worker");
    }
}

#[test]
fn the_version_of_burn_is_told_as_it_is() {
    let pin = format!("burn = {{ version = \"={}\"", cam_lucida::BURN_VERSION);
    assert!(read("Cargo.toml").contains(&pin));
}

/// `cargo install --path .` installs the command line alone.
#[test]
fn tools_of_the_project_are_not_installed() {
    let manifest = read("Cargo.toml");
    let default = manifest.split_once("\ndefault = ").unwrap().1.lines().next().unwrap();
    assert_eq!(default, "[\"cli\", \"gpu\"]");
    for binary in manifest.split("[[bin]]").skip(1).map(|section| section.split("\n\n").next().unwrap()) {
        assert_eq!(
            binary.contains("required-features = [\"cli\"]"),
            binary.contains("name = \"cam-lucida\"")
        );
    }
}

#[test]
fn folders_have_their_mod_rs() {
    for source in sources("src").into_iter().filter(|source| source.is_rust()) {
        let folder = root().join(source.file.strip_suffix(".rs").unwrap());
        assert!(!folder.is_dir(), "{} and the folder beside it: move it to mod.rs", source.file);
    }
}
