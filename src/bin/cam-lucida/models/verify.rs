//! `models verify`: checks that a model's folder is sound.

use std::path::{Path, PathBuf};

use cam_lucida::network::{Blueprint, Parameters, Task};
use cam_lucida::weights::{Card, Weights};
use cam_lucida::{Device, Model, ModelFile, printable};
use serde::Deserialize;

use super::folder::{self, CONFIG, PREPROCESSOR, WEIGHTS};
use super::record::{self, Listing, Record};
use super::reference::{Reference, input};
use super::test_picture::test_picture;
use crate::Failure;
use crate::files;
use crate::report::told;
use crate::terminal;

#[derive(clap::Args)]
pub struct Verify {
    /// The model's folder.
    folder: PathBuf,
}

/// A check's value, and a few words about what it found.
type CheckResult<T> = Result<(T, String), Failure>;

#[derive(Default)]
struct Checks {
    done: usize,
    failed: usize,
}

impl Checks {
    /// Prints how a check went, and passes its value on.
    fn note<T>(&mut self, what: &str, found: CheckResult<T>) -> Result<Option<T>, Failure> {
        self.done += 1;
        match found {
            Ok((value, words)) => {
                terminal::say(printable(format!("ok      {what}: {words}")))?;
                Ok(Some(value))
            }
            Err(error) => {
                self.failed += 1;
                terminal::say(printable(format!("FAILED  {what}: {error}")))?;
                Ok(None)
            }
        }
    }
}

impl Verify {
    pub async fn run(self) -> Result<(), Failure> {
        let folder = &self.folder;
        let shown = folder.display();
        if !folder.is_dir() {
            return Err(format!("{shown} is not a folder; name one with {CONFIG} and {WEIGHTS}").into());
        }
        let mut checks = Checks::default();
        for (what, list) in [(Record::FILE, recorded as fn(&Path) -> _), ("../index.json", indexed)] {
            if let Some(found) = listed(folder, list).transpose() {
                checks.note(what, found)?;
            }
        }
        let config = checks.note(CONFIG, config(folder))?;
        let mut of_one = true;
        if let Some(found) = config.as_deref().and_then(|text| of_one_model(folder, text)) {
            of_one = checks.note("files of one model", found)?.is_some();
        }
        let card = match &config {
            Some(text) => checks.note(PREPROCESSOR, preprocessor(folder, text))?,
            None => None,
        };
        let file = checks.note(WEIGHTS, weights(folder))?;
        if let (Some(card), Some(mut weights)) = (card, file)
            && let Some(blueprint) = checks.note("tensors", tensors(&card, &mut weights))?
        {
            let finite = checks.note("values", values(&mut weights, &blueprint))?;
            drop(weights);
            let classes = checks.note("classes", classes(&card, &blueprint))?;
            // A fault found there would only show here again.
            if finite.and(classes).is_some()
                && let Some(model) = checks.note("test picture", forward(folder, card).await)?
                && of_one
                && let Some(found) = reference(folder, &config.unwrap_or_default(), &model).await.transpose()
            {
                checks.note("reference scores", found)?;
            }
        }
        let Checks { done, failed } = checks;
        if failed > 0 {
            return Err(format!("{shown} is not sound: {failed} of {done} checks failed").into());
        }
        terminal::say(printable(format!("{shown} is sound")))
    }
}

/// Checks sizes and checksums, if `list` has them.
fn listed(
    folder: &Path,
    list: fn(&Path) -> Result<Option<Listing>, Failure>,
) -> Result<Option<((), String)>, Failure> {
    let Some(listed) = list(folder)? else { return Ok(None) };
    record::check(folder, &listed)?;
    Ok(Some(((), format!("{} files have the sizes and SHA-256 that it lists", listed.len()))))
}

fn recorded(folder: &Path) -> Result<Option<Listing>, Failure> {
    Ok(Record::read(folder)?.map(|record| record.files))
}

/// What an index of models beside `folder` lists about it.
fn indexed(folder: &Path) -> Result<Option<Listing>, Failure> {
    #[derive(Deserialize)]
    struct Index {
        models: Vec<Entry>,
        #[serde(default)]
        language: Vec<Entry>,
    }
    #[derive(Deserialize)]
    struct Entry {
        name: String,
        files: Listing,
    }
    let whole = folder.canonicalize()?;
    let (Some(parent), Some(name)) = (whole.parent(), whole.file_name()) else { return Ok(None) };
    let path = parent.join("index.json");
    if !path.exists() {
        return Ok(None);
    }
    // Another kind of index lists no models.
    let Ok(index) = serde_json::from_str::<Index>(&files::read_text(&path)?) else { return Ok(None) };
    Ok(index
        .models
        .into_iter()
        .chain(index.language)
        .find(|entry| *entry.name == *name)
        .map(|entry| entry.files))
}

/// Checks that the other files are those that the card was written with, if it lists them.
fn of_one_model(folder: &Path, config: &str) -> Option<CheckResult<()>> {
    let listing = folder::listing(config)?;
    let foreign = files::is_there(&folder.join(PREPROCESSOR)) && !listing.contains_key(PREPROCESSOR);
    Some(match record::check(folder, &listing) {
        Err(found) => {
            Err(format!("{found}: {CONFIG} belongs to another model; write the folder again").into())
        }
        Ok(()) if foreign => Err(format!("{PREPROCESSOR} belongs to another model; remove it").into()),
        Ok(()) => Ok(((), format!("{} files are those that {CONFIG} was written with", listing.len()))),
    })
}

fn config(folder: &Path) -> CheckResult<String> {
    let text = files::read_text(&folder.join(CONFIG))?;
    let card = Card::read(&text, None)?;
    let network = card.architecture.map_or("the network that the tensors fit", |known| known.name);
    let problem = card.problem.unwrap_or_default().name();
    Ok((text, format!("{network}, {problem}")))
}

fn preprocessor(folder: &Path, config: &str) -> CheckResult<Card> {
    let path = folder.join(PREPROCESSOR);
    let text = files::is_there(&path).then(|| files::read_text(&path)).transpose()?;
    let card = Card::read(config, text.as_deref())?;
    let words = match (&card.preprocessor, text) {
        (Some(read), Some(_)) => format!("{} pixels", read.size),
        (Some(read), None) => format!("absent, {CONFIG} says {} pixels", read.size),
        (None, _) => "absent, so that of ImageNet is used".into(),
    };
    Ok((card, words))
}

fn weights(folder: &Path) -> CheckResult<Weights> {
    let weights = files::read_weights(&folder::weight_file(folder)?)?;
    let count = weights.tensors().count();
    Ok((weights, format!("{count} tensors")))
}

fn tensors(card: &Card, weights: &mut Weights) -> CheckResult<Blueprint> {
    let architecture = card.architecture.map_or_else(|| weights.recognise(), Ok)?;
    if let Some(variant) = card.variant {
        architecture.check_variant(variant)?;
        weights.set_variant(variant);
    }
    if let Some(head) = card.head.clone() {
        weights.set_head(architecture, head)?;
    }
    let blueprint = weights.fit(architecture)?;
    let count = blueprint.tensors.len();
    Ok((blueprint, format!("all {count} of {}, no others", architecture.title)))
}

fn values(weights: &mut Weights, blueprint: &Blueprint) -> CheckResult<()> {
    let mut count = 0;
    for (name, shape) in &blueprint.tensors {
        count += weights.take(name, shape)?.len();
    }
    Ok(((), format!("all {count} are finite")))
}

fn classes(card: &Card, blueprint: &Blueprint) -> CheckResult<()> {
    let classes = blueprint.classes;
    if let Some(stated) = card.classes.filter(|stated| *stated != classes) {
        return Err(format!("{CONFIG} says {stated}, the weights have {classes}").into());
    }
    let names = match &card.labels {
        None => "without names".into(),
        Some(_) if card.labels_fit(classes) => "each with a name".to_string(),
        Some(names) => {
            return Err(format!("{CONFIG} names {}, the weights have {classes}", names.len()).into());
        }
    };
    Ok(((), format!("{classes}, {names}")))
}

/// Compares the scores that the card has, if it has some.
async fn reference(folder: &Path, config: &str, model: &Model) -> Result<Option<((), String)>, Failure> {
    match Reference::read(config)? {
        Some(reference) => Ok(Some(((), reference.check(model, folder).await?))),
        None => Ok(None),
    }
}

async fn forward(folder: &Path, card: Card) -> CheckResult<Model> {
    let file = ModelFile::new(&Device::cpu(), card, files::read_weights(&folder::weight_file(folder)?)?)?;
    let model = match file.architecture().task() {
        Task::Classification => file.load().await?,
        Task::QuestionAnswering => {
            let questions = file.load_questions().await?;
            // Any word that it knows will do.
            questions.ask(questions.vocabulary().words().last().map_or("", String::as_str))?
        }
        Task::Captioning => file.load_captions().await?.word(&[], 0)?,
    };
    model.notes().iter().for_each(|note| terminal::tell(format!("note: {note}")));
    let scores = model.classify(&input(&model, &test_picture()?)?).await?;
    let class = scores.top(1)[0];
    let told = told(model.problem(), scores.probabilities[class], 2);
    Ok((model, format!("finite scores, {told} for class {class}")))
}
