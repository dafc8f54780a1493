//! Results in a folder: heatmaps, overlays, raw numbers and a report.

use std::path::{Path, PathBuf};
use std::time::Instant;

use cam_lucida::cam::ClassSum;
use cam_lucida::render::{Colormap, Formula, Style};
use cam_lucida::{Heatmap, printable};
use indicatif::ProgressBar;
use serde::Serialize;
use serde_json::{Map, Value};
use strum::VariantArray;

use crate::Failure;
use crate::choice::Choice;
use crate::files::Output;
use crate::inputs::Prepared;
use crate::npy;
use crate::numbers::number;
use crate::report::{RunRecord, object};
use crate::terminal;

/// Where results go, and how they look.
#[derive(clap::Args)]
pub struct ResultArguments {
    /// The folder for the results.
    #[arg(long, short, default_value = "results", value_name = "FOLDER")]
    output_dir: PathBuf,

    /// Also write the raw maps and the class scores as NPY files.
    #[arg(long)]
    save_raw: bool,

    #[command(flatten)]
    style: StyleArguments,
}

/// How a heatmap is drawn.
#[derive(clap::Args)]
struct StyleArguments {
    /// How the heatmap lies over the picture, or how the raw values are shown.
    #[arg(long, value_parser = Choice::<Formula>::new(Formula::VARIANTS), default_value_t = Style::default().formula)]
    overlay: Formula,

    /// The colours of the heatmap.
    #[arg(long, value_parser = Choice::<Colormap>::new(Colormap::VARIANTS), default_value_t = Style::default().colormap)]
    colormap: Colormap,

    /// Weight of the heatmap, 0 to 1.
    #[arg(long, default_value_t = Style::default().opacity, value_parser = number("0 to 1"))]
    opacity: f32,

    /// Show the plain picture where the map is below this, 0 to 1.
    #[arg(long, default_value_t = Style::default().threshold, value_parser = number("0 to 1"))]
    threshold: f32,
}

/// What a command found.
pub struct Results<'a, Details> {
    pub run: RunRecord,
    /// What the command says in the report beside run and maps.
    pub details: Details,
    pub maps: Vec<NamedMap<'a>>,
    /// Class scores before softmax, `[rows, classes]`.
    pub logits: Vec<&'a [f32]>,
    /// What a person should know, a sentence each.
    pub sentences: Vec<String>,
}

/// A heatmap with what it shows.
pub struct NamedMap<'a> {
    pub heatmap: &'a Heatmap,
    pub layers: &'a [String],
    /// What its files are named after beside picture, network and method, so that nothing else's lie under the same name.
    pub name: String,
    /// What it explains, in words.
    pub title: String,
    /// The first and the last of the words that it explains.
    pub words: Option<[usize; 2]>,
}

/// `result.json`.
#[derive(Serialize)]
struct Report<'a, Details> {
    #[serde(flatten)]
    run: RunRecord,
    problem: &'static str,
    #[serde(flatten)]
    details: Details,
    maps: Vec<MapRecord>,
    files: Vec<&'a str>,
    seconds: Map<String, Value>,
}

/// What there is to say of a map.
#[derive(Serialize)]
pub struct MapRecord {
    method: &'static str,
    class_id: ClassSum,
    #[serde(skip_serializing_if = "Option::is_none")]
    words: Option<[usize; 2]>,
    channels: usize,
    height: usize,
    width: usize,
    min: f32,
    max: f32,
    flat: bool,
    notes: Vec<String>,
}

impl ResultArguments {
    /// How heatmaps are drawn.
    pub fn style(&self) -> Result<Style, Failure> {
        let &StyleArguments { overlay, colormap, opacity, threshold } = &self.style;
        let style = Style { formula: overlay, colormap, opacity, threshold };
        style.check()?;
        Ok(style)
    }

    /// The folder for the results.
    pub fn folder(&self) -> &Path {
        &self.output_dir
    }

    /// What the look of results depends on, by name.
    pub fn options(&self) -> Map<String, Value> {
        let &StyleArguments { overlay, colormap, opacity, threshold } = &self.style;
        object([
            ("overlay", overlay.to_string().into()),
            ("colormap", colormap.to_string().into()),
            ("opacity", opacity.into()),
            ("threshold", threshold.into()),
            ("save_raw", self.save_raw.into()),
        ])
    }

    /// Adds the files of the maps, and of the class scores.
    pub async fn draw<Details>(
        &self,
        prepared: &Prepared,
        results: &Results<'_, Details>,
        output: &mut Output,
    ) -> Result<(), Failure> {
        let style = self.style()?;
        for map in &results.maps {
            map.draw(prepared, &style, output).await?;
        }
        if self.save_raw {
            for map in &results.maps {
                map.add_raw(prepared, output).await?;
            }
        }
        Ok(())
    }

    /// Adds the class scores, if they are wanted.
    pub fn add_scores<Details>(&self, name: String, results: &Results<'_, Details>, output: &mut Output) {
        if self.save_raw {
            let logits = &results.logits;
            let shape = [logits.len(), logits.first().map_or(0, |row| row.len())];
            output.add(name, npy::write(&logits.concat(), &shape));
        }
    }

    /// Draws and writes all of it, and prints the names of the files.
    pub async fn write<Details: Serialize>(
        self,
        prepared: &Prepared,
        results: Results<'_, Details>,
        mut clock: Clock,
        progress: &ProgressBar,
    ) -> Result<(), Failure> {
        progress.set_message("drawing");
        let mut output = Output::new(self.output_dir.clone());
        self.draw(prepared, &results, &mut output).await?;
        self.add_scores("logits.npy".into(), &results, &mut output);
        clock.lap("draw");
        let maps = results.records();
        let Results { run, details, sentences, .. } = results;
        for map in &maps {
            map.notes.iter().for_each(|note| {
                progress.suspend(|| terminal::tell(format!("note: {}: {note}", map.method)))
            });
        }
        let problem = prepared.model.problem_name();
        let (files, seconds) = (output.names(), clock.finish());
        let report = serde_json::to_vec_pretty(&Report { run, problem, details, maps, files, seconds })?;
        output.add("result.json".into(), report);
        let written = output.write()?;
        sentences.iter().for_each(|sentence| progress.println(printable(sentence)));
        progress.finish_and_clear();
        for path in written {
            terminal::say(printable(path.to_string_lossy()))?;
        }
        Ok(())
    }
}

impl<Details> Results<'_, Details> {
    /// What there is to say of each map.
    pub fn records(&self) -> Vec<MapRecord> {
        self.maps.iter().map(MapRecord::new).collect()
    }
}

/// A name of the model's, such as a word, as a part of a file's name: it can lead to no other folder.
pub fn in_file_name(name: &str) -> String {
    name.chars().take(60).map(|c| if c.is_alphanumeric() || c == '+' { c } else { '_' }).collect()
}

impl NamedMap<'_> {
    /// Adds it as a picture, by itself and over the view.
    pub async fn draw(&self, prepared: &Prepared, style: &Style, output: &mut Output) -> Result<(), Failure> {
        let (name, heatmap) = (self.file_name(prepared), self.heatmap);
        let alone = heatmap.fit_style(Style::heatmap(style.colormap));
        for (kind, style) in [("heatmap", &alone), ("overlay", style)] {
            output.add(format!("{name}-{kind}.png"), heatmap.draw(&prepared.view, style).await?.to_png());
        }
        Ok(())
    }

    /// Adds it before any normalisation.
    async fn add_raw(&self, prepared: &Prepared, output: &mut Output) -> Result<(), Failure> {
        let [c, h, w] = self.heatmap.map.dims();
        let shape = if c == 1 { vec![h, w] } else { vec![c, h, w] };
        let raw = npy::write(&self.heatmap.values().await?, &shape);
        output.add(format!("{}-raw.npy", self.file_name(prepared)), raw);
        Ok(())
    }

    fn file_name(&self, prepared: &Prepared) -> String {
        let (stem, network) = (&prepared.stem, prepared.model.architecture().name);
        format!("{stem}-{network}-{}-{}", self.heatmap.method.name, self.name)
    }

    /// What a reader should know about it.
    fn notes(&self) -> Vec<String> {
        let budget = self.heatmap.budget.as_ref().map(|budget| {
            let percent = 100.0 * budget.share;
            format!(
                "{} of {} channels were tried, which hold {percent:.0} % of the activation",
                budget.used, budget.total
            )
        });
        let flat = self
            .heatmap
            .is_flat()
            .then(|| format!("nothing in {} speaks for {}", self.layers.join(" and "), self.title));
        budget.into_iter().chain(flat).collect()
    }
}

impl MapRecord {
    fn new(map: &NamedMap) -> Self {
        let heatmap = map.heatmap;
        let [channels, height, width] = heatmap.map.dims();
        Self {
            method: heatmap.method.name,
            class_id: heatmap.class.clone(),
            words: map.words,
            channels,
            height,
            width,
            min: heatmap.min,
            max: heatmap.max,
            flat: heatmap.is_flat(),
            notes: map.notes(),
        }
    }
}

/// Seconds of each phase, in order.
pub struct Clock {
    started: Instant,
    since: Instant,
    seconds: Map<String, Value>,
}

impl Clock {
    pub fn start() -> Self {
        let now = Instant::now();
        Self { started: now, since: now, seconds: Map::new() }
    }

    /// Ends a phase.
    pub fn lap(&mut self, phase: &str) {
        self.note(phase, self.since.elapsed().as_secs_f64());
        self.since = Instant::now();
    }

    /// Ends phases that were timed elsewhere.
    pub fn laps(&mut self, times: &[(&'static str, f64)]) {
        times.iter().for_each(|&(phase, time)| self.note(phase, time));
        self.since = Instant::now();
    }

    fn note(&mut self, phase: &str, seconds: f64) {
        self.seconds.insert(phase.into(), seconds.into());
    }

    fn finish(mut self) -> Map<String, Value> {
        self.note("total", self.started.elapsed().as_secs_f64());
        self.seconds
    }
}
