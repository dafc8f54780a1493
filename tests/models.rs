//! The embedded models as they are shipped: whole, small, right about scenes that they have not seen, and biased or not.
#![cfg(feature = "train")]

mod common;

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use cam_lucida::measure::{Map, Mask, energy_inside};
use cam_lucida::network::Task;
use cam_lucida::network::language::{Captioner, Film};
use cam_lucida::picture::Preprocess;
use cam_lucida::scenes::captions::{self, FUNCTION_WORDS};
use cam_lucida::scenes::questions::{self, ANSWERS};
use cam_lucida::scenes::shapes::Shapes;
use cam_lucida::scenes::{CLASSES, Hair, Objects, People, Scene, World};
use cam_lucida::train::{HELD_OUT, LANGUAGE, LanguageReport, RECIPES, Recipe};
use cam_lucida::weights::{Card, Weights};
use cam_lucida::{CaptionModel, Device, Model, ModelFile, Problem, QuestionModel, Request, Size};
use common::stickers;
use pollster::block_on;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// Starts scenes that no model was trained on, nor chosen by.
const FRESH: u64 = 3 << 32;
const SIDE: u32 = 96;
/// The encoder that networks of language start from, which makes no model of its own.
const ENCODER: &str = "resnet-shapes";
/// Bytes of a network of language.
const MAX_BYTES: [(&str, usize); 2] = [("film_small", 1_200_000), ("caption_small", 1_500_000)];
/// The share of true answers, and of captions that are right to the last word, on fresh scenes.
const MIN_RIGHT: [f64; 2] = [0.92, 0.75];
/// What the default model reaches on fresh scenes, and every other.
const MIN_F1: [f64; 2] = [0.95, 0.90];
const DATA: [&str; 2] = ["scenes", "people"];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("models")
}

fn read(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap_or_else(|error| {
        panic!("{}: {error}; the models belong to the repository, `make models` trains them", path.display())
    })
}

fn index() -> Value {
    serde_json::from_slice(&read(&folder().join("index.json"))).unwrap()
}

/// The models of `data` in the index, at least one.
fn models(data: &str) -> Vec<String> {
    let index = index();
    let of_data = index["models"].as_array().unwrap().iter().filter(|model| model["data"] == data);
    let names: Vec<String> = of_data.map(|model| model["name"].as_str().unwrap().into()).collect();
    assert!(!names.is_empty(), "index.json has models of {data}");
    names
}

/// The model's file as the page and the command line read it.
fn file(name: &str) -> ModelFile {
    let text = |file: &str| String::from_utf8(read(&folder().join(name).join(file))).unwrap();
    let (config, preprocessor) = (text("config.json"), text("preprocessor_config.json"));
    let card = Card::read(&config, Some(&preprocessor)).unwrap();
    ModelFile::read(&Device::cpu(), card, weights(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn weights(name: &str) -> Vec<u8> {
    read(&folder().join(name).join("model.safetensors"))
}

fn load(name: &str) -> Model {
    block_on(file(name).load()).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Scenes 0 to 200 of a seed.
fn fresh(world: &dyn World) -> Vec<Scene> {
    assert!(FRESH != HELD_OUT && RECIPES.iter().all(|recipe| recipe.seed != FRESH));
    (0..200).map(|index| world.scene(FRESH, index, SIDE)).collect()
}

/// The classes that the model says are in each scene.
fn seen(model: &Model, scenes: &[Scene]) -> Vec<Vec<usize>> {
    let inputs = scenes.iter().map(|scene| model.input(&scene.picture, Preprocess::Squash).unwrap());
    let scores = block_on(model.classify_each("test", inputs, &|_| ControlFlow::Continue(()))).unwrap();
    let seen = scores.iter().map(|scores| match model.problem() {
        Problem::SingleLabel => scores.top(1),
        Problem::MultiLabel => {
            (0..model.classes()).filter(|&class| scores.probabilities[class] > 0.5).collect()
        }
    });
    seen.collect()
}

/// The entries of the index under `key`.
fn entries(key: &str) -> Vec<Value> {
    index()[key].as_array().cloned().unwrap_or_else(|| panic!("index.json has no {key}"))
}

#[test]
fn the_index_tells_sizes_and_hashes_of_every_recipes_files() {
    let names = |recipes: &[Recipe]| -> Vec<&str> {
        recipes.iter().filter(|recipe| recipe.name != ENCODER).map(|recipe| recipe.name).collect()
    };
    for (key, recipes) in [("models", names(RECIPES)), ("language", names(LANGUAGE))] {
        let entries = entries(key);
        let listed: Vec<&str> = entries.iter().map(|model| model["name"].as_str().unwrap()).collect();
        assert_eq!(listed, recipes);
        entries.iter().for_each(check_files);
    }
    assert_eq!(index()["default"], RECIPES[0].name);
}

fn check_files(model: &Value) {
    let name = model["name"].as_str().unwrap();
    let files = model["files"].as_object().unwrap();
    let needed = ["config.json", "preprocessor_config.json", "model.safetensors"];
    assert!(needed.iter().all(|file| files.contains_key(*file)), "{name}");
    let mut total = 0;
    for (file, said) in files {
        let content = read(&folder().join(name).join(file));
        assert_eq!(said["bytes"], content.len(), "{name}/{file}");
        let hash: String = Sha256::digest(&content).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(said["sha256"], hash, "{name}/{file}");
        total += content.len();
    }
    assert_eq!(model["bytes"], total, "{name}");
    let most = MAX_BYTES.iter().find(|(network, _)| model["network"] == *network);
    let most = most.map_or(800_000, |(_, most)| *most);
    assert!(total < most, "{name}: {total} bytes");
}

#[test]
fn every_model_loads_with_its_card_which_the_index_repeats() {
    for model in index()["models"].as_array().unwrap() {
        let name = model["name"].as_str().unwrap();
        let loaded = load(name);
        assert_eq!(model["network"], loaded.architecture().name, "{name}");
        assert_eq!(model["classes"], loaded.classes(), "{name}");
        assert_eq!(loaded.preprocessor().size, SIDE, "{name}");
        let (expected, problem): (Vec<&str>, _) = match model["data"].as_str().unwrap() {
            "scenes" => (CLASSES.iter().map(|(name, _)| *name).collect(), Problem::MultiLabel),
            "people" => (vec!["doctor", "nurse"], Problem::SingleLabel),
            other => panic!("{name}: data is {DATA:?}, not {other}"),
        };
        assert_eq!(loaded.labels().unwrap(), expected, "{name}");
        assert_eq!(loaded.problem(), problem, "{name}");
    }
}

/// The harmonic mean of precision and recall, averaged over the classes.
fn macro_f1(scenes: &[Scene], seen: &[Vec<usize>], classes: usize) -> f64 {
    let f1 = |class: usize| {
        let (mut right, mut either) = (0, 0);
        for (scene, seen) in scenes.iter().zip(seen) {
            let (there, seen) = (scene.labels.contains(&class), seen.contains(&class));
            right += usize::from(there && seen);
            either += usize::from(there) + usize::from(seen);
        }
        assert!(either > 0, "class {class} is in none of the scenes");
        2.0 * right as f64 / either as f64
    };
    (0..classes).map(f1).sum::<f64>() / classes as f64
}

#[test]
fn models_of_scenes_tell_what_is_in_fresh_ones() {
    let scenes = fresh(&Objects::new(stickers()));
    let mut wrong = Vec::new();
    for name in models(DATA[0]) {
        let found = macro_f1(&scenes, &seen(&load(&name), &scenes), CLASSES.len());
        println!("{name}: macro F1 {found:.3}");
        let min = if index()["default"] == *name { MIN_F1[0] } else { MIN_F1[1] };
        if found < min {
            wrong.push(format!("{name}: macro F1 {found:.3}, at least {min}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_balanced_model_tells_doctors_from_nurses() {
    let scenes = fresh(&People::new(Hair::Independent));
    let seen = seen(&load("people-balanced"), &scenes);
    let right = scenes.iter().zip(&seen).filter(|(scene, seen)| scene.labels == **seen).count();
    assert!(right >= 190, "{right} of 200 are right");
}

/// What hair tells is what the biased model has learned: it is right where hair goes with the label as it did, and often
/// wrong where it does not.
#[test]
fn the_biased_model_errs_where_hair_misleads() {
    let scenes = fresh(&People::new(Hair::Independent));
    let seen = seen(&load("people-biased"), &scenes);
    let (mut right, mut of) = ([0; 2], [0; 2]);
    for (scene, seen) in scenes.iter().zip(seen) {
        let is_long = scene.objects.iter().any(|object| object.name == "long hair");
        let goes_with_label = usize::from(is_long == (scene.labels == [1]));
        of[goes_with_label] += 1;
        right[goes_with_label] += usize::from(scene.labels == seen);
    }
    assert_eq!(of, [100, 100]);
    println!(
        "people-biased: {} of 100 right where hair goes with the label, {} where not",
        right[1], right[0]
    );
    assert!(right[1] >= 90, "{} of 100 are right where hair tells the label", right[1]);
    assert!(right[0] + 30 <= right[1], "{} and {} of 100 are right", right[0], right[1]);
}

/// The mean share of Grad-CAM's energy on hair and on the tool, for the predicted class.
fn energies(name: &str) -> [f64; 2] {
    const SCENES: u64 = 120;
    let (world, model) = (People::new(Hair::Independent), load(name));
    let request = Request::default();
    let (mut sums, mut maps) = ([0.0; 2], 0);
    for index in 0..SCENES {
        let scene = world.scene(HELD_OUT, index, SIDE);
        let input = model.input(&scene.picture, Preprocess::Squash).unwrap();
        let explanation = block_on(model.explain(&input, &request)).unwrap();
        let map = block_on(Map::from_heatmap(&explanation.heatmaps[0])).unwrap();
        let energy = |part: &str| {
            let inside = scene.mask(|object| object.name.ends_with(part));
            energy_inside(&map, &Mask::new(Size::square(SIDE as usize), inside).unwrap())
        };
        if let [Some(hair), Some(tool)] = ["hair", "tool"].map(energy) {
            sums = [sums[0] + hair, sums[1] + tool];
            maps += 1;
        }
    }
    assert!(maps > SCENES / 2, "{name}: all but {maps} maps are flat");
    let means = sums.map(|sum| sum / maps as f64);
    println!("{name}: {:.3} on hair, {:.3} on the tool", means[0], means[1]);
    means
}

#[test]
fn the_biased_model_looks_at_hair_more_than_at_the_tool() {
    let [hair, tool] = energies("people-biased");
    assert!(hair > tool, "{hair} of the energy on hair, {tool} on the tool");
}

#[test]
fn the_balanced_model_looks_at_the_tool_more_than_at_hair() {
    let [hair, tool] = energies("people-balanced");
    assert!(tool > hair, "{hair} of the energy on hair, {tool} on the tool");
}

/// The networks of language that do `task`, with their names; at least one.
fn of_task(task: Task) -> Vec<(String, ModelFile)> {
    let names = entries("language").into_iter().map(|entry| entry["name"].as_str().unwrap().to_string());
    let files = names.map(|name| (name.clone(), file(&name)));
    let found: Vec<_> = files.filter(|(_, file)| file.architecture().task() == task).collect();
    assert!(!found.is_empty(), "index.json has a network for {task:?}");
    found
}

#[test]
fn what_answers_knows_the_words_of_questions_and_is_right_about_fresh_scenes() {
    const SCENES: usize = 300;
    let device = Device::cpu();
    for (name, file) in of_task(Task::QuestionAnswering) {
        let model: QuestionModel = block_on(file.load_questions()).unwrap();
        assert_eq!(model.vocabulary().words(), questions::words(), "{name}");
        assert_eq!(model.answers(), ANSWERS, "{name}");
        let synonym =
            |(word, known): (&str, &str)| model.vocabulary().token(word) == model.vocabulary().token(known);
        assert!(questions::SYNONYMS.into_iter().all(synonym), "{name}");
        let film = Film::load(&mut Weights::read(weights(&name)).unwrap(), device.tensors()).unwrap();
        let shapes = Shapes::training();
        let report =
            LanguageReport::of_answers(&film, &shapes, (FRESH, SCENES), SIDE, device.tensors()).unwrap();
        println!("{name}: {:.3} of {} answers are true, {:?}", report.right, report.texts, report.parts);
        assert!(report.right >= MIN_RIGHT[0], "{name}: {:.3} of the answers are true", report.right);
    }
}

#[test]
fn what_describes_knows_the_words_of_captions_and_is_right_about_fresh_scenes() {
    const SCENES: usize = 300;
    let device = Device::cpu();
    for (name, file) in of_task(Task::Captioning) {
        let model: CaptionModel = block_on(file.load_captions()).unwrap();
        assert_eq!(model.vocabulary().words(), captions::words(), "{name}");
        assert!(FUNCTION_WORDS.iter().all(|word| model.is_function_word(word)), "{name}");
        assert!(!model.is_function_word("hydrant"), "{name}");
        let captioner =
            Captioner::load(&mut Weights::read(weights(&name)).unwrap(), device.tensors()).unwrap();
        let shapes = Shapes::training();
        let scenes = (FRESH, SCENES);
        let report = LanguageReport::of_captions(&captioner, &shapes, scenes, SIDE, device.tensors());
        let report = block_on(report).unwrap();
        println!("{name}: {:.3} of {} captions are right to the last word", report.right, report.texts);
        assert!(report.right >= MIN_RIGHT[1], "{name}: {:.3} of the captions are right", report.right);
    }
}
