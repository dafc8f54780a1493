//! What no tensor tells, once somebody states it: strides, pools, the order of colours, their values, and other channels than a
//! picture has. Expected logits are PyTorch's, of the same hashed weights (`tests/golden/hashed.py`); each case says of which network.

mod common;

use cam_lucida::cam::METHODS;
use cam_lucida::network::{Architecture, Variant};
use cam_lucida::picture::{ChannelOrder, Picture, Preprocess, Preprocessor};
use cam_lucida::weights::{Assumption, Card, Hashed, PreprocessorOverrides, ValueRange};
use cam_lucida::{Device, Error, Input, Model, ModelFile, Request, Size};
use common::weight_file::WeightFile;

const CLASSES: usize = 3;

/// A file of hashed weights, whose first convolution has a weight of another shape.
fn file(network: &str, stem: Option<(&str, [usize; 4])>) -> Vec<u8> {
    let mut file = WeightFile::hashed(Architecture::named(network).unwrap(), CLASSES);
    if let Some((name, shape)) = stem {
        let entry = file.entry(name);
        let fan_in: usize = shape[1..].iter().product();
        entry.values = Hashed::uniform(name, &shape, (6.0 / fan_in as f64).sqrt() as f32);
        entry.shape = shape.into();
    }
    file.bytes()
}

fn card(variant: Option<Variant>, side: usize) -> Card {
    let overrides = PreprocessorOverrides { size: Some(Size::square(side)), ..Default::default() };
    Card { variant, overrides, ..Card::default() }
}

fn read(card: Card, file: Vec<u8>) -> Result<ModelFile, Error> {
    ModelFile::read(&Device::cpu(), card, file)
}

fn notes(file: &ModelFile) -> Vec<&'static str> {
    file.notes().iter().map(|note| note.code()).collect()
}

fn assert_logits(model: &Model, input: &Input, expected: [f32; CLASSES]) {
    let scores = pollster::block_on(model.classify(input)).unwrap();
    let max = expected.iter().fold(1.0_f32, |max, logit| max.max(logit.abs()));
    for (found, wanted) in scores.logits.iter().zip(expected) {
        assert!((found - wanted).abs() <= 1e-4 * max, "{:?}, not {expected:?}", scores.logits);
    }
}

/// `hashed.signed("picture", (1, channels, side, side))`.
fn hashed_input(channels: usize, side: usize) -> Input {
    let values = Hashed::uniform("picture", &[1, channels, side, side], 1.0);
    Input::with_channels(channels, Size::square(side), values).unwrap()
}

/// ```python
/// def caffe(network):
///     for layer in (network.layer2, network.layer3, network.layer4):
///         layer[0].conv1.stride, layer[0].conv2.stride = (2, 2), (1, 1)
///
/// caffe(models.resnet50(num_classes=3))
/// rows = [[1, 16, 1, 1], [6, 24, 2, 1], [6, 32, 3, 2], [6, 64, 4, 2], [6, 96, 3, 1], [6, 160, 3, 2], [6, 320, 1, 1]]
/// network = models.MobileNetV2(width_mult=0.25, num_classes=3, inverted_residual_setting=rows)
/// network.features[0][0].stride = (1, 1)
/// network = models.resnet18(num_classes=3); network.conv1 = nn.Conv2d(3, 64, 3, 1, 1, bias=False)
/// network = models.densenet121(num_classes=3); network.features.conv0 = nn.Conv2d(3, 64, 3, 1, 1, bias=False)
/// # "torchvision": the same without what follows the first convolution
/// network.maxpool = network.features.pool0 = nn.Identity()
/// ```
#[test]
fn a_stated_variant_computes_what_pytorch_computes() {
    let (resnet, dense) = (("conv1.weight", [64, 3, 3, 3]), ("features.conv0.weight", [64, 3, 3, 3]));
    let [caffe, strides, pool] = [Variant::CaffeStrides, Variant::CifarStrides, Variant::CifarPool];
    let own = Variant::Torchvision;
    for (network, stem, variant, side, expected) in [
        ("resnet50", None, own, 64, [0.851886, 0.5751235, -0.9039221]),
        ("resnet50", None, caffe, 64, [0.8128319, 0.5835413, -0.8758458]),
        ("mobilenet_v2_x0_25", None, own, 32, [-0.0973449, -0.1957094, -0.09357695]),
        ("mobilenet_v2_x0_25", None, strides, 32, [0.1094075, -0.7316635, -0.4816968]),
        ("resnet18", Some(resnet), own, 32, [0.9716706, 0.2541378, -0.03758989]),
        ("resnet18", Some(resnet), pool, 32, [1.720007, 0.1009678, -0.4912714]),
        ("densenet121", Some(dense), own, 32, [-0.01920236, -0.03025794, -0.01101539]),
        ("densenet121", Some(dense), pool, 32, [0.02242719, -0.04161059, -0.1287761]),
    ] {
        let read = read(card(Some(variant), side), file(network, stem)).unwrap();
        assert_eq!(notes(&read), ["colours-assumed"], "{network} {variant}");
        let model = pollster::block_on(read.load()).unwrap();
        assert_logits(&model, &hashed_input(3, side), expected);
    }
}

/// Randomising keeps the variant: with all of its own tensors a model computes the same.
#[test]
fn a_model_of_other_tensors_keeps_its_variant() {
    let mut own = Hashed { classes: CLASSES };
    let architecture = Architecture::named("mobilenet_v2_x0_25").unwrap();
    let stated = Card { variant: Some(Variant::CifarStrides), ..Card::new(architecture) };
    let again = async {
        Model::from_parameters(&Device::cpu(), stated, &mut own).await?.with_parameters(&mut own).await
    };
    let model = pollster::block_on(again).unwrap();
    assert_eq!(model.card().variant, Some(Variant::CifarStrides));
    assert_logits(&model, &hashed_input(3, 32), [0.1094075, -0.7316635, -0.4816968]);
}

#[test]
fn the_note_of_what_is_stated_goes_and_no_other() {
    let weights = file("resnet50", None);
    let [strides, colours] = ["torchvision-assumed", "colours-assumed"];
    let found = |card: Card| notes(&read(card, weights.clone()).unwrap());
    let chosen = |overrides| found(Card { overrides, ..card(None, 64) });
    assert_eq!(found(card(None, 64)), [strides, colours]);
    assert_eq!(found(card(Some(Variant::CaffeStrides), 64)), [colours]);
    let (order, range) = (Some(ChannelOrder::Bgr), Some(ValueRange::Bytes));
    assert_eq!(
        chosen(PreprocessorOverrides { order, ..Default::default() }),
        [strides, "normalisation-assumed"]
    );
    assert_eq!(chosen(PreprocessorOverrides { range, ..Default::default() }), [strides, "order-assumed"]);
    assert_eq!(chosen(PreprocessorOverrides { order, range, ..Default::default() }), [strides]);
    // What a card only repeats is assumed, until somebody states it.
    let repeated = r#"{ "architecture": "resnet50", "variant": "torchvision", "assumed": ["strides"] }"#;
    let mut repeated = Card::read(repeated, None).unwrap();
    assert_eq!(found(repeated.clone()), [strides, colours]);
    repeated.state_variant(Variant::CaffeStrides);
    assert_eq!(found(repeated), [colours]);
}

#[test]
fn a_card_states_variant_and_order() {
    let card = Card::read(r#"{ "architecture": "resnet50", "variant": "caffe-strides" }"#, None).unwrap();
    assert_eq!(card.variant, Some(Variant::CaffeStrides));
    assert!(!card.assumes(Assumption::Strides));
    // Hugging Face's name of the same.
    let card = Card::read(r#"{ "model_type": "resnet", "downsample_in_bottleneck": true }"#, None).unwrap();
    assert_eq!(card.variant, Some(Variant::CaffeStrides));
    let error = Card::read(r#"{ "variant": "caffe" }"#, None).err().unwrap();
    assert!(error.is_weights() && error.to_string().contains("`caffe-strides`"), "{error}");
    let preprocessor =
        r#"{ "size": 64, "image_mean": [0, 0, 0], "image_std": [1, 1, 1], "do_flip_channel_order": true }"#;
    let card = Card::read("{}", Some(preprocessor)).unwrap();
    assert_eq!(card.preprocessor.unwrap().order, ChannelOrder::Bgr);
}

#[test]
fn a_variant_that_a_network_has_not_is_refused_by_name() {
    let small_stem = ("conv1.weight", [64, 3, 3, 3]);
    for (network, stem, variant, code, words) in [
        ("vgg11", None, Variant::CaffeStrides, "network-variant", "choose one of: torchvision"),
        ("resnet18", None, Variant::CaffeStrides, "network-variant", "torchvision, cifar-pool"),
        ("resnet50", None, Variant::CifarStrides, "network-variant", "no variant `cifar-strides`"),
        ("resnet50", None, Variant::CifarPool, "variant-without-small-stem", "3×3"),
        ("squeezenet1_1", None, Variant::CifarPool, "network-variant", "SqueezeNet"),
    ] {
        let error = read(card(Some(variant), 64), file(network, stem)).err().unwrap();
        assert!(error.is_weights() && error.to_string().contains(words), "{network}: {error}");
        assert!([code, "network-misfit", "other-network"].contains(&error.code()), "{network}: {error:?}");
    }
    // The weights of this one are of another size, so that it may have bottlenecks, and has none.
    let mut wide = WeightFile::hashed(Architecture::named("resnet18").unwrap(), CLASSES);
    wide.0.retain(|entry| !entry.name.starts_with("layer4.1."));
    let error = read(card(Some(Variant::CaffeStrides), 64), wide.bytes()).err().unwrap();
    assert!(error.to_string().contains("has none"), "{error}");
    assert!(read(card(Some(Variant::CifarPool), 64), file("resnet18", Some(small_stem))).is_ok());
}

/// `wild.py` saved a whole ResNet with Caffe's strides; that its logits are PyTorch's is tested with the other files there.
#[test]
fn a_file_that_was_saved_whole_tells_its_strides() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/weights/wild/told-caffe.pth");
    let bytes = std::fs::read(path).unwrap();
    assert_eq!(read(card(None, 64), bytes.clone()).unwrap().variant(), Some(Variant::CaffeStrides));
    let error = read(card(Some(Variant::Torchvision), 64), bytes).err().unwrap();
    assert!(error.to_string().contains("stride [2, 2]"), "{error}");
}

/// ```python
/// rgb = np.floor(255.99 * hashed.uniform("pixels", (64, 64, 3)).astype(np.float64)).astype(np.uint8)
/// x = torch.from_numpy(rgb[:, :, ::-1].astype(np.float32) - np.float32([103.939, 116.779, 123.68]))
/// hashed.load(models.resnet18(num_classes=3)).eval()(x.permute(2, 0, 1)[None])
/// ```
#[test]
fn blue_first_and_values_to_255_are_what_caffes_networks_take() {
    let unit = Hashed::uniform("pixels", &[64, 64, 3], 1.0).into_iter().map(|v| (f64::from(v) + 1.0) / 2.0);
    let picture = Picture::new(Size::square(64), unit.map(|u| (255.99 * u) as u8).collect()).unwrap();
    assert_eq!(picture.rgb()[..6], [138, 145, 183, 92, 21, 235]);
    let overrides = PreprocessorOverrides {
        size: Some(Size::square(64)),
        mean: Some([123.68, 116.779, 103.939]),
        range: Some(ValueRange::Bytes),
        order: Some(ChannelOrder::Bgr),
        ..Default::default()
    };
    let read = read(Card { overrides, ..Card::default() }, file("resnet18", None)).unwrap();
    assert_eq!(notes(&read), ["torchvision-assumed"]);
    let model = pollster::block_on(read.load()).unwrap();
    let input = model.input(&picture, Preprocess::Squash).unwrap();
    let first = [79.061, 131.061, 9.061];
    assert!(input.values().iter().zip(first).all(|(found, wanted)| (found - wanted).abs() < 1e-3));
    assert_logits(&model, &input, [285.1088, -25.73593, -54.16636]);
    assert_eq!(model.picture(&input), picture);
}

#[test]
fn means_of_values_to_255_are_refused_with_what_says_so() {
    let mut card = card(None, 64);
    card.overrides.mean = Some([123.68, 116.779, 103.939]);
    let error = card.preprocessor_for(Architecture::named("resnet18").unwrap()).unwrap_err();
    assert!(error.to_string().contains("--value-range 0-255"), "{error}");
}

/// ```python
/// network = models.resnet18(num_classes=3); network.conv1 = nn.Conv2d(11, 64, 7, 2, 3, bias=False)
/// ```
#[test]
fn networks_of_other_channels_explain_numbers() {
    let read = read(card(None, 64), file("resnet18", Some(("conv1.weight", [64, 11, 7, 7])))).unwrap();
    assert_eq!(notes(&read), ["input-by-numbers", "torchvision-assumed"]);
    assert_eq!(read.check_pictures().unwrap_err().code(), "input-channels");
    let model = pollster::block_on(read.load()).unwrap();
    let input = hashed_input(11, 64);
    assert_logits(&model, &input, [2.168055, -0.1983644, -0.5312488]);
    let grey = Picture::new(Size::square(64), vec![128; 3 * 64 * 64]).unwrap();
    let error = model.input(&grey, Preprocess::Squash).unwrap_err();
    assert!(
        error.code() == "input-channels" && error.to_string().contains("float32 [11, height, width]"),
        "{error}"
    );
    let error = pollster::block_on(model.classify(&hashed_input(3, 64))).unwrap_err();
    assert!(error.to_string().contains("the input has 3 channels"), "{error}");
}

#[test]
fn every_method_explains_numbers_of_other_channels_and_every_map_can_be_drawn() {
    let file = file("resnet_small", Some(("conv1.weight", [16, 11, 3, 3])));
    let model = pollster::block_on(read(card(None, 64), file).unwrap().load()).unwrap();
    let input = hashed_input(11, 64);
    let view = model.picture(&input);
    for method in METHODS {
        let mut request = Request { methods: vec![method], ..Request::default() };
        for setting in
            method.settings.iter().filter(|setting| ["samples", "masks", "steps"].contains(&setting.name))
        {
            request.settings = format!("{}=2", setting.name).parse().unwrap();
        }
        let explanation = pollster::block_on(model.explain(&input, &request));
        let explanation = explanation.unwrap_or_else(|error| panic!("{}: {error}", method.name));
        let heatmap = &explanation.heatmaps[0];
        let style = heatmap.fit_style(Default::default());
        let drawn = pollster::block_on(heatmap.draw(&view, &style)).unwrap();
        assert_eq!(drawn.size(), view.size(), "{}", method.name);
    }
}

/// By hand: the means of two channels are 0, 1, 2, 3 and so on, of which the smallest is black and the largest white.
#[test]
fn an_overlay_of_other_channels_shows_their_mean_in_grey() {
    let model = pollster::block_on(
        read(card(None, 64), file("resnet18", Some(("conv1.weight", [64, 2, 7, 7])))).unwrap().load(),
    )
    .unwrap();
    let pixels = 64 * 64;
    let first = (0..pixels).map(|at| 2.0 * at as f32 + 7.0);
    let values = first.chain(std::iter::repeat_n(-7.0, pixels)).collect();
    let picture = model.picture(&Input::with_channels(2, Size::square(64), values).unwrap());
    for (at, rgb) in picture.rgb().chunks_exact(3).enumerate() {
        let wanted = 255.0 * at as f64 / (pixels - 1) as f64;
        assert!(rgb.iter().all(|&value| (f64::from(value) - wanted).abs() <= 0.51), "{at}: {rgb:?}");
    }
}

/// Grey networks take their own channel, too.
#[test]
fn a_grey_network_takes_one_channel_or_colours() {
    let grey = file("resnet18", Some(("conv1.weight", [64, 1, 7, 7])));
    let model = pollster::block_on(read(card(None, 64), grey).unwrap().load()).unwrap();
    let one = hashed_input(1, 64);
    let three = Input::new(one.size(), one.values().repeat(3)).unwrap();
    let scores = [&one, &three].map(|input| pollster::block_on(model.classify(input)).unwrap().logits);
    // The weights of the colours add up to 1.
    assert!(scores[0].iter().zip(&scores[1]).all(|(one, three)| (one - three).abs() < 1e-4), "{scores:?}");
    assert_eq!(model.preprocessor().order, Preprocessor::imagenet(64).order);
}
