//! `networks`, `methods` and `layers`.

use crate::command::cam_lucida;

#[test]
fn lists_hold_every_line_of_their_tables() {
    let text = |arguments: &[&str]| {
        let output = cam_lucida(arguments).output().unwrap();
        assert!(output.status.success());
        String::from_utf8(output.stdout).unwrap()
    };
    let networks = text(&["networks"]);
    use cam_lucida::network::{NETWORKS, OTHERS, language};
    let known = NETWORKS.len() + OTHERS.len() + language::NETWORKS.len();
    assert_eq!(networks.lines().count(), known);
    assert!(networks.contains("resnet50"));
    let others = networks.lines().find(|line| line.starts_with("resnet_other")).unwrap();
    assert!(others.contains("also") && others.contains("wide_resnet50_2"), "{others}");
    let methods = text(&["methods"]);
    let listed = methods.lines().filter(|line| !line.starts_with(' ')).count();
    assert_eq!(listed, cam_lucida::cam::METHODS.len());
    assert!(methods.contains("max_channels: how many channels to try"), "{methods}");
    assert!(methods.contains("grad-cam++") && methods.contains("pytorch-grad-cam"));
    let layers = text(&["layers", "--network", "squeezenet1_1"]);
    assert!(layers.contains("features.9.expand3x3") && layers.contains("512 × 13 × 13"), "{layers}");
    let default = layers.lines().find(|line| line.ends_with("default")).unwrap();
    assert!(default.starts_with("features.12"));
    let output = cam_lucida(&["layers", "--network", "alexnet"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn a_profile_tells_each_layer_what_it_computes_and_the_peak() {
    let output = cam_lucida(&["profile", "--network", "squeezenet_small", "--runs", "1"]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}");
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].starts_with("layer ") && lines[0].contains("GFLOP/s"), "{text}");
    assert!(lines.iter().any(|line| line.starts_with("features.0 ")), "{text}");
    assert!(lines.iter().any(|line| line.starts_with("the whole pass ")), "{text}");
    assert!(lines.last().unwrap().ends_with(" GFLOP/s"), "{text}");
    assert!(output.stderr.is_empty(), "a network that is named has no assumptions");
    for network in ["film_small", "caption_small"] {
        for command in ["profile", "layers"] {
            let output = cam_lucida(&[command, "--network", network]).output().unwrap();
            let said = String::from_utf8(output.stderr).unwrap();
            assert!(output.status.code() == Some(2) && said.contains("`cam-lucida networks`"), "{said}");
            assert!(!said.contains("Model"), "{said}");
        }
    }
    let output = cam_lucida(&["profile", "--runs", "0"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn a_profile_of_a_weight_file_says_what_is_assumed() {
    let wild = format!("{}/tests/fixtures/weights/wild", env!("CARGO_MANIFEST_DIR"));
    for command in [&["layers"][..], &["profile", "--runs", "1"]] {
        for (file, words) in [
            (
                "children.pth",
                "strides, padding, activations, pooling and the eps of normalisations are assumed",
            ),
            ("own-forward.pth", "modules of the file have code beside their classes"),
        ] {
            let path = format!("{wild}/{file}");
            let output = cam_lucida(&[command, &["-w", &path]].concat()).output().unwrap();
            let said = String::from_utf8(output.stderr).unwrap();
            assert!(output.status.success() && said.contains(words), "{file}: {said}");
            assert!(!said.contains("colours"), "they change neither shapes nor times: {said}");
        }
    }
}
