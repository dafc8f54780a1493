//! Weight files and model cards: what fits loads, and what does not is named.

mod common;

use std::cell::Cell;

use burn::tensor::{Tensor, TensorData};
use cam_lucida::network::{Architecture, Parameters, Tap};
use cam_lucida::picture::{Interpolation, Preprocessor};
use cam_lucida::weights::{Assumption, Card, Hashed, PreprocessorOverrides, Source, Weights, labels};
use cam_lucida::{Device, Error, Input, Model, ModelFile, Problem, Size};
use common::torch_file;
use common::weight_file::{Entry, WeightFile};
use safetensors::Dtype;
use strum::VariantArray;

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

#[test]
fn labels_come_as_list_object_or_lines() {
    let names = ["tench", "goldfish, Carassius auratus"].map(String::from).to_vec();
    assert_eq!(labels(r#"["tench", "goldfish, Carassius auratus"]"#).unwrap(), names);
    assert_eq!(labels(r#"{"1": "goldfish, Carassius auratus", "0": "tench"}"#).unwrap(), names);
    assert_eq!(labels("\u{feff}tench\r\ngoldfish, Carassius auratus\n").unwrap(), names);
    for (text, words) in
        [("", "empty"), ("[1, 2]", "neither a JSON list"), (r#"{"0": "a", "2": "b"}"#, "not class 1")]
    {
        let error = labels(text).unwrap_err();
        assert!(error.is_weights() && error.to_string().contains(words), "{error}");
    }
}

#[test]
fn a_card_that_names_a_class_twice_is_refused() {
    let error = Card::read(r#"{ "id2label": { "0": "cat", "0": "dog" } }"#, None).err().unwrap();
    assert!(error.to_string().contains("class 0 twice, `cat` and `dog`"), "{error}");
}

#[test]
fn labels_come_as_other_programs_write_them() {
    let names = ["cat", "dog, of any kind"].map(String::from).to_vec();
    for text in [
        // Keras's imagenet_class_index.json, torchvision's class_to_idx, Hugging Face's config.
        r#"{ "0": ["n02123045", "cat"], "1": ["n02084071", "dog, of any kind"] }"#,
        r#"{ "dog, of any kind": 1, "cat": 0 }"#,
        r#"{ "model_type": "resnet", "id2label": { "0": "cat", "1": "dog, of any kind" } }"#,
        r#"{ "class_to_idx": { "dog, of any kind": 1, "cat": 0 } }"#,
        // Tables.
        "0,cat\n1,\"dog, of any kind\"\n",
        "id,name\n1,\"dog, of any kind\"\n0,cat\n",
        "name;index\ndog, of any kind;1\ncat;0\n",
        "class\twnid\tid\r\ncat\tn02123045\t0\r\ndog, of any kind\tn02084071\t1\r\n",
        "0\tn02123045\tcat\n1\tn02084071\tdog, of any kind",
        // Hugging Face's config says it in both ways; torchvision's list of classes as a table without ids.
        r#"{ "id2label": { "0": "cat", "1": "dog, of any kind" }, "label2id": { "cat": 0, "dog, of any kind": 1 }, "x": [] }"#,
        "name,colour\ncat,grey\n\"dog, of any kind\",brown",
        "count,name,id\n1,\"dog, of any kind\",1\n0,cat,0",
        // Lines.
        "1 dog, of any kind\n0 cat",
        "0: cat\n1: dog, of any kind",
        "cat\ndog, of any kind",
        "label\ncat\ndog, of any kind",
        "\"cat\"\n\"dog, of any kind\"",
    ] {
        assert_eq!(labels(text).unwrap(), names, "{text}");
    }
    for (text, code) in [
        ("id,name\n0,cat\n2,dog", "labels-gap"),
        (r#"{ "cat": 0, "dog": 0 }"#, "labels-twice"),
        ("0,cat\n0,dog", "labels-twice"),
        (r#"{ "0": "cat", "0": "dog" }"#, "labels-twice"),
        (r#"{ "id2label": { "0": "cat", "00": "dog" } }"#, "labels-twice"),
        ("2,0\n0,1\n1,2", "labels-columns"),
        (
            r#"{ "id2label": { "0": "cat", "1": "dog" }, "label2id": { "cat": 1, "dog": 0 } }"#,
            "labels-differ",
        ),
        (r#"{ "names": ["cat"] }"#, "labels-json"),
        ("7", "labels-scalar"),
        ("null", "labels-scalar"),
    ] {
        assert_eq!(labels(text).unwrap_err().code(), code, "{text}");
    }
}

#[test]
fn names_that_are_numbers_are_told_from_ids_by_the_header() {
    let names = ["2", "0", "1"].map(String::from).to_vec();
    for text in [
        "name,id\n2,0\n0,1\n1,2",
        "index,class\n1,0\n0,2\n2,1",
        "count,id,name\n2,0,2\n1,2,1\n0,1,0",
        r#"{ "2": 0, "0": 1, "1": 2 }"#,
    ] {
        assert_eq!(labels(text).unwrap(), names, "{text}");
    }
    // Both columns say the same.
    assert_eq!(labels("1,1\n0,0").unwrap(), ["0", "1"]);
    // What only looks like ids is part of the names.
    assert_eq!(labels("1 euro\n2 euro\n5 euro").unwrap(), ["1 euro", "2 euro", "5 euro"]);
}

/// What leaves no trace in tensors: the file alone would be read silently wrong.
#[test]
fn a_card_of_a_variant_that_tensors_do_not_tell_is_refused() {
    for (config, words) in [
        (r#"{ "architecture": "resnetaa50" }"#, "anti-aliasing"),
        (r#"{ "architecture": "resnetblur50.bt_in1k" }"#, "anti-aliasing"),
        (r#"{ "architecture": "densenetblur121d" }"#, "anti-aliasing"),
        (r#"{ "architecture": "resnet50", "model_args": { "act_layer": "silu" } }"#, "other activations"),
        (r#"{ "model_type": "resnet", "hidden_act": "gelu" }"#, "other activations"),
        (r#"{ "model_type": "mobilenet_v2", "tf_padding": false }"#, "PyTorch's padding"),
        (r#"{ "model_type": "mobilenet_v2", "layer_norm_eps": 0.00001 }"#, "0.001"),
        (r#"{ "model_type": "mobilenet_v2", "output_stride": 8 }"#, "dilated"),
        (r#"{ "model_type": "mobilenet_v2", "hidden_act": "gelu" }"#, "other activations"),
        (r#"{ "model_type": "regnet", "downsample_in_first_stage": false }"#, "first stage"),
        (r#"{ "model_type": "resnet", "downsample_in_first_stage": true }"#, "first stage"),
        (r#"{ "architecture": "resnet50", "global_pool": "max" }"#, "another pooling"),
        (
            r#"{ "architecture": "resnet50", "model_args": { "global_pool": "catavgmax" } }"#,
            "another pooling",
        ),
        (r#"{ "architecture": "resnet50", "model_args": { "bn_eps": 0.001 } }"#, "other activations"),
    ] {
        let error = Card::read(config, None).err().unwrap_or_else(|| panic!("{config}"));
        assert!(error.code() == "card-variant" && error.to_string().contains(words), "{config}: {error}");
    }
    for config in [
        r#"{ "architecture": "resnet50", "model_args": { "in_chans": 1 } }"#,
        r#"{ "model_type": "resnet", "downsample_in_bottleneck": false, "num_labels": 2 }"#,
        r#"{ "model_type": "mobilenet_v2", "tf_padding": true, "layer_norm_eps": 0.001, "output_stride": 32, "hidden_act": "relu6" }"#,
        r#"{ "model_type": "regnet", "downsample_in_first_stage": true, "hidden_act": "relu" }"#,
    ] {
        assert!(Card::read(config, None).is_ok(), "{config}");
    }
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
    // Two modules in another order are no network that is known.
    let mut tensors = nameless(architecture());
    tensors.rotate_left(5);
    assert!(Weights::read(torch_file::zipped(&tensors)).unwrap().recognise().err().unwrap().is_weights());
}

const CONFIG: &str = r#"{ "architecture": "resnet18", "num_classes": 2 }"#;

#[test]
fn hugging_faces_form_of_a_card_is_read() {
    let config = r#"{
        "architecture": "resnet18", "id2label": { "1": "dog", "0": "cat" }, "num_classes": 2,
        "problem_type": "multi_label_classification", "model_type": "cam-lucida"
    }"#;
    let preprocessor = |size: &str| {
        format!(r#"{{ "size": {size}, "image_mean": [0.5, 0.25, 0.75], "image_std": [0.25, 0.5, 1] }}"#)
    };
    for size in ["96", r#"{ "height": 96, "width": 96 }"#, r#"{ "shortest_edge": 96 }"#] {
        let card = Card::read(config, Some(&preprocessor(size))).unwrap();
        assert_eq!(card.architecture.unwrap().name, "resnet18");
        assert_eq!((card.classes, card.labels), (Some(2), Some(["cat", "dog"].map(String::from).to_vec())));
        assert_eq!(card.problem, Some(Problem::MultiLabel));
        let (mean, std) = ([0.5, 0.25, 0.75], [0.25, 0.5, 1.0]);
        let interpolation = Interpolation::Bilinear;
        assert_eq!(card.preprocessor, Some(Preprocessor { mean, std, interpolation, ..sized(96, 96) }));
    }
}

/// What an image processor cuts out is the input.
#[test]
fn what_an_image_processor_cuts_out_is_the_input() {
    let read = |more: &str| {
        let text = format!(
            r#"{{ "size": {{ "shortest_edge": 256 }}, "image_mean": [0, 0, 0], "image_std": [1, 1, 1], {more} }}"#
        );
        Card::read(CONFIG, Some(&text)).map(|card| card.preprocessor.unwrap())
    };
    let crop = r#""crop_size": { "height": 224, "width": 192 }"#;
    let cut = read(crop).unwrap();
    assert_eq!((cut.size, cut.resize), (Size { height: 224, width: 192 }, Size::square(256)));
    assert_eq!(read(r#""crop_size": 224"#).unwrap().size, Size::square(224));
    assert_eq!(read(&format!(r#"{crop}, "do_center_crop": false"#)).unwrap().size, Size::square(256));
    assert_eq!(read(r#""crop_size": 300"#).unwrap_err().code(), "card-crop-size");

    // Nothing is resized to what a file only says.
    let huge = r#"{ "size": 4000000000, "crop_size": 224, "image_mean": [0, 0, 0], "image_std": [1, 1, 1] }"#;
    assert_eq!(Card::read(CONFIG, Some(huge)).err().unwrap().code(), "preprocessing-size");
}

/// A square input, and what the square around it is cut from.
fn sized(size: usize, resize: usize) -> Preprocessor {
    let [size, resize] = [size, resize].map(Size::square);
    Preprocessor { size, resize, ..Preprocessor::imagenet(224) }
}

#[test]
fn timms_form_of_a_card_is_read() {
    let config = r#"{
        "architecture": "resnet50", "num_classes": 3, "label_names": ["a", "b", "c"],
        "pretrained_cfg": { "input_size": [3, 288, 288], "mean": [0, 0.5, 1], "std": [1, 2, 3], "crop_pct": 0.95 }
    }"#;
    let card = Card::read(config, None).unwrap();
    assert_eq!((card.architecture.unwrap().name, card.labels.unwrap().len()), ("resnet50", 3));
    assert_eq!(card.problem, None);
    // math.floor(288 / 0.95)
    let (mean, std, interpolation) = ([0.0, 0.5, 1.0], [1.0, 2.0, 3.0], Interpolation::Bicubic);
    let expected = Preprocessor { mean, std, interpolation, ..sized(288, 303) };
    assert_eq!(card.preprocessor, Some(expected));
    let bilinear = config.replace("0.95 }", r#"0.95, "interpolation": "bilinear" }"#);
    let card = Card::read(&bilinear, None).unwrap();
    assert_eq!(card.preprocessor.unwrap().interpolation, Interpolation::Bilinear);
    // A file of its own counts more; math.floor(224 / 0.8).
    let own =
        r#"{ "size": 224, "image_mean": [0, 0, 0], "image_std": [1, 1, 1], "crop_pct": 0.8, "resample": 3 }"#;
    let preprocessor = Card::read(config, Some(own)).unwrap().preprocessor.unwrap();
    assert_eq!((preprocessor.size, preprocessor.resize), (Size::square(224), Size::square(280)));
    assert_eq!(preprocessor.interpolation, Interpolation::Bicubic);
}

/// What Hugging Face's processors compute of a value 0 to 255, by their source: `(value * factor - offset - mean) / std`.
#[test]
fn a_card_may_rescale_values_in_another_way() {
    let computed = |entries: &str, value: f32| {
        let text = format!(r#"{{ "size": 64, {entries} }}"#);
        let card = Card::read(CONFIG, Some(&text)).unwrap_or_else(|error| panic!("{entries}: {error}"));
        let Preprocessor { mean, std, .. } = card.preprocessor.unwrap();
        (value / 255.0 - mean[1]) / std[1]
    };
    let numbers =
        |mean: f32, std: f32| format!(r#""image_mean": [0, {mean}, 0], "image_std": [1, {std}, 1]"#);
    let (half, caffe) = (numbers(0.5, 0.25), numbers(116.3, 57.1));
    let cases = [
        (half.clone(), (100.0 / 255.0 - 0.5) / 0.25),
        (
            format!(r#"{half}, "do_rescale": true, "rescale_factor": 0.00392156862745098"#),
            (100.0 / 255.0 - 0.5) / 0.25,
        ),
        (format!(r#"{half}, "rescale_factor": 0.00784313725490196"#), (100.0 / 127.5 - 0.5) / 0.25),
        (
            format!(r#"{half}, "rescale_factor": 0.00784313725490196, "rescale_offset": true"#),
            (100.0 / 127.5 - 1.5) / 0.25,
        ),
        (format!(r#"{caffe}, "do_rescale": false"#), (100.0 - 116.3) / 57.1),
        (format!(r#"{half}, "do_normalize": false"#), 100.0 / 255.0),
        (r#""do_normalize": false"#.into(), 100.0 / 255.0),
        (r#""do_normalize": false, "do_rescale": false"#.into(), 100.0),
    ];
    for (entries, expected) in cases {
        let found = computed(&entries, 100.0);
        assert!(
            (found - expected).abs() < 1e-4 * f32::max(1.0, expected.abs()),
            "{entries}: {found}, {expected}"
        );
    }
    let refused = |entries: &str| {
        let text = format!(r#"{{ "size": 64, {entries} }}"#);
        Card::read(CONFIG, Some(&text)).err().unwrap().code()
    };
    assert_eq!(refused(r#""image_mean": [0, 0, 0]"#), "card-normalisation");
    assert_eq!(refused(&caffe), "preprocessing-mean-scale");
    assert_eq!(refused(&format!(r#"{half}, "rescale_factor": 0"#)), "card-rescale");
}

/// torchvision's published Inception turns ImageNet's normalisation into that of mean and deviation ½ itself; timm's is shown the latter.
#[test]
fn inceptions_first_step_is_what_the_card_says_or_assumed_and_said() {
    let inception = Architecture::named("inception_v3").unwrap();
    let file = WeightFile::hashed(inception, 2).bytes();
    let mut pretrainedmodels = WeightFile::hashed(inception, 2);
    for entry in &mut pretrainedmodels.0 {
        entry.name = entry.name.replace("fc.", "last_linear.");
    }
    let timm = r#"{ "architecture": "inception_v3", "pretrained_cfg":
        { "input_size": [3, 299, 299], "mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5] } }"#;
    let half = [0.5; 3];
    let imagenet = Preprocessor::imagenet(299).mean;
    let cases = [
        (timm, &file, false, half, vec![]),
        (
            r#"{ "architecture": "inception_v3", "transform_input": false }"#,
            &file,
            false,
            half,
            vec!["colours-assumed"],
        ),
        (
            r#"{ "architecture": "inception_v3", "transform_input": true }"#,
            &file,
            true,
            imagenet,
            vec!["colours-assumed"],
        ),
        (
            "{}",
            &file,
            true,
            imagenet,
            vec!["torchvision-assumed", "colours-assumed", "transform-input-assumed"],
        ),
        ("{}", &pretrainedmodels.bytes(), false, half, vec!["torchvision-assumed", "colours-assumed"]),
    ];
    for (config, file, transforms, mean, notes) in cases {
        let card = Card::read(config, None).unwrap();
        let read = ModelFile::read(&Device::cpu(), card, file.clone()).unwrap();
        assert_eq!(read.architecture().transform_input, transforms, "{config}");
        let found: Vec<_> = read.notes().iter().map(|note| note.code()).collect();
        assert_eq!(found, notes, "{config}");
        let model = pollster::block_on(read.load()).unwrap();
        assert_eq!(model.preprocessor().mean, mean, "{config}");
    }
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

/// A card silences the notes of what it states, and of nothing else.
#[test]
fn what_a_card_does_not_state_is_said() {
    let file = WeightFile::hashed(architecture(), 1).bytes();
    let preprocessor = r#"{ "size": 96, "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5] }"#;
    let named = format!(r#"{{ "architecture": "{NETWORK}" }}"#);
    let repeated = format!(
        r#"{{ "architecture": "{NETWORK}", "problem_type": "multi_label_classification",
        "assumed": ["strides", "colours", "outputs", "more than we know"] }}"#
    );
    let [strides, colours, outputs] = ["torchvision-assumed", "colours-assumed", "one-output"];
    let cases = [
        ("{}", None, vec![outputs, strides, colours]),
        ("{}", Some(preprocessor), vec![outputs, strides]),
        (&named, None, vec![outputs, colours]),
        (&named, Some(preprocessor), vec![outputs]),
        (&repeated, Some(preprocessor), vec![outputs, strides, colours]),
        (r#"{ "problem_type": "regression" }"#, Some(preprocessor), vec![strides]),
    ];
    for (config, preprocessor, notes) in cases {
        let card = Card::read(config, preprocessor).unwrap();
        let read = ModelFile::read(&Device::cpu(), card, file.clone()).unwrap();
        let found: Vec<_> = read.notes().iter().map(|note| note.code()).collect();
        assert_eq!(found, notes, "{config} {preprocessor:?}");
    }
    // Who chooses the numbers of the colours states them.
    let mut card = Card::read(&repeated, Some(preprocessor)).unwrap();
    card.overrides =
        PreprocessorOverrides { mean: Some([0.5; 3]), std: Some([0.5; 3]), ..Default::default() };
    let read = ModelFile::read(&Device::cpu(), card, file).unwrap();
    assert_eq!(read.assumed(), [Assumption::Strides, Assumption::Outputs]);
}

/// What a module that was saved whole says of itself needs no note.
#[test]
fn a_whole_module_with_a_sigmoid_has_independent_outputs() {
    let file = |name: &str| {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/weights/wild");
        ModelFile::read(&Device::cpu(), Card::default(), std::fs::read(folder.join(name)).unwrap()).unwrap()
    };
    let read = file("told-sigmoid.pth");
    assert!(read.notes().iter().any(|note| note.code() == "outputs-sigmoid"));
    assert_eq!(pollster::block_on(read.load()).unwrap().problem(), Problem::MultiLabel);
    assert_eq!(pollster::block_on(file("told-relu.pth").load()).unwrap().problem(), Problem::SingleLabel);
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

#[test]
fn a_chosen_network_takes_the_place_of_the_cards() {
    let config = CONFIG.replace("resnet18", "my_network");
    assert!(Card::read(&config, None).is_err());
    let card = Card::read_as(Some(architecture()), &config, None).unwrap();
    assert_eq!((card.architecture.unwrap().name, card.classes), (NETWORK, Some(2)));
}

#[test]
fn chosen_preprocessing_takes_the_place_of_the_cards() {
    let mut card = Card::read(
        CONFIG,
        Some(r#"{ "size": 64, "image_mean": [0, 0, 0], "image_std": [1, 1, 1], "crop_pct": 0.8 }"#),
    )
    .unwrap();
    card.overrides.size = Some(Size::square(128));
    card.overrides.std = Some([0.5; 3]);
    let expected = Preprocessor { mean: [0.0; 3], std: [0.5; 3], ..sized(128, 160) };
    assert_eq!(card.preprocessor_for(card.architecture.unwrap()).unwrap(), expected);
    card.overrides.std = Some([0.5, 0.0, 0.5]);
    let error = card.preprocessor_for(card.architecture.unwrap()).unwrap_err();
    assert!(error.is_weights() && error.to_string().contains("the standard deviation 0"), "{error}");
}

#[test]
fn an_input_may_have_more_rows_than_columns() {
    let config = r#"{
        "architecture": "resnet18", "num_classes": 2,
        "pretrained_cfg": { "input_size": [3, 256, 128], "mean": [0, 0, 0], "std": [1, 1, 1], "crop_pct": 0.95 }
    }"#;
    let mut card = Card::read(config, None).unwrap();
    let sizes = |card: &Card| {
        let Preprocessor { size, resize, .. } = card.preprocessor_for(card.architecture.unwrap()).unwrap();
        (size, resize)
    };
    let size = |height, width| Size { height, width };
    // math.floor of 256 / 0.95 and of 128 / 0.95
    assert_eq!(sizes(&card), (size(256, 128), size(269, 134)));
    card.overrides.size = Some(size(64, 256));
    assert_eq!(sizes(&card), (size(64, 256), size(67, 268)));
}

#[test]
fn a_card_without_preprocessing_has_torchvisions() {
    let card = Card::read(CONFIG, None).unwrap();
    let (mean, std) = ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]);
    assert_eq!(card.preprocessor, None);
    let expected = Preprocessor { mean, std, ..sized(224, 256) };
    assert_eq!(card.preprocessor_for(card.architecture.unwrap()).unwrap(), expected);
    assert_eq!((card.labels, card.problem), (None, None));
}

#[test]
fn a_card_says_what_the_outputs_are() {
    for (name, problem) in [
        ("single_label_classification", Problem::SingleLabel),
        ("multi_label_classification", Problem::MultiLabel),
        ("regression", Problem::Value),
    ] {
        let config = format!(r#"{{ "problem_type": "{name}" }}"#);
        assert_eq!(Card::read(&config, None).unwrap().problem, Some(problem));
    }
    // One output may have names for no and yes, values may not.
    let config = |problem: &str| {
        format!(r#"{{ "num_classes": 1, "label_names": ["cat", "dog"], "problem_type": "{problem}" }}"#)
    };
    assert!(Card::read(&config("multi_label_classification"), None).is_ok());
    assert_eq!(Card::read(&config("regression"), None).err().unwrap().code(), "card-label-count");
    // What users write.
    for (written, problem) in Problem::WRITTEN.iter().zip(Problem::VARIANTS) {
        assert_eq!(written.parse::<Problem>().unwrap(), *problem);
    }
    let error = "singel".parse::<Problem>().unwrap_err();
    assert!(error.is_request() && error.to_string().contains("did you mean `single`"), "{error}");
}

#[test]
fn a_card_that_means_nothing_is_refused_in_words() {
    let preprocessor = |size: &str, mean: &str, std: &str| {
        format!(r#"{{ "size": {size}, "image_mean": {mean}, "image_std": {std} }}"#)
    };
    let (zeros, ones) = ("[0, 0, 0]", "[1, 1, 1]");
    let refused = |config: &str, preprocessor: Option<&str>, words: &[&str]| {
        let error = Card::read(config, preprocessor).err().expect(words[0]);
        assert!(error.is_weights(), "{error}");
        for word in words {
            assert!(error.to_string().contains(word), "“{error}” does not say “{word}”");
        }
    };
    let of_config = |rest: &str, words: &[&str]| {
        let words = [words, &["config.json: "]].concat();
        refused(&format!(r#"{{ "architecture": "resnet18", {rest} }}"#), None, &words);
    };
    refused("{ \"architecture\": ", None, &["config.json: not understood", "EOF"]);
    refused(r#"{ "architecture": "alexnet" }"#, None, &["unknown network `alexnet`", "resnet18"]);
    of_config(r#""num_classes": "two""#, &["not understood", "two"]);
    of_config(r#""num_classes": 3, "label_names": ["a"]"#, &["1 class names", "`num_classes` 3"]);
    of_config(r#""id2label": { "0": "a", "2": "b" }"#, &["class 2, but not class 1"]);
    of_config(
        r#""problem_type": "ranking""#,
        &["`ranking`", "multi_label_classification, regression are known"],
    );
    let timm = r#""pretrained_cfg": { "input_size": [1, 64, 64], "mean": [0, 0, 0], "std": [1, 1, 1] }"#;
    of_config(timm, &["1 channels", "a picture has 3"]);
    let of_preprocessor = |text: &str, words: &[&str]| {
        refused(CONFIG, Some(text), &[words, &["preprocessor_config.json: "]].concat());
    };
    of_preprocessor("[]", &["not understood"]);
    of_preprocessor(&preprocessor(r#"{ "width": 64 }"#, zeros, ones), &["`size` must be a number of pixels"]);
    of_preprocessor(
        &preprocessor(r#"{ "height": 64, "width": 31 }"#, zeros, ones),
        &["31×64 pixels (width × height)", "32 to 2048"],
    );
    of_preprocessor(&preprocessor("31", zeros, ones), &["31×31", "32 to 2048"]);
    of_preprocessor(&preprocessor("2049", zeros, ones), &["2049×2049", "32 to 2048"]);
    of_preprocessor(&preprocessor("64", "[0, 0, 1e39]", ones), &["the mean inf is not finite"]);
    for std in ["0", "-1", "1e39"] {
        let std = format!("[1, {std}, 1]");
        of_preprocessor(&preprocessor("64", zeros, &std), &["standard deviation", "finite and above 0"]);
    }
    let cropped = preprocessor("64", zeros, ones).replace('}', r#", "crop_pct": 0.4 }"#);
    of_preprocessor(&cropped, &["`crop_pct` is 0.4", "0.5 to 1"]);
    let nearest = preprocessor("64", zeros, ones).replace('}', r#", "resample": 0 }"#);
    of_preprocessor(&nearest, &["`resample` is 0", "bicubic, 3"]);
    let random = timm.replace("[1,", "[3,").replace("] }", r#"], "interpolation": "random" }"#);
    of_config(&random, &["`interpolation` is `random`", "bilinear and bicubic"]);
}
