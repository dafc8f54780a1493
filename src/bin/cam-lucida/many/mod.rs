//! Many pictures with one model: in parallel, gone on with after an interruption, in parts on several machines.

mod ledger;
mod pictures;
mod report;
mod shards;

use std::fmt;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::time::{Duration, Instant};

use cam_lucida::picture::{Picture, Preprocess, Window};
use cam_lucida::{Model, printable};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::Failure;
use crate::files::{self, Output};
use crate::inputs::{InputArguments, Prepared};
use crate::model::ModelSource;
use crate::models::sha256;
use crate::numbers::whole;
use crate::report::{notes, object};
use crate::terminal;
pub use ledger::Options;
use ledger::{Known, Ledger, NOTES};
pub use pictures::is_plural;
use pictures::{Listed, PictureId, Shard};
pub use report::Report;

/// The line of a picture, by names.
pub type Record = Map<String, Value>;

/// How many pictures are worked on.
#[derive(clap::Args)]
#[command(next_help_heading = "Many pictures")]
pub struct ManyArguments {
    /// Do one part of the pictures, such as 3/16; others may do the other parts, on other machines. `cam-lucida report`
    /// brings the parts together.
    #[arg(long, value_name = "PART/PARTS", requires = "image_path")]
    shard: Option<Shard>,

    /// Pictures at once, each with a part of the threads [default: one for each thread; 1 on a GPU].
    #[arg(long, value_name = "PICTURES", requires = "image_path", value_parser = whole::<usize>(1..=1024))]
    jobs: Option<usize>,

    /// Begin anew: remove what an earlier run has written into the folder.
    #[arg(long, requires = "image_path")]
    restart: bool,

    /// Also write report.html, a contact sheet; see `cam-lucida report`.
    #[arg(long, requires = "image_path", conflicts_with = "shard")]
    report: bool,
}

/// Some pictures failed, and the rest are done.
#[derive(Debug, thiserror::Error)]
#[error("{failed} of {total} pictures failed; {} says why. A new run tries them again", ledger::RESULTS)]
pub struct SomeFailed {
    failed: usize,
    total: usize,
}

/// The model and the pictures of a run.
pub struct Many<'a> {
    inputs: &'a InputArguments,
    arguments: &'a ManyArguments,
    output: &'a Path,
}

/// The model that all pictures share.
pub struct Shared {
    pub model: Arc<Model>,
    pub source: Arc<ModelSource>,
    /// Which of the weight file's networks it is.
    pub state: Option<String>,
    pub preprocess: Preprocess,
    pub window: Option<Window>,
}

/// What came of a picture.
struct Outcome {
    id: PictureId,
    kind: Kind,
}

enum Kind {
    Done(Value),
    /// An earlier run has done it.
    Known,
    /// What is wrong with this picture, for people, and its line.
    Failed(String, Value),
    /// What is wrong with all of them.
    Fatal(String),
}

impl ManyArguments {
    /// Whether there may be several pictures, so that results are those of many.
    pub fn apply(&self, inputs: &InputArguments) -> bool {
        inputs.are_many() || self.shard.is_some() || self.jobs.is_some() || self.restart || self.report
    }
}

impl<'a> Many<'a> {
    pub fn new(inputs: &'a InputArguments, arguments: &'a ManyArguments, output: &'a Path) -> Self {
        Self { inputs, arguments, output }
    }

    /// Does all pictures: `options` says what results depend on beside model and preprocessing, and `work` makes the record of a
    /// picture, with its files.
    pub async fn run<W>(self, command: &str, options: Options, work: W) -> Result<(), Failure>
    where
        W: AsyncFn(&Prepared, &mut Output) -> Result<Record, Failure> + Sync,
    {
        let Self { inputs, arguments, output } = self;
        let mut listing = pictures::list(inputs.paths(), output)?;
        if let Some(shard) = arguments.shard {
            listing.pictures.retain(|picture| shard.has(picture));
        }
        let progress = crate::progress::progress();
        let (shared, weights) = inputs.share(&progress).await?;
        progress.finish_and_clear();
        if listing.ignored > 0 {
            terminal::tell(format!(
                "note: files in the folders that are no pictures by their names: {}",
                listing.ignored
            ));
        }
        let options = all_options(command, &shared, weights, options);
        let mut ledger = Ledger::open(output, arguments.shard, &options, arguments.restart)?;
        let ids: Vec<PictureId> = listing.pictures.iter().map(Listed::id).collect();
        let strangers = ledger.len() - ids.iter().filter(|id| ledger.place(**id).is_some()).count();
        if strangers > 0 {
            terminal::tell(format!(
                "note: the folder also holds results of {strangers} pictures that are not in this run; they stay"
            ));
        }
        let threads = rayon::current_num_threads();
        let jobs = match arguments.jobs {
            Some(jobs) => jobs,
            None if shared.model.device().is_gpu() => 1,
            None => threads,
        };
        let crew = Crew {
            pictures: &listing.pictures,
            shared: &shared,
            output,
            jobs: jobs.clamp(1, listing.pictures.len().max(1)),
            threads,
            next: AtomicUsize::new(0),
            stop: AtomicBool::new(false),
        };
        let mut tally = Tally::new(listing.pictures.len());
        crew.run(&mut ledger, &mut tally, &work)?;
        let results = ledger.finish(&ids, tally.failed)?;
        tally.tell(&listing.faults);
        terminal::say(printable(results.to_string_lossy()))?;
        if arguments.report {
            let report = report::write(output, &report::Choices::default())?;
            terminal::say(printable(report.to_string_lossy()))?;
        }
        match tally.failed + listing.faults.len() {
            0 => Ok(()),
            failed => Err(SomeFailed { failed, total: tally.total + listing.faults.len() }.into()),
        }
    }
}

/// A value as JSON tells it. It goes by the text, in which a number of 32 bits has its own digits.
pub fn value(of: &impl Serialize) -> Result<Value, Failure> {
    Ok(serde_json::from_str(&serde_json::to_string(of)?)?)
}

/// A record as an object of JSON.
pub fn record(of: &impl Serialize) -> Result<Record, Failure> {
    match value(of)? {
        Value::Object(object) => Ok(object),
        other => Err(format!("a record is an object, not {other}").into()),
    }
}

/// What results depend on. Where it differs, results of an earlier run do not stand.
fn all_options(command: &str, shared: &Shared, weights: String, options: Options) -> Options {
    let model = &shared.model;
    let labels = model.labels().map(|labels| sha256(labels.join("\n").as_bytes()));
    let preprocessor = model.preprocessor();
    let otherwise = model.preprocess_note(shared.preprocess, None);
    let notes: Vec<String> = model.notes().iter().chain(&otherwise).map(ToString::to_string).collect();
    let mut all = object([
        ("command", command.into()),
        ("cam-lucida", env!("CARGO_PKG_VERSION").into()),
        ("burn", cam_lucida::BURN_VERSION.into()),
        ("network", model.architecture().name.into()),
        ("weights", weights.into()),
        ("state", json!(shared.state)),
        ("classes", model.classes().into()),
        ("labels", json!(labels)),
        ("problem", model.problem().name().into()),
        ("input", preprocessor.size.to_string().into()),
        ("resize", preprocessor.resize.to_string().into()),
        ("mean", json!(preprocessor.mean)),
        ("std", json!(preprocessor.std)),
        ("fill", json!(preprocessor.fill)),
        ("interpolation", preprocessor.interpolation.to_string().into()),
        ("preprocess", shared.preprocess.to_string().into()),
        ("window", json!(shared.window.map(|window| window.to_string()))),
        (NOTES, json!(notes)),
    ]);
    all.extend(options);
    all
}

/// Who does the pictures.
struct Crew<'a> {
    pictures: &'a [Listed],
    shared: &'a Shared,
    output: &'a Path,
    jobs: usize,
    threads: usize,
    next: AtomicUsize,
    stop: AtomicBool,
}

impl Crew<'_> {
    /// Does all pictures. The threads are shared out evenly.
    fn run<W>(&self, ledger: &mut Ledger, tally: &mut Tally, work: &W) -> Result<(), Failure>
    where
        W: AsyncFn(&Prepared, &mut Output) -> Result<Record, Failure> + Sync,
    {
        let known: Vec<Option<ledger::Place>> =
            self.pictures.iter().map(|picture| ledger.place(picture.id())).collect();
        let pools = (0..self.jobs).map(|job| -> Result<(rayon::ThreadPool, File), Failure> {
            let threads = (self.threads + job) / self.jobs;
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads.max(1)).build()?;
            Ok((pool, ledger.reader()?))
        });
        let pools = pools.collect::<Result<Vec<_>, _>>()?;
        std::thread::scope(|scope| {
            // A few wait, no more: what is done is written at once.
            let (sender, outcomes) = mpsc::sync_channel(self.jobs);
            for (pool, mut reader) in pools {
                let (sender, known) = (sender.clone(), &known);
                scope.spawn(move || pool.install(|| self.work(&mut reader, known, &sender, work)));
            }
            drop(sender);
            let done = take_down(outcomes, ledger, tally);
            // Who waits to be taken down hears that nobody does, and goes.
            self.stop.store(true, Ordering::Relaxed);
            done
        })
    }

    /// Does one picture after the other, until there is none left.
    fn work<W>(
        &self,
        reader: &mut File,
        known: &[Option<ledger::Place>],
        sender: &SyncSender<Outcome>,
        work: &W,
    ) where
        W: AsyncFn(&Prepared, &mut Output) -> Result<Record, Failure> + Sync,
    {
        while !self.stop.load(Ordering::Relaxed) {
            let i = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(picture) = self.pictures.get(i) else { return };
            let known = known[i].and_then(|place| Known::at(reader, place));
            let kind = self.one(picture, known, work);
            if sender.send(Outcome { id: picture.id(), kind }).is_err() {
                return;
            }
        }
    }

    fn one<W>(&self, picture: &Listed, known: Option<Known>, work: &W) -> Kind
    where
        W: AsyncFn(&Prepared, &mut Output) -> Result<Record, Failure> + Sync,
    {
        let started = Instant::now();
        let name = picture.path.to_string_lossy();
        let mut record = Record::new();
        record.insert("picture".into(), name.clone().into());
        record.insert("id".into(), picture.id().to_string().into());
        let failed = |mut record: Record, failure: Failure, known: Option<Known>| {
            if is_fatal(failure.as_ref()) {
                return Kind::Fatal(failure.to_string());
            }
            // Its results are of what the file was before.
            known.iter().for_each(|known| known.remove_files(self.output, &[]));
            let mut error = Map::new();
            if let Some(code) = files::library_error(failure.as_ref()).map(|error| error.code()) {
                error.insert("code".into(), code.into());
            }
            error.insert("message".into(), crate::with_causes(failure.as_ref()).into());
            record.insert("error".into(), error.into());
            Kind::Failed(failure.to_string(), record.into())
        };
        let bytes = match files::read(&picture.path, Picture::MAX_FILE_BYTES) {
            Ok(bytes) => bytes,
            Err(failure) => return failed(record, failure, known),
        };
        let sum = sha256(&bytes);
        if known.as_ref().is_some_and(|known| known.stands(&sum, self.output)) {
            return Kind::Known;
        }
        record.insert("sha256".into(), sum.into());
        let Shared { model, source, preprocess, window, .. } = self.shared;
        let read = files::decode_picture(&picture.path, &bytes, *window);
        drop(bytes);
        let prepared = read
            .and_then(|read| Prepared::new(model.clone(), source.clone(), read, *preprocess, picture.stem()));
        let mut output = Output::new(self.output.into());
        let details = prepared.and_then(|prepared| {
            let size = prepared.picture.size();
            record.insert("size".into(), json!([size.width, size.height]));
            record.insert("notes".into(), value(&notes(&prepared))?);
            pollster::block_on(work(&prepared, &mut output))
        });
        match details {
            Ok(details) => record.extend(details),
            Err(failure) => return failed(record, failure, known),
        }
        known.iter().for_each(|known| known.remove_files(self.output, &output.names()));
        record.insert("device".into(), self.shared.model.device().name().into());
        record.insert("files".into(), output.names().into());
        if let Err(failure) = output.write_own() {
            return Kind::Fatal(failure.to_string());
        }
        record.insert("seconds".into(), started.elapsed().as_secs_f64().into());
        Kind::Done(record.into())
    }
}

/// Whether an error is not the picture's: the next one would meet it, too.
fn is_fatal(failure: &(dyn std::error::Error + 'static)) -> bool {
    let of_one_size =
        |error: &cam_lucida::Error| matches!(error.code(), "activation-size" | "input-too-small");
    files::library_error(failure)
        .is_some_and(|error| error.is_device() || (error.is_request() && !of_one_size(error)))
}

/// Writes what comes of each picture, in the order in which it comes.
fn take_down(outcomes: Receiver<Outcome>, ledger: &mut Ledger, tally: &mut Tally) -> Result<(), Failure> {
    for Outcome { id, kind } in outcomes {
        match kind {
            Kind::Done(record) => {
                ledger.add(id, &record)?;
                tally.done += 1;
            }
            Kind::Known => tally.known += 1,
            Kind::Failed(sentence, record) => {
                ledger.add(id, &record)?;
                tally.fail(sentence);
            }
            Kind::Fatal(sentence) => return Err(sentence.into()),
        }
        tally.step();
    }
    Ok(())
}

/// How far a run is: a bar at a terminal, a line now and then in a log.
struct Tally {
    total: usize,
    done: usize,
    known: usize,
    failed: usize,
    /// The first of what went wrong, for the end.
    failures: Vec<String>,
    bar: ProgressBar,
    started: Instant,
    told: Instant,
}

impl Tally {
    /// How often a log is told.
    const PACE: Duration = Duration::from_secs(30);
    /// How many failures are listed.
    const LISTED: usize = 30;

    fn new(total: usize) -> Self {
        let bar = ProgressBar::new(total as u64);
        let style =
            ProgressStyle::with_template("{spinner} {wide_bar} {pos}/{len} pictures, {per_sec}, {eta} left");
        bar.set_style(style.expect("the template is a constant"));
        let now = Instant::now();
        Self { total, done: 0, known: 0, failed: 0, failures: Vec::new(), bar, started: now, told: now }
    }

    fn fail(&mut self, sentence: String) {
        self.failed += 1;
        if self.failures.len() < Self::LISTED {
            self.failures.push(sentence);
        }
    }

    fn step(&mut self) {
        self.bar.inc(1);
        if !terminal::is_watched() && self.told.elapsed() >= Self::PACE {
            self.told = Instant::now();
            terminal::tell(self.to_string());
        }
    }

    /// Says what came of all of it.
    fn tell(&self, faults: &[String]) {
        self.bar.finish_and_clear();
        for failure in self.failures.iter().chain(faults.iter().take(Self::LISTED)) {
            terminal::tell(format!("failed: {failure}"));
        }
        let listed = self.failures.len();
        if self.failed > listed {
            terminal::tell(format!("failed: {} more, see {}", self.failed - listed, ledger::RESULTS));
        }
        terminal::tell(self.to_string());
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { total, done, known, failed, .. } = self;
        let seconds = self.started.elapsed().as_secs_f64();
        let pace = (done + failed) as f64 / seconds.max(1e-3);
        write!(
            f,
            "{} of {total} pictures: {done} done, {known} known from before, {failed} failed; {seconds:.1} s, {pace:.2} pictures a second",
            done + known + failed
        )
    }
}
