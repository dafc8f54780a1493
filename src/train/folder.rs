//! A trained model's folder in the Hugging Face layout, and the index of all of them.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{LANGUAGE, LanguageReport, RECIPES, Recipe, Report, Task};
use crate::picture::Preprocessor;
use crate::scenes::questions::ANSWERS;
use crate::scenes::{World, captions, questions};

const LICENSE: &str = "MIT OR Apache-2.0";
/// How the names of files begin that say what its channels answer to.
const CHANNELS: &str = "channels";
const FILES: [&str; 3] = ["config.json", "preprocessor_config.json", "model.safetensors"];

/// Writes `folder`: the weights, `config.json` and `preprocessor_config.json`, the report, and a README.
///
/// # Errors
/// What the file system says.
pub fn write_folder(
    folder: &Path,
    recipe: &Recipe,
    world: &dyn World,
    weights: &[u8],
    report: &Report,
    seconds: f64,
) -> std::io::Result<()> {
    let names = world.classes();
    let labels: BTreeMap<usize, &str> = names.iter().copied().enumerate().collect();
    let problem =
        if world.is_multi_label() { "multi_label_classification" } else { "single_label_classification" };
    let config = json!({
        "architecture": recipe.network,
        "num_classes": names.len(),
        "id2label": labels,
        "problem_type": problem,
    });
    let readme = card(recipe, world, weights.len(), report, seconds);
    write_files(folder, recipe, &config, weights, report, &readme)
}

/// The same for a network of language, whose `config.json` lists its words and answers.
///
/// # Errors
/// What the file system says.
pub fn write_language_folder(
    folder: &Path,
    recipe: &Recipe,
    weights: &[u8],
    report: &LanguageReport,
    seconds: f64,
) -> std::io::Result<()> {
    let answers: BTreeMap<usize, &str> = ANSWERS.iter().copied().enumerate().collect();
    let config = match recipe.task {
        Task::Captions => json!({
            "architecture": recipe.network,
            "num_classes": captions::words().len(),
            "words": captions::words(),
            "function_words": captions::FUNCTION_WORDS,
            "relation_words": captions::relation_words().collect::<Vec<_>>(),
            "synonyms": synonyms(captions::words()),
            "problem_type": "image_to_text",
        }),
        Task::Questions(_) | Task::Classes | Task::Things => json!({
            "architecture": recipe.network,
            "words": questions::words(),
            "synonyms": synonyms(questions::words()),
            "num_classes": answers.len(),
            "id2label": answers,
            "problem_type": "visual_question_answering",
        }),
    };
    let readme = language_card(recipe, weights.len(), report, seconds);
    write_files(folder, recipe, &config, weights, report, &readme)
}

/// The words that one of `words` stands for.
fn synonyms(words: &[&str]) -> BTreeMap<&'static str, &'static str> {
    questions::SYNONYMS.into_iter().filter(|(_, known)| words.contains(known)).collect()
}

fn write_files(
    folder: &Path,
    recipe: &Recipe,
    config: &Value,
    weights: &[u8],
    report: &impl Serialize,
    readme: &str,
) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let Preprocessor { size, mean, std, .. } = Preprocessor::imagenet(recipe.side);
    let preprocessor = json!({
        "do_resize": true,
        "size": { "height": size.height, "width": size.width },
        "do_normalize": true,
        "image_mean": mean.map(rounded),
        "image_std": std.map(rounded),
    });
    std::fs::write(folder.join(FILES[0]), pretty(config))?;
    std::fs::write(folder.join(FILES[1]), pretty(&preprocessor))?;
    std::fs::write(folder.join(FILES[2]), weights)?;
    std::fs::write(folder.join("report.json"), pretty(report))?;
    std::fs::write(folder.join("README.md"), readme)
}

/// Writes `index.json` for the models that have a folder in `models`: sizes, hashes, and which model is the default; those of
/// language under a key of their own. What is known of a model's channels is no part of its bytes: it is fetched when it is looked at. It keeps the published models of the earlier index, under the key `zoo`.
///
/// # Errors
/// What the file system says.
pub fn write_index(models: &Path) -> std::io::Result<()> {
    let (entries, language) = (entries(models, RECIPES)?, entries(models, LANGUAGE)?);
    let file = models.join("index.json");
    let earlier: Value = match std::fs::read(&file) {
        Ok(earlier) => serde_json::from_slice(&earlier)?,
        Err(_) => Value::Null,
    };
    let mut index = json!({ "default": RECIPES[0].name, "models": entries });
    if !language.is_empty() {
        index["language"] = language.into();
    }
    index["zoo"] = earlier["zoo"].clone();
    std::fs::write(file, pretty(&index))
}

/// What the index says of each of `recipes` that has a folder.
fn entries(models: &Path, recipes: &[Recipe]) -> std::io::Result<Vec<Value>> {
    let mut entries = Vec::new();
    let is_whole = |recipe: &&Recipe| FILES.iter().all(|file| models.join(recipe.name).join(file).is_file());
    for recipe in recipes.iter().filter(is_whole) {
        let mut files = serde_json::Map::new();
        let mut bytes = 0;
        for name in FILES {
            let content = std::fs::read(models.join(recipe.name).join(name))?;
            bytes += content.len();
            files.insert(name.into(), published(&content));
        }
        let config = std::fs::read(models.join(recipe.name).join(FILES[0]))?;
        let config: Value = serde_json::from_slice(&config)?;
        let mut entry = json!({
            "name": recipe.name,
            "title": recipe.title,
            "network": recipe.network,
            "task": config["problem_type"],
            "data": recipe.world.data(),
            "classes": config["num_classes"],
            "bytes": bytes,
            "license": LICENSE,
            "files": files,
        });
        let channels = channels(&models.join(recipe.name))?;
        if !channels.is_empty() {
            entry["channels"] = channels.into();
        }
        entries.push(entry);
    }
    Ok(entries)
}

/// The files that say what a model's channels answer to, which `findings` writes.
fn channels(folder: &Path) -> std::io::Result<serde_json::Map<String, Value>> {
    let mut files = serde_json::Map::new();
    for file in std::fs::read_dir(folder)? {
        let name = file?.file_name().to_string_lossy().into_owned();
        if name.starts_with(CHANNELS) {
            let content = std::fs::read(folder.join(&name))?;
            files.insert(name, published(&content));
        }
    }
    Ok(files)
}

/// Size and hash of a file.
fn published(content: &[u8]) -> Value {
    let hash: String = Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect();
    json!({ "bytes": content.len(), "sha256": hash })
}

fn language_card(recipe: &Recipe, bytes: usize, report: &LanguageReport, seconds: f64) -> String {
    let (tag, texts, right) = match recipe.task {
        Task::Captions => ("image-to-text", "captions", "right to the last word"),
        Task::Questions(_) | Task::Classes | Task::Things => {
            ("visual-question-answering", "questions", "answered truly")
        }
    };
    let does = match recipe.task {
        Task::Captions => format!(
            "It writes captions such as “a red car left of two blue balls and a green hat”, in {} words. `cam-lucida caption` \
             shows what speaks for each of them.",
            captions::words().len()
        ),
        Task::Questions(_) | Task::Classes | Task::Things => format!(
            "It answers questions such as “what color is the hydrant?” in {} words. `cam-lucida ask` shows what speaks for each \
             answer.\n- Answers: {}.",
            questions::words().len(),
            ANSWERS.join(", ")
        ),
    };
    let mut rows = String::new();
    for (part, share) in &report.parts {
        rows += &format!("| {part} | {share:.3} |\n");
    }
    let table = if rows.is_empty() { rows } else { format!("\n| type | right |\n|---|---|\n{rows}") };
    introduction(recipe, tag, bytes)
        + &format!("- {does}\n")
        + &training(recipe, seconds)
        + &format!("- Held-out {texts} ({}): {:.3} {right}.\n{table}", report.texts, report.right)
}

fn card(recipe: &Recipe, world: &dyn World, bytes: usize, report: &Report, seconds: f64) -> String {
    let classes = world.classes().join(", ");
    let mut rows = String::new();
    for class in &report.classes {
        let [precision, recall, f1] = [class.precision, class.recall, class.f1].map(|v| format!("{v:.3}"));
        rows += &format!("| {} | {} | {precision} | {recall} | {f1} |\n", class.name, class.scenes);
    }
    introduction(recipe, "image-classification", bytes)
        + &format!("- Classes: {classes}.\n")
        + &training(recipe, seconds)
        + &format!(
            "- Held-out scenes of {}: macro F1 {:.3}, every label right in {:.1} % of the scenes \
             (`report.json` has the confusion).\n\n\
             | class | scenes | precision | recall | F1 |\n|---|---|---|---|---|\n{rows}",
            report.scenes,
            report.macro_f1,
            100.0 * report.exact
        )
}

/// What a network is, for the card of which it is the beginning.
fn introduction(recipe: &Recipe, tag: &str, bytes: usize) -> String {
    let Recipe { name, title, network, side, world, .. } = recipe;
    format!(
        "---\nlicense: [mit, apache-2.0]\npipeline_tag: {tag}\n---\n\n# {title}\n\n\
         Network `{network}` of CAM Lucida for pictures of {side}×{side} pixels, {} KiB in f16. The project's own trainer made it \
         (`make models`, recipe `{name}`), to be explained, not to be used. Trained on {}\n\n",
        bytes / 1024,
        world.about()
    )
}

/// How it was trained.
fn training(recipe: &Recipe, seconds: f64) -> String {
    let Recipe { batch, seed, rate, .. } = recipe;
    let (steps, minutes) = (recipe.steps(), seconds / 60.0);
    let start =
        recipe.start.map_or(String::new(), |start| format!(", from the tensors of `{}`", start.name()));
    format!(
        "- Training: {} scenes ({steps} steps of {batch}), drawn from seed {seed}{start}; AdamW, rate {rate} at its highest, \
         {minutes:.0} minutes.\n",
        steps * batch
    )
}

/// An f32 with the digits that the source gives it.
fn rounded(value: f32) -> f64 {
    (f64::from(value) * 1e6).round() / 1e6
}

fn pretty(value: &impl Serialize) -> String {
    serde_json::to_string_pretty(value).expect("numbers and text are always JSON") + "\n"
}
