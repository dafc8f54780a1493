//! Weight files that become folders.

use cam_lucida::network::Variant;
use cam_lucida::picture::{ChannelOrder, Preprocess, Preprocessor};
use cam_lucida::weights::Card;
use cam_lucida::{Device, Model, ModelFile, Note, Problem, Size};
use serde_json::json;

use crate::common::torch_file;
use crate::{CLASSES, Desk, NETWORK, as_pth, best, hashed, model, opinion, sha256, weights};

/// The largest difference that the two maps of a conversion may have.
const TOLERANCE: f32 = 0.02;

fn difference(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

#[test]
fn half_precision_keeps_heatmap_and_class() {
    let desk = Desk::new();
    desk.write("net.safetensors", weights());
    desk.write("labels.txt", "zero\none\ntwo\nthree\nfour");
    let said = desk.models(&["convert", "net.safetensors", "-o", "half", "--labels", "labels.txt"]);
    assert!(
        said.contains("Grad-CAM differs by at most 0.0") && said.contains("both predict class"),
        "{said}"
    );
    assert_eq!(desk.names("half"), ["config.json", "model.safetensors", "preprocessor_config.json"]);
    let (before, after) = (model(Card::default(), weights()), desk.load("half"));
    let ((scores, map), (half_scores, half_map)) = (opinion(&before), opinion(&after));
    let apart = difference(&map, &half_map);
    assert!(apart > 0.0 && apart < TOLERANCE, "{apart}");
    assert_eq!(best(&scores), best(&half_scores));
    assert_eq!(after.label(4), Some("four"));
    let sizes = [weights().len(), desk.read("half/model.safetensors").len()];
    assert!(sizes[1] < sizes[0] * 6 / 10, "{sizes:?}");
    let mut config = desk.json("half/config.json");
    let listed = config.as_object_mut().unwrap().remove("files").unwrap();
    let reference = config.as_object_mut().unwrap().remove("reference").unwrap();
    assert_eq!(reference["scores"].as_object().unwrap().len(), CLASSES);
    assert_eq!(listed["model.safetensors"]["sha256"], sha256(&desk.read("half/model.safetensors")));
    let expected = json!({
        "architecture": NETWORK, "num_classes": CLASSES, "problem_type": "single_label_classification",
        "id2label": { "0": "zero", "1": "one", "2": "two", "3": "three", "4": "four" },
        "assumed": ["strides", "normalisation", "order"],
    });
    assert_eq!(config, expected);
    let notes = |model: &Model| model.notes().iter().map(|note| note.code()).collect::<Vec<_>>();
    assert_eq!(notes(&before), notes(&after), "what was assumed before is still said");

    desk.refuses(&["convert", "net.safetensors", "-o", "half"], &["half already exists", "--force"]);
    let exact = ["convert", "net.safetensors", "-o", "half", "--precision", "f32", "--force"];
    assert!(desk.models(&exact).contains("at most 0.00000 "));
    assert_eq!(opinion(&desk.load("half")), (scores, map));
    assert!(desk.json("half/config.json")["id2label"].is_null(), "nothing is left of the model before");
}

#[test]
fn a_pytorch_file_and_a_folder_are_converted() {
    let desk = Desk::new();
    desk.write("net/pytorch_model.bin", as_pth(&hashed(NETWORK, CLASSES)));
    desk.models(&[
        "convert",
        "net/pytorch_model.bin",
        "-o",
        "a",
        "--precision",
        "f32",
        "--picture",
        &crate::photo(),
    ]);
    let own = opinion(&model(Card::default(), weights()));
    assert_eq!(opinion(&desk.load("a")), own);

    desk.write(
        "net/config.json",
        r#"{ "label_names": ["a", "b", "c", "d", "e"], "problem_type": "multi_label_classification" }"#,
    );
    desk.write(
        "net/preprocessor_config.json",
        r#"{ "size": 96, "image_mean": [0.1, 0.2, 0.3], "image_std": [0.4, 0.5, 0.6] }"#,
    );
    desk.models(&["convert", "net", "-o", "b", "--mean", "0.5,0.5,0.5"]);
    let model = desk.load("b");
    assert_eq!((model.label(1), model.problem().name()), (Some("b"), "multi-label"));
    assert_eq!((model.preprocessor().mean, model.preprocessor().std), ([0.5; 3], [0.4, 0.5, 0.6]));
    desk.models(&[
        "convert",
        "net/pytorch_model.bin",
        "--config",
        "net/config.json",
        "--network",
        NETWORK,
        "-o",
        "c",
    ]);
    assert_eq!(desk.load("c").label(4), Some("e"));
}

/// What nobody can read off a file is in its card once it was stated, and what was only assumed stays assumed.
#[test]
fn what_is_stated_is_written_into_the_card() {
    let desk = Desk::new();
    desk.write("net.safetensors", weights());
    let stated = [
        &["--variant", "cifar-strides", "--problem", "multiple", "--channel-order", "bgr"][..],
        &["--value-range", "0-255", "--mean", "123.68,116.779,103.939"],
    ]
    .concat();
    desk.models(&[&["convert", "net.safetensors", "-o", "net"][..], &stated].concat());
    let config = desk.json("net/config.json");
    assert_eq!(config["variant"], "cifar-strides");
    assert_eq!(config["problem_type"], "multi_label_classification");
    assert!(config["assumed"].is_null(), "{config}");
    let written = desk.json("net/preprocessor_config.json");
    assert_eq!((&written["do_flip_channel_order"], &written["do_rescale"]), (&json!(true), &json!(false)));
    assert_eq!(written["image_mean"], json!([123.68, 116.779, 103.939]));
    let read = desk.load("net");
    assert!(read.notes().is_empty(), "{:?}", read.notes());
    assert_eq!(read.problem(), Problem::MultiLabel);
    assert_eq!(read.card().variant, Some(Variant::CifarStrides));
    let Preprocessor { mean, std, order, .. } = read.preprocessor();
    assert_eq!((mean[0], std[2], *order), (123.68 / 255.0, 1.0 / 255.0, ChannelOrder::Bgr));
    let convert = |more: &[&str]| {
        desk.models(&[&["convert", "net.safetensors", "-o", "other", "--force"][..], more].concat());
        desk.json("other/config.json")
    };
    for (name, problem) in [("single", "single_label_classification"), ("value", "regression")] {
        assert_eq!(convert(&["--problem", name])["problem_type"], problem);
    }
    for (stated, assumed) in [
        (&["--variant", "torchvision"][..], json!(["normalisation", "order"])),
        (&["--variant", "torchvision", "--value-range", "0-255"], json!(["order"])),
        (
            &["--variant", "torchvision", "--channel-order", "rgb", "--value-range", "0-1"],
            json!(["normalisation"]),
        ),
        (&["--variant", "torchvision", "--mean", "0,0,0", "--std", "1,1,1"], json!(["order"])),
    ] {
        assert_eq!(convert(stated)["assumed"], assumed, "{stated:?}");
        let notes = desk.load("other").notes().iter().map(|note| note.code()).collect::<Vec<_>>();
        let expected = match assumed.as_array().unwrap().len() {
            2 => "colours-assumed",
            _ if assumed[0] == "order" => "order-assumed",
            _ => "normalisation-assumed",
        };
        assert_eq!(notes, [expected], "what was assumed before is still said, and nothing else");
    }
    desk.refuses(
        &["convert", "net.safetensors", "-o", "none", "--variant", "caffe-strides"],
        &["has no variant `caffe-strides`", "torchvision, cifar-strides"],
    );
}

/// Written by `tests/fixtures/weights/wild.py`.
#[test]
fn features_without_a_classifier_are_converted() {
    let wild = format!("{}/tests/fixtures/weights/wild", env!("CARGO_MANIFEST_DIR"));
    let desk = Desk::new();
    let said = desk.models(&["convert", &format!("{wild}/head-none.pth"), "-o", "net"]);
    assert!(said.contains("EigenCAM differs by at most 0.0"), "{said}");
    assert!(desk.json("net/config.json")["num_classes"].is_null());
    assert!(!desk.load("net").has_classifier());
    assert!(desk.models(&["verify", "net"]).contains("net is sound"));
    // One output stays one, which says yes or no.
    desk.models(&["convert", &format!("{wild}/head-one.pth"), "-o", "one"]);
    assert_eq!(desk.json("one/config.json")["num_classes"], 1);
    assert!(desk.load("one").is_yes_or_no());
}

#[test]
fn one_of_a_files_networks_is_converted_and_the_others_are_named() {
    let file = format!("{}/tests/fixtures/weights/wild/ema.pth", env!("CARGO_MANIFEST_DIR"));
    let desk = Desk::new();
    let convert = |name: &str, state: &[&str]| {
        let call = [&["models", "convert", &file, "-o", name, "--precision", "f32"], state].concat();
        let output = desk.run(&call);
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stderr).unwrap()
    };
    assert!(
        convert("own", &[])
            .contains("state_dict is used; --state NAME takes another of them: state_dict_ema")
    );
    assert!(!convert("average", &["--state", "state_dict_ema"]).contains("is used"));
    assert_ne!(desk.read("own/model.safetensors"), desk.read("average/model.safetensors"));
    desk.refuses(
        &["convert", &file, "-o", "none", "--state", "teacher"],
        &["choose one of: state_dict, state_dict_ema"],
    );
}

/// A checkpoint of 1 GiB: more than a file may have that is taken whole.
#[test]
fn what_an_optimizer_leaves_beside_a_network_is_not_read() {
    let network = hashed(NETWORK, CLASSES);
    let tensors: Vec<_> =
        network.0.into_iter().map(|entry| (entry.name, entry.shape, entry.values)).collect();
    let desk = Desk::new();
    let start = torch_file::legacy_before_momenta(&tensors, 1 << 28);
    desk.write("checkpoint.pth", &start);
    let file = std::fs::OpenOptions::new().write(true).open(desk.path("checkpoint.pth")).unwrap();
    file.set_len(start.len() as u64 + (4 << 28)).unwrap();
    desk.models(&["convert", "checkpoint.pth", "-o", "net", "--precision", "f32"]);
    assert_eq!(opinion(&desk.load("net")), opinion(&model(Card::default(), weights())));
}

/// The sides that torchvision's published files are resized to before their centre is cut out, and others.
#[test]
fn the_share_that_is_cut_out_gives_the_shorter_side_back() {
    let desk = Desk::new();
    desk.write("net/model.safetensors", hashed("squeezenet_small", 2).bytes());
    desk.write("net/config.json", "{}");
    for (size, side) in
        [(224, 256), (224, 232), (299, 342), (96, 96), (96, 97), (224, 320), (150, 300), (127, 131)]
    {
        let share = f64::from(size) / (side as f64 + 0.5);
        let share = if size as usize * 2 == side { 0.5 } else { share };
        let numbers = json!({
            "size": size, "image_mean": [0.485, 0.456, 0.406], "image_std": [0.229, 0.224, 0.225], "crop_pct": share,
        });
        desk.write("net/preprocessor_config.json", numbers.to_string());
        assert_eq!(desk.load("net").preprocessor().resize, Size::square(side));
        desk.models(&["convert", "net", "-o", "other", "--force"]);
        let (before, after) = (desk.load("net"), desk.load("other"));
        assert_eq!(before.preprocessor(), after.preprocessor());
        assert_eq!(
            (before.card().preprocess, after.card().preprocess),
            (Some(Preprocess::Crop), Some(Preprocess::Crop))
        );
        let written = desk.json("other/preprocessor_config.json");
        assert_eq!(written["image_mean"], numbers["image_mean"], "in the digits of the source");
        if (size, side) == (224, 232) {
            assert_eq!(written["crop_pct"], 0.965, "as timm writes it");
        }
    }
}

#[test]
fn rows_and_columns_of_an_input_are_written_and_read() {
    let desk = Desk::new();
    desk.write("net/model.safetensors", hashed("squeezenet_small", 2).bytes());
    desk.write("net/config.json", "{}");
    let numbers = json!({
        "size": { "height": 128, "width": 64 }, "image_mean": [0, 0, 0], "image_std": [1, 1, 1], "crop_pct": 0.95,
    });
    desk.write("net/preprocessor_config.json", numbers.to_string());
    // math.floor of 128 / 0.95 and 64 / 0.95; other inputs are cut from as much more as the shorter side is.
    for (options, size, whole, share) in [
        (vec![], [128, 64], [134, 67], 0.95),
        (vec!["--input-size", "96,224"], [96, 224], [96 * 67 / 64, 224 * 67 / 64], 0.957),
    ] {
        desk.models(&[&["convert", "net", "-o", "other", "--force"], &options[..]].concat());
        let model = desk.load("other");
        let sized = |[height, width]: [usize; 2]| Size { height, width };
        let Preprocessor { size: found, resize, .. } = model.preprocessor();
        assert_eq!((*found, *resize), (sized(size), sized(whole)));
        assert_eq!(desk.json("other/preprocessor_config.json")["crop_pct"], share);
    }
}

#[test]
fn what_half_precision_would_change_is_not_written() {
    let desk = Desk::new();
    let (scores, _) = opinion(&model(Card::default(), weights()));
    let mut coarse = hashed(NETWORK, CLASSES);
    // At the end of what f16 can tell apart, and of no weight against the bias, so that the class stays.
    coarse.entry("classifier.1.weight").values.iter_mut().for_each(|value| *value *= 3e-6);
    coarse.entry("classifier.1.bias").values.fill(0.0);
    coarse.entry("classifier.1.bias").values[best(&scores)] = 1.0;
    desk.write("coarse.safetensors", coarse.bytes());
    let words = ["nothing was written", "Grad-CAM would differ by", "below 0.02", "--precision f32"];
    let photo = crate::photo();
    desk.refuses(&["convert", "coarse.safetensors", "-o", "out", "--picture", &photo], &words);
    assert!(!desk.path("out").exists());
    desk.models(&["convert", "coarse.safetensors", "-o", "out", "--picture", &photo, "--precision", "f32"]);

    let mut large = hashed(NETWORK, CLASSES);
    large.entry("classifier.1.bias").values[best(&scores)] = 1e5;
    desk.write("large.safetensors", large.bytes());
    let words = ["`classifier.1.bias`", "beyond the range of f16"];
    desk.refuses(&["convert", "large.safetensors", "-o", "large", "--picture", &photo], &words);
    assert!(!desk.path("large").exists());

    let mut silent = hashed(NETWORK, CLASSES);
    silent.entry("classifier.1.weight").values.fill(0.0);
    desk.write("silent.safetensors", silent.bytes());
    desk.refuses(&["convert", "silent.safetensors", "-o", "silent"], &["no heatmap", "--picture FILE"]);
    assert!(!desk.path("silent").exists());
}

#[test]
fn what_does_not_go_together_is_refused() {
    let desk = Desk::new();
    desk.write("net.safetensors", weights());
    desk.write("empty/config.json", "{}");
    desk.write("three.txt", "a\nb\nc");
    let refused: [(&[&str], &[&str]); 5] = [
        (&["net.safetensors", "--labels", "three.txt"], &["3 labels", "5 classes"]),
        (&["net.safetensors", "--network", "resnet18"], &["fits MobileNetV2 ×0.25"]),
        (&["net.safetensors", "--input-size", "31"], &["32 to 2048"]),
        (&["three.txt"], &["three.txt"]),
        (&["empty"], &["empty has no weights", "model.safetensors"]),
    ];
    for (arguments, words) in refused {
        desk.refuses(&[&["convert", "-o", "out"], arguments].concat(), words);
        assert!(!desk.path("out").exists());
    }
}

/// Tensors under torchvision's names tell no more what own code may do, nor how a head was taken.
#[test]
fn what_was_noted_of_a_file_its_converted_form_tells_too() {
    for (name, code) in [
        ("own-forward.pth", "module-code"),
        ("own-block.pth", "module-unknown"),
        ("own-window.pth", "module-window"),
        ("densenet-head.pth", "relu-assumed"),
        ("head-no-bias.pth", "head-without-bias"),
        ("fastai.pth", "head-pooling"),
    ] {
        let desk = Desk::new();
        let path = format!("{}/tests/fixtures/weights/wild/{name}", env!("CARGO_MANIFEST_DIR"));
        let before = ModelFile::read(&Device::cpu(), Card::default(), std::fs::read(&path).unwrap()).unwrap();
        let told = |notes: &[Note]| {
            let found: Vec<&Note> = notes.iter().filter(|note| note.code() == code).collect();
            assert_eq!(found.len(), 1, "{name}: {notes:?}");
            let arguments = found[0].arguments().map(|(name, value)| format!("{name}: {value}"));
            (found[0].to_string(), arguments.collect::<Vec<_>>())
        };
        let wanted = told(&before.notes());
        let converted = ["--precision", "f32", "--picture", &crate::photo()];
        let called = desk.run(&[&["models", "convert", &path, "-o", "once"], &converted[..]].concat());
        assert!(
            String::from_utf8(called.stderr).unwrap().contains(&wanted.0),
            "{name}: convert says nothing"
        );
        desk.models(&[&["convert", "once", "-o", "twice"], &converted[..]].concat());
        for folder in ["once", "twice"] {
            assert_eq!(told(desk.load(folder).notes()), wanted, "{name}, {folder}");
            let verified = desk.run(&["models", "verify", folder]);
            let said = String::from_utf8(verified.stderr).unwrap();
            assert!(verified.status.success() && said.contains(&wanted.0), "{name}, {folder}: {said}");
        }
    }
}

/// What the modules of a whole network tell of its head, or the order of a file, tensors in the order of their names do not.
#[test]
fn a_head_that_the_written_tensors_do_not_tell_is_in_the_card() {
    for (name, layers) in [
        ("told-no-relu.pth", &["fc.0", "fc.2"][..]),
        ("head-names.pth", &["fc.second", "relu", "fc.first"]),
        ("order-without-last-relu.pth", &["3", "relu", "5"]),
    ] {
        let desk = Desk::new();
        let file = format!("{}/tests/fixtures/weights/wild/{name}", env!("CARGO_MANIFEST_DIR"));
        let before = opinion(&model(Card::default(), std::fs::read(&file).unwrap()));
        for precision in ["f32", "f16"] {
            let convert =
                ["convert", &file, "-o", precision, "--precision", precision, "--picture", &crate::photo()];
            desk.models(&convert);
            let config = desk.json(&format!("{precision}/config.json"));
            assert_eq!(config["head"]["layers"], json!(layers), "{name}");
            let after = opinion(&desk.load(precision));
            let most = before.0.iter().fold(0.0_f32, |most, score| most.max(score.abs()));
            let apart = difference(&before.0, &after.0) / most;
            assert!(apart < if precision == "f32" { 1e-6 } else { 1e-2 }, "{name}, {precision}: {apart}");
            desk.models(&["verify", precision]);
        }
        // What is converted again reads its own card.
        desk.models(&["convert", "f32", "-o", "again", "--precision", "f32", "--picture", &crate::photo()]);
        assert_eq!(desk.json("again/config.json")["head"], desk.json("f32/config.json")["head"], "{name}");
        assert_eq!(opinion(&desk.load("again")), opinion(&desk.load("f32")), "{name}");
    }
}
