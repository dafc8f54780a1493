//! Measures what the embedded models see: writes `docs/FINDINGS.md`, `docs/findings.png` and what the page shows of the people.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use cam_lucida::cam::{self, Method};
use cam_lucida::scenes::{FONT, Stickers};
use cam_lucida::train::{Recipe, WorldKind};
use clap::Parser;
use rayon::prelude::*;

mod bias;
mod claims;
mod comparison;
mod estimate;
mod grid;
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
    /// Noto Color Emoji, Debian's package fonts-noto-color-emoji.
    #[arg(long, default_value = FONT)]
    font: PathBuf,
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
    let crowd = Crowd::new(arguments.people, SIDE);
    let mut people = Vec::new();
    for trained in TrainedModel::all(&arguments.models_dir, "people")? {
        eprintln!("{}: {} people", trained.recipe.name, arguments.people);
        people.push(crowd.study(trained)?);
    }
    people_page::write_pictures(&arguments.people_dir)?;
    people_page::write_figures(&arguments.people_dir, &crowd, &people)?;

    let world = WorldKind::Objects.build(|| Stickers::from_file(&arguments.font))?;
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
    let page = report::page(&surveys, &extent, &crowd, &people)?;
    write(&arguments.output, page)
}

fn write(path: &Path, bytes: impl AsRef<[u8]>) -> Result<(), Failure> {
    let failed = |error| format!("{} cannot be written ({error})", path.display());
    let file = write_beside(path, bytes.as_ref()).map_err(failed)?;
    file.persist(path).map_err(|refused| failed(refused.error))?;
    Ok(())
}
