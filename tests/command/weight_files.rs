//! Weight files as training scripts leave them: what is told of them, and which network of several is used.

use std::path::{Path, PathBuf};
use std::process::Output;

use cam_lucida::network::Architecture;
use cam_lucida::weights::Hashed;
use npyz::WriterBuilder;
use serde_json::Value;
use tempfile::TempDir;

use crate::command::cam_lucida;
use crate::common::weight_file::WeightFile;
use crate::{fixture, npy};

/// Written by PyTorch, with the logits that it computes of the hashed picture.
fn wild(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/weights/wild").join(name)
}

/// `explain` of the hashed picture by a weight file.
fn explain(folder: &TempDir, file: &str, arguments: &[&str]) -> Output {
    let mut bytes = Vec::new();
    let options = npyz::WriteOptions::new().default_dtype().shape(&[1, 3, 64, 64]);
    let mut writer = options.writer(&mut bytes).begin_nd().unwrap();
    writer.extend(Hashed::uniform("picture", &[1, 3, 64, 64], 1.0)).unwrap();
    writer.finish().unwrap();
    std::fs::write(folder.path().join("picture.npy"), bytes).unwrap();
    let mut call = cam_lucida(&["explain", "--device", "cpu", "--input-npy", "picture.npy", "--save-raw"]);
    call.arg("--weight-path").arg(wild(file)).args(arguments).current_dir(folder).output().unwrap()
}

#[test]
fn of_several_networks_in_a_file_the_one_that_is_asked_for_is_used_and_the_others_are_named() {
    let expected: Value = serde_json::from_slice(&std::fs::read(wild("expected.json")).unwrap()).unwrap();
    let folder = TempDir::new().unwrap();
    let runs = [
        (&[] as &[&str], "logits"),
        (&["--state", "state_dict_ema"], "averaged"),
        (&["--state", "ema"], "averaged"),
        (&["--state", "state_dict"], "logits"),
    ];
    for (arguments, key) in runs {
        let output = explain(&folder, "ema.pth", arguments);
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{told}");
        assert_eq!(
            told.contains("state_dict is used; --state NAME takes another of them: state_dict_ema"),
            arguments.is_empty(),
            "{told}"
        );
        let report = std::fs::read(folder.path().join("results/result.json")).unwrap();
        let report: Value = serde_json::from_slice(&report).unwrap();
        let is_noted =
            report["notes"].as_array().unwrap().iter().any(|note| note["code"] == "several-states");
        assert_eq!(is_noted, arguments.is_empty(), "{report}");
        let expected: Vec<f64> = serde_json::from_value(expected["ema.pth"][key].clone()).unwrap();
        let (_, logits) = npy(&folder.path().join("results/logits.npy"));
        assert_eq!(logits.len(), expected.len());
        for (found, wanted) in logits.iter().zip(&expected) {
            assert!((f64::from(*found) - wanted).abs() < 1e-4, "{key}: {logits:?}, not {expected:?}");
        }
    }
}

/// Of a network of one output, which `wild.py` wrote.
#[test]
fn what_the_outputs_are_can_be_said() {
    let run = |problem: &[&str]| {
        let folder = TempDir::new().unwrap();
        let output = explain(&folder, "head-one.pth", problem);
        assert!(output.status.success(), "{output:?}");
        let report: Value =
            serde_json::from_slice(&std::fs::read(folder.path().join("results/result.json")).unwrap())
                .unwrap();
        let (_, logits) = npy(&folder.path().join("results/logits.npy"));
        let notes: Vec<String> = report["notes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|note| note["code"].as_str().unwrap().into())
            .collect();
        (report["problem"].as_str().unwrap().to_string(), logits, report["top"].clone(), notes)
    };
    let expected: Value = serde_json::from_slice(&std::fs::read(wild("expected.json")).unwrap()).unwrap();
    let y = expected["head-one.pth"]["logits"][0].as_f64().unwrap();
    let near = |found: f64, wanted: f64| assert!((found - wanted).abs() < 1e-4, "{found}, not {wanted}");
    // Unless told otherwise, it says yes or no, and the assumption is told.
    for (problem, guessed) in [(&[] as &[&str], true), (&["--problem", "multiple"], false)] {
        let (problem, logits, top, notes) = run(problem);
        assert_eq!((problem.as_str(), logits.len()), ("yes-no", 2));
        near(f64::from(logits[0]), -y);
        near(f64::from(logits[1]), y);
        let sum = top[0]["probability"].as_f64().unwrap() + top[1]["probability"].as_f64().unwrap();
        near(sum, 1.0);
        assert_eq!(top[0]["name"], if y > 0.0 { "yes" } else { "no" });
        assert_eq!(notes.contains(&"one-output".to_string()), guessed, "{notes:?}");
    }
    let (problem, logits, top, notes) = run(&["--problem", "value"]);
    assert_eq!((problem.as_str(), logits.len()), ("value", 1));
    near(f64::from(logits[0]), y);
    near(top[0]["value"].as_f64().unwrap(), y);
    assert_eq!(top[0].get("probability"), None, "a value is none");
    assert!(!notes.contains(&"one-output".to_string()), "{notes:?}");
    let output =
        explain(&TempDir::new().unwrap(), "head-one.pth", &["--problem", "value", "--target", "probability"]);
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(2) && told.contains("no probabilities"), "{told}");
}

/// `variants.rs` has the logits of such a network.
#[test]
fn a_network_of_other_channels_explains_numbers_and_says_so_of_a_picture() {
    let mut file = WeightFile::hashed(Architecture::named("mobilenet_v2_x0_25").unwrap(), 3);
    let stem = file.entry("features.0.0.weight");
    stem.shape[1] = 5;
    stem.values = Hashed::uniform("stem", &stem.shape, 0.4);
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("net.safetensors"), file.bytes()).unwrap();
    let write = |name: &str, shape: &[u64]| {
        let mut bytes = Vec::new();
        let mut writer =
            npyz::WriteOptions::new().default_dtype().shape(shape).writer(&mut bytes).begin_nd().unwrap();
        let sides: Vec<usize> = shape.iter().map(|&side| side as usize).collect();
        writer.extend(Hashed::uniform("picture", &sides, 1.0)).unwrap();
        writer.finish().unwrap();
        std::fs::write(path(name), bytes).unwrap();
    };
    write("rows.npy", &[5, 64, 96]);
    write("batch.npy", &[1, 5, 64, 96]);
    write("colours.npy", &[1, 3, 64, 96]);
    write("last.npy", &[1, 64, 96, 5]);
    write("flat.npy", &[64, 96]);
    let run = |arguments: &[&str]| {
        let mut call =
            cam_lucida(&["explain", "--device", "cpu", "--weight-path", "net.safetensors", "--save-raw"]);
        let output = call.args(arguments).current_dir(&folder).output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let mut logits = Vec::new();
    for name in ["rows.npy", "batch.npy"] {
        let (code, told) = run(&["--input-npy", name]);
        assert_eq!(code, Some(0), "{told}");
        assert!(told.contains("the mean of the channels in grey") && !told.contains("colours"), "{told}");
        logits.push(npy(&path("results/logits.npy")));
        let overlays = std::fs::read_dir(path("results")).unwrap().map(|entry| entry.unwrap().path());
        assert!(overlays.into_iter().any(|path| path.to_string_lossy().ends_with("overlay.png")));
    }
    assert_eq!(logits[0], logits[1]);
    let measured =
        cam_lucida(&["measure", "--device", "cpu", "--weight-path", "net.safetensors", "--steps", "3"])
            .args(["--input-npy", "rows.npy", "--stages", "1"])
            .current_dir(&folder)
            .output()
            .unwrap();
    assert!(measured.status.success(), "{measured:?}");
    let photo = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/pictures/photo.png");
    for (arguments, words) in [
        (
            ["--image-path", photo],
            "give it numbers in place of a picture (--input-npy FILE, float32 [5, height, width]",
        ),
        (
            ["--input-npy", "colours.npy"],
            "the input has 3 channels, but MobileNetV2 ×0.25 of these weights takes 5",
        ),
        (
            ["--input-npy", "last.npy"],
            "last.npy has shape [1, 64, 96, 5], whose last three numbers are channels, height and width",
        ),
        (
            ["--input-npy", "flat.npy"],
            "an input has [channels, height, width] or [1, channels, height, width]",
        ),
    ] {
        let (code, told) = run(&arguments);
        assert!(code == Some(2) && told.contains(words), "{arguments:?}: {told}");
    }
    // What is to be given is said where nothing is.
    let (code, told) = run(&[]);
    assert!(code == Some(2) && told.contains("--input-npy FILE") && !told.contains("--image-path"), "{told}");
    // Several pictures fail at once, and not one by one.
    let (code, told) = run(&["--image-path", photo, photo]);
    assert!(code == Some(2) && told.contains("--input-npy FILE"), "{told}");
}

/// What an NPY file holds besides numbers that a network takes is named, and what to do about it.
#[test]
fn numbers_that_are_no_input_are_refused_by_what_they_are() {
    let folder = TempDir::new().unwrap();
    let write = |name: &str, dtype: &str, shape: &str, bytes: usize| {
        let mut header = format!("{{'descr': '{dtype}', 'fortran_order': False, 'shape': {shape}, }}");
        header += &" ".repeat(63 - (10 + header.len()) % 64);
        header.push('\n');
        let start =
            [&b"\x93NUMPY\x01\x00"[..], &(header.len() as u16).to_le_bytes(), header.as_bytes()].concat();
        std::fs::write(folder.path().join(name), [start, vec![0; bytes]].concat()).unwrap();
    };
    write("bytes.npy", "|u1", "(1, 3, 64, 64)", 3 * 64 * 64);
    write("last-bytes.npy", "|u1", "(64, 64, 3)", 3 * 64 * 64);
    write("half.npy", "<f2", "(3, 64, 64)", 2 * 3 * 64 * 64);
    write("double.npy", "<f8", "(3, 64, 64)", 8 * 3 * 64 * 64);
    write("whole.npy", "<i4", "(3, 64, 64)", 4 * 3 * 64 * 64);
    write("last.npy", "<f4", "(64, 64, 3)", 4 * 3 * 64 * 64);
    write("cut.npy", "<f4", "(3, 64, 64)", 4 * 3 * 64 * 63);
    for (name, words) in [
        ("bytes.npy", "the numbers of a picture"),
        ("last-bytes.npy", "save the picture as PNG and pass --image-path"),
        ("half.npy", "save it with .astype(numpy.float32)"),
        ("double.npy", "save it with .astype(numpy.float32)"),
        ("whole.npy", "normalised as in training: save ((x - mean) / std).astype(numpy.float32)"),
        ("last.npy", "Put them first, with numpy.moveaxis(x, -1, -3)"),
        ("cut.npy", "is not a complete NPY file"),
    ] {
        let output = cam_lucida(&["classify", "--input-npy", name]).current_dir(&folder).output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == Some(2) && told.contains(words), "{name}: {told}");
    }
}

#[test]
fn options_that_change_nothing_of_an_input_of_numbers_are_told() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("input.npy");
    let mut bytes = Vec::new();
    let options = npyz::WriteOptions::new().default_dtype().shape(&[1, 3, 64, 64]);
    let mut writer = options.writer(&mut bytes).begin_nd().unwrap();
    writer.extend(Hashed::uniform("picture", &[3, 64, 64], 1.0)).unwrap();
    writer.finish().unwrap();
    std::fs::write(path, bytes).unwrap();
    let run = |options: &[&str]| {
        let mut call = cam_lucida(&["explain", "--device", "cpu", "--input-npy", "input.npy", "--save-raw"]);
        let output = call.args(options).current_dir(&folder).output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{told}");
        (told, npy(&folder.path().join("results/logits.npy")))
    };
    let (told, logits) = run(&[]);
    assert!(!told.contains("--input-npy"), "{told}");
    let options =
        ["--channel-order", "bgr", "--value-range", "0-1", "--std", "0.1,0.2,0.3", "--input-size", "96"];
    let (told, same) = run(&options);
    assert!(told.contains("note: --std, --value-range, --channel-order do not change the numbers"), "{told}");
    assert!(told.contains("note: of no effect: --input-size; the numbers of --input-npy"), "{told}");
    assert_eq!(same, logits);
}

/// A dropout has no tensors, and an activation neither.
#[test]
fn what_stands_before_a_lone_last_layer_is_named() {
    let output = explain(&TempDir::new().unwrap(), "head-dropout.pth", &[]);
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("`fc.0` stands before the head's first layer `fc.1`"), "{told}");
}

#[test]
fn names_that_do_not_fit_are_told_by_their_own_file() {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("six.txt"), "a\rb\rc\rd\re\rf").unwrap();
    let output = explain(&folder, "module.pth", &["--labels", "six.txt"]);
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("six.txt: 6 labels do not fit a network of 7 classes"), "{told}");
}

#[test]
fn a_class_against_itself_is_told_as_such() {
    let folder = TempDir::new().unwrap();
    let output = explain(&folder, "module.pth", &["--class-id", "0", "--target", "contrast:0"]);
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("speaks for class 0 against itself"), "{told}");
}

/// As transformers and its Trainer leave folders.
#[test]
fn the_weights_of_a_folder_are_found_or_it_says_where_they_are() {
    let folder = TempDir::new().unwrap();
    let file = |name: &str| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        path
    };
    let weights = WeightFile::hashed(Architecture::named("squeezenet_small").unwrap(), 3).bytes();
    std::fs::write(file("bin/config.json"), "{}").unwrap();
    std::fs::write(file("bin/pytorch_model.bin"), &weights).unwrap();
    std::fs::write(file("shards/model.safetensors.index.json"), "{}").unwrap();
    for step in ["checkpoint-90", "checkpoint-1000"] {
        std::fs::write(file(&format!("trainer/{step}/model.safetensors")), &weights).unwrap();
    }
    std::fs::write(file("trainer/checkpoint-best/x"), "").unwrap();
    std::fs::write(file("other/best.pth"), &weights).unwrap();
    std::fs::create_dir(folder.path().join("empty")).unwrap();
    let run = |name: &str| {
        let mut call =
            cam_lucida(&["explain", "--device", "cpu", "-i", &fixture("photo.png"), "--model-dir", name]);
        let output = call.current_dir(&folder).output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, said) = run("bin");
    assert_eq!(code, Some(0), "{said}");
    for (name, words) in [
        ("shards", &["in several files", "model.safetensors.index.json", "max_shard_size"][..]),
        ("trainer", &["such as checkpoint-1000"]),
        ("other", &["neither model.safetensors nor pytorch_model.bin, but best.pth"]),
        ("empty", &["neither model.safetensors nor pytorch_model.bin: name a weight file"]),
    ] {
        let (code, said) = run(name);
        assert!(code == Some(2) && words.iter().all(|word| said.contains(word)), "{name}: {said}");
    }
}

#[test]
fn a_network_that_is_not_in_the_file_is_refused_with_those_that_are() {
    let output = explain(&TempDir::new().unwrap(), "ema.pth", &["--state", "teacher"]);
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{told}");
    assert!(told.contains("no network under `teacher`; choose one of: state_dict, state_dict_ema"), "{told}");

    let output = cam_lucida(&["classify", "--state", "ema"]).output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{told}");
    assert!(told.contains("pass --weight-path FILE"), "{told}");
}

#[test]
fn verbose_says_which_network_it_is_and_what_was_renamed() {
    let output = explain(&TempDir::new().unwrap(), "lightning.ckpt", &["--verbose"]);
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{told}");
    let lines: Vec<&str> = told.lines().collect();
    assert!(lines.iter().any(|line| line.starts_with("note: the tensors are those of ")), "{told}");
    assert!(lines.iter().any(|line| line.ends_with("net.conv1.weight is conv1.weight")), "{told}");
    assert!(lines.iter().all(|line| line.starts_with("note: ")), "{told}");
}
