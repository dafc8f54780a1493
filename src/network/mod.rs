//! Networks: one forward pass with a tap at every named module, in torchvision's architectures.
//!
//! `families/` holds the catalogue: a family describes its networks in the language of `module.rs`. To add a network, list
//! it in [`NETWORKS`], or in [`OTHERS`] if a weight file's shapes tell its size. Networks that read or write words are those
//! of [`language`].

mod blueprint;
mod description;
mod families;
mod head;
pub mod language;
mod module;
mod names;
pub mod ops;
mod outline;
mod outputs;
mod parameters;
mod part;
mod receptive_field;
mod shapes;
mod tap;
mod task;
mod variant;

pub use blueprint::Blueprint;
pub(crate) use head::pooling_to;
pub use head::{HeadLayer, HeadPlan, OwnHead};
pub(crate) use module::Module;
pub(crate) use names::untagged;
pub use ops::ReluRule;
pub(crate) use outputs::{Outputs, With};
pub(crate) use parameters::Stated;
pub use parameters::{Moments, Parameters};
pub use part::Part;
pub use receptive_field::{Reach, ReceptiveField};
pub(crate) use shapes::Shapes;
pub use tap::{Layer, Memory, Tap, Tapped, repeat_rows};
pub use task::Task;
pub use variant::Variant;

use std::sync::Arc;

use burn::tensor::{Device, Tensor};

use crate::{Note, Result};
use description::Description;
use language::{Captioner, Film};
use ops::Loader;
use task::Design;

/// A convolutional classifier.
///
/// ```
/// use cam_lucida::Device;
/// use cam_lucida::burn::tensor::Tensor;
/// use cam_lucida::network::ops::{Conv2d, Convolution, Loader, global_average_pool};
/// use cam_lucida::network::{Network, Tap};
/// use cam_lucida::weights::Hashed;
///
/// struct OneLayer(Conv2d);
///
/// impl Network for OneLayer {
///     fn forward(&self, x: Tensor<4>, tap: &mut Tap) -> Tensor<2> {
///         let x = tap.at("conv", x, |x, _| self.0.forward(x));
///         global_average_pool(x).flatten(1, 3)
///     }
/// }
///
/// let (device, mut weights) = (Device::cpu(), Hashed { classes: 5 });
/// let mut loader = Loader::new(&mut weights, device.tensors());
/// let network = OneLayer(Conv2d::load(&mut loader, "conv", Convolution::new(5, 3), 3)?);
///
/// let mut tap = Tap::default();
/// let logits = network.forward(Tensor::ones([1, 3, 32, 32], device.tensors()), &mut tap);
/// assert_eq!(logits.dims(), [1, 5]);
/// assert_eq!(tap.layers()[0].name, "conv");
/// # Ok::<(), cam_lucida::Error>(())
/// ```
pub trait Network: Send + Sync {
    /// Class scores before softmax `[n, classes]` of normalised pictures `x` `[n, c, h, w]`, of as many channels
    /// as it [takes](Self::input_channels).
    ///
    /// The output of every module with a picture-shaped output passes `tap` under torchvision's name.
    fn forward(&self, x: Tensor<4>, tap: &mut Tap) -> Tensor<2>;

    /// The head, where it is global average pooling and one linear layer: what CAM (Zhou 2016) explains.
    fn linear_head(&self) -> Option<LinearHead> {
        None
    }

    /// What the head is made of, where one can take its place.
    fn own_head(&self) -> Option<OwnHead> {
        None
    }

    /// Channels of a picture: 3 unless the weights tell another number.
    fn input_channels(&self) -> usize {
        3
    }

    /// What had to be assumed, because no weight file tells it.
    fn notes(&self) -> &[Note] {
        &[]
    }

    /// How the names of tensors start that weight files hold for training alone.
    fn training_only(&self) -> &'static [&'static str] {
        &[]
    }

    /// Rows and columns that a picture needs at least, so that something is left of it at the last layer.
    fn min_side(&self) -> usize {
        32
    }

    /// Whether it tells left from right in words, so that what it says of a picture is not true of the mirrored one.
    fn tells_sides(&self) -> bool {
        false
    }

    /// How many numbers the largest output of a module has, of one picture of so many rows and columns; 0 where a network does
    /// not tell.
    fn largest_activation(&self, _sides: [usize; 2]) -> usize {
        0
    }

    /// The layers that hold no others, in order, each by itself: of one picture of so many rows and columns. None, where a network
    /// does not tell, or the picture is too small.
    fn parts(&self, _sides: [usize; 2]) -> Vec<Part<'_>> {
        Vec::new()
    }

    /// The pixels that a place of a layer is computed from. `None`: the layer is in the head or behind a pool to a fixed size, or a
    /// network does not tell.
    fn receptive_field(&self, _layer: &str) -> Option<ReceptiveField> {
        None
    }
}

/// A head of global average pooling and one linear layer.
///
/// ```
/// # use cam_lucida::{Device, network::Architecture, weights::Hashed};
/// # let device = Device::cpu();
/// # let network = Architecture::named("resnet_small")?.load(&mut Hashed { classes: 3 }, device.tensors())?;
/// let head = network.linear_head().expect("ResNets have one");
/// assert!(head.layers.contains(&"layer4".to_string()));
/// assert_eq!(head.weight.dims(), [3, 96]);
/// # Ok::<(), cam_lucida::Error>(())
/// ```
pub struct LinearHead {
    /// The names of the layer whose output is pooled.
    pub layers: Vec<String>,
    /// The linear layer's weight, `[classes, k]`.
    pub weight: Tensor<2>,
}

/// A network without its weights: an entry of [`NETWORKS`], [`OTHERS`] or [`language::NETWORKS`].
///
/// ```
/// use cam_lucida::Device;
/// use cam_lucida::burn::tensor::Tensor;
/// use cam_lucida::network::{Architecture, Tap};
/// use cam_lucida::weights::Hashed;
///
/// let architecture = Architecture::named("resnet_small")?;
/// let (device, side) = (Device::cpu(), architecture.size as usize);
/// let network = architecture.load(&mut Hashed { classes: 5 }, device.tensors())?;
/// let logits = network.forward(Tensor::zeros([1, 3, side, side], device.tensors()), &mut Tap::default());
/// assert_eq!(logits.dims(), [1, 5]);
/// # Ok::<(), cam_lucida::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct Architecture {
    /// torchvision's name, such as `resnet50`.
    pub name: &'static str,
    /// The name for people.
    pub title: &'static str,
    /// First author and year of the paper.
    pub paper: &'static str,
    /// The layer that is explained unless another is asked for.
    pub default_layer: &'static str,
    /// Rows and columns of the pictures that it was trained on.
    pub size: u32,
    /// torchvision's `transform_input`: the network's first step turns ImageNet's normalisation into its own, mean and
    /// deviation ½.
    pub transform_input: bool,
    /// How it may compute from the same tensors; torchvision's way is the first.
    pub variants: &'static [Variant],
    design: Design,
}

/// Every network, in the order in which they are offered.
pub const NETWORKS: &[Architecture] = &[
    families::squeezenet::SQUEEZENET1_1,
    families::squeezenet::SQUEEZENET1_0,
    families::mobilenet_v2::MOBILENET_V2,
    families::mobilenet_v2::MOBILENET_V2_X0_25,
    families::mobilenet_v2::MOBILENET_V2_X0_5,
    families::mobilenet_v2::MOBILENET_V2_X0_75,
    families::mobilenet_v2::MOBILENET_V2_X1_4,
    families::shufflenet_v2::SHUFFLENET_V2_X0_5,
    families::shufflenet_v2::SHUFFLENET_V2_X1_0,
    families::shufflenet_v2::SHUFFLENET_V2_X1_5,
    families::shufflenet_v2::SHUFFLENET_V2_X2_0,
    families::resnet::RESNET18,
    families::resnet::RESNET34,
    families::resnet::RESNET50,
    families::resnet::RESNET101,
    families::resnet::RESNET152,
    families::densenet::DENSENET121,
    families::densenet::DENSENET161,
    families::densenet::DENSENET169,
    families::densenet::DENSENET201,
    families::inception_v3::INCEPTION_V3,
    families::vgg::VGG11,
    families::vgg::VGG13,
    families::vgg::VGG16,
    families::vgg::VGG19,
    families::vgg::VGG11_BN,
    families::vgg::VGG13_BN,
    families::vgg::VGG16_BN,
    families::vgg::VGG19_BN,
    families::resnet::RESNET_SMALL,
    families::mobilenet_v2::MOBILENET_V2_SMALL,
    families::shufflenet_v2::SHUFFLENET_V2_SMALL,
    families::densenet::DENSENET_SMALL,
    families::vgg::VGG_SMALL,
    families::squeezenet::SQUEEZENET_SMALL,
];

/// Networks whose widths and depths are read off the shapes of a weight file's tensors: what none of [`NETWORKS`] fits.
pub const OTHERS: &[Architecture] = &[
    families::resnet::RESNET_OTHER,
    families::densenet::DENSENET_OTHER,
    families::mobilenet_v2::MOBILENET_V2_OTHER,
    families::vgg::VGG_OTHER,
    families::shufflenet_v2::SHUFFLENET_V2_OTHER,
    families::squeezenet::SQUEEZENET_OTHER,
    families::regnet::REGNET_OTHER,
    families::mobilenet_v2::MOBILENET_V2_TENSORFLOW,
];

/// What some of [`NETWORKS`] are without `transform_input`.
const WITHOUT_TRANSFORM: &[Architecture] = &[families::inception_v3::INCEPTION_V3_PLAIN];

impl Architecture {
    /// The same network with torchvision's `transform_input`, or without it; a network that has one form alone stays as it is.
    ///
    /// ```
    /// use cam_lucida::network::Architecture;
    ///
    /// let torchvisions = Architecture::named("inception_v3")?;
    /// let timms = torchvisions.with_transform_input(false);
    /// assert!(torchvisions.transform_input && !timms.transform_input);
    /// assert_eq!(timms.name, "inception_v3");
    /// # Ok::<(), cam_lucida::Error>(())
    /// ```
    pub fn with_transform_input(&'static self, transform_input: bool) -> &'static Self {
        let is_form = |form: &&Self| form.name == self.name && form.transform_input == transform_input;
        NETWORKS.iter().chain(WITHOUT_TRANSFORM).find(is_form).unwrap_or(self)
    }

    /// The library as in which it computes what tensors do not tell.
    pub(crate) fn library(&self) -> &'static str {
        if self.name == families::mobilenet_v2::MOBILENET_V2_TENSORFLOW.name {
            "transformers"
        } else {
            "torchvision"
        }
    }

    /// Whether there is a form [with `transform_input`, and one without](Self::with_transform_input).
    pub fn has_forms(&self) -> bool {
        WITHOUT_TRANSFORM.iter().any(|form| form.name == self.name)
    }

    /// Name and shape of the first convolution's weight, for pictures in colour: enough to tell most networks apart without
    /// a [`Blueprint`]. `source` supplies the sizes that the architecture leaves open.
    ///
    /// # Errors
    /// As [`blueprint`](Self::blueprint).
    pub fn stem(&self, source: &dyn Parameters) -> Result<Option<(String, [usize; 4])>> {
        let description = match self.design {
            Design::Classifier(describe) => describe(&Shapes::new(source))?,
            // Both look through the small ResNet.
            Design::Film | Design::Captioner => Description::new(families::resnet::small_features(), None),
        };
        Ok(description.stem())
    }

    /// Builds the network on `device`, taking each of its tensors from `parameters`.
    ///
    /// # Errors
    /// As [`Parameters::take`]; [`is_request`](crate::Error::is_request) when it needs words beside the picture, see
    /// [`check_task`](Self::check_task).
    pub fn load(&self, parameters: &mut dyn Parameters, device: &Device) -> Result<Box<dyn Network>> {
        match self.design {
            Design::Classifier(describe) => {
                let description = describe(&Shapes::new(parameters))?;
                description.load(&mut Loader::new(parameters, device))
            }
            Design::Film | Design::Captioner => Err(self.other_task()),
        }
    }

    /// The same of any network. One of language is asked nothing, or writes the first word of a caption: its layers are there.
    ///
    /// # Errors
    /// As [`Parameters::take`].
    pub fn load_unbound(&self, parameters: &mut dyn Parameters, device: &Device) -> Result<Box<dyn Network>> {
        Ok(match self.design {
            Design::Classifier(_) => self.load(parameters, device)?,
            Design::Film => Box::new(Arc::new(Film::load(parameters, device)?).bind(&[])?),
            Design::Captioner => Box::new(Arc::new(Captioner::load(parameters, device)?).bind(&[], 0)?),
        })
    }
}
