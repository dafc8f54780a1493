//! `report`: a contact sheet of many pictures, in one HTML file that asks for nothing else.

use std::collections::BTreeSet;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use cam_lucida::picture::Picture;
use cam_lucida::{Problem, Size, printable};
use image::ExtendedColorType;
use image::codecs::jpeg::JpegEncoder;
use rayon::prelude::*;
use serde::Deserialize;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use strum::VariantArray;

use super::ledger::{self, NOTES, Options, Place, RESULTS};
use super::pictures::is_below;
use super::shards;
use crate::Failure;
use crate::files::{self, cannot_write};
use crate::numbers::whole;
use crate::report::told;
use crate::terminal;
use crate::whole_file::write_beside;

const NAME: &str = "report.html";
const STYLE: &str = include_str!("report.css");
const SCRIPT: &str = include_str!("report.js");
/// The longer side of a thumbnail, in pixels.
const THUMBNAIL: usize = 224;
/// Pictures that are shown unless a number is given.
const SHOWN: usize = 1000;
/// Pictures that are drawn at once, so that memory stays flat.
const AT_ONCE: usize = 64;
/// The key of the probability of the class that was explained, or of the value.
const CONFIDENCE: &str = "confidence";

/// A report written.
#[derive(clap::Args)]
pub struct Report {
    /// The folder of the results: --output-dir of `explain` or `measure`.
    #[arg(default_value = "results", value_name = "FOLDER")]
    folder: PathBuf,

    #[command(flatten)]
    choices: Choices,
}

/// What a report shows.
#[derive(clap::Args)]
pub struct Choices {
    /// What to sort by: `confidence`, `picture`, or a measure, such as `deletion`.
    #[arg(long, default_value = CONFIDENCE, value_name = "KEY")]
    sort: String,

    /// The largest first.
    #[arg(long)]
    descending: bool,

    /// How many pictures to show; the last in order are left out.
    #[arg(long, default_value_t = SHOWN, value_name = "PICTURES", value_parser = whole::<usize>(1..=100_000))]
    max_pictures: usize,
}

/// What a report shows of a line.
#[derive(Deserialize)]
struct Record {
    picture: String,
    class: Option<Class>,
    #[serde(default)]
    files: Vec<String>,
    #[serde(default)]
    measures: Map<String, Value>,
    error: Option<Fault>,
    #[serde(default)]
    maps: Vec<Flat>,
}

#[derive(Deserialize)]
struct Class {
    id: Value,
    name: Option<String>,
    /// Of a network that gives values, the value.
    #[serde(alias = "value")]
    probability: f32,
}

#[derive(Deserialize)]
struct Fault {
    message: String,
}

#[derive(Deserialize)]
struct Flat {
    flat: bool,
}

impl Default for Choices {
    fn default() -> Self {
        Self { sort: CONFIDENCE.into(), descending: false, max_pictures: SHOWN }
    }
}

impl Report {
    pub fn run(self) -> Result<(), Failure> {
        if !self.folder.is_dir() {
            return Err(format!(
                "{} is not a folder; name one that `cam-lucida explain --image-path FOLDER` has written",
                self.folder.display()
            )
            .into());
        }
        let missing = shards::gather(&self.folder)?;
        let path = write(&self.folder, &self.choices)?;
        for part in &missing {
            terminal::tell(format!("missing: {part}"));
        }
        terminal::say(printable(self.folder.join(RESULTS).to_string_lossy()))?;
        terminal::say(printable(path.to_string_lossy()))?;
        match missing.len() {
            0 => Ok(()),
            missing => Err(format!("{missing} shards are not complete; run them, then report again").into()),
        }
    }
}

/// Writes the report of a folder's results.
pub fn write(output: &Path, choices: &Choices) -> Result<PathBuf, Failure> {
    let results = output.join(RESULTS);
    let mut file = files::open(&results)
        .map_err(|error| format!("{error}; `cam-lucida explain --image-path FOLDER` writes it"))?;
    let options = ledger::read_options(output)?.unwrap_or_default();
    let problem = problem(&options);

    let mut index = Index::default();
    ledger::each_line(&mut file, |place, line| index.add(place, line, &choices.sort))?;
    let known = index.keys.contains(&choices.sort) || ["picture", CONFIDENCE].contains(&&*choices.sort);
    if !known && !index.sorted.is_empty() {
        let measures: Vec<&str> = index.keys.iter().map(String::as_str).collect();
        return Err(format!(
            "nothing in {} is called {}; sort by {CONFIDENCE}, picture{}{}",
            results.display(),
            choices.sort,
            if measures.is_empty() { "" } else { ", " },
            measures.join(", ")
        )
        .into());
    }
    index.sort(choices.descending);
    let shown = &index.sorted[..index.sorted.len().min(choices.max_pictures)];

    let path = output.join(NAME);
    let part = write_beside(&path, &[]).map_err(|error| cannot_write(&path, error))?;
    let mut html = BufWriter::new(part.as_file());
    let mut put = |text: &str| html.write_all(text.as_bytes()).map_err(|error| cannot_write(&path, error));
    put(&head(&options, &index, shown.len(), choices))?;
    for chunk in shown.chunks(AT_ONCE) {
        let lines: Vec<Vec<u8>> =
            chunk.iter().map(|(_, place)| ledger::line(&mut file, *place)).collect::<Result<_, _>>()?;
        let figures: Vec<String> =
            lines.par_iter().map(|line| figure(line, output, problem, &index.keys)).collect();
        put(&figures.concat())?;
    }
    put("</main>\n")?;
    let failures = &index.failures[..index.failures.len().min(choices.max_pictures)];
    if !failures.is_empty() {
        put("<section id=\"failed\"><h2>Failed</h2><ul>\n")?;
        for &place in failures {
            if let Ok(Record { picture, error: Some(Fault { message }), .. }) =
                serde_json::from_slice(&ledger::line(&mut file, place)?)
            {
                put(&format!("<li>{}: {}</li>\n", escaped(&picture), escaped(&message)))?;
            }
        }
        put("</ul></section>\n")?;
    }
    put(&format!("<script>{SCRIPT}</script>\n</body>\n</html>\n"))?;
    html.flush().map_err(|error| cannot_write(&path, error))?;
    drop(html);
    part.persist(&path).map_err(|refused| cannot_write(&path, refused.error))?;
    Ok(path)
}

/// What the network's outputs are.
fn problem(options: &Options) -> Problem {
    let written = options.get("problem").and_then(Value::as_str).unwrap_or_default();
    Problem::VARIANTS.iter().copied().find(|problem| problem.name() == written).unwrap_or_default()
}

/// The lines of the results, by what they are sorted by.
#[derive(Default)]
struct Index {
    sorted: Vec<(Key, Place)>,
    failures: Vec<Place>,
    /// The names of all measures.
    keys: BTreeSet<String>,
}

/// What a picture is sorted by. One without a number comes last.
#[derive(PartialEq)]
enum Key {
    Number(f64),
    Text(String),
    Nothing,
}

impl Index {
    fn add(&mut self, place: Place, line: &[u8], sort: &str) {
        let Ok(record) = serde_json::from_slice::<Record>(line) else { return };
        if record.error.is_some() {
            self.failures.push(place);
            return;
        }
        self.keys.extend(record.measures.keys().cloned());
        let number = |number: Option<f64>| number.map_or(Key::Nothing, Key::Number);
        let key = match sort {
            "picture" => Key::Text(record.picture),
            CONFIDENCE => number(record.class.map(|class| class.probability.into())),
            measure => number(record.measures.get(measure).and_then(Value::as_f64)),
        };
        self.sorted.push((key, place));
    }

    fn sort(&mut self, descending: bool) {
        use std::cmp::Ordering;
        let turned = |order: Ordering| if descending { order.reverse() } else { order };
        self.sorted.sort_by(|(a, _), (b, _)| match (a, b) {
            (Key::Number(a), Key::Number(b)) => turned(a.total_cmp(b)),
            (Key::Text(a), Key::Text(b)) => turned(a.cmp(b)),
            (a, b) => (*a == Key::Nothing).cmp(&(*b == Key::Nothing)),
        });
    }
}

/// All that stands before the pictures. No script runs but the report's own, and nothing is fetched.
fn head(options: &Options, index: &Index, shown: usize, choices: &Choices) -> String {
    let script = BASE64.encode(Sha256::digest(SCRIPT.as_bytes()));
    let said = |name: &str| match options.get(name) {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => "?".into(),
    };
    let title = format!("{}: {} pictures", said("network"), index.sorted.len());
    let sureness = if problem(options) == Problem::Value { "value" } else { CONFIDENCE };
    let keys = index.keys.iter().enumerate();
    let keys: String =
        keys.map(|(i, key)| format!("<option value=\"m{i}\">{}</option>", escaped(key))).collect();
    let notes = options.get(NOTES).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    let notes: String = notes.map(|note| format!("<p>Note: {}</p>\n", escaped(note))).collect();
    let rows: String = options
        .iter()
        .filter(|(name, _)| name.as_str() != NOTES)
        .map(|(name, value)| {
            let value = value.as_str().map_or_else(|| value.to_string(), String::from);
            format!("<tr><th scope=\"row\">{}</th><td>{}</td></tr>\n", escaped(name), escaped(&value))
        })
        .collect();
    let all = index.sorted.len();
    let failed = match index.failures.len() {
        0 => "0 failed".into(),
        count => format!("<a href=\"#failed\">{count} failed</a>"),
    };
    let left_out = match all - shown {
        0 => String::new(),
        left => format!(" {left} are left out, the last by {}.", escaped(&choices.sort)),
    };
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-{script}'\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
         <header><h1>{title}</h1>\n<p>{shown} of {all} pictures are shown; {failed}.{left_out}</p>\n{notes}\
         <p><label>Sort by <select id=\"key\"><option value=\"order\">the report’s order</option><option value=\"confidence\">{sureness}</option><option value=\"name\">picture</option>{keys}</select></label>\n\
         <label><input id=\"descending\" type=\"checkbox\"> largest first</label></p>\n\
         <details><summary>How they were made</summary><table>\n{rows}</table></details></header>\n<main>\n",
        title = escaped(&title),
    )
}

/// A picture with what was found.
fn figure(line: &[u8], output: &Path, problem: Problem, keys: &BTreeSet<String>) -> String {
    let Ok(record) = serde_json::from_slice::<Record>(line) else { return String::new() };
    let name = escaped(&record.picture);
    let mut data = String::new();
    let mut said = String::new();
    if let Some(Class { id, name, probability }) = &record.class {
        let class = name
            .clone()
            .unwrap_or_else(|| format!("class {}", id.as_str().map_or_else(|| id.to_string(), String::from)));
        data += &format!(" data-confidence=\"{probability}\"");
        said += &format!("<p><b>{}</b> {}</p>", escaped(&class), told(problem, *probability, 1));
    }
    for (i, key) in keys.iter().enumerate() {
        if let Some(value) = record.measures.get(key).and_then(Value::as_f64) {
            data += &format!(" data-m{i}=\"{value}\"");
            said += &format!("<p>{} {value:.3}</p>", escaped(key));
        }
    }
    if record.maps.iter().any(|map| map.flat) {
        said += "<p>flat map: nothing speaks for the class</p>";
    }
    let file = record.files.iter().find(|file| file.ends_with("-overlay.png"));
    let picture = match file.and_then(|file| thumbnail(output, file)) {
        Some(jpeg) => {
            format!(
                "<img alt=\"\" decoding=\"async\" src=\"data:image/jpeg;base64,{}\">",
                BASE64.encode(jpeg)
            )
        }
        None => "<p>no overlay</p>".into(),
    };
    format!(
        "<figure{data} data-name=\"{name}\">{picture}<figcaption>{said}<p>{name}</p></figcaption></figure>\n"
    )
}

/// The overlay, small, as a JPEG file.
fn thumbnail(output: &Path, file: &str) -> Option<Vec<u8>> {
    if !is_below(Path::new(file)) {
        return None;
    }
    let overlay = files::read_picture(&output.join(file)).ok()?;
    let size = overlay.size();
    let scale = THUMBNAIL as f64 / size.max_side() as f64;
    let side = |side: usize| ((side as f64 * scale).round() as usize).max(1);
    let small: Picture =
        overlay.resize(overlay.region(), Size { height: side(size.height), width: side(size.width) });
    let mut jpeg = Vec::new();
    let (width, height) = (small.size().width as u32, small.size().height as u32);
    JpegEncoder::new_with_quality(&mut jpeg, 82)
        .encode(small.rgb(), width, height, ExtendedColorType::Rgb8)
        .ok()?;
    Some(jpeg)
}

/// Foreign text as text of HTML, and as the value of an attribute.
fn escaped(text: &str) -> String {
    let mut safe = String::new();
    for sign in printable(text).chars() {
        match sign {
            '&' => safe += "&amp;",
            '<' => safe += "&lt;",
            '>' => safe += "&gt;",
            '"' => safe += "&quot;",
            '\'' => safe += "&#39;",
            other => safe.push(other),
        }
    }
    safe
}
