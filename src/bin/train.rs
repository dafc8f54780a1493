//! Trains the embedded models: `train [NAME ...]`. Goes on where an earlier run was interrupted.

#[path = "cam-lucida/whole_file.rs"]
mod whole_file;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use cam_lucida::Device;
use cam_lucida::network::language::{Captioner, Film};
use cam_lucida::scenes::shapes::Shapes;
use cam_lucida::scenes::{FONT, Stickers};
use cam_lucida::train::{
    HELD_OUT, LANGUAGE, LanguageReport, RECIPES, Recipe, Report, Start, Task, Trainer, read_tensors,
    write_folder, write_index, write_language_folder,
};
use cam_lucida::weights::Weights;
use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};
use whole_file::write_beside;

/// Tensors come and go at every step: the system's allocator gives their pages back each time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Trains the embedded models on scenes of known truth. An interrupted run goes on from its last checkpoint.
#[derive(Parser)]
#[command(name = "train", max_term_width = 100)]
struct Arguments {
    /// The models to train; all of them unless named.
    names: Vec<String>,
    /// Where a folder for each model and their index.json go.
    #[arg(long, default_value = "models")]
    output_dir: PathBuf,
    /// Where checkpoints are kept.
    #[arg(long, default_value = "target/training")]
    checkpoint_dir: PathBuf,
    /// Steps between checkpoints.
    #[arg(long, default_value_t = 200)]
    every: usize,
    /// Noto Color Emoji, Debian's package fonts-noto-color-emoji.
    #[arg(long, default_value = FONT)]
    font: PathBuf,
    /// Held-out scenes that the trained model is tested on.
    #[arg(long, default_value_t = 2000)]
    test_scenes: usize,
    /// Trains on the GPU.
    #[arg(long)]
    gpu: bool,
    /// Prints the names of all models that need this many others to be there before, for one process each; those with the
    /// most steps come first.
    #[arg(long, exclusive = true, value_name = "STAGE")]
    list: Option<usize>,
    /// Trains nothing, and writes index.json again for the models in the folder.
    #[arg(long, conflicts_with = "names")]
    only_index: bool,
}

type Failure = Box<dyn std::error::Error>;

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
    let all = || RECIPES.iter().chain(LANGUAGE);
    if let Some(stage) = arguments.list {
        let mut recipes: Vec<_> = all().filter(|recipe| recipe.stage() == stage).collect();
        recipes.sort_by_key(|recipe| std::cmp::Reverse(recipe.steps()));
        recipes.iter().for_each(|recipe| println!("{}", recipe.name));
        return Ok(());
    }
    if arguments.only_index {
        return Ok(write_index(&arguments.output_dir)?);
    }
    for name in &arguments.names {
        Recipe::named(name)?;
    }
    let device = if arguments.gpu { pollster::block_on(Device::gpu())? } else { Device::cpu() };
    let wanted =
        |recipe: &&Recipe| arguments.names.is_empty() || arguments.names.iter().any(|n| n == recipe.name);
    // Those that others start from stand before them.
    for recipe in all().filter(wanted) {
        train(arguments, recipe, &device)?;
    }
    Ok(write_index(&arguments.output_dir)?)
}

fn train(arguments: &Arguments, recipe: &Recipe, device: &Device) -> Result<(), Failure> {
    let stickers = || Stickers::from_file(&arguments.font);
    let world = recipe.world.build(stickers)?;
    let file = arguments.checkpoint_dir.join(format!("{}.safetensors", recipe.name));
    std::fs::create_dir_all(&arguments.checkpoint_dir)?;
    let (mut trainer, mut seconds) = match std::fs::read(&file) {
        Ok(bytes) => Trainer::resume(*recipe, world.as_ref(), device.tensors(), &bytes)?,
        Err(_) => {
            let trainer = Trainer::new(*recipe, world.as_ref(), device.tensors());
            match recipe.start {
                None => (trainer, 0.0),
                Some(start) => (trainer.starting_from(read_tensors(read_start(arguments, start)?)?), 0.0),
            }
        }
    };
    let bar = bar(recipe);
    bar.set_position(trainer.step() as u64);
    let mut smooth = None;
    while trainer.step() < recipe.steps() {
        let since = Instant::now();
        trainer.run(trainer.step() + arguments.every, |step, loss| {
            let mean = smooth.map_or(loss, |before: f32| 0.98 * before + 0.02 * loss);
            smooth = Some(mean);
            bar.set_position(step as u64);
            bar.set_message(format!("loss {mean:.4}"));
        })?;
        seconds += since.elapsed().as_secs_f64();
        write_beside(&file, &trainer.checkpoint(seconds)?)?.persist(&file)?;
        if bar.is_hidden() {
            let (step, loss) = (trainer.step(), smooth.unwrap_or_default());
            eprintln!("{}: step {step} of {}, loss {loss:.4}, {seconds:.0} s", recipe.name, recipe.steps());
        }
    }
    bar.finish();
    if recipe.task == Task::Things {
        // Others start from its checkpoint; it makes no model of its own.
        return Ok(());
    }
    let weights = trainer.learner().weight_file()?;
    let folder = arguments.output_dir.join(recipe.name);
    let held_out = (HELD_OUT, arguments.test_scenes);
    if recipe.task != Task::Classes {
        let (side, device, shapes) = (recipe.side, device.tensors(), Shapes::training());
        let mut parameters = Weights::read(weights.clone())?;
        let report = if recipe.task == Task::Captions {
            let captioner = Captioner::load(&mut parameters, device)?;
            pollster::block_on(LanguageReport::of_captions(&captioner, &shapes, held_out, side, device))?
        } else {
            let film = Film::load(&mut parameters, device)?;
            LanguageReport::of_answers(&film, &shapes, held_out, side, device)?
        };
        println!("{}: right {:.4} {:?}, {seconds:.0} s", recipe.name, report.right, report.parts);
        return Ok(write_language_folder(&folder, recipe, &weights, &report, seconds)?);
    }
    let network = recipe.architecture()?.load(&mut Weights::read(weights.clone())?, device.tensors())?;
    let tested = recipe.world.unbiased().build(stickers)?;
    let report = Report::measure(network.as_ref(), tested.as_ref(), held_out, recipe.side, device.tensors())?;
    println!("{}: macro F1 {:.4}, exact {:.4}, {seconds:.0} s", recipe.name, report.macro_f1, report.exact);
    Ok(write_folder(&folder, recipe, tested.as_ref(), &weights, &report, seconds)?)
}

/// The file that a network starts from.
fn read_start(arguments: &Arguments, start: Start) -> Result<Vec<u8>, Failure> {
    let path = match start {
        Start::Model(name) => arguments.output_dir.join(name).join("model.safetensors"),
        Start::Checkpoint(name) => arguments.checkpoint_dir.join(format!("{name}.safetensors")),
    };
    let missing =
        |error| format!("{} cannot be read ({error}); train {} first", path.display(), start.name());
    Ok(std::fs::read(&path).map_err(missing)?)
}

fn bar(recipe: &Recipe) -> ProgressBar {
    let style = "{prefix} {bar:30} {pos}/{len} {msg}, {eta} left";
    let style = ProgressStyle::with_template(style).expect("it is well formed");
    ProgressBar::new(recipe.steps() as u64).with_style(style).with_prefix(recipe.name)
}
