//! `cam-lucida models` as its users meet it, with a server of the tests' own in place of the web.
#![cfg(feature = "cli")]

#[path = "../common/command.rs"]
mod command;
#[path = "../common/mod.rs"]
mod common;
mod convert;
mod fetch;
mod list;
mod server;
mod trouble;
mod verify;

use std::path::{Path, PathBuf};
use std::process::Output;

use assert_cmd::Command;
use cam_lucida::network::Architecture;
use cam_lucida::picture::{Picture, Preprocess};
use cam_lucida::weights::Card;
use cam_lucida::{Device, Model, Request};
use command::cam_lucida;
use common::torch_file::{Member, Pickle, archive};
use common::weight_file::WeightFile;
use serde_json::Value;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

const NETWORK: &str = "mobilenet_v2_x0_25";
const CLASSES: usize = 5;

/// A folder that commands run in.
struct Desk(TempDir);

impl Desk {
    fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }

    fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap()
    }

    fn json(&self, name: &str) -> Value {
        serde_json::from_slice(&self.read(name)).unwrap()
    }

    fn names(&self, folder: &str) -> Vec<String> {
        let Ok(entries) = std::fs::read_dir(self.path(folder)) else { return Vec::new() };
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// Without the proxies and servers that the environment may name.
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = cam_lucida(arguments);
        for name in
            ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "CAM_LUCIDA_HUB", "CAM_LUCIDA_MIRROR", "HF_TOKEN"]
        {
            command.env_remove(name).env_remove(name.to_lowercase());
        }
        command.current_dir(self.0.path());
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// What `models` prints where it must succeed.
    fn models(&self, arguments: &[&str]) -> String {
        let output = self.run(&[&["models"], arguments].concat());
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// What `models` prints where it must fail with exit code 2 and these words.
    fn refuses(&self, arguments: &[&str], words: &[&str]) -> String {
        let output = self.run(&[&["models"], arguments].concat());
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        for word in words {
            assert!(said.contains(word), "{arguments:?}: “{said}” does not say “{word}”");
        }
        assert!(!said.contains("panicked"), "{said}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// The model of a folder.
    fn load(&self, folder: &str) -> Model {
        let text = |name: &str| String::from_utf8(self.read(&format!("{folder}/{name}"))).unwrap();
        let preprocessor = self.path(folder).join("preprocessor_config.json").exists();
        let preprocessor = preprocessor.then(|| text("preprocessor_config.json"));
        let card = Card::read(&text("config.json"), preprocessor.as_deref()).unwrap();
        model(card, self.read(&format!("{folder}/model.safetensors")))
    }
}

fn model(card: Card, file: Vec<u8>) -> Model {
    pollster::block_on(Model::load(&Device::cpu(), card, file)).unwrap()
}

fn hashed(network: &str, classes: usize) -> WeightFile {
    WeightFile::hashed(Architecture::named(network).unwrap(), classes)
}

fn weights() -> Vec<u8> {
    hashed(NETWORK, CLASSES).bytes()
}

/// The file as `torch.save` writes a state dict, with a tensor of no use for prediction.
fn as_pth(file: &WeightFile) -> Vec<u8> {
    let mut pickle = Pickle::new().op(b"}");
    let mut members = Vec::new();
    let counter = ("features.0.1.num_batches_tracked", vec![1], &[100.0][..]);
    let tensors = file.0.iter().map(|entry| (entry.name.as_str(), entry.shape.clone(), &entry.values[..]));
    for (i, (name, shape, values)) in tensors.chain([counter]).enumerate() {
        let shape: Vec<i64> = shape.iter().map(|&side| side as i64).collect();
        let strides: Vec<i64> = (0..shape.len()).map(|axis| shape[axis + 1..].iter().product()).collect();
        let key = i.to_string();
        pickle = pickle.text(name).tensor(&key, values.len() as i64, 0, &shape, &strides).op(b"s");
        let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        members.push(Member::new(&format!("data/{key}"), bytes));
    }
    members.insert(0, Member::new("data.pkl", pickle.stop()));
    archive(&members)
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn photo() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/pictures/photo.png");
    path.to_str().unwrap().into()
}

/// Class scores of the photo, and its Grad-CAM map for the predicted class, brought to 0..1.
fn opinion(model: &Model) -> (Vec<f32>, Vec<f32>) {
    let picture = Picture::decode(&std::fs::read(photo()).unwrap()).unwrap();
    let input = model.input(&picture, Preprocess::Squash).unwrap();
    let request = Request::default();
    let explanation = pollster::block_on(model.explain(&input, &request)).unwrap();
    let map = pollster::block_on(explanation.heatmaps[0].values()).unwrap();
    let least = map.iter().copied().fold(f32::INFINITY, f32::min);
    let most = map.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    assert!(most > least, "the map shows something");
    (explanation.scores.logits, map.iter().map(|value| (value - least) / (most - least)).collect())
}

fn best(scores: &[f32]) -> usize {
    (0..scores.len()).max_by(|&a, &b| scores[a].total_cmp(&scores[b])).unwrap()
}
