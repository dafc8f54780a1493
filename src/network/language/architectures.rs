//! The networks of language as entries of a table, beside those that classify.

use super::{Captioner, Film};
use crate::network::task::Design;
use crate::network::{Architecture, Variant};

/// Networks that read or write words.
pub const NETWORKS: &[Architecture] = &[
    Architecture {
        name: Film::NAME,
        title: "FiLM, small",
        paper: "Perez 2018",
        default_layer: Film::DEFAULT_LAYER,
        size: 96,
        transform_input: false,
        variants: Variant::ONE,
        design: Design::Film,
    },
    Architecture {
        name: Captioner::NAME,
        title: "Show, Attend and Tell, small",
        paper: "Xu 2015",
        // That of the first word.
        default_layer: "read.0",
        size: 96,
        transform_input: false,
        variants: Variant::ONE,
        design: Design::Captioner,
    },
];
