//! Folders that are sound, and others.

use serde_json::json;

use crate::common::weight_file::WeightFile;
use crate::{CLASSES, Desk, NETWORK, hashed, sha256, weights};

/// A folder `net` with a model.
fn desk(file: &WeightFile) -> Desk {
    let desk = Desk::new();
    desk.write("net/config.json", json!({ "architecture": NETWORK, "num_classes": CLASSES }).to_string());
    desk.write("net/model.safetensors", file.bytes());
    desk
}

fn fails(desk: &Desk, line: &[&str]) {
    let printed = desk.refuses(&["verify", "net"], &["net is not sound", "1 of"]);
    let failed: Vec<&str> = printed.lines().filter(|line| line.starts_with("FAILED")).collect();
    assert_eq!(failed.len(), 1, "{printed}");
    for word in line {
        assert!(failed[0].contains(word), "“{}” does not say “{word}”", failed[0]);
    }
}

#[test]
fn the_embedded_models_are_sound() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("models/people-biased");
    let printed = Desk::new().models(&["verify", folder.to_str().unwrap()]);
    for check in
        ["../index.json: 3 files", "config.json", "preprocessor_config.json", "tensors", "finite scores"]
    {
        assert!(
            printed.lines().any(|line| line.starts_with("ok") && line.contains(check)),
            "{check}: {printed}"
        );
    }
    assert!(printed.lines().last().unwrap().ends_with("is sound"));
}

#[test]
fn a_value_that_is_not_finite_is_named() {
    let mut file = hashed(NETWORK, CLASSES);
    file.entry("features.7.conv.2.weight").values[11] = f32::NAN;
    fails(&desk(&file), &["values", "`features.7.conv.2.weight` holds NaN at position 11"]);
}

#[test]
fn a_missing_tensor_is_named() {
    let mut file = hashed(NETWORK, CLASSES);
    file.0.retain(|entry| entry.name != "features.5.conv.3.bias");
    fails(&desk(&file), &["tensors", "`features.5.conv.3.bias` is missing"]);
}

#[test]
fn wrong_class_counts_are_told() {
    fails(&desk(&hashed(NETWORK, 4)), &["classes", "config.json says 5, the weights have 4"]);
    let desk = desk(&hashed(NETWORK, CLASSES));
    desk.write("net/config.json", json!({ "id2label": { "0": "a", "1": "b" } }).to_string());
    fails(&desk, &["classes", "config.json names 2, the weights have 5"]);
}

#[test]
fn the_size_of_inputs_is_told_wherever_it_is_said() {
    let desk = desk(&hashed(NETWORK, CLASSES));
    let told = || {
        let printed = desk.models(&["verify", "net"]);
        printed.lines().find(|line| line.contains("preprocessor_config.json")).unwrap().to_string()
    };
    desk.write(
        "net/config.json",
        r#"{ "pretrained_cfg": { "input_size": [3, 96, 64], "mean": [0, 0, 0], "std": [1, 1, 1] } }"#,
    );
    assert!(told().ends_with(": absent, config.json says 64×96 pixels"), "{}", told());
    let beside = |size: &str| {
        let text = format!(r#"{{ "size": {size}, "image_mean": [0, 0, 0], "image_std": [1, 1, 1] }}"#);
        desk.write("net/preprocessor_config.json", text);
    };
    beside("96");
    fails(&desk, &["`pretrained_cfg.input_size` says 96 × 64", "says 96 × 96"]);
    beside(r#"{ "height": 96, "width": 64 }"#);
    assert!(told().ends_with(": 64×96 pixels"), "{}", told());
}

#[test]
fn a_truncated_file_is_told() {
    let desk = desk(&hashed(NETWORK, CLASSES));
    desk.write("net/model.safetensors", &weights()[..1000]);
    fails(&desk, &["model.safetensors", "copy or convert it again"]);
    std::fs::remove_file(desk.path("net/model.safetensors")).unwrap();
    fails(&desk, &["model.safetensors", "has no weights"]);
}

#[test]
fn what_config_and_preprocessor_say_must_be_understood() {
    let desk = desk(&hashed(NETWORK, CLASSES));
    desk.write(
        "net/preprocessor_config.json",
        r#"{ "size": 224, "image_mean": [0, 0, 0], "image_std": [1, 0, 1] }"#,
    );
    fails(&desk, &["preprocessor_config.json", "cannot normalise"]);
    std::fs::remove_file(desk.path("net/preprocessor_config.json")).unwrap();
    desk.write("net/config.json", r#"{ "architecture": "efficientnet_b0" }"#);
    fails(&desk, &["config.json", "unknown network `efficientnet_b0`"]);
    desk.write("net/config.json", "{");
    fails(&desk, &["config.json", "not understood"]);
    desk.refuses(&["verify", "nowhere"], &["nowhere is not a folder"]);
}

#[test]
fn files_that_are_not_as_listed_are_told() {
    let desk = desk(&hashed(NETWORK, CLASSES));
    let mut file = weights();
    let listed = json!({ "bytes": file.len(), "sha256": sha256(&file) });
    let files = json!({ "model.safetensors": listed });
    desk.write("index.json", json!({ "models": [{ "name": "net", "files": files }] }).to_string());
    desk.models(&["verify", "net"]);
    *file.last_mut().unwrap() ^= 1;
    desk.write("net/model.safetensors", &file);
    fails(&desk, &["../index.json", &sha256(&file), &sha256(&weights())]);
    desk.write("index.json", json!({ "models": [{ "name": "other", "files": files }] }).to_string());
    desk.models(&["verify", "net"]);
    let origin = json!({ "source": "owner/net", "files": { "config.json": { "bytes": 1, "sha256": "" } } });
    desk.write("net/origin.json", origin.to_string());
    fails(&desk, &["origin.json", "bytes, 1 are listed"]);
}

#[test]
fn the_card_of_another_model_is_noticed() {
    let desk = Desk::new();
    desk.write("weights.safetensors", weights());
    desk.models(&["convert", "weights.safetensors", "--output-dir", "net", "--precision", "f32"]);
    let printed = desk.models(&["verify", "net"]);
    assert!(printed.contains("2 files are those that config.json was written with"), "{printed}");
    // As a full disk or a crash would leave it: the weights of one conversion beside the card of another.
    let mut file = hashed(NETWORK, CLASSES);
    file.entry("features.7.conv.2.weight").values[11] += 1.0;
    desk.write("net/model.safetensors", file.bytes());
    fails(&desk, &["files of one model", "model.safetensors", "belongs to another model"]);
}

/// The card's scores are compared with those of the model: another variant, other colours or other weights show.
#[test]
fn reference_scores_of_the_card_are_compared() {
    let desk = Desk::new();
    desk.write("net.safetensors", weights());
    desk.models(&["convert", "net.safetensors", "-o", "net"]);
    let printed = desk.models(&["verify", "net"]);
    assert!(printed.contains("ok      reference scores: those of 5 classes"), "{printed}");
    let config = desk.json("net/config.json");
    let changed = |change: &dyn Fn(&mut serde_json::Value)| {
        let mut config = config.clone();
        change(&mut config);
        desk.write("net/config.json", config.to_string());
    };
    changed(&|config| config["variant"] = json!("cifar-strides"));
    fails(
        &desk,
        &["reference scores", "has the score", "the card says", "weights, preprocessing or variant"],
    );
    changed(&|config| config["reference"]["scores"]["3"] = json!(77.5));
    fails(&desk, &["reference scores", "class 3", "77.5"]);
    changed(&|config| config["reference"]["scores"]["9"] = json!(0.0));
    fails(&desk, &["reference scores", "they name class 9, and there are 5"]);
    changed(&|config| config["reference"]["scores"]["3"] = json!(1e39));
    fails(&desk, &["reference scores", "inf of class 3, which is no score"]);
    changed(&|config| config["reference"]["scores"] = json!({}));
    fails(&desk, &["reference scores", "`reference` has no scores"]);
    changed(&|config| config["reference"]["pixels_sha256"] = json!("00"));
    fails(&desk, &["reference scores", "another version of this program draws"]);
    changed(&|config| config["reference"] = json!({ "scores": [1.0] }));
    fails(&desk, &["reference scores", "`scores`, an object"]);
    changed(&|config| config["reference"] = json!({ "picture": "../photo.png", "scores": {} }));
    fails(&desk, &["reference scores", "name a file of this folder"]);
    changed(&|config| drop(config.as_object_mut().unwrap().remove("reference")));
    assert!(!desk.models(&["verify", "net"]).contains("reference"));
}

/// PyTorch's logits, which anyone may write into a card, of a picture in the model's folder:
///
/// ```python
/// network = hashed.load(torchvision.models.mobilenet_v2(width_mult=0.25, num_classes=5)).eval()
/// picture = Image.open("tests/fixtures/pictures/photo.png").convert("RGB").resize((224, 224), Image.BILINEAR)
/// network(normalize(to_tensor(picture), [0.485, 0.456, 0.406], [0.229, 0.224, 0.225])[None])
/// ```
#[test]
fn scores_of_pytorch_in_the_card_are_the_models() {
    const SCORES: [f32; 5] = [0.190705, -0.846918, -0.632184, -1.09605, 0.595598];
    let desk = desk(&hashed(NETWORK, CLASSES));
    desk.write("net/photo.png", std::fs::read(crate::photo()).unwrap());
    let scores: serde_json::Map<_, _> =
        SCORES.iter().enumerate().map(|(class, score)| (class.to_string(), json!(score))).collect();
    let config = json!({
        "architecture": NETWORK, "num_classes": CLASSES,
        "reference": { "picture": "photo.png", "scores": scores },
    });
    desk.write("net/config.json", config.to_string());
    let printed = desk.models(&["verify", "net"]);
    assert!(printed.contains("ok      reference scores: those of 5 classes"), "{printed}");
}
