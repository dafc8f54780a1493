//! `cam-lucida measure` as its users meet it, on the network that sees nothing but colours.
#![cfg(feature = "cli")]

#[path = "common/command.rs"]
mod command;
mod common;

use std::path::PathBuf;
use std::process::Output;

use cam_lucida::Size;
use cam_lucida::picture::Picture;
use command::cam_lucida;
use common::colours;
use serde_json::Value;
use tempfile::TempDir;

/// A folder with weights, the scene, and a mask of its red discs.
struct Desk {
    folder: TempDir,
}

impl Desk {
    fn new() -> Self {
        let desk = Self { folder: TempDir::new().unwrap() };
        let scene = colours::scene();
        std::fs::write(desk.path("weights.safetensors"), colours::weights()).unwrap();
        std::fs::write(desk.path("scene.png"), scene.to_png()).unwrap();
        let red = |pixel: &[u8]| if colours::is_of(0, pixel) { [1; 3] } else { [0; 3] };
        let mask = scene.rgb().chunks_exact(3).flat_map(red).collect();
        let mask = Picture::new(scene.size(), mask).unwrap();
        std::fs::write(desk.path("mask.png"), mask.to_png()).unwrap();
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn measure(&self, arguments: &[&str]) -> Output {
        let mut call = cam_lucida(&["measure"]);
        call.args(["-i", "scene.png", "-n", colours::NETWORK, "-w", "weights.safetensors"]);
        call.args(["--device", "cpu", "--class-id", "0"]).args(arguments);
        call.current_dir(&self.folder).output().unwrap()
    }

    fn report(&self) -> Value {
        serde_json::from_slice(&std::fs::read(self.path("results/measure.json")).unwrap()).unwrap()
    }

    /// `measure` that must fail with exit code 2 and these words, writing nothing.
    fn refuses(&self, arguments: &[&str], words: &[&str]) {
        let output = self.measure(arguments);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        for word in words {
            assert!(said.contains(word), "{arguments:?}: “{said}” does not say “{word}”");
        }
        assert!(!said.contains("panicked") && output.stdout.is_empty(), "{said}");
        assert!(!self.path("results").exists(), "{arguments:?} wrote something");
    }
}

#[test]
fn measure_writes_numbers_and_curves() {
    let desk = Desk::new();
    let methods = ["--method", "grad-cam,gradient", "--layer-name", "features.18"];
    let few = ["--steps", "4", "--cascade-steps", "2", "--mask-path", "mask.png", "--seed", "7"];
    let output = desk.measure(&[&methods[..], &few[..]].concat());
    assert!(output.status.success(), "{output:?}");

    let report = desk.report();
    let measures = ["deletion", "insertion", "drop", "road", "randomise", "energy", "pointing"];
    assert_eq!(report["measures"], serde_json::json!(measures));
    assert_eq!((&report["class"]["id"], &report["seed"]), (&0.into(), &7.into()));
    assert_eq!(report["methods"].as_array().unwrap().len(), 2);
    for (method, name) in report["methods"].as_array().unwrap().iter().zip(["grad-cam", "gradient"]) {
        assert_eq!(method["method"], name);
        for measure in measures {
            assert!(!method[measure].is_null(), "{name} lacks {measure}: {method}");
        }
        assert_eq!(method["deletion"]["points"].as_array().unwrap().len(), 5);
        assert_eq!(method["road"]["most_relevant_first"].as_array().unwrap().len(), 4);
        let stages = method["randomise"].as_array().unwrap();
        assert_eq!(stages.len(), 3);
        assert_eq!((&stages[0]["fresh"], &stages[1]["module"]), (&0.into(), &"classifier.1".into()));
        assert!(stages[0]["structure"].as_f64().unwrap() > 0.999, "{method}");
    }
    let grad_cam = &report["methods"][0];
    let area = |measure: &str| grad_cam[measure]["area"].as_f64().unwrap();
    assert!(area("deletion") < area("insertion"), "{grad_cam}");
    assert_eq!(grad_cam["pointing"]["hit"], true);

    let plot = Picture::decode(&std::fs::read(desk.path("results/measure.png")).unwrap()).unwrap();
    assert_eq!(plot.size().to_string(), "1440×1200", "six charts, two across");
    // Each chart has its axes, its words and both methods' colours.
    for chart in 0..6 {
        let (left, top) = (chart % 2 * 720, chart / 2 * 400);
        let pixel = |x: usize, y: usize| &plot.rgb()[3 * ((top + y) * 1440 + left + x)..][..3];
        let count = |wanted: [u8; 3]| (0..400 * 720).filter(|at| pixel(at % 720, at / 720) == wanted).count();
        for colour in [[0, 114, 178], [213, 94, 0]] {
            assert!(count(colour) > 20, "chart {chart} draws {colour:?} {} times", count(colour));
        }
        let dark = (0..40 * 720).filter(|at| pixel(at % 720, at / 720)[0] < 100).count();
        assert!(dark > 50, "chart {chart} has a title: {dark}");
    }
    let said = String::from_utf8(output.stdout).unwrap();
    for words in ["deletion, area", "pointing game", "hit", "measure.json", "measure.png"] {
        assert!(said.contains(words), "{said}");
    }
    assert_eq!(std::fs::read_dir(desk.path("results")).unwrap().count(), 2, "nothing half-written is left");
}

#[test]
fn only_what_is_asked_for_is_measured() {
    let desk = Desk::new();
    let output = desk.measure(&["--measure", "energy,pointing", "--mask-path", "mask.png"]);
    assert!(output.status.success(), "{output:?}");
    let report = desk.report();
    let measured = report["methods"][0].as_object().unwrap();
    assert_eq!(measured.keys().collect::<Vec<_>>(), ["energy", "flat", "method", "pointing"]);
    assert!(!desk.path("results/measure.png").exists(), "there is no curve to draw");
}

#[test]
fn a_mask_that_does_not_fit_is_refused_in_words() {
    let desk = Desk::new();
    desk.refuses(&["--measure", "pointing"], &["pointing asks where the object is", "--mask-path"]);
    for tolerance in ["nan", "inf", "-1", "far"] {
        let tolerance = format!("--tolerance={tolerance}");
        desk.refuses(&["--measure", "drop", &tolerance], &["--tolerance", "0 or more"]);
    }
    desk.refuses(&["--measure", "faithfulness"], &["unknown measure `faithfulness`", "insertion"]);
    desk.refuses(&["--mask-path", "nowhere.png"], &["cannot read nowhere.png"]);
    let write = |name: &str, width: usize, value: u8| {
        let picture = Picture::new(Size { height: 320, width }, vec![value; 3 * 320 * width]).unwrap();
        std::fs::write(desk.path(name), picture.to_png()).unwrap();
    };
    write("small.png", 240, 1);
    desk.refuses(&["--mask-path", "small.png"], &["small.png", "240×320", "480×320"]);
    write("empty.png", 480, 0);
    desk.refuses(&["--mask-path", "empty.png"], &["empty.png", "the mask is empty"]);
    write("full.png", 480, 255);
    desk.refuses(&["--mask-path", "full.png"], &["full.png", "the mask is full"]);
    desk.refuses(&["--measure", "deletion", "--steps", "0"], &["1 to 10000"]);
}
