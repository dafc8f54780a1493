//! `explain`: what it writes.

use std::path::PathBuf;

use cam_lucida::picture::{Picture, Preprocess};
use npyz::WriterBuilder;
use serde_json::Value;

use crate::command::cam_lucida;
use crate::{Desk, NETWORK, by_library, fixture, npy, weights};

#[test]
fn explain_writes_pictures_numbers_and_a_report() {
    let desk = Desk::new();
    let photo = fixture("photo.png");
    let methods = "grad-cam,grad-cam++,cam";
    let output =
        desk.run("explain", &["--image-path", &photo, "--class-id", "4", "--method", methods, "--save-raw"]);
    assert!(output.status.success(), "{output:?}");
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(
        told.starts_with(
            "note: strides, padding, activations, pooling and the eps of normalisations are assumed"
        ),
        "{told}"
    );
    assert_eq!(told.lines().count(), 2, "quiet in a pipe but for what was assumed: {told}");

    let (logits, map, drawn) = by_library();
    let results = desk.path("results");
    let stem = format!("photo-{NETWORK}");
    for method in methods.split(',') {
        for kind in ["heatmap.png", "overlay.png", "raw.npy"] {
            assert!(results.join(format!("{stem}-{method}-4-{kind}")).exists(), "{method} {kind}");
        }
    }
    assert_eq!(npy(&results.join("logits.npy")), (vec![1, 10], logits));
    assert_eq!(npy(&results.join(format!("{stem}-grad-cam-4-raw.npy"))), (vec![7, 7], map));
    let written = std::fs::read(results.join(format!("{stem}-grad-cam-4-overlay.png"))).unwrap();
    assert_eq!(Picture::decode(&written).unwrap(), drawn);

    let report: Value = serde_json::from_slice(&std::fs::read(results.join("result.json")).unwrap()).unwrap();
    assert_eq!(report["network"], NETWORK);
    assert_eq!(report["layers"], serde_json::json!(["features.18"]));
    assert_eq!(report["merge"], "mean");
    assert_eq!(report["class"]["id"], 4);
    assert_eq!(report["top"].as_array().unwrap().len(), 5);
    assert_eq!(report["device"], "CPU");
    let notes = report["notes"].as_array().unwrap();
    let codes: Vec<&str> = notes.iter().map(|note| note["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["torchvision-assumed", "colours-assumed"]);
    let written: String =
        notes.iter().map(|note| format!("note: {}\n", note["message"].as_str().unwrap())).collect();
    assert_eq!(written, told);
    for key in ["files", "maps", "seconds", "versions", "target"] {
        assert!(!report[key].is_null(), "{key}");
    }
    let listed: Vec<PathBuf> =
        std::fs::read_dir(&results).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(listed.len(), 3 * 3 + 2, "nothing half-written is left: {listed:?}");
    let printed = String::from_utf8(output.stdout).unwrap();
    assert_eq!(printed.lines().count(), listed.len());
}

#[test]
fn several_classes_are_written_side_by_side() {
    let desk = Desk::new();
    let photo = fixture("photo.png");
    let methods = ["grad-cam", "cam"];
    let output = desk
        .run("explain", &["-i", &photo, "--class-id", "4,2", "--method", &methods.join(","), "--save-raw"]);
    assert!(output.status.success(), "{output:?}");
    let results = desk.path("results");
    let report: Value = serde_json::from_slice(&std::fs::read(results.join("result.json")).unwrap()).unwrap();
    assert_eq!([&report["classes"][0]["id"], &report["classes"][1]["id"]], [4, 2]);
    let mut maps = report["maps"].as_array().unwrap().iter();
    for method in methods {
        for class in [4, 2] {
            let map = maps.next().unwrap();
            assert_eq!((&map["method"], &map["class_id"]), (&method.into(), &class.into()));
            for kind in ["heatmap.png", "overlay.png", "raw.npy"] {
                let name = format!("photo-{NETWORK}-{method}-{class}-{kind}");
                assert!(results.join(&name).exists(), "{name}");
            }
        }
    }
    assert_eq!(std::fs::read_dir(&results).unwrap().count(), 2 * 2 * 3 + 2);
    let (logits, expected, _) = by_library();
    assert_eq!(npy(&results.join("logits.npy")), (vec![1, 10], logits));
    let (shape, found) = npy(&results.join(format!("photo-{NETWORK}-grad-cam-4-raw.npy")));
    assert_eq!(shape, [7, 7]);
    let largest = expected.iter().fold(0.0_f32, |most, value| most.max(*value));
    assert!(found.iter().zip(&expected).all(|(a, b)| (a - b).abs() <= 1e-4 * largest));
    let output = desk.run("measure", &["-i", &photo, "--class-id", "4,2"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("one class at a time"), "{output:?}");
}

#[test]
fn a_folder_says_all_of_a_model() {
    let desk = Desk::new();
    let photo = &fixture("photo.png");
    let folder = desk.path("model");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("model.safetensors"), weights()).unwrap();
    let names: Vec<String> = (0..10).map(|i| format!("kind {i}")).collect();
    let mut config = serde_json::json!({
        "architecture": NETWORK, "label_names": names, "problem_type": "multi_label_classification",
    });
    std::fs::write(folder.join("config.json"), config.to_string()).unwrap();
    let size = r#"{ "size": 96, "image_mean": [0.5, 0.5, 0.5], "image_std": [0.25, 0.25, 0.25] }"#;
    std::fs::write(folder.join("preprocessor_config.json"), size).unwrap();
    let run = |command: &str, arguments: &[&str]| {
        let mut call = cam_lucida(&[command, "--device", "cpu", "-i", photo, "--model-dir", "model"]);
        call.args(arguments).current_dir(&desk.folder).output().unwrap()
    };
    let output = run("explain", &["--save-raw"]);
    assert!(output.status.success(), "{output:?}");
    let report = std::fs::read(desk.path("results/result.json")).unwrap();
    let report: Value = serde_json::from_slice(&report).unwrap();
    assert_eq!((&report["network"], &report["problem"]), (&NETWORK.into(), &"multi-label".into()));
    let (_, logits) = npy(&desk.path("results/logits.npy"));
    let best = (0..10).max_by(|&a, &b| logits[a].total_cmp(&logits[b])).unwrap();
    assert_eq!(report["class"]["name"], format!("kind {best}"));
    let probability = 1.0 / (1.0 + (-f64::from(logits[best])).exp());
    assert!((report["class"]["probability"].as_f64().unwrap() - probability).abs() < 1e-6);
    // Five times halved from 96 pixels.
    assert_eq!((&report["maps"][0]["height"], &report["maps"][0]["width"]), (&3.into(), &3.into()));
    let output = run("classify", &["--top", "1"]);
    let said = String::from_utf8(output.stdout).unwrap();
    let percent = format!("{:.2} %  kind {best}", 100.0 * probability);
    assert!(said.contains(&percent), "“{said}” does not say “{percent}”");
    let output = run("measure", &["--measure", "randomise", "--stages", "1"]);
    assert!(output.status.success(), "{output:?}");

    let refused = |arguments: &[&str], words: &str| {
        let output = run("explain", arguments);
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == Some(2) && said.contains(words), "“{said}” does not say “{words}”");
    };
    refused(&["--network", NETWORK], "'--model-dir <FOLDER>' cannot be used with '--network <NETWORK>'");
    refused(&["--labels", "labels.txt"], "cannot be used with '--labels <FILE>'");
    config["num_classes"] = 9.into();
    std::fs::write(folder.join("config.json"), config.to_string()).unwrap();
    refused(&[], "model: config.json: 10 class names do not fit `num_classes` 9");
    std::fs::remove_file(folder.join("config.json")).unwrap();
    refused(&[], "cannot read model/config.json");
}

#[test]
fn a_card_that_cuts_out_the_centre_is_followed_or_a_note_says_how() {
    let desk = Desk::new();
    let folder = desk.path("model");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("model.safetensors"), weights()).unwrap();
    let config = serde_json::json!({ "architecture": NETWORK, "pretrained_cfg": {
        "input_size": [3, 64, 64], "mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5], "crop_pct": 0.875,
    } });
    std::fs::write(folder.join("config.json"), config.to_string()).unwrap();
    let run = |command: &str, arguments: &[&str]| {
        let photo = &fixture("photo.png");
        let mut call = cam_lucida(&[command, "--device", "cpu", "--model-dir", "model", "-i", photo]);
        let output = call.args(arguments).current_dir(&desk.folder).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stderr).unwrap()
    };
    let is_noted = || {
        let report = std::fs::read(desk.path("results/result.json")).unwrap();
        let report: Value = serde_json::from_slice(&report).unwrap();
        report["notes"].as_array().unwrap().iter().any(|note| note["code"] == "card-prepares-otherwise")
    };
    let words = "card prepares pictures by `crop`, but `squash` is used";
    let said = run("explain", &[]);
    assert!(said.contains(words) && said.contains("--preprocess crop") && is_noted(), "{said}");
    let said = run("explain", &["--preprocess", "crop"]);
    assert!(!said.contains("prepares pictures") && !is_noted(), "{said}");
    let said = run("classify", &[]);
    assert!(said.contains(words), "{said}");
    let said = run("explain", &["--jobs", "1", "--report", "-o", "many"]);
    assert_eq!(said.matches(words).count(), 1, "{said}");
    let report = std::fs::read_to_string(desk.path("many/report.html")).unwrap();
    assert!(report.contains(words));
    let records = std::fs::read_to_string(desk.path("many/results.jsonl")).unwrap();
    assert!(records.contains("card-prepares-otherwise"), "{records}");
}

#[test]
fn a_flat_map_is_reported() {
    let desk = Desk::new();
    let output = desk.run("explain", &["--image-path", &fixture("photo.png"), "--class-id", "3"]);
    assert!(output.status.success(), "{output:?}");
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("grad-cam: nothing in features.18 speaks for class 3"), "{said}");
    let report = std::fs::read(desk.path("results/result.json")).unwrap();
    let report: Value = serde_json::from_slice(&report).unwrap();
    assert_eq!(report["maps"][0]["flat"], true);
}

#[test]
fn layers_are_merged_settings_heard_and_budgets_told() {
    let desk = Desk::new();
    let photo = fixture("photo.png");
    let run = |arguments: &[&str]| -> (Value, String) {
        let output = desk.run("explain", &[&["-i", &photo, "-c", "4", "--save-raw"], arguments].concat());
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{said}");
        (serde_json::from_slice(&std::fs::read(desk.path("results/result.json")).unwrap()).unwrap(), said)
    };
    let raw = |method: &str| npy(&desk.path(&format!("results/photo-{NETWORK}-{method}-4-raw.npy")));

    let (report, _) = run(&["-l", "features.14,features.18", "--merge", "max", "--smooth"]);
    assert_eq!(report["layers"], serde_json::json!(["features.14", "features.18"]));
    let (shape, map) = raw("grad-cam");
    assert_eq!(shape, [224, 224]);
    assert!(map.iter().all(|value| (0.0..=1.0).contains(value)));

    let (report, said) = run(&["-m", "score-cam", "--set", "max_channels=8"]);
    assert_eq!(report["settings"]["max_channels"], 8.0);
    assert!(said.contains("score-cam: 8 of ") && said.contains("% of the activation"), "{said}");

    let noisy = ["-m", "smooth-grad", "--set", "samples=2,seed=5"];
    run(&noisy);
    let (shape, first) = raw("smooth-grad");
    assert_eq!(shape, [3, 224, 224]);
    run(&noisy);
    assert_eq!(raw("smooth-grad").1, first, "the same seed gives the same picture");
    run(&["-m", "smooth-grad", "--set", "samples=2,seed=6"]);
    assert_ne!(raw("smooth-grad").1, first);
}

#[test]
fn the_predicted_class_is_explained_by_default() {
    let desk = Desk::new();
    let output =
        desk.run("explain", &["--image-path", &fixture("photo.png"), "--output-dir", "elsewhere/deep"]);
    assert!(output.status.success(), "{output:?}");
    let report = std::fs::read(desk.path("elsewhere/deep/result.json")).unwrap();
    let report: Value = serde_json::from_slice(&report).unwrap();
    assert_eq!(report["class"], report["top"][0]);
}

#[test]
fn a_preprocessed_input_takes_the_place_of_a_picture() {
    let desk = Desk::new();
    let picture = Picture::decode(&std::fs::read(fixture("photo.png")).unwrap()).unwrap();
    let preprocessor = cam_lucida::picture::Preprocessor::imagenet(224);
    let values = preprocessor.normalise(&preprocessor.frame(&picture, Preprocess::Squash).unwrap());
    let write = |name: &str, shape: &[u64], values: &[f32]| {
        let mut bytes = Vec::new();
        let mut writer =
            npyz::WriteOptions::new().default_dtype().shape(shape).writer(&mut bytes).begin_nd().unwrap();
        writer.extend(values.iter().copied()).unwrap();
        writer.finish().unwrap();
        std::fs::write(desk.path(name), bytes).unwrap();
    };
    write("flat.npy", &[3 * 224, 224], &values);
    desk.refuses(&["--input-npy", "flat.npy"], &["shape [672, 224]", "[1, 3, height, width]"]);
    write("small.npy", &[1, 3, 8, 8], &values[..192]);
    desk.refuses(&["--input-npy", "small.npy"], &["8×8", "32 to 2048"]);
    std::fs::write(desk.path("text.npy"), "not numbers").unwrap();
    desk.refuses(&["--input-npy", "text.npy"], &["not a complete NPY file"]);

    write("x.npy", &[1, 3, 224, 224], &values);
    let output = desk.run("explain", &["--input-npy", "x.npy", "--class-id", "4", "--save-raw"]);
    assert!(output.status.success(), "{output:?}");
    let (logits, map, _) = by_library();
    assert_eq!(npy(&desk.path("results/logits.npy")).1, logits);
    assert_eq!(npy(&desk.path(&format!("results/x-{NETWORK}-grad-cam-4-raw.npy"))).1, map);
}
