//! One error for the whole crate: a kind to act on, a code with arguments to translate, a sentence to read.

use std::fmt;
use std::sync::Arc;

/// What went wrong, in a sentence that says what was found, what is allowed and what to do.
///
/// The predicates tell whose input it was: [`is_image`](Self::is_image), [`is_weights`](Self::is_weights),
/// [`is_device`](Self::is_device), [`is_request`](Self::is_request), [`is_cancelled`](Self::is_cancelled).
/// [`code`](Self::code) and [`arguments`](Self::arguments) carry the same facts as the sentence, for a front end that
/// speaks another language. [`source`](std::error::Error::source) gives the error of a library below, where there is one.
///
/// ```
/// let error = cam_lucida::cam::method("grad-camm").err().unwrap();
/// assert!(error.is_request());
/// assert_eq!(error.code(), "unknown-name");
/// assert!(error.arguments().any(|(name, value)| name == "found" && value == "grad-camm"));
/// assert!(error.to_string().contains("did you mean `grad-cam`"));
/// ```
#[derive(Debug, Clone)]
pub struct Error(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    kind: ErrorKind,
    code: &'static str,
    arguments: Vec<(&'static str, String)>,
    message: String,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// What people should know of a result, though nothing has failed. It has a sentence, a code and arguments, as an [`Error`] has.
///
/// ```
/// use cam_lucida::{Error, ErrorKind, Note};
///
/// let note = Note::from(Error::new(ErrorKind::Weights, "strides-assumed", "the strides are those of the paper"));
/// assert_eq!(note.code(), "strides-assumed");
/// assert_eq!(note.to_string(), "the strides are those of the paper");
/// ```
#[derive(Debug, Clone)]
pub struct Note(Error);

impl Note {
    /// A note that was told before, and that a file kept.
    pub(crate) fn kept(code: &'static str, message: String, arguments: Vec<(&'static str, String)>) -> Self {
        Self(Error(Arc::new(Inner { kind: ErrorKind::Weights, code, arguments, message, source: None })))
    }

    /// As [`Error::code`].
    pub fn code(&self) -> &'static str {
        self.0.code()
    }

    /// As [`Error::arguments`].
    pub fn arguments(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.0.arguments()
    }
}

impl From<Error> for Note {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Result of everything in this crate that can fail.
///
/// ```
/// use cam_lucida::{Result, cam};
///
/// fn title(method: &str) -> Result<&'static str> {
///     Ok(cam::method(method)?.title)
/// }
/// assert_eq!(title("layer-cam")?, "LayerCAM");
/// # Ok::<(), cam_lucida::Error>(())
/// ```
pub type Result<T> = std::result::Result<T, Error>;

/// Whose input was at fault.
///
/// ```
/// use cam_lucida::{Error, ErrorKind};
///
/// let error = Error::new(ErrorKind::Image, "no-picture", "there is no picture yet; choose one");
/// assert_eq!(error.kind(), ErrorKind::Image);
/// assert!(error.is_image());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum ErrorKind {
    /// The picture cannot be read.
    Image,
    /// The weight file, or what is said about it, does not fit or is damaged.
    Weights,
    /// The device is missing, was lost, is too small, or computes wrongly.
    Device,
    /// The request names something that does not exist, or asks for something that cannot be computed.
    Request,
    /// The caller cancelled the work.
    Cancelled,
}

/// Makes an [`Error`]: kind, code, sentence, and the arguments that stand in the sentence.
///
/// `error!(Request, "unknown-class", "class {class} does not exist", class)`; an argument may be given a value,
/// `class = index + 1`. Arguments may come from files, so they are made [`printable`](crate::printable()). Every `{name}` of the sentence must be among the arguments: a translation needs it too.
macro_rules! error {
    (@value $name:ident) => { $name };
    (@value $name:ident $value:expr) => { $value };
    ($kind:ident, $code:literal, $sentence:literal $(, $name:ident $(= $value:expr)?)* $(,)?) => {
        match ($($crate::printable::printable($crate::error::error!(@value $name $($value)?).to_string()),)*) {
            // `concat!` keeps the sentence from capturing what is not among the arguments.
            ($($name,)*) => $crate::Error::with_arguments(
                $crate::ErrorKind::$kind,
                $code,
                format!(concat!($sentence) $(, $name = $name)*),
                vec![$((stringify!($name), $name)),*],
            ),
        }
    };
}
pub(crate) use error;

impl Error {
    /// An error of a front end: `code` in kebab case, `message` a whole sentence without a full stop.
    pub fn new(kind: ErrorKind, code: &'static str, message: impl fmt::Display) -> Self {
        Self::with_arguments(kind, code, message.to_string(), Vec::new())
    }

    /// [`new`](Self::new), with what the message names: argument and value.
    pub fn with_arguments(
        kind: ErrorKind,
        code: &'static str,
        message: String,
        arguments: Vec<(&'static str, String)>,
    ) -> Self {
        Self(Arc::new(Inner { kind, code, arguments, message, source: None }))
    }

    /// The same error, caused by `source`.
    pub fn with_source(self, source: impl std::error::Error + Send + Sync + 'static) -> Self {
        let Inner { kind, code, arguments, message, .. } = &*self.0;
        Self(Arc::new(Inner {
            kind: *kind,
            code,
            arguments: arguments.clone(),
            message: message.clone(),
            source: Some(Box::new(source)),
        }))
    }

    /// A device that failed in a way that only a front end can see, such as in what a browser logs.
    pub fn device_fault(what: &str) -> Self {
        error!(Device, "device-fault", "the device failed, so its result is withheld: {what}", what)
    }

    pub(crate) fn cancelled() -> Self {
        error!(Cancelled, "cancelled", "cancelled; nothing has changed")
    }

    /// What kind of error it is.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// A name in kebab case for exactly this fault, stable across languages.
    pub fn code(&self) -> &'static str {
        self.0.code
    }

    /// What the sentence names, in order: argument and value.
    pub fn arguments(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.0.arguments.iter().map(|(name, value)| (*name, value.as_str()))
    }

    /// The picture cannot be read.
    pub fn is_image(&self) -> bool {
        self.0.kind == ErrorKind::Image
    }

    /// The weight file, or what is said about it, does not fit or is damaged.
    pub fn is_weights(&self) -> bool {
        self.0.kind == ErrorKind::Weights
    }

    /// The device is missing, was lost, is too small, or computes wrongly.
    pub fn is_device(&self) -> bool {
        self.0.kind == ErrorKind::Device
    }

    /// The request names something that does not exist, or asks for something that cannot be computed.
    pub fn is_request(&self) -> bool {
        self.0.kind == ErrorKind::Request
    }

    /// The caller cancelled the work.
    pub fn is_cancelled(&self) -> bool {
        self.0.kind == ErrorKind::Cancelled
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}

/// [`unknown`], for one of the `variants` of an enum.
pub(crate) fn unknown_variant<T: Copy + Into<&'static str>>(
    what: &str,
    found: &str,
    variants: &[T],
) -> Error {
    unknown(what, found, variants.iter().map(|&variant| -> &'static str { variant.into() }))
}

/// An unknown `found` in place of a `what`, with what is allowed: all names if they are few, else the closest or the first.
pub(crate) fn unknown<'a>(what: &str, found: &str, allowed: impl IntoIterator<Item = &'a str>) -> Error {
    const SHOWN: usize = 32;
    /// From which likeness on (0 to 1) a name is taken for a slip of the keyboard.
    const ALIKE: f64 = 0.75;
    let mut allowed: Vec<&str> = allowed.into_iter().collect();
    let total = allowed.len();
    let alike = |name: &str| strsim::jaro_winkler(name, found);
    let closest = allowed.iter().copied().max_by(|a, b| alike(a).total_cmp(&alike(b)));
    let closest = closest.filter(|name| alike(name) >= ALIKE);
    let hint = match closest {
        Some(name) => format!("did you mean `{name}`? Choose one of"),
        None => "choose one of".into(),
    };
    if total > SHOWN {
        if closest.is_some() {
            allowed.sort_by(|a, b| alike(b).total_cmp(&alike(a)));
        }
        allowed.truncate(SHOWN / 2);
    }
    let rest = match total - allowed.len() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let allowed = allowed.join(", ") + &rest;
    error!(Request, "unknown-name", "unknown {what} `{found}`; {hint}: {allowed}", what, found, hint, allowed)
}
