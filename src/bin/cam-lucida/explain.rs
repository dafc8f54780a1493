//! `explain` and `classify`.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use cam_lucida::cam::Target;
use cam_lucida::network::Architecture;
use cam_lucida::picture::{Picture, Preprocess};
use cam_lucida::render::{Colormap, Formula, Style, overlay};
use cam_lucida::{Device, Input, Model, Request, Scores, Session, weights};
use clap::ValueEnum;
use indicatif::ProgressBar;
use serde_json::{Value, json};

use crate::Failure;
use crate::files::{self, Output};

/// What both commands look at.
#[derive(clap::Args)]
struct Subject {
    /// The picture: PNG, JPEG or WebP.
    #[arg(long, short, value_name = "FILE", conflicts_with = "input_npy")]
    image_path: Option<PathBuf>,

    /// A preprocessed input in place of a picture: NPY, float32 [1, 3, height, width].
    #[arg(long, value_name = "FILE")]
    input_npy: Option<PathBuf>,

    /// The network, see `cam-lucida networks`.
    #[arg(long, short)]
    network: Option<String>,

    /// Its weights: safetensors with torchvision's tensor names.
    #[arg(long, short, value_name = "FILE")]
    weight_path: Option<PathBuf>,

    /// Class names: a JSON list, a JSON object {id: name}, or one a line.
    #[arg(long, value_name = "FILE")]
    labels: Option<PathBuf>,

    /// How the picture becomes the input: squash, crop or fit.
    #[arg(long, default_value = "squash")]
    preprocess: Preprocess,

    /// Where to compute; auto takes a GPU that is no software emulation, else the CPU.
    #[arg(long, value_enum, default_value_t = On::Auto)]
    device: On,
}

#[derive(Clone, Copy, ValueEnum)]
enum On {
    Auto,
    Cpu,
    Gpu,
}

/// A picture explained.
#[derive(clap::Args)]
pub struct Explain {
    #[command(flatten)]
    subject: Subject,

    /// The layer to explain, see `cam-lucida layers` [default: the network's own].
    #[arg(long, short, value_name = "NAME")]
    layer_name: Option<String>,

    /// The class to explain [default: the predicted].
    #[arg(long, short, value_name = "ID")]
    class_id: Option<usize>,

    /// One or several methods, see `cam-lucida methods`.
    #[arg(long, short, value_delimiter = ',', default_value = "grad-cam", value_name = "METHOD[,METHOD]")]
    method: Vec<String>,

    /// What is explained: logit, probability, contrast:ID or counterfactual.
    #[arg(long, default_value = "logit")]
    target: Target,

    /// A variant of a method that follows another implementation.
    #[arg(long)]
    preset: Option<String>,

    /// Where the results go.
    #[arg(long, short, default_value = "results", value_name = "FOLDER")]
    output_dir: PathBuf,

    /// Also write the raw maps and the class scores as NPY files.
    #[arg(long)]
    save_raw: bool,

    /// How the heatmap is laid over the picture: blend, mask-weighted or seed.
    #[arg(long, default_value = "blend")]
    overlay: Formula,

    /// turbo, jet, viridis, inferno, magma, plasma, cividis or grey.
    #[arg(long, default_value = "turbo")]
    colormap: Colormap,

    /// Weight of the heatmap, 0 to 1.
    #[arg(long, default_value_t = Style::default().opacity)]
    opacity: f32,

    /// Show the plain picture where the map is below this, 0 to 1.
    #[arg(long, default_value_t = Style::default().threshold)]
    threshold: f32,
}

/// A picture classified.
#[derive(clap::Args)]
pub struct Classify {
    #[command(flatten)]
    subject: Subject,

    /// How many classes to name.
    #[arg(long, default_value_t = 5)]
    top: usize,
}

/// A subject whose files have been read.
struct Prepared {
    session: Session,
    input: Input,
    /// The file name that results are named after, without its extension.
    stem: String,
    /// What the map covers.
    view: Picture,
}

impl Explain {
    pub async fn run(self) -> Result<(), Failure> {
        let style = Style {
            formula: self.overlay,
            colormap: self.colormap,
            opacity: self.opacity,
            threshold: self.threshold,
        };
        style.check()?;
        let started = Instant::now();
        let progress = progress();
        let Prepared { session, input, stem, view } = self.subject.prepare(&progress).await?;
        let model = session.model()?;
        let network = model.architecture().name;
        let request = Request {
            layer: self.layer_name,
            class: self.class_id,
            methods: self.method,
            target: self.target,
            preset: self.preset,
        };
        progress.set_message("explaining");
        let explanation = session.explain(&input, &request).await?;

        progress.set_message("drawing");
        let mut output = Output::new(self.output_dir);
        let mut maps = Vec::new();
        for heatmap in &explanation.heatmaps {
            let [h, w] = heatmap.map.dims();
            let values = heatmap.values().await?;
            let name = format!("{stem}-{network}-{}", heatmap.method);
            let draw = |style: Style| overlay(&view, &values, (h, w), &style).to_png();
            output.add(format!("{name}-heatmap.png"), draw(Style::heatmap(style.colormap)));
            output.add(format!("{name}-overlay.png"), draw(style));
            if self.save_raw {
                output.add(format!("{name}-raw.npy"), files::npy(&values, &[h, w]));
            }
            if heatmap.is_flat() {
                progress.suspend(|| {
                    eprintln!(
                        "note: {}: nothing in {} speaks for class {}",
                        heatmap.method, explanation.layer, explanation.class
                    );
                });
            }
            let (least, most) = heatmap.range;
            maps.push(json!({
                "method": heatmap.method, "height": h, "width": w, "least": least, "most": most,
                "flat": heatmap.is_flat(),
            }));
        }
        let logits = &explanation.scores.logits;
        if self.save_raw {
            output.add("logits.npy".into(), files::npy(logits, &[1, logits.len()]));
        }
        let mut times: serde_json::Map<String, Value> =
            explanation.times.iter().map(|&(phase, seconds)| (phase.into(), json!(seconds))).collect();
        times.insert("total".into(), json!(started.elapsed().as_secs_f64()));
        let result = json!({
            "network": network,
            "layer": explanation.layer,
            "class": named(model, &explanation.scores, explanation.class),
            "target": explanation.target.to_string(),
            "preset": request.preset,
            "preprocess": self.subject.preprocess_name(),
            "top": top(model, &explanation.scores, 5),
            "maps": maps,
            "files": output.names(),
            "seconds": times,
            "device": session.device().name(),
            "versions": { "cam-lucida": env!("CARGO_PKG_VERSION"), "burn": cam_lucida::BURN_VERSION },
        });
        output.add("result.json".into(), serde_json::to_vec_pretty(&result)?);
        let written = output.write()?;
        progress.finish_and_clear();
        for path in written {
            println!("{}", path.display());
        }
        Ok(())
    }
}

impl Classify {
    pub async fn run(self) -> Result<(), Failure> {
        let progress = progress();
        let prepared = self.subject.prepare(&progress).await?;
        let scores = prepared.session.classify(&prepared.input).await?;
        let model = prepared.session.model()?;
        progress.finish_and_clear();
        for class in scores.top(self.top) {
            let percent = 100.0 * scores.probabilities[class];
            println!("{class:>5}  {percent:6.2} %  {}", model.label(class).unwrap_or(""));
        }
        Ok(())
    }
}

impl Subject {
    async fn prepare(&self, progress: &ProgressBar) -> Result<Prepared, Failure> {
        let (Some(weight_path), Some(network)) = (&self.weight_path, &self.network) else {
            return Err(WEIGHTS_WANTED.into());
        };
        let architecture = Architecture::named(network)?;
        let stem = |path: &Path| path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let labels = match &self.labels {
            Some(path) => Some(weights::labels(&files::read_text(path)?)?),
            None => None,
        };
        // The small files first: what is wrong with them shows before the long work.
        let picture = match &self.image_path {
            Some(path) => Some((stem(path), Picture::decode(&files::read(path)?).map_err(at(path))?)),
            None => None,
        };
        let input = match &self.input_npy {
            Some(path) => Some((stem(path), files::read_input(path)?)),
            None => None,
        };
        progress.set_message("loading weights");
        let mut session = Session::new(self.device.open().await?);
        let file = files::read(weight_path)?;
        session.load(architecture, file, labels).await.map_err(at(weight_path))?;
        let model = session.model()?;
        let (stem, input, picture, preprocess) = match (picture, input) {
            (Some((stem, picture)), _) => {
                (stem, model.input(&picture, self.preprocess)?, picture, self.preprocess)
            }
            (None, Some((stem, input))) => {
                let picture = model.picture(&input);
                (stem, input, picture, Preprocess::Squash)
            }
            (None, None) => return Err("no picture: pass --image-path FILE (PNG, JPEG or WebP)".into()),
        };
        let view = model.preprocessor().view(&picture, preprocess);
        Ok(Prepared { session, input, stem, view })
    }

    fn preprocess_name(&self) -> &'static str {
        let name = Preprocess::ALL.iter().find(|(_, preprocess)| *preprocess == self.preprocess);
        match self.input_npy {
            Some(_) => "none",
            None => name.map_or("none", |(name, _)| name),
        }
    }
}

impl On {
    async fn open(self) -> Result<Device, Failure> {
        match self {
            Self::Cpu => Ok(Device::cpu()),
            Self::Gpu => {
                let device = Device::gpu().await?;
                device.check().await?;
                Ok(device)
            }
            Self::Auto => Ok(match Device::gpu().await {
                Ok(gpu) if !gpu.is_software() && gpu.check().await.is_ok() => gpu,
                _ => Device::cpu(),
            }),
        }
    }
}

const WEIGHTS_WANTED: &str = "no model: pass --network NAME (see `cam-lucida networks`) and --weight-path FILE, \
a safetensors file with torchvision's tensor names. In Python, one is made with

    import torchvision, safetensors.torch
    model = torchvision.models.squeezenet1_1(weights=\"DEFAULT\")
    safetensors.torch.save_file(model.state_dict(), \"squeezenet1_1.safetensors\")
";

fn at(path: &Path) -> impl Fn(cam_lucida::Error) -> String {
    move |error| format!("{}: {error}", path.display())
}

/// A spinner on a terminal, nothing in a pipe.
fn progress() -> ProgressBar {
    let progress = ProgressBar::new_spinner();
    progress.enable_steady_tick(Duration::from_millis(100));
    progress
}

fn top(model: &Model, scores: &Scores, count: usize) -> Vec<Value> {
    let classes = scores.top(count);
    classes.into_iter().map(|class| named(model, scores, class)).collect()
}

fn named(model: &Model, scores: &Scores, class: usize) -> Value {
    json!({
        "id": class, "name": model.label(class), "logit": scores.logits[class],
        "probability": scores.probabilities[class],
    })
}
