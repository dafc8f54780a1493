//! Without arguments: the embedded network and a sample scene.

use std::path::Path;
use std::process::Output;

use cam_lucida::picture::Picture;
use serde_json::Value;
use tempfile::TempDir;

use crate::command::cam_lucida;
use crate::fixture;

const NO_NETWORK: &str =
    "note: no network given, so the embedded Small ResNet is used; it knows 32 kinds of stickers";
const NO_PICTURE: &str = "note: no picture given, so a sample scene is explained";

/// `arguments` on the CPU, in an empty folder.
fn run(folder: &TempDir, arguments: &[&str]) -> Output {
    let output = cam_lucida(arguments).args(["--device", "cpu"]).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {output:?}");
    output
}

fn notes(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn report(folder: &TempDir, name: &str) -> Value {
    serde_json::from_slice(&std::fs::read(folder.path().join("results").join(name)).unwrap()).unwrap()
}

/// The model that `models/index.json` opens with.
fn default_model() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/index.json");
    let index: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let models = index["models"].as_array().unwrap();
    models.iter().find(|model| model["name"] == index["default"]).unwrap().clone()
}

#[test]
fn explain_without_arguments_explains_a_sample_scene() {
    let folder = TempDir::new().unwrap();
    let output = run(&folder, &["explain", "--save-raw"]);
    let said = notes(&output);
    assert!(said.contains(NO_NETWORK) && said.contains(NO_PICTURE), "{said}");
    let default = default_model();
    let title = default["title"].as_str().unwrap();
    assert!(said.contains(title) && said.contains(&default["classes"].to_string()), "{said}");

    let report = report(&folder, "result.json");
    assert_eq!(report["network"], default["network"]);
    assert_eq!(report["class"], report["top"][0]);
    let top: Vec<&str> =
        report["top"].as_array().unwrap()[..3].iter().map(|class| class["name"].as_str().unwrap()).collect();
    for name in ["cat", "dog", "bicycle"] {
        assert!(top.contains(&name), "the scene shows a {name}: {top:?}");
    }
    let stem = format!("sample-{}-grad-cam-{}", default["network"].as_str().unwrap(), report["class"]["id"]);
    let written = std::fs::read(folder.path().join(format!("results/{stem}-overlay.png"))).unwrap();
    Picture::decode(&written).unwrap();
}

/// Of each object that the scene shows, Grad-CAM's peak lies within its sticker: boxes as `www/board/starts.js` places them.
#[test]
fn heatmaps_of_the_sample_scene_peak_on_their_objects() {
    let folder = TempDir::new().unwrap();
    let labels = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/resnet-scenes/config.json");
    let config: Value = serde_json::from_slice(&std::fs::read(labels).unwrap()).unwrap();
    let names = config["id2label"].as_object().unwrap();
    for (name, (x, y), size) in
        [("bicycle", (0.7, 0.4), 0.4), ("cat", (0.27, 0.52), 0.4), ("dog", (0.66, 0.77), 0.38)]
    {
        let (id, _) = names.iter().find(|(_, known)| *known == name).unwrap();
        run(&folder, &["explain", "--save-raw", "--class-id", id]);
        let raw = folder.path().join(format!("results/sample-resnet_small-grad-cam-{id}-raw.npy"));
        let (shape, values) = crate::npy(&raw);
        let peak = (0..values.len()).max_by(|&a, &b| values[a].total_cmp(&values[b])).unwrap();
        let (rows, columns) = (shape[0] as usize, shape[1] as usize);
        let centre = |at: usize, count: usize| (at as f64 + 0.5) / count as f64;
        let (px, py) = (centre(peak % columns, columns), centre(peak / columns, rows));
        let within = |p: f64, middle: f64| (p - middle).abs() <= size / 2.0;
        assert!(within(px, x) && within(py, y), "{name}: the map peaks at {px}, {py}");
    }
}

#[test]
fn a_picture_alone_is_explained_by_the_embedded_network() {
    let folder = TempDir::new().unwrap();
    let output = run(&folder, &["explain", "--image-path", &fixture("photo.png")]);
    let said = notes(&output);
    assert!(said.contains(NO_NETWORK) && !said.contains(NO_PICTURE), "{said}");
    assert!(said.contains("`cam-lucida models list`") && said.contains("models fetch"), "{said}");
    let class = report(&folder, "result.json")["class"]["id"].clone();
    assert!(folder.path().join(format!("results/photo-resnet_small-grad-cam-{class}-overlay.png")).exists());
}

#[test]
fn classify_and_measure_take_the_sample_too() {
    let folder = TempDir::new().unwrap();
    let output = run(&folder, &["classify", "--top", "3"]);
    assert!(notes(&output).contains(NO_NETWORK), "{output:?}");
    let said = String::from_utf8(output.stdout).unwrap();
    for name in ["cat", "dog", "bicycle"] {
        assert!(said.contains(name), "{said}");
    }
    let output = run(&folder, &["measure", "--measure", "drop,randomise", "--cascade-steps", "1"]);
    assert!(notes(&output).contains(NO_PICTURE), "{output:?}");
    let report = report(&folder, "measure.json");
    assert!(report["methods"][0]["drop"]["drop"].is_number(), "{report}");
    assert!(report["methods"][0]["randomise"].is_array(), "{report}");
    let output = cam_lucida(&["layers"]).output().unwrap();
    assert!(output.status.success() && notes(&output).contains("embedded Small ResNet"), "{output:?}");
}
