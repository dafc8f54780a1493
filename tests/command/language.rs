//! `ask` and `caption`: words beside a picture, and what becomes of both.

use std::path::PathBuf;
use std::process::Output;

use cam_lucida::network::Architecture;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::command::cam_lucida;
use crate::common::weight_file::WeightFile;
use crate::{fixture, npy};

const WORDS: [&str; 12] =
    ["<pad>", "<unknown>", "<start>", "<end>", "a", "blue", "car", "hydrant", "is", "red", "the", "what"];

/// A folder with a model of language, whose answers are its words.
struct Desk {
    folder: TempDir,
}

impl Desk {
    fn new(network: &str) -> Self {
        let folder = TempDir::new().unwrap();
        let model = folder.path().join("model");
        std::fs::create_dir(&model).unwrap();
        let weights = WeightFile::hashed(Architecture::named(network).unwrap(), WORDS.len());
        std::fs::write(model.join("model.safetensors"), weights.bytes()).unwrap();
        let config = json!({
            "architecture": network, "words": WORDS, "label_names": WORDS, "function_words": ["a", "the"],
            "relation_words": ["is"],
        });
        std::fs::write(model.join("config.json"), config.to_string()).unwrap();
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join("results").join(name)
    }

    fn run(&self, command: &str, arguments: &[&str]) -> Output {
        let mut call = cam_lucida(&[command, "--device", "cpu", "--model-dir", "model"]);
        call.args(["--image-path", &fixture("photo.png")]);
        call.args(arguments).current_dir(&self.folder).output().unwrap()
    }

    /// What it said, and `result.json`.
    fn report(&self, command: &str, arguments: &[&str]) -> (String, Value) {
        let output = self.run(command, arguments);
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{said}");
        let report: Value =
            serde_json::from_slice(&std::fs::read(self.path("result.json")).unwrap()).unwrap();
        let written = String::from_utf8(output.stdout).unwrap();
        for file in report["files"].as_array().unwrap() {
            let name = file.as_str().unwrap();
            assert!(self.path(name).exists() && written.contains(name), "{name}");
        }
        (said, report)
    }

    fn refuses(&self, command: &str, arguments: &[&str], words: &[&str]) {
        let output = self.run(command, arguments);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        for word in words {
            assert!(said.contains(word), "{arguments:?}: “{said}” does not say “{word}”");
        }
        assert!(!self.folder.path().join("results").exists(), "{arguments:?} wrote something");
    }
}

#[test]
fn each_answer_that_was_asked_for_gets_its_map_and_those_with_a_plus_one_together() {
    let desk = Desk::new("film_small");
    let question = ["--question", "What is the OLD hydrant?"];
    let arguments =
        [&question[..], &["--answer", "red,Blue + red", "-m", "grad-cam,hires-cam", "--save-raw"]].concat();
    let (said, report) = desk.report("ask", &arguments);
    assert!(said.contains("does not know these words: old"), "{said}");
    assert_eq!(said.lines().filter(|line| line.starts_with("answer: ")).count(), 3, "{said}");
    assert_eq!(report["network"], "film_small");
    assert_eq!(report["layers"], json!(["head"]));
    assert_eq!(report["question"]["unknown"], json!(["old"]));
    assert_eq!(report["question"]["words"], json!(["what", "is", "the", "old", "hydrant"]));
    let classes = report["classes"].as_array().unwrap();
    assert_eq!((&classes[0]["id"], &classes[0]["name"]), (&json!(9), &json!("red")));
    assert_eq!((&classes[1]["id"], &classes[1]["name"]), (&json!([5, 9]), &json!("blue + red")));
    let maps = report["maps"].as_array().unwrap();
    assert_eq!(maps.len(), 4);
    assert_eq!(maps[1]["class_id"], json!([5, 9]));
    for kind in ["heatmap.png", "overlay.png", "raw.npy"] {
        for name in ["red", "blue+red"] {
            assert!(
                desk.path(&format!("photo-film_small-hires-cam-{name}-{kind}")).exists(),
                "{name}-{kind}"
            );
        }
    }
    let [grad, hires] = ["grad-cam", "hires-cam"]
        .map(|method| npy(&desk.path(&format!("photo-film_small-{method}-blue+red-raw.npy"))).1);
    let largest = grad.iter().fold(0.0_f32, |max, value| max.max(*value));
    assert!(grad.iter().zip(&hires).all(|(a, b)| (a - b).abs() <= 1e-5 * largest));
    // Unless asked for, the most probable answer.
    let (_, report) = desk.report("ask", &question);
    assert_eq!(report["class"], report["top"][0]);
    assert_eq!(report["classes"].as_array().unwrap().len(), 1);
    let verified = cam_lucida(&["models", "verify", "model"]).current_dir(&desk.folder).output().unwrap();
    assert!(verified.status.success(), "{verified:?}");
    // Another layer.
    let (_, report) = desk.report("ask", &[&question[..], &["--layer", "layer4"]].concat());
    assert_eq!(report["layers"], json!(["layer4"]));
}

#[test]
fn each_word_of_a_caption_gets_its_map_and_a_phrase_one_of_all() {
    let desk = Desk::new("caption_small");
    let own = ["--caption", "The red zebra car", "--save-raw"];
    let (said, report) = desk.report("caption", &[&own[..], &["--phrase", "1..3"]].concat());
    assert!(said.contains("caption: the red zebra car, log-probability"), "{said}");
    assert!(said.contains("0  the, ") && said.contains("a function word"), "{said}");
    assert!(said.contains("not known to the network"), "{said}");
    assert_eq!(report["layers"], json!(["read.1", "read.2", "read.3"]));
    let words = report["caption"]["words"].as_array().unwrap();
    assert_eq!((&words[0]["function_word"], &words[2]["known"]), (&json!(true), &json!(false)));
    let places: Vec<&Value> = report["maps"].as_array().unwrap().iter().map(|map| &map["words"]).collect();
    assert_eq!(places, [&json!([1, 1]), &json!([2, 2]), &json!([3, 3]), &json!([1, 3])]);
    let raw = |name: &str| npy(&desk.path(&format!("photo-caption_small-grad-cam-{name}-raw.npy"))).1;
    let words = [raw("1-red"), raw("2-zebra"), raw("3-car")];
    let largest = raw("1-3").iter().fold(f32::MIN_POSITIVE, |max, value| max.max(*value));
    for (pixel, all) in raw("1-3").iter().enumerate() {
        let sum: f32 = words.iter().map(|word| word[pixel]).sum();
        assert!((sum - all).abs() <= 1e-5 * largest, "{sum} and {all}");
    }
    let (_, report) = desk.report("caption", &[&own[..2], &["--word", "3"]].concat());
    assert_eq!(report["layers"], json!(["read.3"]));
    assert_eq!(report["maps"].as_array().unwrap().len(), 1);
    assert_eq!(report["classes"][0]["name"], "car");
}

#[test]
fn without_a_caption_the_network_writes_one() {
    let desk = Desk::new("caption_small");
    let (_, greedy) = desk.report("caption", &["--word", "0"]);
    assert_eq!(greedy["alternatives"], json!([]));
    let (_, beam) = desk.report("caption", &["--word", "0", "--beam", "3"]);
    assert_eq!(beam["alternatives"].as_array().unwrap().len(), 2);
    let of = |report: &Value| report["caption"]["log_probability"].as_f64().unwrap();
    assert!(
        beam["alternatives"]
            .as_array()
            .unwrap()
            .iter()
            .all(|other| { other["log_probability"].as_f64().unwrap() <= of(&beam) + 1e-3 })
    );
}

/// What was read does not tell left from right, so its sum leaves such words out, as it does function words; and it says so.
#[test]
fn what_the_map_of_a_phrase_leaves_out_is_told() {
    let desk = Desk::new("caption_small");
    let own = ["--caption", "the red is car"];
    let (said, report) = desk.report("caption", &[&own[..], &["--phrase", "0..3"]].concat());
    assert!(said.contains("the sum of the words' maps leaves out “the”: they name nothing"), "{said}");
    assert!(said.contains("“is”: they are told from where the network looks"), "{said}");
    assert!(said.contains("2  is, ") && said.contains("a relation word"), "{said}");
    let words = &report["caption"]["words"];
    assert_eq!((&words[2]["relation_word"], &words[1]["relation_word"]), (&json!(true), &json!(false)));
    let (said, _) =
        desk.report("caption", &[&own[..], &["--phrase", "0..3", "--layer", "blocks.1"]].concat());
    assert!(said.contains("leaves out “the”") && !said.contains("and “is”"), "{said}");
    let (said, _) = desk.report("caption", &[&own[..], &["--phrase", "1..1"]].concat());
    assert!(!said.contains("leaves out"), "{said}");
}

#[test]
fn a_target_is_contrasted_with_an_answer_or_a_word_by_its_name() {
    for (command, network, texts) in
        [("ask", "film_small", ["-q", "what is red"]), ("caption", "caption_small", ["--caption", "a car"])]
    {
        let desk = Desk::new(network);
        let contrasted = |target: &str| {
            let (_, report) = desk.report(command, &[&texts[..], &["--target", target]].concat());
            report["target"].clone()
        };
        let by_name = contrasted("contrast:red");
        assert_eq!(by_name, contrasted("contrast:9"), "{command}");
        assert!(by_name.to_string().contains('9'), "{by_name}");
    }
}

#[test]
fn what_cannot_be_asked_is_refused_in_words() {
    let desk = Desk::new("film_small");
    let ask = |more: &[&'static str]| [&["-q", "what is the car"], more].concat();
    desk.refuses("ask", &ask(&["--target", "contrast:bleu"]), &["unknown answer `bleu`", "`blue`"]);
    desk.refuses("ask", &ask(&["--target", "contrast:12"]), &["class 12 does not exist", "0 to 11"]);
    desk.refuses("ask", &ask(&["--target", "contrast:red+blue"]), &["several answers", "contrast:red"]);
    desk.refuses("ask", &ask(&["--target", "logits"]), &["unknown target `logits`", "probability"]);
    desk.refuses("ask", &ask(&["--answer", ""]), &["leaves out an answer", "choose from", "hydrant"]);
    desk.refuses("ask", &ask(&["--answer", "red+"]), &["“red+” leaves out an answer"]);
    desk.refuses("ask", &["-q", "what is the car", "-a", "bleu"], &["unknown answer `bleu`", "`blue`"]);
    desk.refuses("ask", &["-q", "pourquoi"], &["knows none of the words of “pourquoi”", "hydrant"]);
    desk.refuses("ask", &["-q", "what", "--layer", "haed"], &["unknown layer `haed`", "head"]);
    desk.refuses("ask", &[], &["--question"]);
    desk.refuses("caption", &[], &["film_small", "needs a question", "cam-lucida ask"]);
    desk.refuses("explain", &[], &["film_small", "needs a question", "cam-lucida ask"]);
    let desk = Desk::new("caption_small");
    let own = ["--caption", "a red car"];
    let with = |more: &[&'static str]| [&own[..], more].concat();
    desk.refuses("caption", &with(&["--word", "99"]), &["has 3 words; 99 is not", "choose from 0 to 2"]);
    desk.refuses(
        "caption",
        &with(&["--phrase", "1..7"]),
        &["has 3 words; 1..7 is not", "choose from 0 to 2"],
    );
    for (argument, found) in [("--word", "-1"), ("--word", "red"), ("--word", "1.5")] {
        let words = ["pass the number of a word, 0 the caption's first", found];
        desk.refuses("caption", &with(&[argument, found]), &words);
    }
    desk.refuses("caption", &with(&["--phrase", "-1..2"]), &["'-1..2'", "0 is the caption's first"]);
    desk.refuses("caption", &["--beam", "-1"], &["'-1'", "1 to 16"]);
    desk.refuses("caption", &with(&["--target", "contrast:bleu"]), &["does not know the word “bleu”"]);
    desk.refuses("caption", &with(&["--phrase", "2..1"]), &["such as 1..3"]);
    desk.refuses("caption", &with(&["--phrase", "1..2", "--word", "1"]), &["cannot be used with"]);
    desk.refuses("caption", &with(&["--beam", "2"]), &["cannot be used with"]);
    desk.refuses("caption", &["--beam", "0"], &["'0'", "1 to 16"]);
    desk.refuses("explain", &[], &["writes captions", "cam-lucida caption"]);
    let output = cam_lucida(&["ask", "-q", "what is red"]).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(2) && said.contains("pass --model-dir FOLDER"), "{said}");
}
