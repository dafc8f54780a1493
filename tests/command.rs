//! The command line as its users meet it.
#![cfg(feature = "cli")]

#[path = "common/command.rs"]
mod command;
mod common;

use std::path::{Path, PathBuf};
use std::process::Output;

use cam_lucida::network::Architecture;
use cam_lucida::picture::{Picture, Preprocess};
use cam_lucida::render::{self, Style};
use cam_lucida::weights::Card;
use cam_lucida::{Device, Model, Request};
use command::cam_lucida;
use common::weight_file::WeightFile;
use npyz::WriterBuilder;
use serde_json::Value;
use tempfile::TempDir;

const NETWORK: &str = "mobilenet_v2_x0_25";

/// A folder with weights, and the arguments that every call needs.
struct Desk {
    folder: TempDir,
}

impl Desk {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        std::fs::write(folder.path().join("weights.safetensors"), weights()).unwrap();
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// `arguments` beside network, weights and the CPU.
    fn run(&self, command: &str, arguments: &[&str]) -> Output {
        let mut call = cam_lucida(&[command, "--network", NETWORK, "--device", "cpu"]);
        call.arg("--weight-path").arg(self.path("weights.safetensors"));
        call.args(arguments).current_dir(&self.folder).output().unwrap()
    }

    /// `explain` that must fail with exit code 2 and these words, writing nothing.
    fn refuses(&self, arguments: &[&str], words: &[&str]) {
        let output = self.run("explain", arguments);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        for word in words {
            assert!(said.contains(word), "{arguments:?}: “{said}” does not say “{word}”");
        }
        assert!(!said.contains("panicked"), "{said}");
        assert!(output.stdout.is_empty());
        assert!(!self.path("results").exists(), "{arguments:?} wrote something");
    }
}

fn weights() -> Vec<u8> {
    WeightFile::hashed(Architecture::named(NETWORK).unwrap(), 10).bytes()
}

fn fixture(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/pictures").join(name);
    path.to_str().unwrap().into()
}

fn npy(path: &Path) -> (Vec<u64>, Vec<f32>) {
    let bytes = std::fs::read(path).unwrap();
    let file = npyz::NpyFile::new(&bytes[..]).unwrap();
    (file.shape().to_vec(), file.into_vec().unwrap())
}

/// What the library says of photo.png: class scores, and the raw map of Grad-CAM for class 4.
fn by_library() -> (Vec<f32>, Vec<f32>, Picture) {
    let model = pollster::block_on(Model::load(
        &Device::cpu(),
        Card::new(Architecture::named(NETWORK).unwrap()),
        weights(),
    ))
    .unwrap();
    let picture = Picture::decode(&std::fs::read(fixture("photo.png")).unwrap()).unwrap();
    let input = model.input(&picture, Preprocess::Squash).unwrap();
    let view = model.preprocessor().view(&picture, Preprocess::Squash);
    let request = Request { classes: vec![4], ..Request::default() };
    let explanation = pollster::block_on(model.explain(&input, &request)).unwrap();
    let heatmap = &explanation.heatmaps[0];
    let [_, h, w] = heatmap.map.dims();
    let values = pollster::block_on(heatmap.values()).unwrap();
    let drawn = render::draw(&view, &values, [1, h, w], &Style::default());
    (explanation.scores.logits, values, drawn)
}

#[test]
fn explain_writes_pictures_numbers_and_a_report() {
    let desk = Desk::new();
    let photo = fixture("photo.png");
    let methods = "grad-cam,grad-cam++,cam";
    let output =
        desk.run("explain", &["--image-path", &photo, "--class-id", "4", "--method", methods, "--save-raw"]);
    assert!(output.status.success(), "{output:?}");
    assert!(output.stderr.is_empty(), "quiet in a pipe: {}", String::from_utf8_lossy(&output.stderr));

    let (logits, map, drawn) = by_library();
    let results = desk.path("results");
    let stem = format!("photo-{NETWORK}");
    for method in methods.split(',') {
        for kind in ["heatmap.png", "overlay.png", "raw.npy"] {
            assert!(results.join(format!("{stem}-{method}-{kind}")).exists(), "{method} {kind}");
        }
    }
    assert_eq!(npy(&results.join("logits.npy")), (vec![1, 10], logits));
    assert_eq!(npy(&results.join(format!("{stem}-grad-cam-raw.npy"))), (vec![7, 7], map));
    let written = std::fs::read(results.join(format!("{stem}-grad-cam-overlay.png"))).unwrap();
    assert_eq!(Picture::decode(&written).unwrap(), drawn);

    let report: Value = serde_json::from_slice(&std::fs::read(results.join("result.json")).unwrap()).unwrap();
    assert_eq!(report["network"], NETWORK);
    assert_eq!(report["layers"], serde_json::json!(["features.18"]));
    assert_eq!(report["class"]["id"], 4);
    assert_eq!(report["top"].as_array().unwrap().len(), 5);
    assert_eq!(report["device"], "CPU");
    for key in ["files", "maps", "seconds", "versions", "target"] {
        assert!(!report[key].is_null(), "{key}");
    }
    let listed: Vec<PathBuf> =
        std::fs::read_dir(&results).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(listed.len(), 3 * 3 + 2, "nothing half-written is left: {listed:?}");
    let printed = String::from_utf8(output.stdout).unwrap();
    assert_eq!(printed.lines().count(), listed.len());
}

#[test]
fn several_classes_are_written_side_by_side() {
    let desk = Desk::new();
    let photo = fixture("photo.png");
    let methods = ["grad-cam", "cam"];
    let output = desk
        .run("explain", &["-i", &photo, "--class-id", "4,2", "--method", &methods.join(","), "--save-raw"]);
    assert!(output.status.success(), "{output:?}");
    let results = desk.path("results");
    let report: Value = serde_json::from_slice(&std::fs::read(results.join("result.json")).unwrap()).unwrap();
    assert_eq!([&report["classes"][0]["id"], &report["classes"][1]["id"]], [4, 2]);
    let mut maps = report["maps"].as_array().unwrap().iter();
    for method in methods {
        for class in [4, 2] {
            let map = maps.next().unwrap();
            assert_eq!((&map["method"], &map["class"]), (&method.into(), &class.into()));
            for kind in ["heatmap.png", "overlay.png", "raw.npy"] {
                let name = format!("photo-{NETWORK}-{method}-{class}-{kind}");
                assert!(results.join(&name).exists(), "{name}");
            }
        }
    }
    assert_eq!(std::fs::read_dir(&results).unwrap().count(), 2 * 2 * 3 + 2);
    let (logits, expected, _) = by_library();
    assert_eq!(npy(&results.join("logits.npy")), (vec![1, 10], logits));
    let (shape, found) = npy(&results.join(format!("photo-{NETWORK}-grad-cam-4-raw.npy")));
    assert_eq!(shape, [7, 7]);
    let largest = expected.iter().fold(0.0_f32, |most, value| most.max(*value));
    assert!(found.iter().zip(&expected).all(|(a, b)| (a - b).abs() <= 1e-4 * largest));
    let output = desk.run("measure", &["-i", &photo, "--class-id", "4,2"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("one class at a time"), "{output:?}");
}

#[test]
fn a_folder_says_all_of_a_model() {
    let desk = Desk::new();
    let photo = &fixture("photo.png");
    let folder = desk.path("model");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("model.safetensors"), weights()).unwrap();
    let names: Vec<String> = (0..10).map(|i| format!("kind {i}")).collect();
    let mut config = serde_json::json!({
        "architecture": NETWORK, "label_names": names, "problem_type": "multi_label_classification",
    });
    std::fs::write(folder.join("config.json"), config.to_string()).unwrap();
    let size = r#"{ "size": 96, "image_mean": [0.5, 0.5, 0.5], "image_std": [0.25, 0.25, 0.25] }"#;
    std::fs::write(folder.join("preprocessor_config.json"), size).unwrap();
    let run = |command: &str, arguments: &[&str]| {
        let mut call = cam_lucida(&[command, "--device", "cpu", "-i", photo, "--model-dir", "model"]);
        call.args(arguments).current_dir(&desk.folder).output().unwrap()
    };
    let output = run("explain", &["--save-raw"]);
    assert!(output.status.success(), "{output:?}");
    let report = std::fs::read(desk.path("results/result.json")).unwrap();
    let report: Value = serde_json::from_slice(&report).unwrap();
    assert_eq!((&report["network"], &report["problem"]), (&NETWORK.into(), &"multi-label".into()));
    let (_, logits) = npy(&desk.path("results/logits.npy"));
    let best = (0..10).max_by(|&a, &b| logits[a].total_cmp(&logits[b])).unwrap();
    assert_eq!(report["class"]["name"], format!("kind {best}"));
    let probability = 1.0 / (1.0 + (-f64::from(logits[best])).exp());
    assert!((report["class"]["probability"].as_f64().unwrap() - probability).abs() < 1e-6);
    // Five times halved from 96 pixels.
    assert_eq!((&report["maps"][0]["height"], &report["maps"][0]["width"]), (&3.into(), &3.into()));
    let output = run("classify", &["--top", "1"]);
    let said = String::from_utf8(output.stdout).unwrap();
    let percent = format!("{:.2} %  kind {best}", 100.0 * probability);
    assert!(said.contains(&percent), "“{said}” does not say “{percent}”");
    let output = run("measure", &["--measure", "randomise", "--stages", "1"]);
    assert!(output.status.success(), "{output:?}");

    let refused = |arguments: &[&str], words: &str| {
        let output = run("explain", arguments);
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == Some(2) && said.contains(words), "“{said}” does not say “{words}”");
    };
    refused(&["--network", NETWORK], "'--model-dir <FOLDER>' cannot be used with '--network <NETWORK>'");
    refused(&["--labels", "labels.txt"], "cannot be used with '--labels <FILE>'");
    config["num_classes"] = 9.into();
    std::fs::write(folder.join("config.json"), config.to_string()).unwrap();
    refused(&[], "model: config.json: 10 class names do not fit `num_classes` 9");
    std::fs::remove_file(folder.join("config.json")).unwrap();
    refused(&[], "cannot read model/config.json");
}

#[test]
fn a_flat_map_is_reported() {
    let desk = Desk::new();
    let output = desk.run("explain", &["--image-path", &fixture("photo.png"), "--class-id", "3"]);
    assert!(output.status.success(), "{output:?}");
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("grad-cam: nothing in features.18 speaks for class 3"), "{said}");
    let report = std::fs::read(desk.path("results/result.json")).unwrap();
    let report: Value = serde_json::from_slice(&report).unwrap();
    assert_eq!(report["maps"][0]["flat"], true);
}

#[test]
fn layers_are_merged_settings_heard_and_budgets_told() {
    let desk = Desk::new();
    let photo = fixture("photo.png");
    let run = |arguments: &[&str]| -> (Value, String) {
        let output = desk.run("explain", &[&["-i", &photo, "-c", "4", "--save-raw"], arguments].concat());
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{said}");
        (serde_json::from_slice(&std::fs::read(desk.path("results/result.json")).unwrap()).unwrap(), said)
    };
    let raw = |method: &str| npy(&desk.path(&format!("results/photo-{NETWORK}-{method}-raw.npy")));

    let (report, _) = run(&["-l", "features.14,features.18", "--merge", "max", "--smooth"]);
    assert_eq!(report["layers"], serde_json::json!(["features.14", "features.18"]));
    let (shape, map) = raw("grad-cam");
    assert_eq!(shape, [224, 224]);
    assert!(map.iter().all(|value| (0.0..=1.0).contains(value)));

    let (report, said) = run(&["-m", "score-cam", "--set", "max_channels=8"]);
    assert_eq!(report["settings"]["max_channels"], 8.0);
    assert!(said.contains("score-cam: 8 of ") && said.contains("% of the activation"), "{said}");

    let noisy = ["-m", "smooth-grad", "--set", "samples=2,seed=5"];
    run(&noisy);
    let (shape, first) = raw("smooth-grad");
    assert_eq!(shape, [3, 224, 224]);
    run(&noisy);
    assert_eq!(raw("smooth-grad").1, first, "the same seed gives the same picture");
    run(&["-m", "smooth-grad", "--set", "samples=2,seed=6"]);
    assert_ne!(raw("smooth-grad").1, first);
}

#[test]
fn the_predicted_class_is_explained_by_default() {
    let desk = Desk::new();
    let output =
        desk.run("explain", &["--image-path", &fixture("photo.png"), "--output-dir", "elsewhere/deep"]);
    assert!(output.status.success(), "{output:?}");
    let report = std::fs::read(desk.path("elsewhere/deep/result.json")).unwrap();
    let report: Value = serde_json::from_slice(&report).unwrap();
    assert_eq!(report["class"], report["top"][0]);
}

#[test]
fn a_preprocessed_input_takes_the_place_of_a_picture() {
    let desk = Desk::new();
    let picture = Picture::decode(&std::fs::read(fixture("photo.png")).unwrap()).unwrap();
    let preprocessor = cam_lucida::picture::Preprocessor::imagenet(224);
    let values = preprocessor.normalise(&preprocessor.frame(&picture, Preprocess::Squash).unwrap());
    let write = |name: &str, shape: &[u64], values: &[f32]| {
        let mut bytes = Vec::new();
        let mut writer =
            npyz::WriteOptions::new().default_dtype().shape(shape).writer(&mut bytes).begin_nd().unwrap();
        writer.extend(values.iter().copied()).unwrap();
        writer.finish().unwrap();
        std::fs::write(desk.path(name), bytes).unwrap();
    };
    write("flat.npy", &[3, 224, 224], &values);
    desk.refuses(&["--input-npy", "flat.npy"], &["shape [3, 224, 224]", "[1, 3, height, width]"]);
    write("small.npy", &[1, 3, 8, 8], &values[..192]);
    desk.refuses(&["--input-npy", "small.npy"], &["8×8", "32 to 2048"]);
    std::fs::write(desk.path("text.npy"), "not numbers").unwrap();
    desk.refuses(&["--input-npy", "text.npy"], &["no complete NPY file"]);

    write("x.npy", &[1, 3, 224, 224], &values);
    let output = desk.run("explain", &["--input-npy", "x.npy", "--class-id", "4", "--save-raw"]);
    assert!(output.status.success(), "{output:?}");
    let (logits, map, _) = by_library();
    assert_eq!(npy(&desk.path("results/logits.npy")).1, logits);
    assert_eq!(npy(&desk.path(&format!("results/x-{NETWORK}-grad-cam-raw.npy"))).1, map);
}

#[test]
fn what_does_not_fit_is_refused_in_words_with_exit_code_2() {
    let desk = Desk::new();
    let photo = &fixture("photo.png");
    desk.refuses(&[], &["no picture", "--image-path"]);
    desk.refuses(&["-i", "nowhere.png"], &["cannot read nowhere.png"]);
    desk.refuses(&["-i", &fixture("text-named.png")], &["text-named.png", "not a picture that can be read"]);
    desk.refuses(
        &["-i", photo, "--layer-name", "features.99"],
        &["unknown layer `features.99`", "features.9"],
    );
    desk.refuses(&["-i", photo, "--class-id", "10"], &["class 10 does not exist", "0 to 9"]);
    desk.refuses(&["-i", photo, "--method", "grad-kam"], &["unknown method `grad-kam`", "grad-cam++"]);
    desk.refuses(&["-i", photo, "--target", "contrast:77"], &["class 77 does not exist"]);
    desk.refuses(&["-i", photo, "--target", "loss"], &["unknown target `loss`", "counterfactual"]);
    desk.refuses(&["-i", photo, "--preset", "pytorch-grad-cam"], &["no presets"]);
    desk.refuses(&["-i", photo, "--method", "grad-cam++", "--preset", "x"], &["unknown preset `x`"]);
    desk.refuses(
        &["-i", photo, "--method", "cam", "-l", "features.5"],
        &["CAM explains only the layer", "`features`"],
    );
    desk.refuses(&["-i", photo, "--method", "cam", "--target", "probability"], &["before softmax"]);
    desk.refuses(&["-i", photo, "--set", "samples=8"], &["samples means nothing to grad-cam"]);
    desk.refuses(&["-i", photo, "-m", "rise", "--set", "samples=0"], &["a whole number from 1", "found 0"]);
    desk.refuses(&["-i", photo, "-m", "rise", "--set", "masks=4"], &["unknown setting `masks`", "samples"]);
    desk.refuses(
        &["-i", photo, "-m", "rise", "--set", "samples"],
        &["`samples` is not a setting", "samples=32"],
    );
    desk.refuses(
        &["-i", photo, "-m", "occlusion", "--set", "patch=8,stride=9"],
        &["leave gaps", "at most 8"],
    );
    desk.refuses(&["-i", photo, "--merge", "sum"], &["unknown merge `sum`", "mean"]);
    desk.refuses(
        &["-i", photo, "-m", "gradient", "--smooth"],
        &["smoothing averages maps", "gradient gives a signed"],
    );
    desk.refuses(
        &["-i", photo, "-m", "guided-grad-cam", "-l", "features.14,features.18"],
        &["merging layers averages maps"],
    );
    desk.refuses(&["-i", photo, "--opacity", "2"], &["opacity must be 0 to 1"]);
    desk.refuses(&["-i", photo, "--colormap", "rainbow"], &["unknown colour map `rainbow`", "viridis"]);
    desk.refuses(&["-i", photo, "--preprocess", "stretch"], &["unknown preprocessing `stretch`", "squash"]);
    std::fs::write(desk.path("labels.txt"), "cat\ndog\n").unwrap();
    desk.refuses(&["-i", photo, "--labels", "labels.txt"], &["2 labels do not fit a network of 10 classes"]);
    let whole = weights();
    std::fs::write(desk.path("weights.safetensors"), &whole[..whole.len() / 2]).unwrap();
    desk.refuses(&["-i", photo], &["weights.safetensors", "the weight file is incomplete", "copy it again"]);
}

#[test]
fn without_weights_explain_says_where_to_get_some() {
    for arguments in [&["explain"][..], &["classify", "-i", "x.png"]] {
        let output = cam_lucida(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains("--weight-path") && said.contains("torch.save(model.state_dict()"), "{said}");
    }
}

#[test]
fn a_folder_that_cannot_be_written_leaves_nothing() {
    let desk = Desk::new();
    std::fs::write(desk.path("results.txt"), "a file").unwrap();
    desk.refuses(&["-i", &fixture("photo.png"), "-o", "results.txt"], &["cannot write results.txt"]);
}

#[test]
fn classify_names_the_classes() {
    let desk = Desk::new();
    let labels: Vec<String> = (0..10).map(|i| format!("kind {i}")).collect();
    std::fs::write(desk.path("labels.json"), serde_json::to_vec(&labels).unwrap()).unwrap();
    let output =
        desk.run("classify", &["-i", &fixture("photo.png"), "--labels", "labels.json", "--top", "3"]);
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(text.lines().count(), 3);
    let (logits, ..) = by_library();
    let best = (0..10).max_by(|&a, &b| logits[a].total_cmp(&logits[b])).unwrap();
    assert!(text.lines().next().unwrap().contains(&format!("kind {best}")), "{text}");
}

#[test]
fn lists_hold_every_line_of_their_tables() {
    let text = |arguments: &[&str]| {
        let output = cam_lucida(arguments).output().unwrap();
        assert!(output.status.success());
        String::from_utf8(output.stdout).unwrap()
    };
    let networks = text(&["networks"]);
    let known = cam_lucida::network::NETWORKS.len() + cam_lucida::network::OTHERS.len();
    assert_eq!(networks.lines().count(), known);
    assert!(networks.contains("resnet50"));
    let methods = text(&["methods"]);
    let listed = methods.lines().filter(|line| !line.starts_with(' ')).count();
    assert_eq!(listed, cam_lucida::cam::METHODS.len());
    assert!(methods.contains("max_channels: how many channels to try"), "{methods}");
    assert!(methods.contains("grad-cam++") && methods.contains("pytorch-grad-cam"));
    let layers = text(&["layers", "--network", "squeezenet1_1"]);
    assert!(layers.contains("features.9.expand3x3") && layers.contains("512 × 13 × 13"), "{layers}");
    let default = layers.lines().find(|line| line.ends_with("default")).unwrap();
    assert!(default.starts_with("features.12"));
    let output = cam_lucida(&["layers", "--network", "alexnet"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
}
