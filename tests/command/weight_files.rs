//! Weight files as training scripts leave them: what is told of them, and which network of several is used.

use std::path::{Path, PathBuf};
use std::process::Output;

use cam_lucida::weights::Hashed;
use npyz::WriterBuilder;
use serde_json::Value;
use tempfile::TempDir;

use crate::command::cam_lucida;
use crate::npy;

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
    for (arguments, key) in [(&[] as &[&str], "logits"), (&["--state", "state_dict_ema"], "averaged")] {
        let output = explain(&folder, "ema.pth", arguments);
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{told}");
        assert_eq!(
            told.contains("state_dict is used; --state NAME takes another of them: state_dict_ema"),
            key == "logits",
            "{told}"
        );
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
    near(top[0]["probability"].as_f64().unwrap(), y);
    assert!(!notes.contains(&"one-output".to_string()), "{notes:?}");
    let output =
        explain(&TempDir::new().unwrap(), "head-one.pth", &["--problem", "value", "--target", "probability"]);
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(2) && told.contains("no probabilities"), "{told}");
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
