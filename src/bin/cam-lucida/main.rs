//! The command line: arguments, files and messages. Everything else comes from the library.

mod ask;
mod caption;
mod choice;
mod classify;
mod embedded;
mod explain;
mod files;
mod inputs;
mod lists;
mod lock;
mod many;
mod measure;
mod method_results;
mod model;
mod models;
mod npy;
mod numbers;
mod plot;
mod profile;
mod progress;
mod report;
mod request;
mod results;
mod scenes;
mod terminal;
mod whole_file;

use std::any::TypeId;
use std::error::Error;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

/// Tensors come and go with every layer: the system's allocator gives their pages back each time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// See which pixels spoke for a class: Grad-CAM and its relatives for convolutional networks.
#[derive(Parser)]
#[command(version, about, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Explain a picture: write heatmap, overlay and numbers into a folder.
    Explain(explain::Explain),
    /// Ask a question about a picture: answers, each with its heatmap.
    #[command(defer(ask::with_help))]
    Ask(ask::Ask),
    /// Describe a picture: a caption, each word with its heatmap.
    #[command(defer(caption::with_help))]
    Caption(caption::Caption),
    /// Measure heatmaps: do they lie on the object, decide the score, depend on what was learned?
    Measure(measure::MeasureMaps),
    /// Put the results of many pictures on one sheet, and the results of several shards into one file.
    Report(many::Report),
    /// Name the classes that a network sees in a picture.
    Classify(classify::Classify),
    /// List the layers of a network with their shapes.
    Layers(lists::Layers),
    /// Time each layer of a network on the CPU, forward and backward, beside what it computes.
    Profile(profile::Profile),
    /// List the networks.
    Networks,
    /// List the methods.
    Methods,
    /// List, fetch, convert and check models.
    #[command(subcommand)]
    Models(models::Models),
    /// Draw pictures whose every pixel has a label: what the embedded models are trained on.
    Scenes(scenes::Scenes),
    /// Draw the sheet of stickers that the page offers.
    Stickers(scenes::StickerSheet),
}

fn main() -> ExitCode {
    if std::env::var_os("XDG_RUNTIME_DIR").is_none() {
        // Without a desktop, Mesa's Vulkan layer that picks the desktop's GPU only prints that there is none.
        // SAFETY: nothing has started a thread yet.
        unsafe { std::env::set_var("NODEVICE_SELECT", "1") };
    }
    let read = with_hyphens(Arguments::command()).try_get_matches();
    let arguments = read.and_then(|matches| Arguments::from_arg_matches(&matches));
    let arguments = arguments.unwrap_or_else(|refusal| refuse(&refusal));
    let done = match arguments.command {
        Command::Explain(explain) => pollster::block_on(explain.run()),
        Command::Ask(ask) => pollster::block_on(ask.run()),
        Command::Caption(caption) => pollster::block_on(caption.run()),
        Command::Measure(measure) => pollster::block_on(measure.run()),
        Command::Report(report) => report.run(),
        Command::Classify(classify) => pollster::block_on(classify.run()),
        Command::Layers(layers) => pollster::block_on(layers.run()),
        Command::Profile(profile) => pollster::block_on(profile.run()),
        Command::Networks => lists::networks(),
        Command::Methods => lists::methods(),
        Command::Models(models) => pollster::block_on(models.run()),
        Command::Scenes(scenes) => scenes.run(),
        Command::Stickers(sheet) => sheet.run(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            terminal::tell(format!("error: {}", with_causes(failure.as_ref())));
            ExitCode::from(if failure.is::<many::SomeFailed>() { 1 } else { 2 })
        }
    }
}

/// The same, whose options take values that begin as options do, such as `-1`: what these may be is then said in our words. Only in
/// place of a path, an option is one.
fn with_hyphens(command: clap::Command) -> clap::Command {
    let takes = |argument: &clap::Arg| {
        let is_path = argument.get_value_parser().type_id() == TypeId::of::<PathBuf>();
        argument.get_action().takes_values() && !argument.is_positional() && !is_path
    };
    let allowed =
        |argument: clap::Arg| if takes(&argument) { argument.allow_hyphen_values(true) } else { argument };
    command.mut_args(allowed).mut_subcommands(with_hyphens)
}

/// Says what is wrong with the arguments, in colours unless it quotes what a terminal would obey.
fn refuse(refusal: &clap::Error) -> ! {
    let given = |argument: OsString| argument.to_string_lossy().into_owned();
    let harmless =
        std::env::args_os().map(given).all(|argument| cam_lucida::printable(&argument) == argument);
    if harmless || !refusal.use_stderr() {
        refusal.exit();
    }
    terminal::tell(refusal.render().to_string());
    std::process::exit(refusal.exit_code())
}

/// What a command may fail with: a sentence for people.
type Failure = Box<dyn Error>;

/// The sentence of an error, with the causes that it does not quote, one a line.
fn with_causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let sentence = error.to_string();
        if !text.contains(&sentence) {
            text += &format!("\ncaused by: {sentence}");
        }
        cause = error.source();
    }
    text
}
