//! What each layer takes: told by its shapes, and in agreement with what it computes.

use std::cell::Cell;
use std::ops::ControlFlow;

use burn::tensor::Tensor;
use cam_lucida::cam::Progress;
use cam_lucida::network::{Architecture, Network, Tap};
use cam_lucida::weights::{Card, Hashed};
use cam_lucida::{Device, Model, Profile};

fn network(name: &str) -> Box<dyn Network> {
    let architecture = Architecture::named(name).unwrap();
    architecture.load(&mut Hashed { classes: 1000 }, Device::cpu().tensors()).unwrap()
}

#[test]
fn vgg16_multiplies_as_often_as_by_hand() {
    // Channels in and out, and the side of the output, of each convolution through 3 × 3 pixels.
    let convolutions = [
        [3, 64, 224],
        [64, 64, 224],
        [64, 128, 112],
        [128, 128, 112],
        [128, 256, 56],
        [256, 256, 56],
        [256, 256, 56],
        [256, 512, 28],
        [512, 512, 28],
        [512, 512, 28],
        [512, 512, 14],
        [512, 512, 14],
        [512, 512, 14],
    ];
    let products = convolutions.map(|[inputs, outputs, side]| inputs * outputs * 9 * side * side);
    let linear = [512 * 7 * 7 * 4096, 4096 * 4096, 4096 * 1000];
    let network = network("vgg16");
    let found: Vec<usize> = network.parts([224; 2]).iter().map(|part| part.products).collect();
    let found: Vec<usize> = found.into_iter().filter(|products| *products > 0).collect();
    assert_eq!(found, [&products[..], &linear].concat());
}

/// `num_params` and `_ops` of torchvision's weights, `IMAGENET1K_V1`: billions of multiplications with an addition each.
#[test]
fn sums_over_layers_are_torchvisions() {
    let published = [
        ("resnet50", 25_557_032, 4.089),
        ("mobilenet_v2", 3_504_872, 0.301),
        ("densenet121", 7_978_856, 2.834),
        ("squeezenet1_1", 1_235_496, 0.349),
        ("shufflenet_v2_x1_0", 2_278_604, 0.145),
    ];
    for (name, parameters, billions) in published {
        let network = network(name);
        let parts = network.parts([224; 2]);
        assert_eq!(parts.iter().map(|part| part.weights).sum::<usize>(), parameters, "{name}");
        let products = parts.iter().map(|part| part.products).sum::<usize>() as f64 / 1e9;
        assert!((products - billions).abs() <= 0.0005, "{name}: {products}");
    }
}

#[test]
fn each_layer_by_itself_puts_out_the_shape_that_it_tells() {
    let tensors = Device::cpu();
    for name in [
        "resnet_small",
        "mobilenet_v2_small",
        "shufflenet_v2_small",
        "densenet_small",
        "vgg_small",
        "squeezenet_small",
        "inception_v3",
    ] {
        let network = network(name);
        let mut tap = Tap::default();
        network.forward(Tensor::zeros([1, 3, 96, 80], tensors.tensors()), &mut tap);
        let mut named = 0;
        for part in network.parts([96, 80]) {
            let ([k, h, w], [channels, rows, columns]) = (part.input, part.output);
            let y = part.forward(Tensor::zeros([1, k, h, w], tensors.tensors()));
            assert_eq!(y.dims(), [1, channels, rows, columns], "{name}: {}", part.name);
            if let Some(layer) = tap.layers().iter().find(|layer| layer.name == part.name) {
                assert_eq!(layer.shape, part.output, "{name}: {}", part.name);
                named += 1;
            }
        }
        assert!(named > 20, "{name}: {named} layers are known to the tap");
        assert!(network.parts([1, 1]).is_empty() || network.min_side() == 1, "{name}");
    }
}

#[test]
fn a_profile_has_every_layer_and_its_bytes() {
    pollster::block_on(async {
        let card = Card::new(Architecture::named("squeezenet_small").unwrap());
        let model = Model::from_parameters(&Device::cpu(), card, &mut Hashed { classes: 3 }).await.unwrap();
        let heard = Cell::new(0);
        let watch = |Progress { total, .. }: Progress| {
            heard.set(heard.get() + 1);
            if heard.get() > total { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let profile = model.profile(1, &watch).await.unwrap();
        let names: Vec<&str> = profile.layers.iter().map(|layer| layer.name.as_str()).collect();
        let convolutions = model.layers().iter().filter(|layer| layer.name.ends_with("squeeze"));
        assert!(convolutions.clone().count() > 2);
        assert!(convolutions.clone().all(|layer| names.contains(&layer.name.as_str())), "{names:?}");
        let first = &profile.layers[0];
        let [k, h, w] = first.output;
        let size = model.preprocessor().size;
        let weights = first.flops / 2 / (h * w);
        // With a bias for each channel.
        let numbers = 3 * size.height * size.width + k * h * w + weights + k;
        assert_eq!(first.bytes, 4 * numbers);
        assert!(profile.layers.iter().all(|layer| layer.forward > 0.0 && layer.backward > 0.0));
        // Each layer and the whole was told; then it is to end.
        assert_eq!(heard.get(), profile.layers.len() + 1);
        assert!(model.profile(1, &watch).await.unwrap_err().is_cancelled());
        for runs in [0, Profile::MAX_RUNS + 1, usize::MAX] {
            assert_eq!(model.profile(runs, &watch).await.unwrap_err().code(), "profile-runs");
        }
    });
}
