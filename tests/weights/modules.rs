//! Modules that were saved whole: what they say of themselves counts, and code that is not read is told. `wild.py` wrote them; that
//! their logits are PyTorch's is tested with the other files there.

use std::path::Path;

use cam_lucida::network::{Architecture, Variant};
use cam_lucida::weights::{Card, Weights};
use cam_lucida::{Device, ModelFile, Problem};

use crate::common::torch_file::{Member, Pickle, archive};
use crate::common::weight_file::WeightFile;

fn wild(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/weights/wild");
    std::fs::read(folder.join(name)).unwrap()
}

/// What a module that was saved whole says of itself needs no note.
#[test]
fn a_whole_module_with_a_sigmoid_has_independent_outputs() {
    let file = |name: &str| ModelFile::read(&Device::cpu(), Card::default(), wild(name)).unwrap();
    let read = file("told-sigmoid.pth");
    assert!(read.notes().iter().any(|note| note.code() == "outputs-sigmoid"));
    assert_eq!(pollster::block_on(read.load()).unwrap().problem(), Problem::MultiLabel);
    assert_eq!(pollster::block_on(file("told-relu.pth").load()).unwrap().problem(), Problem::SingleLabel);
}

/// The scores are what goes into it, as the logits of `expected.json` say.
#[test]
fn a_whole_module_that_ends_in_a_softmax_says_what_its_scores_are() {
    for (name, end) in [("ends-softmax.pth", "a Softmax"), ("ends-log-softmax.pth", "a LogSoftmax")] {
        let read = ModelFile::read(&Device::cpu(), Card::default(), wild(name)).unwrap();
        let notes = read.notes();
        let note = notes.iter().find(|note| note.code() == "outputs-softmax").unwrap();
        assert!(note.to_string().contains(end), "{note}");
        assert_eq!(pollster::block_on(read.load()).unwrap().problem(), Problem::SingleLabel);
    }
}

/// TorchScript's constants are compared, but its code is not read.
#[test]
fn torchscript_keeps_what_is_assumed_of_its_tensors() {
    for (name, code) in [
        ("script-plain.pt", "torchvision-assumed"),
        ("trace-mobile.pt", "torchvision-assumed"),
        ("script-caffe.pt", "colours-assumed"),
    ] {
        let read = ModelFile::read(&Device::cpu(), Card::default(), wild(name)).unwrap();
        assert!(read.notes().iter().any(|note| note.code() == code), "{name}: {:?}", read.notes());
    }
    for (name, variant) in [
        ("script-caffe.pt", Some(Variant::CaffeStrides)),
        ("trace-caffe.pt", Some(Variant::CaffeStrides)),
        ("script-cifar.pt", Some(Variant::CifarPool)),
        ("trace-cifar.pt", Some(Variant::CifarPool)),
        ("script-plain.pt", None),
    ] {
        let read = ModelFile::read(&Device::cpu(), Card::default(), wild(name)).unwrap();
        assert_eq!(read.variant(), variant, "{name}");
    }
}

#[test]
fn classes_and_code_of_ones_own_are_named() {
    for (name, words) in [
        ("own-block.pth", &["mine.Block (`layer1.0`)", "ResNet"][..]),
        ("own-linear.pth", &["mine.Matrix (`fc`)"]),
        ("own-sequential.pth", &["mine.Row (`module.layer2`)"]),
        ("own-leaf.pth", &["mine.Nothing (`avgpool.0`)", "left out"]),
        ("own-forward.pth", &["forward", "not read"]),
        ("own-hooks.pth", &["_forward_hooks of `layer4`", "_backward_hooks of `layer1.0.relu`"]),
        ("own-window.pth", &["`avgpool` averages windows of [2]"]),
        ("order-own-function.pth", &["mine.shrugs (`layer4.0.relu`)"]),
        ("order-graph.pth", &["torch.fx.GraphModule"]),
        ("module.pth", &["Small", "ResNet of another size"]),
        ("script.pt", &["Small", "ResNet of another size"]),
    ] {
        let notes = Weights::read(wild(name)).unwrap().notes().to_vec();
        let [note] = &notes[..] else { panic!("{name}: {notes:?}") };
        for word in words {
            assert!(note.to_string().contains(word), "{name}: “{note}” does not say “{word}”");
        }
    }
}

/// Code that is not read may stride otherwise.
#[test]
fn only_known_classes_tell_strides() {
    for (name, tells) in [
        ("own-nothing.pth", true),
        ("own-mobilenet.pth", true),
        ("order-unused.pth", true),
        ("order-relu-again.pth", true),
        ("order-without-last-relu.pth", true),
        ("whole-timm-resnet.pth", true),
        ("whole-timm-mobilenet.pth", true),
        ("whole-timm-densenet.pth", true),
        ("whole-timm-regnet.pth", true),
        ("whole-huggingface-resnet.pth", true),
        ("whole-huggingface-regnet.pth", true),
        ("own-block.pth", false),
        ("own-hooks.pth", false),
        ("order-own-function.pth", false),
        ("order-graph.pth", false),
    ] {
        assert_eq!(Weights::read(wild(name)).unwrap().tells_modules(), tells, "{name}");
    }
}

/// No code of torchvision's calls it.
#[test]
fn a_sigmoid_that_nothing_runs_counts_for_nothing() {
    let read = ModelFile::read(&Device::cpu(), Card::default(), wild("order-unused.pth")).unwrap();
    assert!(read.notes().iter().all(|note| note.code() != "outputs-sigmoid"));
}

/// A whole Inception as torchvision's class pickles it, but that its modules are in one piece each.
fn inception(transform_input: bool) -> Vec<u8> {
    let tensors = WeightFile::hashed(Architecture::named("inception_v3").unwrap(), 2).0;
    let mut pickle = Pickle::new()
        .global("torchvision.models.inception", "Inception3")
        .op(b")\x81}")
        .text("transform_input")
        .op(if transform_input { b"\x88s" } else { b"\x89s" })
        .text("_modules")
        .op(b"}");
    let (mut members, mut last) = (Vec::new(), None);
    for (key, entry) in tensors.into_iter().enumerate() {
        let (module, name) = entry.name.split_once('.').unwrap();
        if last.as_deref() != Some(module) {
            pickle = if last.is_some() { pickle.op(b"sbs") } else { pickle };
            let class = if module == "fc" { ("linear", "Linear") } else { ("container", "Sequential") };
            let named = pickle.text(module).global(&format!("torch.nn.modules.{}", class.0), class.1);
            pickle = named.op(b")\x81}").text("_modules").op(b"}s").text("_parameters").op(b"}");
            last = Some(module.to_string());
        }
        let sides: Vec<i64> = entry.shape.iter().map(|&side| side as i64).collect();
        let strides: Vec<i64> = (0..sides.len()).map(|axis| sides[axis + 1..].iter().product()).collect();
        let count = entry.values.len() as i64;
        pickle = pickle.text(name).tensor(&key.to_string(), count, 0, &sides, &strides).op(b"s");
        let bytes: Vec<u8> = entry.values.iter().flat_map(|value| value.to_le_bytes()).collect();
        members.push(Member::new(&format!("data/{key}"), bytes));
    }
    members.insert(0, Member::new("data.pkl", pickle.op(b"sbssb").stop()));
    archive(&members)
}

#[test]
fn inceptions_first_step_is_what_its_module_says() {
    for told in [true, false] {
        let file = inception(told);
        let read = |stated| {
            let card = Card { transform_input: stated, ..Card::default() };
            ModelFile::read(&Device::cpu(), card, file.clone())
        };
        for stated in [None, Some(told)] {
            let read = read(stated).unwrap();
            assert_eq!(read.architecture().transform_input, told);
            assert!(read.notes().iter().all(|note| note.code() != "transform-input-assumed"));
        }
        assert_eq!(read(Some(!told)).err().unwrap().code(), "transform-input-contradicts");
    }
}
