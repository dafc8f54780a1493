//! Many pictures: one model, a line for each, gone on with after an interruption.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Output;

use serde_json::Value;

use super::{Desk, fixture};

/// A desk with pictures in folders: two of one name, one that is none, one that is hidden, and a text.
fn desk() -> Desk {
    let desk = Desk::new();
    for (name, source) in [
        ("data/cats/x.png", "photo.png"),
        ("data/dogs/x.png", "portrait.png"),
        ("data/dogs/x.jpg", "rgb.jpg"),
        ("data/dogs/broken.png", "truncated.png"),
        ("data/.hidden.png", "rgb.png"),
        ("data/readme.txt", "text-named.png"),
    ] {
        let path = desk.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::copy(fixture(source), path).unwrap();
    }
    desk
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn lines(path: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

impl Desk {
    fn explain(&self, arguments: &[&str]) -> Output {
        self.run("explain", arguments)
    }

    fn lines(&self) -> Vec<Value> {
        lines(&self.path("results/results.jsonl"))
    }
}

fn pictures(lines: &[Value]) -> Vec<&str> {
    lines.iter().map(|line| line["picture"].as_str().unwrap()).collect()
}

#[test]
fn a_folder_is_explained_picture_by_picture_and_what_fails_is_told() {
    let desk = desk();
    let output = desk.explain(&["-i", "data", "--save-raw"]);
    let told = said(&output);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains("failed: data/dogs/broken.png: "), "{told}");
    assert!(told.contains("4 of 4 pictures: 3 done, 0 known from before, 1 failed"), "{told}");
    assert!(told.contains("files in the folders that are no pictures by their names: 1"), "{told}");
    let lines = desk.lines();
    assert_eq!(
        pictures(&lines),
        ["data/cats/x.png", "data/dogs/broken.png", "data/dogs/x.jpg", "data/dogs/x.png"]
    );
    assert_eq!(lines[1]["error"]["code"], "picture-damaged");
    // What had to be assumed of the network stands with each result, and with the run.
    let run: Value = serde_json::from_slice(&std::fs::read(desk.path("results/run.json")).unwrap()).unwrap();
    assert_eq!(lines[0]["notes"][0]["code"], "torchvision-assumed");
    assert_eq!(run["notes"][0], lines[0]["notes"][0]["message"]);

    let mut names = BTreeSet::new();
    for line in [&lines[0], &lines[2], &lines[3]] {
        let files: Vec<&str> =
            line["files"].as_array().unwrap().iter().map(|file| file.as_str().unwrap()).collect();
        assert_eq!(files.len(), 4, "{files:?}");
        for file in files {
            assert!(desk.path("results").join(file).is_file(), "{file}");
            assert!(names.insert(file.to_string()), "{file} is written twice");
        }
        assert!(line["class"]["probability"].as_f64().unwrap() > 0.0);
    }
    // One picture alone has the same scores.
    let alone = desk.run("explain", &["-i", "data/cats/x.png", "-o", "alone"]);
    assert!(alone.status.success());
    let report: Value =
        serde_json::from_slice(&std::fs::read(desk.path("alone/result.json")).unwrap()).unwrap();
    assert_eq!(report["class"], lines[0]["class"]);
    assert_eq!(report["top"], lines[0]["top"]);
}

#[test]
fn files_folders_and_patterns_may_stand_together_and_each_picture_counts_once() {
    let desk = desk();
    let output =
        desk.explain(&["-i", "data/dogs/*.jpg", "data/cats", "data/cats/x.png", "./data/cats/x.png"]);
    assert!(output.status.success(), "{}", said(&output));
    assert_eq!(pictures(&desk.lines()), ["data/dogs/x.jpg", "data/cats/x.png"]);
    for (wrong, words) in [("data/*.gif", "no pictures found"), ("data/[", "is no pattern")] {
        let output = desk.explain(&["-i", wrong]);
        assert_eq!(output.status.code(), Some(2));
        assert!(said(&output).contains(words), "{}", said(&output));
    }
    // Of several files, one that is missing is told, and the others are done.
    let output = desk.explain(&["-i", "data/cats/x.png", "missing.png", "-o", "some"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("failed: cannot read missing.png"), "{}", said(&output));
}

#[test]
fn a_pattern_takes_neither_results_nor_what_is_hidden() {
    let desk = desk();
    for done in ["2 done, 0 known", "0 done, 2 known"] {
        let output = desk.explain(&["-i", "data/**/*.png", "-o", "data/out"]);
        assert!(said(&output).contains(&format!("3 of 3 pictures: {done}")), "{}", said(&output));
    }
    // A dot that is written is meant.
    let output = desk.explain(&["-i", "data/.h*.png", "data/cats"]);
    assert!(output.status.success(), "{}", said(&output));
    assert_eq!(pictures(&desk.lines()), ["data/.hidden.png", "data/cats/x.png"]);
}

#[test]
fn a_run_goes_on_where_another_was_interrupted() {
    let desk = desk();
    assert_eq!(desk.explain(&["-i", "data"]).status.code(), Some(1));
    let before = desk.lines();
    let path = desk.path("results/results.jsonl");
    // As a run that was killed leaves it: the first line whole, the second torn.
    let text = std::fs::read_to_string(&path).unwrap();
    let whole = text.lines().next().unwrap().len() + 1;
    std::fs::write(&path, &text[..whole + 40]).unwrap();
    let output = desk.explain(&["-i", "data"]);
    assert!(said(&output).contains("2 done, 1 known from before, 1 failed"), "{}", said(&output));
    let after = desk.lines();
    assert_eq!(pictures(&after), pictures(&before));
    assert_eq!(after[3]["class"], before[3]["class"]);

    // Nothing but what failed is done again.
    let output = desk.explain(&["-i", "data"]);
    assert!(said(&output).contains("0 done, 3 known from before, 1 failed"), "{}", said(&output));
    // What has changed is done again: the picture, or a file of the results that is gone.
    std::fs::copy(fixture("photo.png"), desk.path("data/dogs/broken.png")).unwrap();
    std::fs::copy(fixture("portrait.png"), desk.path("data/cats/x.png")).unwrap();
    std::fs::remove_file(desk.path("results").join(after[3]["files"][0].as_str().unwrap())).unwrap();
    let output = desk.explain(&["-i", "data"]);
    assert!(output.status.success(), "{}", said(&output));
    assert!(said(&output).contains("3 done, 1 known from before, 0 failed"), "{}", said(&output));
    let last = desk.lines();
    assert_eq!(pictures(&last), pictures(&before));
    assert_ne!(last[0]["sha256"], before[0]["sha256"]);
    // Nothing stays of what a picture was before it was broken.
    std::fs::copy(fixture("truncated.png"), desk.path("data/cats/x.png")).unwrap();
    assert_eq!(desk.explain(&["-i", "data"]).status.code(), Some(1));
    assert_eq!(desk.lines()[0]["error"]["code"], "picture-damaged");
    for file in last[0]["files"].as_array().unwrap() {
        assert!(!desk.path("results").join(file.as_str().unwrap()).exists(), "{file} stayed");
    }
}

#[test]
fn a_changed_option_is_refused_and_a_restart_leaves_nothing_of_the_run_before() {
    let desk = desk();
    assert!(desk.explain(&["-i", "data/cats"]).status.success());
    let old = desk.lines();
    for (changed, words) in [
        (vec!["--colormap", "viridis"], "colormap was"),
        (vec!["--class-id", "3"], "class_id was [], and is [\"3\"]"),
        (vec!["--method", "layer-cam"], "methods was"),
        (vec!["--preprocess", "crop"], "preprocess was"),
        (vec!["--window", "0,9"], "window was null"),
        (vec!["--mean", "0,0,0"], "mean was"),
    ] {
        let output = desk.explain(&[&["-i", "data/cats"], &changed[..]].concat());
        assert_eq!(output.status.code(), Some(2), "{changed:?}");
        assert!(said(&output).contains(words), "{}", said(&output));
        assert!(said(&output).contains("--restart"), "{}", said(&output));
    }
    assert_eq!(desk.lines(), old);
    let output = desk.explain(&["-i", "data/cats", "--class-id", "3", "--restart"]);
    assert!(output.status.success(), "{}", said(&output));
    let new = desk.lines();
    assert_eq!(new[0]["class"]["id"], 3);
    for file in old[0]["files"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|file| !new[0]["files"].as_array().unwrap().contains(file))
    {
        assert!(!desk.path("results").join(file.as_str().unwrap()).exists(), "{file} stayed");
    }
    let file = format!("{}/tests/fixtures/weights/wild/ema.pth", env!("CARGO_MANIFEST_DIR"));
    let average = |state: &[&str]| {
        let mut call = super::cam_lucida(&["explain", "-i", "data/cats", "-o", "ema", "-w", &file]);
        call.args(state).current_dir(&desk.folder).output().unwrap()
    };
    assert!(average(&[]).status.success(), "{}", said(&average(&[])));
    let output = average(&["--state", "state_dict_ema"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        said(&output).contains("state was \"state_dict\", and is \"state_dict_ema\""),
        "{}",
        said(&output)
    );
    // A request that no picture can meet ends the run.
    let output = desk.explain(&["-i", "data", "-o", "none", "--layer-name", "nowhere"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("unknown layer"), "{}", said(&output));
}

#[test]
fn shards_do_each_picture_once_and_a_report_brings_them_together() {
    let desk = desk();
    std::fs::copy(fixture("photo.png"), desk.path("data/dogs/broken.png")).unwrap();
    for part in ["1/3", "2/3"] {
        let output = desk.explain(&["-i", "data", "--shard", part]);
        assert!(output.status.success(), "{}", said(&output));
    }
    let report = || {
        super::cam_lucida(&["report", "results", "--sort", "picture"])
            .current_dir(&desk.folder)
            .output()
            .unwrap()
    };
    let output = report();
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("missing: shard 3/3 was not run"), "{}", said(&output));
    // As a task leaves it that was cancelled before it began.
    std::fs::create_dir(desk.path("results/shards/3-of-3")).unwrap();
    let output = report();
    assert!(said(&output).contains("missing: shard 3/3 was not run"), "{}", said(&output));
    assert!(desk.explain(&["-i", "data", "--shard", "3/3"]).status.success());
    let output = report();
    assert!(output.status.success(), "{}", said(&output));
    let lines = desk.lines();
    let mut found = pictures(&lines);
    found.sort_unstable();
    assert_eq!(found, ["data/cats/x.png", "data/dogs/broken.png", "data/dogs/x.jpg", "data/dogs/x.png"]);
    // A ledger that is gone is not taken for an empty one.
    let (ledger, aside) = (desk.path("results/shards/3-of-3/results.jsonl"), desk.path("aside"));
    std::fs::rename(&ledger, &aside).unwrap();
    let output = report();
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("cannot read results/shards/3-of-3/results.jsonl"), "{}", said(&output));
    std::fs::rename(aside, ledger).unwrap();
    // A shard of other options is not mixed in.
    assert!(
        desk.explain(&["-i", "data", "--shard", "2/3", "--colormap", "grey", "--restart"]).status.success()
    );
    let output = report();
    assert!(said(&output).contains("colormap was"), "{}", said(&output));
    for wrong in ["0/3", "4/3", "3"] {
        assert!(said(&desk.explain(&["-i", "data", "--shard", wrong])).contains("such as 3/16"));
    }
}

#[test]
fn the_report_holds_all_pictures_and_no_orders_of_foreign_text() {
    let desk = Desk::new();
    std::fs::create_dir_all(desk.path("data")).unwrap();
    let hostile = "\"><script>alert(1)<x>&'.png";
    std::fs::copy(fixture("photo.png"), desk.path("data").join(hostile)).unwrap();
    std::fs::copy(fixture("portrait.png"), desk.path("data/plain.png")).unwrap();
    std::fs::copy(fixture("truncated.png"), desk.path("data/<b>broken.png")).unwrap();
    let labels: Vec<String> = (0..10).map(|i| format!("<img src=x onerror=alert({i})>")).collect();
    std::fs::write(desk.path("labels.txt"), labels.join("\n")).unwrap();
    let output = desk.explain(&["-i", "data", "--labels", "labels.txt", "--report"]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    let html = std::fs::read_to_string(desk.path("results/report.html")).unwrap();
    assert_eq!(html.matches("<figure").count(), 2);
    assert_eq!(html.matches("src=\"data:image/jpeg;base64,").count(), 2);
    assert_eq!(html.matches("<script").count(), 1, "the report's own");
    assert_eq!(html.matches("<img").count(), 2);
    assert!(html.contains("&quot;&gt;&lt;script&gt;alert(1)&lt;x&gt;&amp;&#39;.png"));
    assert!(html.contains("data/&lt;b&gt;broken.png: "));
    assert!(html.contains("Content-Security-Policy"));
    assert!(html.contains("<p>Note: "), "what had to be assumed of the network");
    for foreign in ["http:", "https:", "src=\"/", "url("] {
        assert!(!html.contains(foreign), "{foreign} is fetched");
    }
    // The least sure first.
    let confidence: Vec<f64> = html
        .split("data-confidence=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().parse().unwrap())
        .collect();
    assert!(confidence[0] <= confidence[1], "{confidence:?}");
}

/// Of a network that gives one number.
#[test]
fn a_report_tells_values_as_values() {
    let desk = desk();
    let file = format!("{}/tests/fixtures/weights/wild/head-one.pth", env!("CARGO_MANIFEST_DIR"));
    let explain = ["explain", "-i", "data/cats", "-w", &file, "--problem", "value", "--report"];
    let output = super::cam_lucida(&explain).current_dir(&desk.folder).output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
    let value = desk.lines()[0]["class"]["value"].as_f64().unwrap();
    let html = std::fs::read_to_string(desk.path("results/report.html")).unwrap();
    assert!(html.contains(&format!("<b>value</b> {value:.1}</p>")), "{html}");
    assert!(html.contains("<option value=\"confidence\">value</option>") && !html.contains(" %"), "{html}");
}

#[test]
fn maps_of_many_pictures_are_measured_and_sorted_by_a_measure() {
    let desk = desk();
    let output = desk.run(
        "measure",
        &["-i", "data/cats", "data/dogs/*.jpg", "--measure", "drop,deletion", "--steps", "4"],
    );
    assert!(output.status.success(), "{}", said(&output));
    let lines = desk.lines();
    assert_eq!(lines.len(), 2);
    assert!(lines[0]["measures"]["deletion"].is_f64() && lines[0]["measures"]["drop"].is_f64());
    let report =
        |key: &str| super::cam_lucida(&["report", "--sort", key]).current_dir(&desk.folder).output().unwrap();
    assert!(report("deletion").status.success());
    let output = report("insertion");
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("sort by confidence, picture, deletion, drop"), "{}", said(&output));
}

#[test]
fn commands_of_one_picture_say_so() {
    let desk = desk();
    let output = desk.run("classify", &["-i", "data/cats/x.png", "data/dogs/x.png"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("takes one picture"), "{}", said(&output));
}

/// A pipe may never end, and is no picture of the folder.
#[test]
#[cfg(unix)]
fn what_is_no_file_in_a_folder_is_left_out() {
    let desk = desk();
    let made = std::process::Command::new("mkfifo").arg(desk.path("data/cats/pipe.png")).status().unwrap();
    assert!(made.success());
    for named in ["data/cats", "data/cats/*.png"] {
        let output = desk.explain(&["-i", named, "--restart"]);
        let told = said(&output);
        assert!(output.status.success() && told.contains("1 of 1 pictures"), "{told}");
        assert!(told.contains("that are no pictures"), "{told}");
    }
}
