//! Weight files and model cards: what fits loads, and what does not is named.

mod cards;
mod checkpoints;
#[path = "../common/mod.rs"]
mod common;
mod labels;
mod modules;

use std::cell::Cell;

use burn::tensor::{Tensor, TensorData};
use cam_lucida::network::{Architecture, Parameters, Tap};
use cam_lucida::weights::{Card, Hashed, Source, Weights, labels};
use cam_lucida::{Device, Error, Input, Model, ModelFile, Size};
use common::torch_file;
use common::weight_file::{Entry, WeightFile};
use safetensors::Dtype;

const NETWORK: &str = "mobilenet_v2_x0_25";
const CLASSES: usize = 4;

fn architecture() -> &'static Architecture {
    Architecture::named(NETWORK).unwrap()
}

fn extra(name: &str) -> Entry {
    Entry { name: name.into(), shape: vec![1], values: vec![0.0], dtype: Dtype::F32 }
}

fn load(bytes: Vec<u8>) -> std::result::Result<usize, Error> {
    let model = pollster::block_on(Model::load(&Device::cpu(), Card::new(architecture()), bytes))?;
    Ok(model.classes())
}

fn refused(bytes: Vec<u8>, words: &[&str]) {
    let error = load(bytes).expect_err(words[0]);
    assert!(error.is_weights(), "{error}");
    for word in words {
        assert!(error.to_string().contains(word), "“{error}” does not say “{word}”");
    }
}

#[test]
fn the_number_of_classes_comes_from_the_weights() {
    assert_eq!(load(WeightFile::hashed(architecture(), CLASSES).bytes()).unwrap(), CLASSES);
}

#[test]
fn double_half_and_brain_floats_are_read() {
    for (dtype, epsilon) in [(Dtype::F64, 0.0), (Dtype::F16, 1e-3), (Dtype::BF16, 1e-2)] {
        let mut file = WeightFile::hashed(architecture(), CLASSES);
        file.0.iter_mut().for_each(|entry| entry.dtype = dtype);
        let mut weights = Weights::read(file.bytes()).unwrap();
        for entry in &file.0 {
            let found = weights.take(&entry.name, &entry.shape).unwrap();
            for (found, wanted) in found.iter().zip(&entry.values) {
                assert!((found - wanted).abs() <= epsilon * wanted.abs().max(1e-3), "{found} {wanted}");
            }
        }
    }
}

#[test]
fn batch_counters_are_ignored() {
    let mut file = WeightFile::hashed(architecture(), CLASSES);
    file.0.push(Entry {
        name: "features.0.1.num_batches_tracked".into(),
        shape: vec![],
        values: vec![1.0],
        dtype: Dtype::I64,
    });
    assert!(load(file.bytes()).is_ok());
}

#[test]
fn a_missing_tensor_is_named() {
    let mut file = WeightFile::hashed(architecture(), CLASSES);
    file.0.retain(|entry| entry.name != "features.5.conv.3.running_var");
    refused(file.bytes(), &["`features.5.conv.3.running_var` is missing", "another network?"]);
}

#[test]
fn an_extra_tensor_is_named() {
    let mut file = WeightFile::hashed(architecture(), CLASSES);
    file.0.push(extra("layer1.0.conv1.weight"));
    refused(file.bytes(), &["`layer1.0.conv1.weight`", "does not have"]);
}

#[test]
fn the_auxiliary_classifier_of_inception_may_remain() {
    let inception = Architecture::named("inception_v3").unwrap();
    let mut file = WeightFile::hashed(inception, CLASSES);
    file.0.push(extra("AuxLogits.fc.weight"));
    let model = pollster::block_on(Model::load(&Device::cpu(), Card::new(inception), file.bytes())).unwrap();
    assert_eq!(model.classes(), CLASSES);
    let input = |side| Input::new(Size { height: side, width: 96 }, vec![0.5; 3 * side * 96]).unwrap();
    assert!(pollster::block_on(model.classify(&input(75))).is_ok());
    let error = pollster::block_on(model.classify(&input(74))).unwrap_err();
    assert!(error.is_request() && error.to_string().contains("at least 75"), "{error}");
    // Of another network it is a tensor too many.
    let mut file = WeightFile::hashed(architecture(), CLASSES);
    file.0.push(extra("AuxLogits.fc.weight"));
    refused(file.bytes(), &["`AuxLogits.fc.weight`", "does not have"]);
}

#[test]
fn a_misshaped_tensor_is_named_with_both_shapes() {
    let mut file = WeightFile::hashed(architecture(), CLASSES);
    let entry = file.entry("features.0.0.weight");
    entry.shape = vec![8, 27];
    refused(file.bytes(), &["`features.0.0.weight` has shape [8, 27]", "needs [8, 3, 3, 3]"]);
}

#[test]
fn an_error_tells_code_arguments_and_cause() {
    let mut file = WeightFile::hashed(architecture(), CLASSES);
    file.entry("features.0.0.weight").shape = vec![8, 27];
    let error = load(file.bytes()).unwrap_err();
    assert_eq!(error.code(), "network-misfit");
    let cause = std::error::Error::source(&error).and_then(|cause| cause.downcast_ref::<Error>()).unwrap();
    assert_eq!(cause.code(), "tensor-shape");
    let arguments: Vec<_> = cause.arguments().collect();
    let expected = [("name", "features.0.0.weight"), ("found", "[8, 27]"), ("wanted", "[8, 3, 3, 3]")];
    assert_eq!(arguments, expected);
    // Below a library's error stands that of the library.
    let error = labels("[1, 2]").unwrap_err();
    assert!(std::error::Error::source(&error).is_some_and(|cause| cause.is::<serde_json::Error>()));
}

#[test]
fn a_value_that_is_not_finite_is_named_with_its_place() {
    for value in [f32::NAN, f32::INFINITY] {
        let mut file = WeightFile::hashed(architecture(), CLASSES);
        file.entry("classifier.1.bias").values[2] = value;
        refused(file.bytes(), &["`classifier.1.bias` holds", "at position 2"]);
    }
}

#[test]
fn other_types_are_refused_by_name() {
    let mut file = WeightFile::hashed(architecture(), CLASSES);
    file.entry("features.0.1.bias").dtype = Dtype::I64;
    refused(file.bytes(), &["`features.0.1.bias` is of type I64", "F64, F32, F16 and BF16"]);
}

/// As compressed-tensors writes them (<https://github.com/vllm-project/compressed-tensors>, `int-quantized`).
#[test]
fn integers_are_read_by_their_scales() {
    const NAME: &str = "classifier.1.weight";
    let scale = |shape: &[usize], values: &[f32]| Entry {
        name: format!("{NAME}_scale"),
        shape: shape.into(),
        values: values.into(),
        dtype: Dtype::F32,
    };
    for (shape, scales) in [(&[CLASSES, 1][..], &[0.5, 0.25, 2.0, 1.0][..]), (&[1], &[0.125])] {
        let mut file = WeightFile::hashed(architecture(), CLASSES);
        let matrix = file.entry(NAME);
        matrix.values = (0..matrix.values.len()).map(|i| (i % 255) as f32 - 127.0).collect();
        matrix.dtype = Dtype::I8;
        let (matrix, integers) = (matrix.shape.clone(), matrix.values.clone());
        refused(file.bytes(), &["`classifier.1.weight` is of type I8", "with a scale"]);
        file.0.push(scale(shape, scales));
        let columns = matrix[1];
        let wanted: Vec<f32> =
            integers.iter().enumerate().map(|(i, v)| v * scales[i / columns % scales.len()]).collect();
        for mut weights in
            [Weights::read(file.bytes()).unwrap(), Weights::read_from(&file.bytes(), None).unwrap()]
        {
            assert_eq!(weights.recognise().unwrap().name, NETWORK);
            assert_eq!(weights.take(NAME, &matrix).unwrap(), wanted);
        }
        assert_eq!(load(file.bytes()).unwrap(), CLASSES);
        // With a zero point they mean something else.
        file.0.push(Entry { name: format!("{NAME}_zero_point"), ..scale(shape, scales) });
        assert!(load(file.bytes()).unwrap_err().is_weights());
    }
    // A scale of another shape is none.
    let mut file = WeightFile::hashed(architecture(), CLASSES);
    file.entry(NAME).dtype = Dtype::I8;
    file.0.push(scale(&[3], &[1.0; 3]));
    assert!(load(file.bytes()).unwrap_err().is_weights());
}

#[test]
fn a_file_cut_anywhere_is_refused() {
    let bytes = WeightFile::hashed(architecture(), CLASSES).bytes();
    for percent in 0..100 {
        let cut = bytes.len() * percent / 100;
        let error = load(bytes[..cut].to_vec()).expect_err("a part of a file");
        assert!(error.is_weights(), "{percent} %: {error}");
    }
    for (start, words) in [
        (&b"<!DOCTYPE html><html>log in</html>"[..], "a web page"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0", "a Git LFS pointer"),
        (b"\x1f\x8b\x08\x00", "a gzip archive"),
        (b"\x89HDF\r\n\x1a\n", "an HDF5 file"),
        (b"\x08\x0e\x12\x07pytorch\x1a\x052.5.1:\x0c\n", "an ONNX file"),
        (b"\x08\x07:\x0c\n\x0a\x01", "an ONNX file"),
        (b"\x93NUMPY\x01\0v\0{'descr': '<f4'}", "an array of NumPy"),
        (b"\x1c\0\0\0TFL3", "TensorFlow Lite"),
        (b"", "an empty file"),
        (b"hello, world", "not a complete safetensors file"),
    ] {
        refused(start.to_vec(), &[words]);
    }
}

/// What a front end that has room for one model relies on: it drops the old one between reading and loading.
#[test]
fn a_file_that_does_not_fit_is_refused_before_anything_is_loaded() {
    let device = Device::cpu();
    let file = WeightFile::hashed(architecture(), CLASSES).bytes();
    let read = |card: Card, file: &[u8]| ModelFile::read(&device, card, file.to_vec());
    let resnet = Architecture::named("resnet18").unwrap();
    let error = read(Card::new(resnet), &file).err().unwrap();
    assert!(error.to_string().contains("`fc.weight` is missing"), "{error}");
    let few = Card { labels: Some(vec!["cat".into()]), ..Card::new(architecture()) };
    let error = read(few, &file).err().unwrap();
    assert!(error.to_string().contains("1 labels do not fit a network of 4 classes"), "{error}");
    let mut damaged = WeightFile::hashed(architecture(), CLASSES);
    damaged.entry("classifier.1.bias").values[2] = f32::NAN;
    let error = read(Card::new(architecture()), &damaged.bytes()).err().unwrap();
    assert!(error.to_string().contains("`classifier.1.bias` holds NaN"), "{error}");

    let fitting = read(Card::new(architecture()), &file).unwrap();
    assert_eq!(fitting.architecture().name, NETWORK);
    // Four bytes a number, without BatchNorm's counters, which are not in this file either.
    let numbers: usize =
        WeightFile::hashed(architecture(), CLASSES).0.iter().map(|entry| entry.values.len()).sum();
    assert_eq!(fitting.device_bytes(), 4 * numbers);
    let model = pollster::block_on(fitting.load()).unwrap();
    assert_eq!((model.architecture().name, model.classes(), model.labels()), (NETWORK, CLASSES, None));
}

/// The tensors of a network under names that say nothing, in an archive that keeps their order.
fn nameless(network: &Architecture) -> Vec<torch_file::Named> {
    let mut modules: Vec<String> = Vec::new();
    let named = |entry: Entry| {
        let (module, part) = entry.name.rsplit_once('.').unwrap();
        if modules.last().is_none_or(|last| last != module) {
            modules.push(module.into());
        }
        (format!("part{}.{part}", modules.len()), entry.shape, entry.values)
    };
    WeightFile::hashed(network, CLASSES).0.into_iter().map(named).collect()
}

/// A file that ends in zeros, and counts what is read of it.
struct Counted {
    start: Vec<u8>,
    zeros: u64,
    read: Cell<u64>,
}

impl Source for Counted {
    fn len(&self) -> u64 {
        self.start.len() as u64 + self.zeros
    }

    fn read_at(&self, at: u64, buffer: &mut [u8]) -> std::io::Result<()> {
        self.read.set(self.read.get() + buffer.len() as u64);
        for (place, byte) in (at as usize..).zip(buffer) {
            *byte = self.start.get(place).copied().unwrap_or(0);
        }
        Ok(())
    }
}

/// Of a checkpoint with 16 GiB of momenta little more is read than of the network alone: as many bytes as a pickle may have.
#[test]
fn what_an_optimizer_leaves_beside_a_network_is_not_read() {
    let network = WeightFile::hashed(architecture(), CLASSES);
    let tensors: Vec<_> =
        network.0.into_iter().map(|entry| (entry.name, entry.shape, entry.values)).collect();
    let source = |start, zeros| Counted { start, zeros, read: Cell::default() };
    let alone = source(torch_file::legacy(&tensors), 0);
    let beside = source(torch_file::legacy_before_momenta(&tensors, 1 << 32), 4 << 32);
    for source in [&alone, &beside] {
        let mut weights = Weights::read_from(source, None).unwrap();
        assert_eq!(weights.recognise().unwrap().name, NETWORK);
        let (name, shape, values) = &tensors[0];
        assert_eq!(weights.take(name, shape).unwrap(), *values);
    }
    let numbers: usize = tensors.iter().map(|(_, _, values)| values.len()).sum();
    assert!(alone.read.get() > 4 * numbers as u64);
    let more = beside.read.get() - alone.read.get();
    assert!(more < 128 << 20, "{more} bytes more were read");
}

#[test]
fn a_state_that_is_no_network_says_why() {
    let file = torch_file::zipped(&[("conv.weight".into(), vec![2, 3, 3, 3], vec![0.0; 54])]);
    for state in ["state_dict", "ema"] {
        let error = Weights::read_from(&file, Some(state)).err().unwrap();
        assert_eq!(error.code(), "unknown-tensors", "{state}: {error}");
    }
}

#[test]
fn a_network_under_names_that_say_nothing_is_told_by_order_and_shape() {
    let weights = Weights::read(torch_file::zipped(&nameless(architecture()))).unwrap();
    assert_eq!(weights.recognise().unwrap().name, NETWORK);
    let notes: Vec<_> = weights.notes().iter().map(|note| note.code()).collect();
    assert_eq!(notes, ["matched-by-order"]);
    let renamed: Vec<_> = weights.renamed().collect();
    assert!(renamed.contains(&("part1.weight", "features.0.0.weight")), "{renamed:?}");
    let last = renamed.iter().find(|(_, name)| *name == "classifier.1.bias").unwrap();
    assert!(last.0.starts_with("part"), "{last:?}");
    // Names that are alike but for a place tell that something stands before.
    let shifted = |(name, shape, values): torch_file::Named| {
        (name.replace("features.18.", "features.19."), shape, values)
    };
    let named = WeightFile::hashed(architecture(), CLASSES).0.into_iter();
    let named = named.map(|entry| shifted((entry.name, entry.shape, entry.values))).collect::<Vec<_>>();
    let weights = Weights::read(torch_file::zipped(&named)).unwrap();
    assert_eq!(weights.recognise().unwrap().name, NETWORK);
    let notes: Vec<_> = weights.notes().iter().map(|note| note.code()).collect();
    assert_eq!(notes, ["matched-by-order", "order-shifted"]);
    let note = weights.notes()[1].to_string();
    assert!(note.contains("`features.19.0` stands where") && note.contains("`features.18.0`"), "{note}");
    // Two modules in another order are no network that is known.
    let mut tensors = nameless(architecture());
    tensors.rotate_left(5);
    assert!(Weights::read(torch_file::zipped(&tensors)).unwrap().recognise().err().unwrap().is_weights());
}

/// Logits of PyTorch:
///
/// ```python
/// network = hashed.load(torchvision.models.inception_v3(init_weights=False, num_classes=3, transform_input=False)).eval()
/// network(torch.from_numpy(hashed.signed("picture", (1, 3, 75, 75))))
/// ```
#[test]
fn without_its_first_step_inception_computes_what_pytorch_computes() {
    const EXPECTED: [f32; 3] = [-0.0719525, -0.166559, 0.0966974];
    let network = Architecture::named("inception_v3").unwrap().with_transform_input(false);
    let device = Device::cpu();
    let network = network.load(&mut Hashed { classes: 3 }, device.tensors()).unwrap();
    let shape = [1, 3, 75, 75];
    let picture = TensorData::new(Hashed::uniform("picture", &shape, 1.0), shape);
    let scores = network.forward(Tensor::from_data(picture, device.tensors()), &mut Tap::default());
    let scores: Vec<f32> = scores.into_data().try_to_vec().unwrap();
    for (found, wanted) in scores.iter().zip(EXPECTED) {
        assert!((found - wanted).abs() < 1e-4 * wanted.abs().max(1.0), "{scores:?}, not {EXPECTED:?}");
    }
}

#[test]
fn the_network_is_told_by_its_tensors() {
    for name in [NETWORK, "resnet18", "shufflenet_v2_x0_5", "squeezenet1_1", "vgg_small"] {
        let file = WeightFile::hashed(Architecture::named(name).unwrap(), 3).bytes();
        let model = pollster::block_on(Model::load(&Device::cpu(), Card::default(), file)).unwrap();
        assert_eq!((model.architecture().name, model.classes()), (name, 3));
        assert_eq!(model.preprocessor().size, Size::square(model.architecture().size as usize));
    }
    let mut file = WeightFile::hashed(Architecture::named("resnet50").unwrap(), 3);
    file.0.retain(|entry| entry.name != "layer4.2.conv3.weight");
    let error = pollster::block_on(Model::load(&Device::cpu(), Card::default(), file.bytes())).err().unwrap();
    for words in
        ["match no known network: ResNet-50 (resnet50) comes closest", "`layer4.2.conv3.weight` is missing"]
    {
        assert!(error.to_string().contains(words), "{error}");
    }
    let file = WeightFile::hashed(architecture(), 3).bytes();
    let resnet = Card::new(Architecture::named("resnet18").unwrap());
    let error = pollster::block_on(Model::load(&Device::cpu(), resnet, file)).err().unwrap();
    assert!(
        error.to_string().contains("The file fits MobileNetV2 ×0.25 (mobilenet_v2_x0_25), not ResNet-18"),
        "{error}"
    );
}
