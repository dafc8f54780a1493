//! What does not fit: words, exit code 2, nothing written.

use crate::command::cam_lucida;
use crate::{Desk, fixture, weights};

/// What begins as an option does is a value all the same, and what it may be is said in our words.
#[test]
fn values_that_begin_with_a_hyphen_are_refused_by_what_may_stand_there() {
    let desk = Desk::new();
    let photo = &fixture("photo.png");
    for (option, value, words) in [
        ("--value-range", "-1-1", "unknown value range `-1-1`"),
        ("--channel-order", "-1", "unknown channel order `-1`"),
        ("--problem", "-1", "unknown problem `-1`"),
        ("--variant", "-1", "unknown variant `-1`"),
        ("-l", "-3", "unknown layer `-3`"),
        ("--layer-name", "-3", "unknown layer `-3`"),
        ("--set", "-4", "`-4` is not a setting"),
        ("-m", "-3", "unknown method `-3`"),
        ("--target", "-1", "unknown target `-1`"),
        ("--merge", "-1", "unknown merge `-1`"),
        ("--preset", "-1", "no presets"),
        ("--preprocess", "-1", "`-1`"),
        ("--colormap", "-1", "unknown colour map `-1`"),
        ("--mean", "-1", "pass three numbers"),
        ("-c", "-1", "`-1` is no class"),
        ("--transform-input", "-1", "invalid value '-1'"),
    ] {
        desk.refuses(&["-i", photo, option, value], &[words]);
    }
    let output = cam_lucida(&["layers", "--network", "--verbose"]).output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(2) && told.contains("unknown network `--verbose`"), "{told}");
    // A path that begins so is written ./-1.
    desk.refuses(&["-i", photo, "--labels", "--verbose"], &["a value is required for '--labels <FILE>'"]);
}

#[test]
fn what_does_not_fit_is_refused_in_words_with_exit_code_2() {
    let desk = Desk::new();
    let photo = &fixture("photo.png");
    desk.refuses(&[], &["no picture", "--image-path"]);
    desk.refuses(&["-i", "nowhere.png"], &["cannot read nowhere.png"]);
    desk.refuses(&["-i", &fixture("text-named.png")], &["text-named.png", "not a picture that can be read"]);
    desk.refuses(
        &["-i", photo, "--layer-name", "features.99"],
        &["unknown layer `features.99`", "features.9"],
    );
    desk.refuses(&["-i", photo, "--class-id", "10"], &["class 10 does not exist", "0 to 9"]);
    desk.refuses(&["-i", photo, "--method", "grad-kam"], &["unknown method `grad-kam`", "grad-cam++"]);
    desk.refuses(&["-i", photo, "--target", "contrast:77"], &["class 77 does not exist"]);
    desk.refuses(&["-i", photo, "--target", "loss"], &["unknown target `loss`", "counterfactual"]);
    desk.refuses(&["-i", photo, "--preset", "pytorch-grad-cam"], &["no presets"]);
    desk.refuses(&["-i", photo, "--method", "grad-cam++", "--preset", "x"], &["unknown preset `x`"]);
    desk.refuses(
        &["-i", photo, "--method", "cam", "-l", "features.5"],
        &["CAM explains only the layer", "`features`"],
    );
    desk.refuses(&["-i", photo, "--method", "cam", "--target", "probability"], &["before softmax"]);
    desk.refuses(&["-i", photo, "--set", "samples=8"], &["grad-cam has no setting `samples`"]);
    desk.refuses(&["-i", photo, "-m", "rise", "--set", "samples=0"], &["a whole number from 1", "found 0"]);
    desk.refuses(&["-i", photo, "-m", "rise", "--set", "masks=4"], &["unknown setting `masks`", "samples"]);
    desk.refuses(
        &["-i", photo, "-m", "rise", "--set", "samples"],
        &["`samples` is not a setting", "samples=32"],
    );
    desk.refuses(
        &["-i", photo, "-m", "occlusion", "--set", "patch=8,stride=9"],
        &["leave gaps", "at most 8"],
    );
    desk.refuses(&["-i", photo, "--merge", "sum"], &["unknown merge `sum`", "mean"]);
    desk.refuses(
        &["-i", photo, "-m", "gradient", "--smooth"],
        &["smoothing averages maps", "gradient gives a signed"],
    );
    desk.refuses(
        &["-i", photo, "-m", "guided-grad-cam", "-l", "features.14,features.18"],
        &["merging layers averages maps"],
    );
    desk.refuses(&["-i", photo, "--opacity", "2"], &["opacity must be 0 to 1"]);
    desk.refuses(&["-i", photo, "--colormap", "rainbow"], &["unknown colour map `rainbow`", "viridis"]);
    desk.refuses(&["-i", photo, "--preprocess", "stretch"], &["unknown preprocessing `stretch`", "squash"]);
    std::fs::write(desk.path("labels.txt"), "cat\ndog\n").unwrap();
    desk.refuses(&["-i", photo, "--labels", "labels.txt"], &["2 labels do not fit a network of 10 classes"]);
    let whole = weights();
    std::fs::write(desk.path("weights.safetensors"), &whole[..whole.len() / 2]).unwrap();
    desk.refuses(&["-i", photo], &["weights.safetensors", "the weight file is incomplete", "copy it again"]);
}

/// A number below 0 is a value, which is refused with what is allowed, and no unknown option.
#[test]
fn numbers_below_zero_are_answered_with_what_is_allowed() {
    let desk = Desk::new();
    let photo = &fixture("photo.png");
    for (option, value, words) in [
        ("--class-id", "-1", "no class"),
        ("--class-id", "-1,5", "no class"),
        ("--input-size", "-1,5", "32 to 2048"),
        ("--mean", "-1,5", "three numbers"),
        ("--std", "-1,-1,-1", "above 0"),
        ("--fill", "-1,5,5", "0 to 255"),
        ("--window", "-1,5", "two whole numbers"),
        ("--opacity", "-1", "0 to 1"),
        ("--threshold", "-0.5", "0 to 1"),
        ("--jobs", "-1", "1 to 1024"),
        ("--shard", "-1/3", "shard"),
    ] {
        desk.refuses(&["-i", photo, option, value], &[words]);
        let said = String::from_utf8(desk.run("explain", &["-i", photo, option, value]).stderr).unwrap();
        assert!(!said.contains("unexpected argument"), "{option} {value}: {said}");
    }
    // A mean may be below 0.
    let output = desk.run("classify", &["-i", photo, "--mean", "-0.1,-0.2,-0.3"]);
    assert!(output.status.success(), "{output:?}");
}

#[test]
fn a_network_without_weights_says_where_to_get_some() {
    for arguments in [&["explain", "-n", "resnet50"][..], &["classify", "-i", "x.png", "-n", "resnet50"]] {
        let output = cam_lucida(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        let said = String::from_utf8(output.stderr).unwrap();
        for words in ["--weight-path", "models fetch resnet50.", "torch.save(model.state_dict()"] {
            assert!(said.contains(words), "“{said}” does not say “{words}”");
        }
    }
    // A name of torchvision whose sizes only a weight file tells.
    for (command, words) in [("explain", "no weights for wide_resnet50_2"), ("layers", "--weight-path FILE")]
    {
        let output = cam_lucida(&[command, "--network", "wide_resnet50_2"]).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == Some(2) && said.contains(words), "{said}");
    }
    let output = cam_lucida(&["explain", "--labels", "names.txt"]).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(2) && said.contains("pass --weight-path FILE"), "{said}");
}

#[test]
fn a_folder_that_cannot_be_written_leaves_nothing() {
    let desk = Desk::new();
    std::fs::write(desk.path("results.txt"), "a file").unwrap();
    desk.refuses(&["-i", &fixture("photo.png"), "-o", "results.txt"], &["cannot write results.txt"]);
}

#[test]
fn a_file_that_cannot_be_written_keeps_the_others_of_its_run_away() {
    let desk = Desk::new();
    std::fs::create_dir_all(desk.path("out/result.json")).unwrap();
    desk.refuses(&["-i", &fixture("photo.png"), "-o", "out"], &["result.json", "a folder has this name"]);
    let left = std::fs::read_dir(desk.path("out")).unwrap().map(|entry| entry.unwrap().file_name());
    assert_eq!(left.collect::<Vec<_>>(), ["result.json"]);
}
