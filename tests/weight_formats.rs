//! Weight files as PyTorch and timm write them: what is in them is found, what they should not hold is refused by name,
//! and a damaged one is an error, whatever is damaged.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use cam_lucida::network::Parameters;
use cam_lucida::network::{Architecture, NETWORKS};
use cam_lucida::weights::Weights;
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

#[test]
fn what_a_state_dict_does_not_need_is_refused_by_name() {
    let folder = fixtures().join("refused");
    let expected: BTreeMap<String, String> =
        serde_json::from_slice(&std::fs::read(folder.join("expected.json")).unwrap()).unwrap();
    assert_eq!(files(&folder, &["pth", "pt"]).len(), expected.len());
    for (file, word) in expected {
        let error = read(&folder.join(&file)).err().unwrap_or_else(|| panic!("{file} was read"));
        assert!(
            error.is_weights() && error.to_string().contains(&word),
            "{file}: “{error}” does not name {word}"
        );
    }
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
