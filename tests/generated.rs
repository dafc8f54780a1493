//! Checkpoints that are made here, by wrapper × prefix × precision × extras with seeded choices, of networks that PyTorch wrote with its
//! logits (`tests/fixtures/weights/wild.py`). What is around a network changes none of its scores. The corpus of 200 that PyTorch
//! itself writes, with more of each, is `tests/fixtures/weights/corpus.py`.

mod common;

use std::collections::BTreeMap;
use std::path::Path;

use burn::tensor::{Tensor, TensorData};
use cam_lucida::Device;
use cam_lucida::network::{Parameters, Tap};
use cam_lucida::weights::{Hashed, Weights};
use common::torch_file::{Member, Named, Pickle, archive, legacy_start};
use common::weight_file::{Entry, WeightFile};
use safetensors::Dtype;

/// Of each network its family, its heads or its names differ.
const NETWORKS: [&str; 8] = [
    "imagenet.pth.tar",
    "head-mlp.pth",
    "head-norm-relu.pth",
    "head-no-bias.pth",
    "cifar.pth",
    "features-module.pth",
    "chexnet.pth.tar",
    "huggingface-bottleneck.safetensors",
];
const WRAPPERS: [&str; 6] = ["", "state_dict", "model_state_dict", "model", "net", "checkpoint.state_dict"];
const PREFIXES: [&str; 7] =
    ["", "module.", "model.", "_orig_mod.", "module._orig_mod.", "net.backbone.", "encoder."];
const EXTRAS: [&str; 7] = ["none", "loss", "optimizer", "average", "counters", "criterion", "much"];
const FORMATS: [&str; 4] = ["zip", "legacy", "safetensors", "safetensors-f64"];
const COUNT: usize = 200;

/// What a dict of a checkpoint holds.
enum Value {
    Int(i32),
    Text(&'static str),
    Tensor(Vec<usize>, Vec<f32>),
    Dict(Vec<(String, Value)>),
}

/// One of `choices`; every number and name has its own, the same each time.
fn choose<'a, T>(choices: &'a [T], number: usize, name: &str) -> &'a T {
    let unit = (Hashed::uniform(&format!("{name} {number}"), &[1], 1.0)[0] + 1.0) / 2.0;
    &choices[(unit * choices.len() as f32) as usize % choices.len()]
}

#[derive(serde::Deserialize)]
struct Expected {
    #[serde(default)]
    logits: Vec<f64>,
}

/// The tensors of a file under torchvision's names.
fn tensors(file: &Path) -> Vec<Named> {
    let mut weights = Weights::read(std::fs::read(file).unwrap()).unwrap();
    let network = weights.recognise().unwrap();
    let listed = weights.fit(network).unwrap().tensors;
    let take = |(name, shape): (String, Vec<usize>)| {
        let values = weights.take(&name, &shape).unwrap();
        (name, shape, values)
    };
    listed.into_iter().map(take).collect()
}

fn dict(tensors: &[Named]) -> Value {
    let entry = |(name, shape, values): &Named| (name.clone(), Value::Tensor(shape.clone(), values.clone()));
    Value::Dict(tensors.iter().map(entry).collect())
}

/// Writes a value, and notes the storages of its tensors.
fn pickled(pickle: Pickle, value: &Value, storages: &mut Vec<Vec<f32>>) -> Pickle {
    match value {
        Value::Int(number) => pickle.int(*number),
        Value::Text(text) => pickle.text(text),
        Value::Tensor(shape, values) => {
            storages.push(values.clone());
            let sides: Vec<i64> = shape.iter().map(|&side| side as i64).collect();
            let strides: Vec<i64> = (0..sides.len()).map(|axis| sides[axis + 1..].iter().product()).collect();
            pickle.tensor(&(storages.len() - 1).to_string(), values.len() as i64, 0, &sides, &strides)
        }
        Value::Dict(entries) => entries.iter().fold(pickle.op(b"}"), |pickle, (name, value)| {
            pickled(pickle.text(name), value, storages).op(b"s")
        }),
    }
}

fn bytes(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

/// As `torch.save` writes it, from 1.6 on or before.
fn saved(value: &Value, legacy: bool) -> Vec<u8> {
    let mut storages = Vec::new();
    let pickle = pickled(Pickle::new(), value, &mut storages).stop();
    if !legacy {
        let data = storages.iter().enumerate();
        let data = data.map(|(i, values)| Member::new(&format!("data/{i}"), bytes(values)));
        return archive(&[Member::new("data.pkl", pickle)].into_iter().chain(data).collect::<Vec<_>>());
    }
    let keys = (0..storages.len()).fold(Pickle::new().op(b"]"), |keys, i| keys.text(&i.to_string()).op(b"a"));
    let data = storages
        .iter()
        .flat_map(|values| [(values.len() as u64).to_le_bytes().to_vec(), bytes(values)].concat());
    [legacy_start(), pickle, keys.stop(), data.collect()].concat()
}

/// A checkpoint, and a few words of what it is.
fn generated(number: usize, network: &[Named]) -> (Vec<u8>, String) {
    let [wrapper, prefix, extra, format] =
        [("wrapper", &WRAPPERS[..]), ("prefix", &PREFIXES), ("extra", &EXTRAS), ("format", &FORMATS)]
            .map(|(name, choices)| *choose(choices, number, name));
    let mut state: Vec<Named> = network
        .iter()
        .map(|(name, shape, values)| (format!("{prefix}{name}"), shape.clone(), values.clone()))
        .collect();
    let doubled: Vec<Named> = state
        .iter()
        .map(|(name, shape, values)| (name.clone(), shape.clone(), values.iter().map(|v| 2.0 * v).collect()))
        .collect();
    match extra {
        "counters" => {
            let norms = network.iter().filter_map(|(name, ..)| name.strip_suffix("running_mean"));
            for norm in norms.map(String::from).collect::<Vec<_>>() {
                state.push((format!("{prefix}{norm}total_ops"), vec![1], vec![7.0]));
                state.push((format!("{prefix}{norm}num_batches_tracked"), vec![], vec![2.0]));
            }
        }
        "criterion" => state.push(("criterion.weight".into(), vec![3], vec![1.0; 3])),
        _ => {}
    }
    let words = format!("{number}: {format}, under “{wrapper}”, prefix “{prefix}”, beside {extra}");
    if format.starts_with("safetensors") {
        let dtype = if format.ends_with("f64") { Dtype::F64 } else { Dtype::F32 };
        let entries = state.into_iter().map(|(name, shape, values)| Entry { name, shape, values, dtype });
        return (WeightFile(entries.collect()).bytes(), words);
    }
    let beside = |key: &str, value: Value| (key.to_string(), value);
    let momenta = || {
        let momentum = |(i, (_, shape, values)): (usize, &Named)| {
            beside(
                &i.to_string(),
                Value::Dict(vec![beside("exp_avg", Value::Tensor(shape.clone(), values.clone()))]),
            )
        };
        Value::Dict(vec![beside("state", Value::Dict(network.iter().enumerate().map(momentum).collect()))])
    };
    let scalar = || Value::Tensor(Vec::new(), vec![0.3]);
    let mut entries = match extra {
        "loss" => vec![beside("loss", scalar()), beside("epoch", Value::Int(3))],
        "optimizer" => vec![beside("optimizer", momenta())],
        "average" => vec![beside("ema", dict(&doubled))],
        "much" => vec![
            beside("epoch", Value::Int(3)),
            beside("arch", Value::Text("mine")),
            beside("best_acc1", scalar()),
            beside("model_ema", dict(&doubled)),
            beside("optimizer", momenta()),
        ],
        _ => Vec::new(),
    };
    let state = dict(&state);
    if wrapper.is_empty() {
        return (saved(&state, format == "legacy"), words);
    }
    let (outer, state) = match wrapper.split_once('.') {
        Some((outer, inner)) => (outer, Value::Dict(vec![beside(inner, state)])),
        None => (wrapper, state),
    };
    entries.push(beside(outer, state));
    let value = Value::Dict(entries);
    (saved(&value, format == "legacy"), words)
}

fn logits(bytes: Vec<u8>) -> cam_lucida::Result<Vec<f32>> {
    const SHAPE: [usize; 4] = [1, 3, 64, 64];
    let mut weights = Weights::read(bytes)?;
    let network = weights.recognise()?;
    let device = Device::cpu();
    let network = network.load(&mut weights, device.tensors())?;
    let picture = TensorData::new(Hashed::uniform("picture", &SHAPE, 1.0), SHAPE);
    let scores = network.forward(Tensor::from_data(picture, device.tensors()), &mut Tap::default());
    Ok(scores.into_data().try_to_vec().unwrap())
}

#[test]
fn what_is_around_a_network_changes_none_of_its_scores() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/weights/wild");
    let expected: BTreeMap<String, Expected> =
        serde_json::from_slice(&std::fs::read(folder.join("expected.json")).unwrap()).unwrap();
    let networks = NETWORKS.map(|name| (tensors(&folder.join(name)), &expected[name].logits));
    let mut wrong = Vec::new();
    for number in 0..COUNT {
        let which = number % NETWORKS.len();
        let (network, wanted) = &networks[which];
        let (bytes, words) = generated(number, network);
        let max = wanted.iter().fold(1.0_f64, |max, logit| max.max(logit.abs()));
        let near = |found: &[f32]| {
            let mut pairs = found.iter().zip(*wanted);
            found.len() == wanted.len()
                && pairs.all(|(found, wanted)| (f64::from(*found) - wanted).abs() <= 1e-4 * max)
        };
        match logits(bytes) {
            Ok(found) if near(&found) => {}
            Ok(found) => wrong.push(format!("{} {words}: {found:?}, not {wanted:?}", NETWORKS[which])),
            Err(error) => wrong.push(format!("{} {words}: {error}", NETWORKS[which])),
        }
    }
    assert!(wrong.is_empty(), "{} of {COUNT}:\n{}", wrong.len(), wrong.join("\n"));
}
