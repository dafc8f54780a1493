//! A model's folder in Hugging Face's layout, as `--model-dir` reads it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use cam_lucida::network::Variant;
use cam_lucida::picture::{ChannelOrder, Preprocess, Preprocessor};
use cam_lucida::weights::{Assumption, Card, StatedHead, ValueRange};
use cam_lucida::{Model, ModelFile, Note, Size, printable};
use serde_json::{Map, Value, json};

use super::record::{Digest, Listing, Record};
use super::reference::Reference;
use crate::Failure;
use crate::files::{Output, cannot_read, is_there};
use crate::lock::FolderLock;

pub const CONFIG: &str = "config.json";
pub const PREPROCESSOR: &str = "preprocessor_config.json";
pub const WEIGHTS: &str = "model.safetensors";
/// The names of a weight file in a folder; the first that is there counts.
pub const WEIGHT_FILES: [&str; 2] = [WEIGHTS, "pytorch_model.bin"];

/// The weight file of a model's folder.
pub fn weight_file(folder: &Path) -> Result<PathBuf, Failure> {
    let found = WEIGHT_FILES.iter().map(|name| folder.join(name)).find(|path| is_there(path));
    found.ok_or_else(|| without_weights(folder).into())
}

/// Why a folder has no weight file, and what to name in its place.
fn without_weights(folder: &Path) -> String {
    let shown = folder.display();
    let index = WEIGHT_FILES.map(|name| format!("{name}.index.json"));
    if let Some(index) = index.iter().find(|name| is_there(&folder.join(name))) {
        return format!(
            "{shown} has its weights in several files, which {index} lists, and this program reads one: save the model again \
             with model.save_pretrained(folder, max_shard_size=\"10GB\")"
        );
    }
    let names: Vec<String> = std::fs::read_dir(folder)
        .map(|entries| {
            entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
        })
        .unwrap_or_default();
    // As the Trainer of transformers calls the folders that it writes into one.
    let steps =
        names.iter().filter_map(|name| Some((name.strip_prefix("checkpoint-")?.parse::<u64>().ok()?, name)));
    let last = steps.filter(|(_, name)| weight_file(&folder.join(name)).is_ok()).max();
    if let Some((_, last)) = last {
        return format!(
            "{shown} has no weights itself, but checkpoints: name one of these folders, such as {last}"
        );
    }
    const ENDS: [&str; 6] = [".safetensors", ".bin", ".pth", ".pt", ".ckpt", ".tar"];
    let mut others: Vec<&str> =
        names.iter().map(String::as_str).filter(|name| ENDS.iter().any(|end| name.ends_with(end))).collect();
    others.sort_unstable();
    let neither = format!("{shown} has no weights, neither {}", WEIGHT_FILES.join(" nor "));
    match others.first() {
        Some(other) => format!("{neither}, but {}: name it as a weight file, or rename it", printable(other)),
        None => format!("{neither}: name a weight file"),
    }
}

/// What a card must keep of a model, because its tensors do not tell it.
pub struct Stated {
    assumed: Vec<Assumption>,
    transform_input: Option<bool>,
    variant: Option<Variant>,
    pub head: Option<StatedHead>,
    /// Notes that the converted weights no longer lead to.
    noted: Vec<Note>,
    /// The values of pixels that mean and deviation are of.
    pub range: Option<ValueRange>,
    /// How pictures are prepared, where they are not squashed.
    pub preprocess: Option<Preprocess>,
}

impl Stated {
    pub fn of(file: &ModelFile) -> Self {
        Self {
            assumed: file.assumed(),
            transform_input: file.transform_input(),
            variant: file.variant(),
            head: file.head(),
            noted: file.noted(),
            range: file.value_range(),
            preprocess: file.preprocess(),
        }
    }

    /// How the network computes: entries of a `config.json`.
    fn told(&self) -> impl Iterator<Item = (&'static str, Value)> {
        let told = [
            ("transform_input", self.transform_input.map(Value::from)),
            ("variant", self.variant.map(|variant| json!(variant.to_string()))),
            ("head", self.head.as_ref().map(|head| json!(head))),
        ];
        told.into_iter().filter_map(|(key, value)| Some((key, value?)))
    }
}

/// The command that explains by the model of a folder, which takes pictures, or else numbers.
pub fn call(folder: &str, takes_pictures: bool) -> String {
    let input = if takes_pictures { "--image-path PICTURE" } else { "--input-npy FILE" };
    format!("cam-lucida explain --model-dir {} {input}", printable(folder))
}

/// The text of a `config.json` for a model. Of features without a classifier it says no number of classes.
pub fn config(model: &Model, stated: &Stated) -> Result<String, Failure> {
    let Card { classes, labels, .. } = model.card();
    let mut config = json!({
        "architecture": model.architecture().name, "problem_type": model.problem().in_card(),
    });
    if let Some(classes) = classes {
        config["num_classes"] = classes.into();
    }
    for (key, value) in stated.told() {
        config[key] = value;
    }
    let assumed = &stated.assumed;
    if !assumed.is_empty() {
        config["assumed"] = assumed.iter().map(|&what| Value::from(<&str>::from(what))).collect();
    }
    if let Some(labels) = labels {
        config["id2label"] = by_id(&labels)?;
    }
    with_notes(pretty(&config)?, stated)
}

/// The text of a `config.json` that also states what a file of other names or a whole module has told of how the network computes.
pub fn with_told(config: String, stated: &Stated) -> Result<String, Failure> {
    let mut keys: Map<String, Value> = serde_json::from_str(&config)?;
    let before = keys.len();
    for (key, value) in stated.told() {
        keys.entry(key).or_insert(value);
    }
    if keys.len() == before { Ok(config) } else { pretty(&keys.into()) }
}

/// The text of a `config.json` that also keeps notes that the converted weights no longer lead to.
pub fn with_notes(config: String, stated: &Stated) -> Result<String, Failure> {
    if stated.noted.is_empty() {
        return Ok(config);
    }
    let noted = stated.noted.iter().map(|note| {
        let arguments: BTreeMap<&str, &str> = note.arguments().collect();
        json!({ "code": note.code(), "message": note.to_string(), "arguments": arguments })
    });
    with_entry(&config, "noted", noted.collect())
}

fn with_entry(config: &str, key: &str, value: Value) -> Result<String, Failure> {
    let mut entries: Map<String, Value> = serde_json::from_str(config)?;
    entries.insert(key.into(), value);
    pretty(&entries.into())
}

/// The text of a `config.json`, with class names added if it has none; all else stays.
pub fn with_labels(config: String, labels: Option<&[String]>) -> Result<String, Failure> {
    let Some(labels) = labels else { return Ok(config) };
    let Ok(entries) = serde_json::from_str::<Map<String, Value>>(&config) else { return Ok(config) };
    if ["id2label", "label_names"].iter().any(|key| entries.contains_key(*key)) {
        return Ok(config);
    }
    with_entry(&config, "id2label", by_id(labels)?)
}

fn by_id(labels: &[String]) -> Result<Value, Failure> {
    Ok(serde_json::to_value(labels.iter().enumerate().collect::<BTreeMap<_, _>>())?)
}

/// The text of a `preprocessor_config.json`. Mean and deviation are of values of `range`, or else of 0 to 1. Pictures are prepared by
/// `preprocess`, or else squashed.
pub fn preprocessor(
    preprocessor: &Preprocessor,
    range: Option<ValueRange>,
    preprocess: Option<Preprocess>,
) -> Result<String, Failure> {
    let is_of_bytes = range == Some(ValueRange::Bytes);
    let written = if is_of_bytes { as_written_of_bytes } else { as_written };
    let Preprocessor { size, resize, mean, std, order, interpolation, .. } = preprocessor;
    let mut text = json!({
        "do_resize": true,
        "resample": interpolation.in_pillow(),
        "size": { "height": size.height, "width": size.width },
        "do_normalize": true,
        "image_mean": mean.map(written),
        "image_std": std.map(written),
    });
    if is_of_bytes {
        text["do_rescale"] = json!(false);
    }
    if resize != size {
        text["crop_pct"] = json!(crop_share(*size, *resize));
    }
    match preprocess {
        Some(Preprocess::Crop) => text["do_center_crop"] = json!(true),
        Some(other) => text["preprocess"] = json!(other.to_string()),
        None if resize != size => text["do_center_crop"] = json!(false),
        None => {}
    }
    if *order == ChannelOrder::Bgr {
        text["do_flip_channel_order"] = json!(true);
    }
    pretty(&text)
}

/// The share of each side that the crop keeps, in as few digits as give `resize` back: a reader rounds `size / share` down.
fn crop_share(size: Size, resize: Size) -> f64 {
    let sides = [(size.height, resize.height), (size.width, resize.width)];
    let [largest, above] = [0, 1].map(|more| sides.map(|(cut, whole)| cut as f64 / (whole + more) as f64));
    let (largest, above) = (largest[0].min(largest[1]), above[0].max(above[1]));
    let gives_back = |share: &f64| sides.iter().all(|(cut, whole)| (*cut as f64 / share) as usize == *whole);
    let rounded = (2..=9).map(|digits| {
        let ten = 10_f64.powi(digits);
        (largest * ten).floor() / ten
    });
    rounded.into_iter().find(gives_back).unwrap_or((largest + above) / 2.0)
}

/// A number with the digits that its source wrote it with.
fn as_written(value: f32) -> f64 {
    value.to_string().parse().unwrap_or_else(|_| value.into())
}

/// What becomes a number of values 0 to 1 when a reader divides it by 255, in as few digits as do.
fn as_written_of_bytes(value: f32) -> f64 {
    let exact = f64::from(value) * 255.0;
    let rounded = (0..=9).map(|digits| {
        let ten = 10_f64.powi(digits);
        (exact * ten).round() / ten
    });
    rounded.into_iter().find(|&written| written as f32 / 255.0 == value).unwrap_or(exact)
}

fn pretty(value: &Value) -> Result<String, Failure> {
    Ok(serde_json::to_string_pretty(value)? + "\n")
}

/// Checks that `folder` holds nothing to overwrite; the beginning of a download does not count.
pub fn check_vacant(folder: &Path) -> Result<(), Failure> {
    if !folder.exists() {
        return Ok(());
    }
    let entries = std::fs::read_dir(folder).map_err(|error| cannot_read(folder, error))?;
    let mut names = entries.flatten().map(|entry| entry.file_name());
    if names.all(|name| [".part", ".part.json"].iter().any(|end| name.to_string_lossy().ends_with(end))) {
        return Ok(());
    }
    let shown = folder.display();
    Err(format!("{shown} already exists: choose another --output-dir, or pass --force to overwrite it")
        .into())
}

/// Puts `files` into `folder`, the weights first and what tells of them last, and removes what is left of another model there.
pub fn write(lock: &FolderLock, folder: &Path, mut files: Vec<(&str, Vec<u8>)>) -> Result<(), Failure> {
    const TELLING: [&str; 3] = [PREPROCESSOR, CONFIG, Record::FILE];
    files.sort_by_key(|(name, _)| TELLING.iter().position(|telling| telling == name));
    let stale = TELLING.into_iter().filter(|stale| files.iter().all(|(name, _)| name != stale));
    let stale: Vec<PathBuf> = stale.map(|stale| folder.join(stale)).filter(|path| is_there(path)).collect();
    let mut output = Output::new(folder.into());
    for (name, bytes) in files {
        output.add(name.into(), bytes);
    }
    output.write_locked(lock, true)?;
    for path in stale {
        std::fs::remove_file(&path).map_err(|error| format!("cannot remove {}: {error}", path.display()))?;
    }
    Ok(())
}

/// The text of a `config.json` that also has reference scores.
pub fn with_reference(config: &str, reference: &Reference) -> Result<String, Failure> {
    with_entry(config, Reference::KEY, serde_json::to_value(reference)?)
}

/// The text of a `config.json` that also lists `files`, so that [`listing`] tells a mixture of two models.
pub fn with_listing(config: &str, files: &[(&str, Vec<u8>)]) -> Result<String, Failure> {
    let listing: Listing = files.iter().map(|(name, bytes)| (name.to_string(), Digest::new(bytes))).collect();
    with_entry(config, FILES, serde_json::to_value(listing)?)
}

/// The files that a `config.json` lists, if it does.
pub fn listing(config: &str) -> Option<Listing> {
    let mut keys: Map<String, Value> = serde_json::from_str(config).ok()?;
    serde_json::from_value(keys.remove(FILES)?).ok()
}

/// The key of `config.json` that lists the model's other files.
const FILES: &str = "files";
