//! Measures what the embedded models see: writes `docs/FINDINGS.md`, `docs/findings.png`, and what the page shows of the people and
//! of channels.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use cam_lucida::cam::{self, Method};
use cam_lucida::scenes::{FONT, Stickers, World};
use cam_lucida::train::{Recipe, WorldKind};
use clap::{Parser, ValueEnum};
use rayon::prelude::*;

mod bias;
mod channels;
mod claims;
mod comparison;
mod estimate;
mod grid;
mod language;
mod page;
mod people_page;
mod report;
mod survey;
mod trained_model;
mod trials;
#[path = "../cam-lucida/whole_file.rs"]
mod whole_file;

use bias::Crowd;
use survey::{Extent, Survey};
use trained_model::TrainedModel;
use whole_file::write_beside;

/// Tensors come and go with every scene: the system's allocator gives their pages back each time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

type Failure = Box<dyn std::error::Error>;

/// Rows and columns of the people.
const SIDE: u32 = 96;

/// Measures what the embedded models see, and writes it down.
#[derive(Parser)]
#[command(name = "findings", max_term_width = 100)]
struct Arguments {
    /// The folders of the models; those that are there are measured.
    #[arg(long, default_value = "models")]
    models_dir: PathBuf,
    /// Where the findings are written.
    #[arg(long, default_value = "docs/FINDINGS.md")]
    output: PathBuf,
    /// Where one scene is drawn as every network and method sees it.
    #[arg(long, default_value = "docs/findings.png")]
    grid: PathBuf,
    /// Where the page's pictures of people and their figures go.
    #[arg(long, default_value = "www/people")]
    people_dir: PathBuf,
    /// Writes these parts again, and leaves the others as they are [default: all].
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<Part>,
    /// The methods that are compared.
    #[arg(
        long,
        value_delimiter = ',',
        value_parser = cam::method,
        default_value = "grad-cam,grad-cam++,layer-cam,score-cam,guided-backprop"
    )]
    methods: Vec<&'static Method>,
    /// Held-out scenes of stickers that each network is shown.
    #[arg(long, default_value_t = 1000)]
    scenes: u64,
    /// Of these, the first that pixels are deleted from and inserted into.
    #[arg(long, default_value_t = 200)]
    perturbed: u64,
    /// Held-out people that each network is shown.
    #[arg(long, default_value_t = 500)]
    people: u64,
    /// Questions, one about each of as many held-out scenes.
    #[arg(long, default_value_t = 5000)]
    questions: u64,
    /// Colour questions about pairs of kind and colour that were held out from training.
    #[arg(long, default_value_t = 1000)]
    held_out: u64,
    /// Captions of held-out scenes.
    #[arg(long, default_value_t = 2000)]
    captions: u64,
    /// Held-out scenes that the default network's channels are studied on.
    #[arg(long, default_value_t = 5000)]
    channel_scenes: usize,
    /// Where the figures of language are also written, as JSON.
    #[arg(long, value_name = "FILE")]
    language_json: Option<PathBuf>,
    /// Noto Color Emoji, Debian's package fonts-noto-color-emoji.
    #[arg(long, default_value = FONT)]
    font: PathBuf,
}

/// What is measured.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Networks that classify scenes.
    Scenes,
    /// Doctors and nurses.
    People,
    /// Questions and captions.
    Language,
    /// What channels answer to.
    Channels,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), Failure> {
    let wants = |part: Part| arguments.only.is_empty() || arguments.only.contains(&part);
    // What was written before, of which some parts may stay.
    let before = std::fs::read_to_string(&arguments.output).unwrap_or_default();
    let mut sections = page::sections(&before);
    if wants(Part::People) {
        sections.people = Some(people(arguments)?);
    }
    if wants(Part::Scenes) {
        sections.scenes = Some(scenes(arguments)?);
    }
    if wants(Part::Language) {
        sections.language = Some(words(arguments)?);
    }
    if wants(Part::Channels) {
        let world = objects(arguments)?;
        channels::study(&arguments.models_dir, world.as_ref(), arguments.channel_scenes)?;
    }
    write(&arguments.output, sections.page())
}

fn people(arguments: &Arguments) -> Result<String, Failure> {
    let crowd = Crowd::new(arguments.people, SIDE);
    let mut people = Vec::new();
    for trained in TrainedModel::all(&arguments.models_dir, "people")? {
        eprintln!("{}: {} people", trained.recipe.name, arguments.people);
        people.push(crowd.study(trained)?);
    }
    people_page::write_pictures(&arguments.people_dir)?;
    people_page::write_figures(&arguments.people_dir, &crowd, &people)?;
    report::bias(&crowd, &people)
}

fn objects(arguments: &Arguments) -> Result<Box<dyn World>, Failure> {
    Ok(WorldKind::Objects.build(|| Stickers::from_file(&arguments.font))?)
}

fn scenes(arguments: &Arguments) -> Result<String, Failure> {
    let world = objects(arguments)?;
    let models = TrainedModel::all(&arguments.models_dir, WorldKind::Objects.data())?;
    if let Some(grid) = grid::draw(&models, world.as_ref(), &arguments.methods)? {
        write(&arguments.grid, grid.to_png())?;
    }
    let extent = Extent { scenes: arguments.scenes, perturbed: arguments.perturbed };
    let recipes: Vec<&'static Recipe> = models.iter().map(|trained| trained.recipe).collect();
    let survey = |recipe: &&'static Recipe| {
        eprintln!("{}: {} scenes", recipe.name, arguments.scenes);
        let trained = TrainedModel::read(&arguments.models_dir, recipe)?;
        Survey::run(&trained, world.as_ref(), &arguments.methods, &extent)
    };
    // Threads pass on the sentence of a failure alone.
    let surveys: Vec<Survey> = recipes
        .par_iter()
        .map(|recipe| survey(recipe).map_err(|failure: Failure| failure.to_string()))
        .collect::<Result<_, _>>()?;
    Ok(report::scenes(&surveys, &extent))
}

fn words(arguments: &Arguments) -> Result<String, Failure> {
    let &Arguments { questions, held_out, captions, .. } = arguments;
    let extent = language::Extent { questions, held_out, captions };
    let found = language::study(&arguments.models_dir, &extent)?;
    if let Some(path) = &arguments.language_json {
        write(path, serde_json::to_string_pretty(&language::json(&found))? + "\n")?;
    }
    Ok(language::section(&found, &extent))
}

fn write(path: &Path, bytes: impl AsRef<[u8]>) -> Result<(), Failure> {
    let failed = |error| format!("{} cannot be written ({error})", path.display());
    let file = write_beside(path, bytes.as_ref()).map_err(failed)?;
    file.persist(path).map_err(|refused| failed(refused.error))?;
    Ok(())
}
