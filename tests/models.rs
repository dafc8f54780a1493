//! The embedded models as they are shipped: whole, small, right about scenes that they have not seen, and biased or not.
#![cfg(feature = "train")]

mod common;

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use cam_lucida::measure::{Map, Mask, energy_inside};
use cam_lucida::network::language::{Captioner, Film};
use cam_lucida::picture::{Picture, Preprocess};
use cam_lucida::scenes::shapes::Shapes;
use cam_lucida::scenes::{CLASSES, Hair, Objects, People, Scene, World};
use cam_lucida::train::{HELD_OUT, LANGUAGE, LanguageReport, RECIPES, Recipe, Task};
use cam_lucida::weights::{Card, Weights};
use cam_lucida::{Device, Model, Problem, Request, Size};
use common::stickers;
use pollster::block_on;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// Starts scenes that no model was trained on, nor chosen by.
const FRESH: u64 = 3 << 32;
const SIDE: u32 = 96;
/// What the default model reaches on fresh scenes, and every other.
const MIN_F1: [f64; 2] = [0.95, 0.90];
/// Answers that are true, those of each type, and captions that are right to the last word.
const ANSWERS_RIGHT: f64 = 0.92;
const EACH_RIGHT: f64 = 0.80;
const CAPTIONS_RIGHT: f64 = 0.72;
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

/// The model as the page and the command line load it.
fn load(name: &str) -> Model {
    let text = |file: &str| String::from_utf8(read(&folder().join(name).join(file))).unwrap();
    let (config, preprocessor) = (text("config.json"), text("preprocessor_config.json"));
    let card = Card::read(&config, Some(&preprocessor)).unwrap();
    let weights = read(&folder().join(name).join("model.safetensors"));
    block_on(Model::load(&Device::cpu(), card, weights)).unwrap_or_else(|error| panic!("{name}: {error}"))
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
        Problem::Value => panic!("an embedded model gives values"),
    });
    seen.collect()
}

#[test]
fn the_index_tells_sizes_and_hashes_of_every_recipes_files() {
    let index = index();
    assert_eq!(index["default"], RECIPES[0].name);
    let names = |recipes: &[Recipe]| -> Vec<&str> {
        let published = recipes.iter().filter(|recipe| recipe.task != Task::Things);
        published.map(|recipe| recipe.name).collect()
    };
    let all = [("models", names(RECIPES)), ("language", names(LANGUAGE))];
    let all = all.into_iter().flat_map(|(key, names)| {
        let models = index[key].as_array().unwrap();
        assert_eq!(models.iter().map(|model| model["name"].as_str().unwrap()).collect::<Vec<_>>(), names);
        models.iter().zip(names)
    });
    for (model, name) in all {
        let mut total = 0;
        let files = model["files"].as_object().unwrap();
        assert!(
            ["config.json", "preprocessor_config.json", "model.safetensors"]
                .iter()
                .all(|f| files.contains_key(*f))
        );
        for (file, said) in files {
            let content = read(&folder().join(name).join(file));
            assert_eq!(said["bytes"], content.len(), "{name}/{file}");
            let hash: String = Sha256::digest(&content).iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(said["sha256"], hash, "{name}/{file}");
            total += content.len();
        }
        assert_eq!(model["bytes"], total, "{name}");
        let most = match model["network"].as_str().unwrap() {
            Film::NAME => 1_200_000,
            Captioner::NAME => 1_500_000,
            _ => 800_000,
        };
        assert!(total < most, "{name}: {total} bytes");
    }
}

/// Questions of each type, and captions, about fresh scenes; docs/FINDINGS.md has more of them.
#[test]
fn networks_of_language_are_right_about_scenes_that_they_have_not_seen() {
    let weights = |name: &str| Weights::read(read(&folder().join(name).join("model.safetensors"))).unwrap();
    let (shapes, device) = (Shapes::training(), Device::cpu());
    let film = Film::load(&mut weights("film-shapes"), device.tensors()).unwrap();
    let answers = LanguageReport::of_answers(&film, &shapes, (FRESH, 300), SIDE, device.tensors()).unwrap();
    println!("{answers:?}");
    assert!(answers.right >= ANSWERS_RIGHT, "{answers:?}");
    assert_eq!(answers.parts.len(), 7);
    for (kind, right) in &answers.parts {
        assert!(*right >= EACH_RIGHT, "{kind}: {right}");
    }
    let captioner = Captioner::load(&mut weights("caption-shapes"), device.tensors()).unwrap();
    let captions = LanguageReport::of_captions(&captioner, &shapes, (FRESH, 200), SIDE, device.tensors());
    let captions = block_on(captions).unwrap();
    println!("{captions:?}");
    assert!(captions.right >= CAPTIONS_RIGHT, "{captions:?}");
}

/// What the embedded networks of language must reach, in percent, as docs/FINDINGS.md names it.
const FLOORS: [(&str, f64); 21] = [
    ("right", 92.0),
    ("right: colour", 85.0),
    ("right: exist", 85.0),
    ("right: count", 85.0),
    ("right: kind", 85.0),
    ("right: neighbour", 85.0),
    ("right: size", 85.0),
    ("right: side", 85.0),
    ("right: colours of held-out pairs", 75.0),
    ("several colours: probability of the true ones", 90.0),
    ("Maps of colours, mass: Grad-CAM", 40.0),
    ("Maps of colours, rank: Grad-CAM", 60.0),
    ("Maps of colours, pointing: Grad-CAM", 75.0),
    ("own instance: Grad-CAM", 85.0),
    ("right to the last word", 75.0),
    ("F1 of pairs of colour and kind", 90.0),
    ("relation", 85.0),
    ("Maps of colour words, mass: Grad-CAM", 45.0),
    ("Maps of colour words, pointing: Grad-CAM", 85.0),
    ("Maps of kind words, mass: Grad-CAM", 45.0),
    ("Maps of kind words, pointing: Grad-CAM", 85.0),
];
/// What a network may be right about at most that does not see the picture.
const LIMITS: [(&str, f64); 2] =
    [("right, the question alone (a grey picture)", 25.0), ("right, another scene's picture", 27.0)];

/// The figures are read, not what the tool says of them.
#[test]
fn the_findings_miss_no_floor_of_the_networks_of_language() {
    let findings = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/FINDINGS.md");
    let findings = std::fs::read_to_string(findings).unwrap();
    let (_, section) = findings.split_once("\n## Questions and captions\n").expect("a section on them");
    let section = section.split("\n## ").next().unwrap();
    assert!(!section.contains("**missed**"), "a figure is below its floor");
    let mut found = std::collections::BTreeMap::new();
    let mut table = "";
    for line in section.lines() {
        table = line.strip_prefix("### ").unwrap_or(table);
        let cells: Vec<&str> = line.split(" | ").collect();
        let [name, figure, ..] = cells[..] else { continue };
        let mean = figure.split(' ').next().unwrap().parse::<f64>();
        if let Ok(mean) = mean {
            let name = name.trim_start_matches("| ");
            found.entry(name.to_string()).or_insert(mean);
            found.insert(format!("{table}, {name}"), mean);
        }
    }
    let mean =
        |name: &str| *found.get(name).unwrap_or_else(|| panic!("the findings say nothing of “{name}”"));
    for (name, floor) in FLOORS {
        assert!(mean(name) >= floor, "{name}: {} against at least {floor}", mean(name));
    }
    for (name, limit) in LIMITS {
        assert!(mean(name) <= limit, "{name}: {} against at most {limit}", mean(name));
    }
}

#[test]
fn every_model_loads_with_its_card_which_the_index_repeats() {
    for model in index()["models"].as_array().unwrap() {
        let name = model["name"].as_str().unwrap();
        let loaded = load(name);
        assert_eq!(model["network"], loaded.architecture().name, "{name}");
        assert_eq!(model["classes"], loaded.classes(), "{name}");
        assert_eq!(loaded.preprocessor().size, Size::square(SIDE as usize), "{name}");
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

const PARTS: [&str; 5] = ["hair", "tool", "face", "coat", "backdrop"];

/// How much more of Grad-CAM's energy each of [`PARTS`] of the people that `wanted` picks has than an even map would have there, for
/// the predicted class.
fn densities(name: &str, wanted: impl Fn(&Scene) -> bool) -> [f64; 5] {
    const SCENES: u64 = 120;
    let (world, model) = (People::new(Hair::Independent), load(name));
    let request = Request::default();
    let (mut sums, mut maps, mut shown) = ([0.0; 5], 0, 0);
    for scene in (0..SCENES).map(|index| world.scene(HELD_OUT, index, SIDE)).filter(wanted) {
        shown += 1;
        let input = model.input(&scene.picture, Preprocess::Squash).unwrap();
        let explanation = block_on(model.explain(&input, &request)).unwrap();
        let map = block_on(Map::from_heatmap(&explanation.heatmaps[0])).unwrap();
        let density = |part: &str| {
            let inside = match part {
                "backdrop" => scene.owners.iter().map(|owner| *owner == 0).collect(),
                _ => scene.mask(|object| object.name.ends_with(part)),
            };
            let share = inside.iter().filter(|inside| **inside).count() as f64 / inside.len() as f64;
            Some(energy_inside(&map, &Mask::new(Size::square(SIDE as usize), inside).unwrap())? / share)
        };
        if let Some(found) = PARTS.iter().map(|part| density(part)).collect::<Option<Vec<f64>>>() {
            sums.iter_mut().zip(found).for_each(|(sum, density)| *sum += density);
            maps += 1;
        }
    }
    assert!(maps > shown / 2, "{name}: all but {maps} maps are flat");
    let means = sums.map(|sum| sum / f64::from(maps));
    println!("{name}: {means:.2?} of an even map's energy on {PARTS:?}");
    means
}

#[test]
fn of_people_with_long_hair_the_biased_model_looks_at_the_hair() {
    let is_long = |scene: &Scene| scene.objects.iter().any(|object| object.name == "long hair");
    let [hair, others @ ..] = densities("people-biased", is_long);
    assert!(hair >= 3.0 && others.iter().all(|other| hair > *other), "{hair} on the hair, {others:?}");
}

#[test]
fn the_balanced_model_looks_at_the_tool() {
    let [hair, tool, others @ ..] = densities("people-balanced", |_| true);
    let others = [&[hair][..], &others].concat();
    assert!(tool >= 5.0 && others.iter().all(|other| tool > *other), "{tool} on the tool, {others:?}");
}

/// The table of what the default model's channels answer to, and what it was found with.
fn channels() -> (String, Value, Value) {
    let index = index();
    let name = index["default"].as_str().unwrap().to_string();
    let entry = index["models"].as_array().unwrap().iter().find(|model| model["name"] == name.as_str());
    let table = serde_json::from_slice(&read(&folder().join(&name).join("channels.json"))).unwrap();
    (name, entry.unwrap().clone(), table)
}

#[test]
fn what_channels_answer_to_belongs_to_these_weights_and_is_small() {
    let (name, entry, table) = channels();
    assert_eq!(
        table["weights"], entry["files"]["model.safetensors"]["sha256"],
        "`findings --only channels` makes it anew"
    );
    let files = entry["channels"].as_object().unwrap();
    let mut total = 0;
    for (file, said) in files {
        let content = read(&folder().join(&name).join(file));
        assert_eq!(said["bytes"], content.len(), "{file}");
        let hash: String = Sha256::digest(&content).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(said["sha256"], hash, "{file}");
        total += content.len();
    }
    assert!(total <= 300_000, "{total} bytes");
    let layers = table["layers"].as_array().unwrap();
    assert!(layers.iter().all(|layer| files.contains_key(layer["sheet"].as_str().unwrap())));
    assert_eq!(files.len(), layers.len() + 1, "one sheet for each layer, and the table");
}

/// Scenes are functions of seed and number: each patch is looked at again, where and how strong it is, what is there, and its pixels.
#[test]
fn patches_of_channels_are_those_of_the_scenes_that_the_table_names() {
    let (name, _, table) = channels();
    let (model, world) = (load(&name), Objects::new(stickers()));
    let number = |value: &Value| value.as_u64().unwrap();
    let (seed, side, patch) =
        (number(&table["seed"]), number(&table["side"]) as u32, number(&table["patch"]) as usize);
    assert_eq!(side, SIDE);
    for layer in table["layers"].as_array().unwrap() {
        let layer_name = layer["name"].as_str().unwrap();
        let sheet = read(&folder().join(&name).join(layer["sheet"].as_str().unwrap()));
        let sheet = Picture::decode(&sheet).unwrap();
        let units = layer["units"].as_array().unwrap();
        assert_eq!(sheet.size(), Size { width: 9 * patch, height: units.len() * patch });
        for (channel, unit) in units.iter().enumerate().step_by(11) {
            for (column, row) in unit["patches"].as_array().unwrap().iter().enumerate() {
                let at = format!("{layer_name}, channel {channel}, patch {column}");
                let scene = world.scene(seed, number(&row[0]), side);
                let input = model.input(&scene.picture, Preprocess::Squash).unwrap();
                let found = block_on(model.activations(&input, layer_name, usize::MAX)).unwrap();
                let own = found.channels[channel];
                assert_eq!(own.peak, [number(&row[1]) as usize, number(&row[2]) as usize], "{at}");
                assert!((f64::from(own.max) - row[3].as_f64().unwrap()).abs() < 1e-2, "{at}");
                // Place `i` of these layers is around pixel `8 i`.
                let corner =
                    |place: usize| (8 * place + 1).saturating_sub(patch / 2).min(SIDE as usize - patch);
                let (top, left) = (corner(own.peak[0]), corner(own.peak[1]));
                let mut difference = 0;
                let mut counts = vec![0; CLASSES.len()];
                for pixel in 0..patch * patch {
                    let (y, x) = (pixel / patch, pixel % patch);
                    let here = (top + y) * SIDE as usize + left + x;
                    let there = (channel * patch + y) * 9 * patch + column * patch + x;
                    for c in 0..3 {
                        difference +=
                            u64::from(scene.picture.rgb()[3 * here + c].abs_diff(sheet.rgb()[3 * there + c]));
                    }
                    if let Some(class) =
                        usize::from(scene.owners[here]).checked_sub(1).and_then(|i| scene.objects[i].class)
                    {
                        counts[class] += 1;
                    }
                }
                let mean = difference as f64 / (3 * patch * patch) as f64;
                // Backdrops may be coloured noise, of which JPEG keeps little; another patch is about 70 off.
                assert!(mean < 30.0, "{at}: colours are {mean:.1} of 255 off");
                let most = (0..counts.len())
                    .rev()
                    .max_by_key(|&class| counts[class])
                    .filter(|&class| counts[class] > 0);
                assert_eq!(row[4].as_u64().map(|class| class as usize), most, "{at}");
            }
        }
    }
}

/// What the page says in words is no accident: in nine of ten channels the first thing is ten times as frequent as at any place.
#[test]
fn channels_answer_to_what_they_are_said_to_answer_to() {
    let (_, _, table) = channels();
    for layer in table["layers"].as_array().unwrap() {
        let backdrop = layer["chance"].as_array().unwrap().len() - 1;
        let ratio = |unit: &Value| {
            let [class, most] = [0, 1].map(|at| &unit["shown"][0][at]);
            let chance = &layer["chance"][class.as_u64().map_or(backdrop, |class| class as usize)];
            most.as_f64().unwrap() / unit["n"].as_f64().unwrap() / chance.as_f64().unwrap()
        };
        let mut ratios: Vec<f64> = layer["units"].as_array().unwrap().iter().map(ratio).collect();
        ratios.sort_by(f64::total_cmp);
        let found = ratios[ratios.len() / 10];
        println!("{}: {found:.1} times chance", layer["name"]);
        assert!(found > 10.0, "{}: {found}", layer["name"]);
    }
}
