//! Which maps are wanted: methods, layers, classes.

use cam_lucida::cam::{self, ClassSum, Merge, Method, Settings, Target};
use cam_lucida::{Request, Result};
use strum::VariantArray;

use crate::Failure;
use crate::choice::Choice;

/// The arguments of `explain` and `measure` that make up a [`Request`].
#[derive(clap::Args)]
pub struct RequestArguments {
    /// The class or classes to explain; those between plus signs add up [default: the predicted one].
    #[arg(long, short, value_delimiter = ',', value_name = "ID[+ID][,ID]")]
    class_id: Vec<ClassSum>,

    #[command(flatten)]
    methods: MethodArguments,
}

/// How it is explained, whatever it is.
#[derive(clap::Args)]
pub struct MethodArguments {
    /// The layer to explain, see `cam-lucida layers` [default: the network's own]. `--merge` makes one map of several layers.
    #[arg(long, short, visible_alias = "layer", value_delimiter = ',', value_name = "NAME[,NAME]")]
    layer_name: Vec<String>,

    /// How the maps of several layers become one, after each is scaled to 0..1.
    #[arg(long, value_parser = Choice::<Merge>::new(Merge::VARIANTS), default_value_t)]
    merge: Merge,

    /// Average over mirrored, dimmed and brightened copies of the picture.
    #[arg(long)]
    smooth: bool,

    /// One or several methods, see `cam-lucida methods`.
    #[arg(long, short, value_delimiter = ',', default_value = default_method(), value_name = "METHOD[,METHOD]")]
    method: Vec<String>,

    #[arg(long, default_value_t = Target::default().to_string(), help = format!("The number to explain: {}", Target::FORMS.join(", ")))]
    target: String,

    /// A preset of a method, see `cam-lucida methods`.
    #[arg(long)]
    preset: Option<String>,

    /// Settings of the methods, see `cam-lucida methods`.
    #[arg(long, value_name = "NAME=NUMBER[,NAME=NUMBER]", value_parser = settings)]
    set: Option<Settings>,
}

/// How a target begins that names a class.
const CONTRAST: &str = "contrast:";

/// Settings, at least one.
fn settings(text: &str) -> Result<Settings> {
    // Without one, the library's error says how one is written.
    let text = if text.trim().is_empty() { "=" } else { text };
    text.parse()
}

fn default_method() -> &'static str {
    Request::default().methods[0].name
}

impl RequestArguments {
    pub fn request(self) -> Result<Request> {
        Ok(Request { classes: self.class_id, ..self.methods.request()? })
    }
}

impl MethodArguments {
    /// What is asked for, of the predicted class.
    pub fn request(self) -> Result<Request> {
        let target = self.target.parse()?;
        self.request_of(target)
    }

    /// The same of a network whose classes are called by name, as in `contrast:red`; `number` gives the number of a name.
    pub fn request_naming(
        self,
        number: impl FnOnce(&str) -> std::result::Result<usize, Failure>,
    ) -> std::result::Result<Request, Failure> {
        let named = self.target.strip_prefix(CONTRAST).filter(|class| class.parse::<usize>().is_err());
        let target = match named {
            Some(name) => Target::Contrast(number(name)?),
            None => self.target.parse()?,
        };
        Ok(self.request_of(target)?)
    }

    fn request_of(self, target: Target) -> Result<Request> {
        let mut methods: Vec<&'static Method> = Vec::new();
        for name in &self.method {
            let method = cam::method(name)?;
            // Each method once, as each class and each layer.
            if !methods.iter().any(|known| known.name == method.name) {
                methods.push(method);
            }
        }
        Ok(Request {
            layers: self.layer_name,
            merge: self.merge,
            smooth: self.smooth,
            classes: Vec::new(),
            methods,
            target,
            preset: self.preset,
            settings: self.set.unwrap_or_default(),
        })
    }
}
