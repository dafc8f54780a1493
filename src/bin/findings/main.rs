//! Measures what the embedded models see: writes `docs/FINDINGS.md`, `docs/findings.png` and what the page shows of the people.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, available_parallelism};

use cam_lucida::cam::{self, Method};
use cam_lucida::scenes::{FONT, Stickers};
use cam_lucida::train::{Data, Recipe};
use clap::Parser;

mod bias;
mod claims;
mod estimate;
mod grid;
mod people_page;
mod report;
mod subject;
mod survey;
mod trials;
mod verdict;

use bias::Crowd;
use subject::Subject;
use survey::{Extent, Survey};

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
    for subject in Subject::all(&arguments.models_dir, "people")? {
        eprintln!("{}: {} people", subject.recipe.name, arguments.people);
        people.push(crowd.study(subject)?);
    }
    people_page::write_pictures(&arguments.people_dir)?;
    people_page::write_figures(&arguments.people_dir, &people, arguments.people)?;

    let world = Data::Objects.world(|| Stickers::from_file(&arguments.font))?;
    let subjects = Subject::all(&arguments.models_dir, Data::Objects.data())?;
    if let Some(grid) = grid::draw(&subjects, world.as_ref(), &arguments.methods)? {
        write(&arguments.grid, grid.to_png())?;
    }
    let extent = Extent { scenes: arguments.scenes, perturbed: arguments.perturbed };
    let recipes: Vec<&'static Recipe> = subjects.iter().map(|subject| subject.recipe).collect();
    let surveys = on_all_cores(&recipes, |recipe| {
        eprintln!("{}: {} scenes", recipe.name, arguments.scenes);
        let subject = Subject::read(&arguments.models_dir, recipe)?;
        Survey::of(&subject, world.as_ref(), &arguments.methods, &extent)
    })?;
    let page = report::page(&surveys, &extent, &crowd, &people)?;
    write(&arguments.output, page)
}

/// What `work` makes of each item, in their order.
fn on_all_cores<T: Copy + Sync, R: Send>(
    items: &[T],
    work: impl Fn(T) -> Result<R, Failure> + Sync,
) -> Result<Vec<R>, Failure> {
    let next = AtomicUsize::new(0);
    let take = || {
        let mut done = Vec::new();
        while let Some((i, &item)) = items.iter().enumerate().nth(next.fetch_add(1, Ordering::Relaxed)) {
            done.push((i, work(item).map_err(|error| error.to_string())?));
        }
        Ok::<_, String>(done)
    };
    let cores = available_parallelism().map_or(1, usize::from);
    let parts = thread::scope(|scope| {
        let threads: Vec<_> = (0..cores).map(|_| scope.spawn(take)).collect();
        let parts = threads.into_iter().map(|thread| thread.join().expect("it does not panic"));
        parts.collect::<Result<Vec<_>, _>>()
    })?;
    let mut done: Vec<(usize, R)> = parts.into_iter().flatten().collect();
    done.sort_by_key(|(i, _)| *i);
    Ok(done.into_iter().map(|(_, made)| made).collect())
}

fn write(path: &Path, bytes: impl AsRef<[u8]>) -> Result<(), Failure> {
    Ok(std::fs::write(path, bytes)
        .map_err(|error| format!("{} cannot be written ({error})", path.display()))?)
}
