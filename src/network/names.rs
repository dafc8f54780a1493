//! Names of networks: those of the tables, and those that torchvision and timm publish weights under.

use super::{Architecture, NETWORKS, OTHERS, language};
use crate::Result;
use crate::error::{error, unknown};

/// Published names, and the network of the tables that each stands for.
const ALIASES: &[(&str, &str)] = &[
    ("mobilenetv2_035", "mobilenet_v2_other"),
    ("mobilenetv2_050", "mobilenet_v2_x0_5"),
    ("mobilenetv2_075", "mobilenet_v2_x0_75"),
    ("mobilenetv2_100", "mobilenet_v2"),
    ("mobilenetv2_110d", "mobilenet_v2_other"),
    ("mobilenetv2_120d", "mobilenet_v2_other"),
    ("mobilenetv2_140", "mobilenet_v2_x1_4"),
    ("regnet_x_400mf", "regnet_other"),
    ("regnet_x_800mf", "regnet_other"),
    ("regnet_x_1_6gf", "regnet_other"),
    ("regnet_x_3_2gf", "regnet_other"),
    ("regnet_x_8gf", "regnet_other"),
    ("regnet_x_16gf", "regnet_other"),
    ("regnet_x_32gf", "regnet_other"),
    ("resnet26", "resnet_other"),
    ("resnext50_32x4d", "resnet_other"),
    ("resnext101_32x4d", "resnet_other"),
    ("resnext101_32x8d", "resnet_other"),
    ("resnext101_64x4d", "resnet_other"),
    ("wide_resnet50_2", "resnet_other"),
    ("wide_resnet101_2", "resnet_other"),
];

/// How the names of networks start whose sizes the shapes of a weight file tell.
const FAMILIES: [&str; 10] = [
    "densenet",
    "mobilenet_v2",
    "mobilenetv2",
    "regnet",
    "resnet",
    "resnext",
    "shufflenet_v2",
    "squeezenet",
    "vgg",
    "wide_resnet",
];

impl Architecture {
    /// The network called `name`, by torchvision or timm. timm's tag of the weights, after a dot, is left out.
    ///
    /// A few published names, such as `wide_resnet50_2`, give an entry of [`OTHERS`], which fits every network of the
    /// family. The weight file alone then decides the sizes: nothing checks it against the name.
    ///
    /// # Errors
    /// [`is_request`](crate::Error::is_request), with the names that exist.
    ///
    /// ```
    /// use cam_lucida::network::Architecture;
    ///
    /// assert_eq!(Architecture::named("resnet50.tv_in1k")?.name, "resnet50");
    /// assert_eq!(Architecture::named("mobilenetv2_100")?.name, "mobilenet_v2");
    /// assert_eq!(Architecture::named("wide_resnet50_2")?.name, "resnet_other");
    /// # Ok::<(), cam_lucida::Error>(())
    /// ```
    pub fn named(name: &str) -> Result<&'static Self> {
        let untagged = untagged(name);
        let alias = ALIASES.iter().find(|(alias, _)| *alias == untagged);
        let wanted = alias.map_or(untagged, |(_, network)| network);
        let mut networks = NETWORKS.iter().chain(OTHERS).chain(language::NETWORKS);
        let names = networks.clone().map(|network| network.name);
        networks.find(|network| network.name == wanted).ok_or_else(|| {
            // Aliases would crowd out the listed networks where nothing is alike.
            let aliases = ALIASES.iter().filter(|_| is_of_a_family(untagged)).map(|(alias, _)| *alias);
            unknown("network", name, names.chain(aliases))
        })
    }

    /// Other names that [`named`](Self::named) takes for this network.
    ///
    /// ```
    /// use cam_lucida::network::Architecture;
    ///
    /// assert!(Architecture::named("mobilenet_v2")?.aliases().eq(["mobilenetv2_100"]));
    /// # Ok::<(), cam_lucida::Error>(())
    /// ```
    pub fn aliases(&self) -> impl Iterator<Item = &'static str> {
        ALIASES.iter().filter(|(_, network)| *network == self.name).map(|(alias, _)| *alias)
    }

    /// The network that a model card calls `name`; `None` where the name tells the family, and the weight file the sizes.
    ///
    /// # Errors
    /// As [`named`](Self::named).
    pub fn from_card(name: &str) -> Result<Option<&'static Self>> {
        let untagged = untagged(name);
        match Self::named(untagged) {
            Ok(network) if network.needs_weight_file() && network.name != untagged => Ok(None),
            Err(_) if is_of_a_family(untagged) => Ok(None),
            found => found.map(Some),
        }
    }

    /// Checks that the network can be built without a weight file: it is one of [`NETWORKS`].
    ///
    /// # Errors
    /// [`is_request`](crate::Error::is_request) when its sizes are read off a weight file: it is one of [`OTHERS`].
    pub fn check_sizes_known(&self) -> Result<()> {
        if !self.needs_weight_file() {
            return Ok(());
        }
        Err(error!(
            Request,
            "weight-file-needed",
            "the sizes of {title} ({network}) are read off its weights, so a weight file is needed",
            title = self.title,
            network = self.name
        ))
    }

    fn needs_weight_file(&self) -> bool {
        OTHERS.iter().any(|network| network.name == self.name)
    }
}

/// `name` without timm's tag of the weights.
pub(crate) fn untagged(name: &str) -> &str {
    name.split('.').next().unwrap_or(name)
}

/// Whether `name` starts as the names of a family do.
fn is_of_a_family(name: &str) -> bool {
    FAMILIES.iter().any(|family| name.starts_with(family))
}
