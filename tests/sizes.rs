//! Networks of sizes that no table lists: a file's shapes tell what they are, and they compute what torchvision's compute.

mod common;

use std::path::Path;

use burn::tensor::{Tensor, TensorData};
use cam_lucida::Device;
use cam_lucida::network::Parameters;
use cam_lucida::network::{Architecture, NETWORKS, Tap};
use cam_lucida::weights::{Card, Hashed, Weights};
use common::weight_file::{Entry, WeightFile};
use safetensors::tensor::Dtype;
use serde_json::Value;

const SIDE: usize = 96;

/// What `tests/golden/sizes.py` wrote.
struct Sized {
    name: String,
    network: String,
    logits: Vec<f32>,
    file: WeightFile,
}

fn sized(path: &Path) -> Sized {
    let json: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let logits = json["logits"].as_array().unwrap().iter().map(|logit| logit.as_f64().unwrap() as f32);
    let logits: Vec<f32> = logits.collect();
    let entry = |(name, shape): (&String, &Value)| {
        let shape: Vec<usize> = serde_json::from_value(shape.clone()).unwrap();
        let values = Hashed { classes: logits.len() }.take(name, &shape).unwrap();
        Entry { name: name.clone(), shape, values, dtype: Dtype::F32 }
    };
    let file = WeightFile(json["tensors"].as_object().unwrap().iter().map(entry).collect());
    let name = path.file_stem().unwrap().to_str().unwrap().into();
    Sized { name, network: json["network"].as_str().unwrap().into(), logits, file }
}

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/sizes")
}

#[test]
fn a_network_of_another_size_is_recognised_and_computes_torchvisions_logits() {
    let files: Vec<_> = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(files.len() >= 12, "{} files", files.len());
    let device = Device::cpu();
    let picture = Hashed::uniform("picture", &[1, 3, SIDE, SIDE], 1.0);
    for file in files {
        let Sized { name, network: expected, logits, file } = sized(&file);
        let mut weights = Weights::read(file.bytes()).unwrap();
        let architecture = weights.recognise().unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(architecture.name, expected, "{name}");
        assert_eq!(weights.fit(architecture).unwrap().classes, logits.len());
        let network = architecture.load(&mut weights, device.tensors()).unwrap();
        let picture = TensorData::new(picture.clone(), [1, 3, SIDE, SIDE]);
        let mut tap = Tap::at_layers(&[]);
        let found = network.forward(Tensor::from_data(picture, device.tensors()), &mut tap);
        let found: Vec<f32> = found.into_data().try_to_vec().unwrap();
        let max = logits.iter().fold(0.0_f32, |max, logit| max.max(logit.abs()));
        let off = found.iter().zip(&logits).fold(0.0_f32, |off, (a, b)| off.max((a - b).abs()));
        println!("{name}: logits up to {max}, off by {off}");
        assert_eq!(found.len(), logits.len());
        assert!(off <= 1e-4 * max.max(1.0), "{name}: logits up to {max}, off by {off}");
        let default = tap.layers().iter().find(|layer| layer.name == architecture.default_layer);
        assert!(default.is_some(), "{name}: no layer {}", architecture.default_layer);
    }
}

#[test]
fn a_listed_network_is_recognised_as_itself() {
    for architecture in NETWORKS.iter().filter(|network| network.name.ends_with("_small")) {
        let weights = Weights::read(WeightFile::hashed(architecture, 4).bytes()).unwrap();
        assert_eq!(weights.recognise().unwrap().name, architecture.name);
    }
}

#[test]
fn shapes_that_no_network_of_the_family_can_have_are_an_error() {
    let spoil = |spoil: &dyn Fn(&mut WeightFile), words: &[&str]| {
        let mut file = sized(&folder().join("mobilenet_v2_x0_35.json")).file;
        spoil(&mut file);
        let weights = Weights::read(file.bytes()).unwrap();
        let family = Architecture::named("mobilenet_v2_other").unwrap();
        let error = weights.fit(family).err().unwrap();
        assert!(error.is_weights());
        for word in words {
            assert!(error.to_string().contains(word), "“{error}” does not say “{word}”");
        }
        assert!(weights.recognise().err().unwrap().is_weights());
    };
    let remove = |file: &mut WeightFile, start: &str| file.0.retain(|entry| !entry.name.starts_with(start));
    spoil(&|file| remove(file, "features.3.conv.1.1.bias"), &["features.3.conv.1.1.bias", "missing"]);
    spoil(&|file| remove(file, "features.9."), &["4 stages", "7"]);
    spoil(
        &|file| {
            let entry = file.entry("features.0.0.weight");
            (entry.shape, entry.values) = (vec![0, 3, 3, 3], Vec::new());
        },
        &["features.0.0.weight", "[0, 3, 3, 3]"],
    );
}

#[test]
fn names_of_torchvision_and_timm_are_names_of_networks() {
    let known = [
        ("wide_resnet50_2", "resnet_other"),
        ("wide_resnet101_2", "resnet_other"),
        ("resnext50_32x4d", "resnet_other"),
        ("resnext101_32x8d", "resnet_other"),
        ("resnext101_64x4d", "resnet_other"),
        ("resnet26.bt_in1k", "resnet_other"),
        ("regnet_x_400mf", "regnet_other"),
        ("mobilenetv2_035", "mobilenet_v2_other"),
        ("mobilenetv2_100.ra_in1k", "mobilenet_v2"),
        ("mobilenetv2_140", "mobilenet_v2_x1_4"),
        ("resnet50.tv_in1k", "resnet50"),
    ];
    for (name, network) in known {
        let found = Architecture::named(name).unwrap();
        assert_eq!(found.name, network, "{name}");
        let needs_file = network.ends_with("_other");
        assert_eq!(found.check_sizes_known().is_err_and(|error| error.is_request()), needs_file, "{name}");
    }
    // What looks like a family's name, but is none that is published, is a slip.
    let error = Architecture::named("wide_resnet50_3").err().unwrap().to_string();
    assert!(error.contains("did you mean `wide_resnet50_2`"), "{error}");
}

#[test]
fn a_card_of_a_family_leaves_the_size_to_the_file() {
    let read = |name: &str| Card::read(&format!(r#"{{ "architecture": "{name}" }}"#), None);
    for name in [
        "resnet26.bt_in1k",
        "wide_resnet50_2.tv2_in1k",
        "resnext50_32x4d.tv_in1k",
        "mobilenetv2_110d.ra_in1k",
    ] {
        assert!(read(name).unwrap().architecture.is_none(), "{name}");
    }
    assert_eq!(read("resnet_other").unwrap().architecture.unwrap().name, "resnet_other");
    assert_eq!(read("resnet50.tv_in1k").unwrap().architecture.unwrap().name, "resnet50");
    let error = read("convnext_tiny").err().unwrap().to_string();
    assert!(error.contains("convnext_tiny") && error.contains("resnet18"), "{error}");
}

#[cfg(feature = "cli")]
#[test]
fn the_command_lists_layers_explains_converts_and_randomises_it() {
    let folder = tempfile::TempDir::new().unwrap();
    let shape = sized(&self::folder().join("mobilenet_v2_x0_35.json")).file;
    std::fs::write(folder.path().join("own.safetensors"), shape.bytes()).unwrap();
    let run = |command: &str, rest: &[&str]| {
        let mut call = assert_cmd::Command::new(assert_cmd::cargo::cargo_bin!("cam-lucida"));
        let output = call.args(command.split(' ')).args(rest).current_dir(&folder).output().unwrap();
        assert!(output.status.success(), "{command}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let picture = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/pictures/exif-1.jpg.expected.png");
    let weights = ["--weight-path", "own.safetensors"];
    let layers = run("layers", &weights);
    let default = layers.lines().find(|line| line.ends_with("default")).unwrap();
    assert!(default.starts_with("features ") && default.contains("1280 × 7 × 7"), "{layers}");
    let json = |file: &str| -> Value {
        serde_json::from_slice(&std::fs::read(folder.path().join(file)).unwrap()).unwrap()
    };
    run(
        "explain",
        &[&weights[..], &["--image-path", picture, "--class-id", "3", "--device", "cpu"]].concat(),
    );
    assert_eq!(json("results/result.json")["network"], "mobilenet_v2_other");
    let measures = ["--image-path", picture, "--measure", "randomise", "--device", "cpu", "--class-id", "3"];
    run("measure", &[&weights[..], &measures].concat());
    run("models convert own.safetensors --output-dir own", &[]);
    assert_eq!(json("own/config.json")["architecture"], "mobilenet_v2_other");
    run("models verify own", &[]);
    run("explain --model-dir own --output-dir again --device cpu --class-id 3 --image-path", &[picture]);
}

#[cfg(feature = "cli")]
#[test]
fn the_command_takes_a_published_name_and_says_when_it_needs_the_file() {
    let folder = tempfile::TempDir::new().unwrap();
    let file = sized(&self::folder().join("resnext50_32x4d.json")).file;
    std::fs::write(folder.path().join("own.safetensors"), file.bytes()).unwrap();
    let layers = |arguments: &[&str]| {
        let mut call = assert_cmd::Command::new(assert_cmd::cargo::cargo_bin!("cam-lucida"));
        call.arg("layers").args(arguments).current_dir(&folder).output().unwrap()
    };
    let output = layers(&["--network", "resnext50_32x4d", "--weight-path", "own.safetensors"]);
    assert!(output.status.success(), "{output:?}");
    assert!(String::from_utf8(output.stdout).unwrap().contains("layer4 "));
    for name in ["wide_resnet50_2", "resnet_other"] {
        let output = layers(&["--network", name]);
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && said.contains("a weight file is needed"), "{said}");
    }
}
