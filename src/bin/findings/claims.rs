//! What others have found, and whether these figures say so too.

use cam_lucida::train::{RECIPES, WorldKind};

use crate::comparison::{Unit, even, judge};
use crate::estimate::Sample;
use crate::survey::{Figure, Survey};

/// The three families of the paper, by the small networks that stand for them.
const DENSENET: &str = "densenet_small";
const RESNET: &str = "resnet_small";
const VGG: &str = "vgg_small";

/// The methods of its conclusions, by their titles.
const GRAD_CAM: &str = "Grad-CAM";
const GRAD_CAM_PP: &str = "Grad-CAM++";
const GUIDED: &str = "Guided backpropagation";

/// A conclusion, and for each thing that it says of these figures a sentence.
pub struct Conclusion {
    /// The conclusion, in the words of the one who drew it.
    pub claim: &'static str,
    /// What the figures say.
    pub sentences: Vec<String>,
}

/// The conclusions of the Grad-CAM reproduction, beside `surveys`.
pub fn conclusions(surveys: &[Survey]) -> Vec<Conclusion> {
    let covers = |more: &'static str, less: &'static str| {
        let what =
            format!("{GRAD_CAM}'s maps cover more of the object on {} than on {}", title(more), title(less));
        let covered = |network| sample(surveys, network, GRAD_CAM, Figure::Covered);
        judge(&what, Unit::Share, covered(more), covered(less))
    };
    let gains = surveys.iter().map(|survey| {
        let network = survey.recipe.network;
        let what =
            format!("{GRAD_CAM_PP} covers more of several instances than {GRAD_CAM} on {}", title(network));
        let covered = |method| sample(surveys, network, method, Figure::Instances);
        judge(&what, Unit::Share, covered(GRAD_CAM_PP), covered(GRAD_CAM))
    });
    let others = surveys.iter().map(|survey| survey.recipe.network).filter(|network| *network != VGG);
    let mostly = others.map(|other| {
        let what =
            format!("{GRAD_CAM_PP} gains more over {GRAD_CAM} on {} than on {}", title(VGG), title(other));
        judge(&what, Unit::Share, gain(surveys, VGG), gain(surveys, other))
    });
    let guided = |survey: &Survey| {
        let network = survey.recipe.network;
        let of = |method, figure| sample(surveys, network, method, figure);
        let on = title(network);
        let outline = format!(
            "{GUIDED} is stronger on the object's outline than within, compared with {GRAD_CAM}, on {on}"
        );
        let blind =
            format!("{GUIDED} tells the class's objects less from another's than {GRAD_CAM} does, on {on}");
        [
            judge(&outline, Unit::Share, of(GUIDED, Figure::Outline), of(GRAD_CAM, Figure::Outline)),
            judge(&blind, Unit::Share, of(GRAD_CAM, Figure::Own), of(GUIDED, Figure::Own)),
            even(&format!("{GUIDED} does not tell them apart at all, on {on}"), of(GUIDED, Figure::Own)),
        ]
    };
    vec![
        Conclusion {
            claim: "DenseNet covers more of the object than ResNet, and ResNet more than VGG.",
            sentences: vec![covers(DENSENET, RESNET), covers(RESNET, VGG)],
        },
        Conclusion {
            claim: "Grad-CAM++ covers several instances better, mostly on VGG.",
            sentences: gains.chain(mostly).collect(),
        },
        Conclusion {
            claim: "Guided backpropagation outlines the object, and is not class-discriminative.",
            sentences: surveys.iter().flat_map(guided).collect(),
        },
    ]
}

fn sample(surveys: &[Survey], network: &'static str, method: &str, figure: Figure) -> Result<Sample, String> {
    let survey = surveys.iter().find(|survey| survey.recipe.network == network);
    let survey = survey.ok_or_else(|| format!("the network {} is not among the models", title(network)))?;
    if !survey.methods.contains(&method) {
        return Err(format!("the method {method} was not measured"));
    }
    Ok(survey.sample(method, figure))
}

/// What Grad-CAM++ covers of several instances beyond what Grad-CAM covers.
fn gain(surveys: &[Survey], network: &'static str) -> Result<Sample, String> {
    let covered = |method| sample(surveys, network, method, Figure::Instances);
    Ok(covered(GRAD_CAM_PP)?.minus(&covered(GRAD_CAM)?))
}

/// How the network is called among the models.
fn title(network: &'static str) -> &'static str {
    let model = RECIPES.iter().find(|recipe| recipe.network == network && recipe.world == WorldKind::Objects);
    model.map_or(network, |recipe| recipe.title)
}
