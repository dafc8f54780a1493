//! CAM.

use burn::tensor::Tensor;

use crate::cam::{Evidence, Method, Needs, Run, Target, combine};
use crate::{Error, Result};

/// Class activation mapping: learning deep features for discriminative localization (Zhou 2016,
/// <https://arxiv.org/abs/1512.04150>).
///
/// `ReLU(Σ_k W[c,k] A_k)`, with `A` the activation that global average pooling takes and `W` the weight of the
/// one linear layer that follows. Other heads have no CAM.
pub const METHOD: Method = Method {
    name: "cam",
    title: "CAM",
    summary: "channels weighted by the classifier's own weights; only where pooling and one linear layer follow",
    source: "Zhou 2016",
    needs: Needs::Activations,
    run: Run::Layer(map),
    ..Method::PLAIN
};

fn map(evidence: &Evidence) -> Result<Tensor<3>> {
    let layer = evidence.layer;
    let Some(head) = evidence.network.linear_head() else {
        return Err(Error::request(
            "CAM needs a network whose head is global average pooling and one linear layer, which this \
             one's is not; choose grad-cam, which equals CAM where CAM is defined",
        ));
    };
    if !head.layers.iter().any(|name| name == layer) {
        return Err(Error::request(format!(
            "CAM explains only the layer that is pooled, here `{}`, not `{layer}`; choose that layer, or grad-cam",
            head.layers[0]
        )));
    }
    if evidence.target == Target::Probability {
        return Err(Error::request(
            "CAM explains class scores before softmax or sigmoid; choose the target logit, contrast or counterfactual",
        ));
    }
    let factors = evidence.target.factors(&evidence.classes, &evidence.logits);
    let weights = factors.matmul(head.weight);
    Ok(combine::rectified_weighted_sum(weights, evidence.activations.clone()))
}
