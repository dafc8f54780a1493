//! The command line as its users meet it.
#![cfg(feature = "cli")]

mod classify;
#[path = "../common/command.rs"]
mod command;
#[path = "../common/mod.rs"]
mod common;
mod defaults;
mod explain;
mod help;
mod hostile;
mod language;
mod lists;
mod many;
mod refusals;
mod weight_files;

use std::path::{Path, PathBuf};
use std::process::Output;

use cam_lucida::network::Architecture;
use cam_lucida::picture::{Picture, Preprocess};
use cam_lucida::render::Style;
use cam_lucida::weights::Card;
use cam_lucida::{Device, Model, Request};
use command::cam_lucida;
use common::weight_file::WeightFile;
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
    let request = Request { classes: vec![4.into()], ..Request::default() };
    let explanation = pollster::block_on(model.explain(&input, &request)).unwrap();
    let heatmap = &explanation.heatmaps[0];
    let values = pollster::block_on(heatmap.values()).unwrap();
    let drawn = pollster::block_on(heatmap.draw(&view, &Style::default())).unwrap();
    (explanation.scores.logits, values, drawn)
}
