//! CAM.

use crate::Result;
use crate::cam::{LayerActivations, Method, Needs, Output, Run, Weighting};
use crate::error::error;

/// Class activation mapping: learning deep features for discriminative localization (Zhou 2016,
/// <https://arxiv.org/abs/1512.04150>).
///
/// `ReLU(Σ_k W[c,k] A_k)`, with `A` the activation that global average pooling takes and `W` the weight of the one
/// linear layer that follows. Networks with another head have no CAM.
pub static METHOD: Method = Method {
    name: "cam",
    title: "CAM",
    summary: "channels weighted by the classifier's own weights; needs a network that ends in pooling and one linear layer",
    source: "Zhou 2016",
    presets: &[],
    settings: &[],
    needs: Needs::Activations,
    output: Output::Map,
    run: Run::Weights(weights),
};

fn weights(layer: &LayerActivations) -> Result<Weighting> {
    let Some(head) = layer.network.linear_head() else {
        return Err(error!(
            Request,
            "cam-without-linear-head",
            "CAM needs a network that ends in global average pooling and one linear layer, but this one does not; \
             choose grad-cam, which equals CAM where CAM is defined"
        ));
    };
    if !head.layers.iter().any(|name| name == layer.name) {
        return Err(error!(
            Request,
            "cam-layer",
            "CAM explains only the layer that is pooled, here `{pooled}`, not `{layer}`; choose that layer, or grad-cam",
            pooled = head.layers[0],
            layer = layer.name
        ));
    }
    if !layer.target.is_linear() {
        return Err(error!(
            Request,
            "cam-probability",
            "CAM explains class scores before softmax or sigmoid; choose the target logit, contrast or counterfactual"
        ));
    }
    let factors = layer.target.factors(&layer.classes, &layer.logits);
    Ok(Weighting::Channels(factors.matmul(head.weight)))
}
