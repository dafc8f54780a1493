//! The request: what is asked of a model.

use crate::Result;
use crate::cam::{self, ClassSum, Merge, Method, Settings, Target};
use crate::error::error;

/// What to explain, and how. The default is Grad-CAM of the predicted class at the network's default layer.
///
/// ```
/// use cam_lucida::Request;
/// use cam_lucida::cam::{self, Target};
///
/// let request = Request {
///     classes: vec![281.into(), "207+208".parse()?],
///     target: Target::Probability,
///     settings: "max_channels=64".parse()?,
///     ..Request::new([cam::method("score-cam")?, cam::method("grad-cam++")?])
/// };
/// assert_eq!(request.methods[0].title, "Score-CAM");
/// # Ok::<(), cam_lucida::Error>(())
/// ```
#[derive(Clone)]
pub struct Request {
    /// torchvision's layer names; empty: the network's default layer. `merge` makes one map of several layers.
    pub layers: Vec<String>,
    /// How the maps of several layers become one.
    pub merge: Merge,
    /// Averages over mirrored, dimmed and brightened copies of the picture.
    pub smooth: bool,
    /// The classes, or sums of classes, at most [`MAX_CLASSES`](Self::MAX_CLASSES), each explained once; empty: the predicted
    /// class.
    pub classes: Vec<ClassSum>,
    /// The methods. Those that need a single pass share it.
    pub methods: Vec<&'static Method>,
    /// The number that is explained.
    pub target: Target,
    /// A preset of a method, see [`presets`](Method::presets).
    pub preset: Option<String>,
    /// Values for the methods' settings, see [`settings`](Method::settings).
    pub settings: Settings,
}

impl Request {
    /// The maximum number of classes in one request: each is a row of every batch.
    pub const MAX_CLASSES: usize = 16;

    /// These methods, for the predicted class at the network's default layer.
    pub fn new(methods: impl IntoIterator<Item = &'static Method>) -> Self {
        Self {
            layers: Vec::new(),
            merge: Merge::default(),
            smooth: false,
            classes: Vec::new(),
            methods: methods.into_iter().collect(),
            target: Target::default(),
            preset: None,
            settings: Settings::default(),
        }
    }

    /// Each class once, in order; all of them exist in a network of `classes` classes.
    pub(super) fn distinct_classes(&self, classes: usize) -> Result<Vec<ClassSum>> {
        let mut distinct: Vec<ClassSum> = Vec::new();
        for class in &self.classes {
            if !distinct.contains(class) {
                distinct.push(class.clone());
            }
        }
        if distinct.len() > Self::MAX_CLASSES {
            return Err(error!(
                Request,
                "too-many-classes",
                "{found} classes were asked for, up to {max} are explained at once; ask for the others in another request",
                found = distinct.len(),
                max = Self::MAX_CLASSES
            ));
        }
        distinct.iter().try_for_each(|class| class.check(classes))?;
        Ok(distinct)
    }
}

impl Default for Request {
    fn default() -> Self {
        // The table starts with Grad-CAM.
        Self::new([cam::METHODS[0]])
    }
}
