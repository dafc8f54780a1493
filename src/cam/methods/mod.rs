//! The catalogue: each file holds one method, and [`METHODS`] lists them all. The folder above holds their machinery.

mod ablation_cam;
mod augmented_grad_cam;
mod class_activation;
mod deconvnet;
mod eigen_cam;
mod element_wise;
mod grad_cam;
mod grad_cam_pp;
mod gradient;
mod gradient_x_input;
mod guided_backprop;
mod guided_grad_cam;
mod guided_grad_cam_pp;
mod hires_cam;
mod integrated_grad_cam;
mod integrated_gradients;
mod is_cam;
mod layer_cam;
mod occlusion;
mod rise;
mod score_cam;
mod smooth_grad;
mod smooth_grad_cam_pp;
mod ss_cam;
mod xgrad_cam;

use super::Method;

/// The methods whose map is the same whatever class is explained.
pub(super) static CLASSLESS: &[&Method] = &[&eigen_cam::METHOD];

/// Every method, in the order in which menus offer them.
pub static METHODS: &[&Method] = &[
    &grad_cam::METHOD,
    &grad_cam_pp::METHOD,
    &class_activation::METHOD,
    &layer_cam::METHOD,
    &hires_cam::METHOD,
    &xgrad_cam::METHOD,
    &element_wise::METHOD,
    &eigen_cam::METHOD,
    &smooth_grad_cam_pp::METHOD,
    &integrated_grad_cam::METHOD,
    &augmented_grad_cam::METHOD,
    &score_cam::METHOD,
    &ss_cam::METHOD,
    &is_cam::METHOD,
    &ablation_cam::METHOD,
    &occlusion::METHOD,
    &rise::METHOD,
    &guided_backprop::METHOD,
    &guided_grad_cam::METHOD,
    &guided_grad_cam_pp::METHOD,
    &deconvnet::METHOD,
    &gradient::METHOD,
    &gradient_x_input::METHOD,
    &smooth_grad::METHOD,
    &integrated_gradients::METHOD,
];
