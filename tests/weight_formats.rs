//! Weight files as PyTorch and timm write them: what is in them is found, what they should not hold is refused by name,
//! and a damaged one is an error, whatever is damaged.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use burn::tensor::{Tensor, TensorData};
use cam_lucida::Device;
use cam_lucida::network::{Architecture, NETWORKS, Parameters, Tap};
use cam_lucida::weights::{Hashed, Reading, Source, Weights};
use serde_json::Value;

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/weights")
}

fn read(path: &Path) -> cam_lucida::Result<Weights> {
    Weights::read(std::fs::read(path).unwrap())
}

fn files(folder: &Path, extensions: &[&str]) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut found: Vec<_> = entries
        .filter(|path| path.extension().is_some_and(|found| extensions.iter().any(|wanted| *wanted == found)))
        .collect();
    found.sort();
    found
}

/// Shape and values of a tensor, or why it has none.
type Content = (Vec<usize>, Result<Vec<f32>, String>);

/// Every tensor by its name.
fn contents(mut weights: Weights) -> BTreeMap<String, Content> {
    let tensors: Vec<_> = weights.tensors().map(|(name, shape)| (name.to_string(), shape.to_vec())).collect();
    let mut contents = BTreeMap::new();
    for (name, shape) in tensors {
        let values = weights.take(&name, &shape).map_err(|error| error.to_string());
        contents.insert(name, (shape, values));
    }
    contents
}

fn assert_same(file: &Path, expected: &Path) {
    let shown = file.display();
    let found = contents(read(file).unwrap_or_else(|error| panic!("{shown}: {error}")));
    let expected = contents(read(expected).unwrap());
    assert!(!expected.is_empty());
    assert_eq!(found.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>(), "{shown}");
    for (name, tensor) in &found {
        assert_eq!(tensor, &expected[name], "{shown}: {name}");
    }
}

#[test]
fn what_pytorch_wrote_is_found() {
    let written = files(&fixtures(), &["pth", "pt"]);
    assert!(written.len() >= 39, "{} files", written.len());
    for file in written {
        assert_same(&file, &file.with_extension("safetensors"));
    }
    let timm = fixtures().join("timm-densenet");
    assert_same(&timm.join("model.pth"), &timm.join("model.safetensors"));
}

/// The length of a safetensors header may begin as pickles do.
#[test]
fn a_header_of_any_length_is_one() {
    for length in [0x280, 0x380, 0x480, 0x580_u64] {
        let mut file = length.to_le_bytes().to_vec();
        file.extend(br#"{ "a": { "dtype": "F16", "shape": [1], "data_offsets": [0, 2] } }"#);
        file.resize(8 + length as usize, b' ');
        file.extend([0, 0]);
        assert_eq!(Weights::read(file).unwrap().tensors().count(), 1, "{length}");
    }
}

/// Nothing is called, and what stands beside tensors does no harm. In a tensor's place it is refused by name.
#[test]
fn what_is_no_tensor_is_named_where_one_is_wanted() {
    let folder = fixtures().join("inert");
    let expected: BTreeMap<String, String> =
        serde_json::from_slice(&std::fs::read(folder.join("expected.json")).unwrap()).unwrap();
    assert_eq!(files(&folder, &["pth", "pt"]).len(), expected.len());
    for (file, word) in expected {
        let mut weights = read(&folder.join(&file)).unwrap_or_else(|error| panic!("{file}: {error}"));
        assert!(weights.tensors().count() >= 1, "{file}");
        // Most hold one weight, and the other thing as `other`.
        let error = match weights.take("other", &[2]) {
            Err(error) if error.code() == "tensor-missing" => weights.recognise().err().unwrap(),
            other => other.err().unwrap_or_else(|| panic!("{file}: `other` was read")),
        };
        assert!(
            error.is_weights() && error.to_string().contains(&word),
            "{file}: “{error}” does not name {word}"
        );
    }
}

/// What `wild.py` says of a file.
#[derive(serde::Deserialize)]
struct Expected {
    #[serde(default)]
    network: String,
    #[serde(default)]
    logits: Vec<f64>,
    #[serde(default)]
    notes: Vec<String>,
    #[serde(default)]
    states: Vec<String>,
    /// Further hashed pictures of so many rows and columns, as `51x37`, and their logits.
    #[serde(default)]
    sides: BTreeMap<String, Vec<f64>>,
    /// The logits of the second state.
    averaged: Option<Vec<f64>>,
    /// The code of the refusal; empty: any.
    refused: Option<String>,
    #[serde(default)]
    words: Vec<String>,
}

fn wild() -> (PathBuf, BTreeMap<String, Expected>) {
    let folder = fixtures().join("wild");
    let expected = serde_json::from_slice(&std::fs::read(folder.join("expected.json")).unwrap()).unwrap();
    (folder, expected)
}

/// The network of the file comes to PyTorch's logits of a picture of 64×64.
fn assert_computes(file: &str, weights: Weights, network: &str, logits: &[f64]) {
    assert_computes_at(file, weights, network, logits, [64; 2]);
}

fn assert_computes_at(file: &str, mut weights: Weights, network: &str, logits: &[f64], sides: [usize; 2]) {
    let device = Device::cpu();
    let found = weights.recognise().unwrap_or_else(|error| panic!("{file}: {error}"));
    assert_eq!(found.name, network, "{file}");
    assert_eq!(weights.fit(found).unwrap().classes, logits.len(), "{file}");
    let loaded = found.load(&mut weights, device.tensors()).unwrap_or_else(|error| panic!("{file}: {error}"));
    let shape = [1, 3, sides[0], sides[1]];
    let picture = TensorData::new(Hashed::uniform("picture", &shape, 1.0), shape);
    let scores = loaded.forward(Tensor::from_data(picture, device.tensors()), &mut Tap::default());
    let scores: Vec<f32> = scores.into_data().try_to_vec().unwrap();
    let max = logits.iter().fold(1.0_f64, |max, logit| max.max(logit.abs()));
    for (found, wanted) in scores.iter().zip(logits) {
        assert!((f64::from(*found) - wanted).abs() <= 1e-4 * max, "{file}: {scores:?}, not {logits:?}");
    }
}

#[test]
fn checkpoints_as_training_scripts_leave_them_compute_what_pytorch_computes() {
    let (folder, expected) = wild();
    let mut wrong = Vec::new();
    for (file, expected) in expected.iter().filter(|(_, expected)| expected.refused.is_none()) {
        let whole = |path: &Path| read(path).unwrap_or_else(|error| panic!("{file}: {error}"));
        let check = std::panic::catch_unwind(|| {
            let weights = whole(&folder.join(file));
            let network = weights.recognise().unwrap();
            let own = weights.fit(network).unwrap().notes;
            let own = own.iter().filter(|_| !weights.tells_modules());
            let notes: Vec<&str> = own.chain(weights.notes()).map(|note| note.code()).collect();
            assert_eq!(notes, expected.notes, "{file}");
            if !expected.states.is_empty() {
                assert_eq!(weights.states(), expected.states, "{file}");
            }
            assert_computes(file, weights, &expected.network, &expected.logits);
            let bytes = std::fs::read(folder.join(file)).unwrap();
            for (sides, logits) in &expected.sides {
                let sides: Vec<usize> = sides.split('x').map(|side| side.parse().unwrap()).collect();
                let weights = whole(&folder.join(file));
                assert_computes_at(file, weights, &expected.network, logits, sides.try_into().unwrap());
            }
            if let Some(averaged) = &expected.averaged {
                let second = Weights::read_from(&bytes, Some(&expected.states[1])).unwrap();
                assert_computes(file, second, &expected.network, averaged);
                let error = Weights::read_from(&bytes, Some("elsewhere")).err().unwrap();
                assert_eq!(error.code(), "unknown-state");
            }
            // Piece by piece it is the same.
            let source = Pieces(bytes);
            let mut reading = Reading::begin(&source, None).unwrap();
            let piece = reading.total() / 7;
            let mut times = 1;
            while reading.read(piece).unwrap() {
                times += 1;
                assert!(reading.done() < reading.total());
            }
            assert!((7..=8).contains(&times) && reading.done() == reading.total(), "{file}: {times}");
            assert_computes(file, reading.finish().unwrap(), &expected.network, &expected.logits);
        });
        if check.is_err() {
            wrong.push(file);
        }
    }
    assert!(wrong.is_empty(), "{} of {}: {wrong:?}", wrong.len(), expected.len());
}

/// A file that is not in memory.
struct Pieces(Vec<u8>);

impl Source for Pieces {
    fn len(&self) -> u64 {
        self.0.len() as u64
    }

    fn read_at(&self, at: u64, buffer: &mut [u8]) -> std::io::Result<()> {
        self.0.read_at(at, buffer)
    }
}

/// What `corpus.py` says of a checkpoint: one of those that were once refused, or read wrongly.
#[derive(serde::Deserialize)]
struct Generated {
    /// `right` or `refused`.
    must: String,
    logits: Vec<f64>,
}

#[test]
fn generated_checkpoints_that_were_read_wrongly_once_are_read_rightly_or_refused() {
    let folder = fixtures().join("corpus");
    let text = std::fs::read(folder.join("expected.json")).unwrap();
    let expected: BTreeMap<String, Generated> = serde_json::from_slice(&text).unwrap();
    assert!(expected.values().any(|case| case.must == "refused"));
    for (file, case) in &expected {
        let weights = read(&folder.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
        match (case.must.as_str(), weights.recognise()) {
            ("right", Ok(network)) => assert_computes(file, weights, network.name, &case.logits),
            ("refused", Err(error)) => assert_eq!(error.code(), "unknown-network", "{file}: {error}"),
            (must, Ok(network)) => panic!("{file}: read as {}, not {must}", network.name),
            (must, Err(error)) => panic!("{file}: {error}, not {must}"),
        }
    }
}

#[test]
fn checkpoints_that_cannot_be_read_rightly_are_refused_by_name() {
    let (folder, expected) = wild();
    let mut wrong = Vec::new();
    for (file, expected) in &expected {
        let Some(code) = &expected.refused else { continue };
        let loaded = read(&folder.join(file)).and_then(|mut weights| {
            let network = weights.recognise()?;
            network.load(&mut weights, Device::cpu().tensors()).map(drop)
        });
        let Err(error) = loaded else {
            wrong.push(format!("{file} was read"));
            continue;
        };
        let said = expected.words.iter().all(|word| error.to_string().contains(word));
        if !said || !code.is_empty() && error.code() != code {
            wrong.push(format!("{file}: {} “{error}”, not {code} {:?}", error.code(), expected.words));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// `[name, shape]`, and of timm torchvision's name, of every tensor of a network.
type Layout = Vec<(String, Vec<usize>, String)>;

fn layout(file: &Path) -> Layout {
    let text = std::fs::read_to_string(file).unwrap();
    let lines: Vec<Value> = serde_json::from_str(&text).unwrap();
    let line = |line: Value| {
        let name = line[0].as_str().unwrap();
        let shape = line[1].as_array().unwrap().iter().map(|side| side.as_u64().unwrap() as usize);
        (name.into(), shape.collect(), line[2].as_str().unwrap_or(name).into())
    };
    lines.into_iter().map(line).collect()
}

/// A safetensors file of these tensors, in which all numbers are 0.
fn file_of(layout: &Layout) -> Vec<u8> {
    let mut header = serde_json::Map::new();
    let mut end = 0;
    for (name, shape, _) in layout {
        let start = end;
        end += 2 * shape.iter().product::<usize>();
        let entry = serde_json::json!({ "dtype": "F16", "shape": shape, "data_offsets": [start, end] });
        header.insert(name.clone(), entry);
    }
    let header = serde_json::to_vec(&header).unwrap();
    let mut file = (header.len() as u64).to_le_bytes().to_vec();
    file.extend(header);
    file.resize(file.len() + end, 0);
    file
}

#[test]
fn torchvisions_layouts_are_recognised() {
    let folder = fixtures().join("layouts/torchvision");
    let lists = files(&folder, &["json"]);
    let full = NETWORKS.iter().filter(|network| !network.name.ends_with("_small"));
    assert_eq!(lists.len(), full.count());
    for list in lists {
        let name = list.file_stem().unwrap().to_str().unwrap();
        let weights = Weights::read(file_of(&layout(&list))).unwrap();
        let found = weights.recognise().unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(found.name, name);
        assert_eq!(weights.fit(found).unwrap().classes, 1000, "{name}");
    }
}

#[test]
fn timms_layouts_become_torchvisions() {
    let folder = fixtures().join("layouts/timm");
    let lists = files(&folder, &["json"]);
    assert!(lists.len() >= 12);
    for list in lists {
        let timm = list.file_stem().unwrap().to_str().unwrap();
        let layout = layout(&list);
        let weights = Weights::read(file_of(&layout)).unwrap();
        let found: BTreeMap<&str, &[usize]> = weights.tensors().collect();
        for (name, shape, torchvision) in &layout {
            let found = found
                .get(torchvision.as_str())
                .unwrap_or_else(|| panic!("{timm}: {name} is not {torchvision}"));
            assert_eq!(found.iter().product::<usize>(), shape.iter().product::<usize>(), "{timm}: {name}");
        }
        let network = weights.recognise().unwrap_or_else(|error| panic!("{timm}: {error}"));
        let config = format!(r#"{{ "architecture": "{timm}.some_tag", "num_classes": 1000 }}"#);
        let card = cam_lucida::weights::Card::read(&config, None).unwrap();
        assert_eq!(card.architecture.map(|network| network.name), Some(network.name));
    }
    let same: BTreeMap<String, String> =
        serde_json::from_slice(&std::fs::read(fixtures().join("layouts/timm.json")).unwrap()).unwrap();
    for name in same.keys() {
        assert!(Architecture::named(name).is_ok(), "{name}");
    }
}
