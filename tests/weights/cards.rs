//! Model cards: what they say counts, what they do not say is told, and what they cannot mean is refused.

use cam_lucida::network::Architecture;
use cam_lucida::picture::{ChannelOrder, Interpolation, Preprocess, Preprocessor};
use cam_lucida::weights::{Assumption, Card, Hashed, MAX_TEXT_BYTES, PreprocessorOverrides, ValueRange};
use cam_lucida::{Device, Input, Model, ModelFile, Problem, Size};
use strum::VariantArray;

use crate::common::weight_file::WeightFile;
use crate::{NETWORK, architecture};

#[test]
fn a_card_that_names_a_class_twice_is_refused() {
    let error = Card::read(r#"{ "id2label": { "0": "cat", "0": "dog" } }"#, None).err().unwrap();
    assert!(error.to_string().contains("class 0 twice, `cat` and `dog`"), "{error}");
}

/// What leaves no trace in tensors: the file alone would be read silently wrong.
#[test]
fn a_card_of_a_variant_that_tensors_do_not_tell_is_refused() {
    for network in ["resnetaa50", "resnetblur50.bt_in1k", "densenetblur121d"] {
        let config = format!(r#"{{ "architecture": "{network}" }}"#);
        let error = Card::read(&config, None).err().unwrap_or_else(|| panic!("{config}"));
        assert!(error.code() == "card-variant" && error.to_string().contains(network), "{config}: {error}");
    }
    for (config, words) in [
        (r#"{ "model_type": "resnet", "hidden_act": "gelu" }"#, r#"`hidden_act` is "gelu", and only "relu""#),
        (r#"{ "model_type": "mobilenet_v2", "hidden_act": "gelu" }"#, r#"only "relu6""#),
        (r#"{ "model_type": "mobilenet_v2", "tf_padding": false }"#, "`tf_padding` is false, and only true"),
        (r#"{ "model_type": "mobilenet_v2", "layer_norm_eps": 0.00001 }"#, "only 0.001"),
        (r#"{ "model_type": "mobilenet_v2", "output_stride": 8 }"#, "`output_stride` is 8, and only 32"),
        (r#"{ "model_type": "regnet", "downsample_in_first_stage": false }"#, "only true"),
        (r#"{ "model_type": "resnet", "downsample_in_first_stage": true }"#, "only false"),
        (r#"{ "architecture": "resnet50", "global_pool": "max" }"#, r#"`global_pool` is "max""#),
    ] {
        let error = Card::read(config, None).err().unwrap_or_else(|| panic!("{config}"));
        assert!(error.code() == "card-setting" && error.to_string().contains(words), "{config}: {error}");
    }
    for config in [
        r#"{ "architecture": "resnet50", "model_args": { "in_chans": 1 } }"#,
        r#"{ "model_type": "resnet", "downsample_in_bottleneck": false, "num_labels": 2 }"#,
        r#"{ "model_type": "mobilenet_v2", "tf_padding": true, "layer_norm_eps": 0.001, "output_stride": 32, "hidden_act": "relu6" }"#,
        r#"{ "model_type": "regnet", "downsample_in_first_stage": true, "hidden_act": "relu" }"#,
    ] {
        assert!(Card::read(config, None).is_ok(), "{config}");
    }
}

/// timm's settings: those that change nothing that tensors do not tell, and the network's own, count as nothing.
#[test]
fn timms_settings_are_refused_where_they_change_what_tensors_do_not_tell() {
    let read = |network: &str, settings: &str| {
        let config = format!(r#"{{ "architecture": "{network}", "model_args": {{ {settings} }} }}"#);
        Card::read(&config, None).map(drop)
    };
    for (network, settings) in [
        (
            "resnet50",
            r#""act_layer": "relu", "norm_layer": "batchnorm2d", "aa_layer": null, "output_stride": 32"#,
        ),
        ("resnet50", r#""stem_type": "", "avg_down": true, "replace_stem_pool": false, "block_args": {}"#),
        (
            "resnet50",
            r#""global_pool": "avg", "drop_rate": 0.2, "drop_path_rate": 0.1, "zero_init_last": false"#,
        ),
        ("resnext50_32x4d", r#""cardinality": 32, "base_width": 4, "layers": [3, 4, 6, 3], "in_chans": 1"#),
        ("mobilenetv2_100", r#""act_layer": "relu6", "bn_eps": 1e-05, "bn_tf": false, "pad_type": """#),
        ("mobilenetv2_050", r#""channel_multiplier": 0.5, "fix_stem_head": true, "bn_momentum": 0.01"#),
        (
            "regnetx_002",
            r#""downsample": "conv1x1", "linear_out": false, "preact": false, "norm_layer": "batchnorm""#,
        ),
        ("inception_v3", r#""norm_eps": 0.001, "aux_logits": true, "act_layer": "relu""#),
        (
            "densenet121",
            r#""memory_efficient": true, "growth_rate": 32, "proj_drop_rate": 0.1, "aa_stem_only": true"#,
        ),
        ("vgg11", r#""mlp_ratio": 0.5, "num_classes": 7"#),
    ] {
        assert!(
            read(network, settings).is_ok(),
            "{network}, {settings}: {}",
            read(network, settings).unwrap_err()
        );
    }
    for (network, settings, found, allowed) in [
        ("resnet50", r#""act_layer": "silu""#, "`model_args.act_layer` is \"silu\"", "only \"relu\""),
        ("mobilenetv2_100", r#""act_layer": "relu""#, "\"relu\"", "only \"relu6\""),
        ("resnet50", r#""aa_layer": "blurpc""#, "blurpc", "only \"\""),
        ("resnet50", r#""norm_layer": "groupnorm""#, "groupnorm", "\"batchnorm2d\""),
        ("resnet50", r#""output_stride": 8"#, "is 8", "only 32"),
        ("resnet50", r#""replace_stem_pool": true"#, "is true", "only false"),
        ("resnet50", r#""stem_type": "deep""#, "deep", "only \"\""),
        ("resnet50", r#""block_args": { "attn_layer": "se" }"#, "attn_layer", "only {}"),
        ("resnet50", r#""global_pool": "catavgmax""#, "catavgmax", "\"avg\""),
        ("resnet50", r#""bn_eps": 0.001"#, "is 0.001", "only 0.00001"),
        ("mobilenetv2_100", r#""bn_tf": true"#, "is true", "only false"),
        ("mobilenetv2_100", r#""pad_type": "same""#, "same", "only \"\""),
        ("regnetx_002", r#""downsample": "avg""#, "avg", "only \"conv1x1\""),
        ("regnetx_002", r#""linear_out": true"#, "is true", "only false"),
        ("inception_v3", r#""norm_eps": 1e-05"#, "0.00001", "only 0.001"),
    ] {
        let error = read(network, settings).err().unwrap_or_else(|| panic!("{network}, {settings}"));
        assert_eq!(error.code(), "card-setting", "{settings}: {error}");
        for word in [found, allowed, "choose weights"] {
            assert!(error.to_string().contains(word), "{settings}: “{error}” does not say “{word}”");
        }
    }
    for settings in [r#""cfg": [64, "M"]"#, r#""conv_layer": "blur""#, r#""never_heard_of": 1"#] {
        let error = read("vgg11", settings).unwrap_err();
        assert!(error.code() == "card-setting-unknown" && error.to_string().contains("remove it"), "{error}");
    }
}

const CONFIG: &str = r#"{ "architecture": "resnet18", "num_classes": 2 }"#;

#[test]
fn hugging_faces_form_of_a_card_is_read() {
    let config = r#"{
        "architecture": "resnet18", "id2label": { "1": "dog", "0": "cat" }, "num_classes": 2,
        "problem_type": "multi_label_classification", "model_type": "cam-lucida"
    }"#;
    let preprocessor = |size: &str| {
        format!(r#"{{ "size": {size}, "image_mean": [0.5, 0.25, 0.75], "image_std": [0.25, 0.5, 1] }}"#)
    };
    for size in ["96", r#"{ "height": 96, "width": 96 }"#, r#"{ "shortest_edge": 96 }"#] {
        let card = Card::read(config, Some(&preprocessor(size))).unwrap();
        assert_eq!(card.architecture.unwrap().name, "resnet18");
        assert_eq!((card.classes, card.labels), (Some(2), Some(["cat", "dog"].map(String::from).to_vec())));
        assert_eq!(card.problem, Some(Problem::MultiLabel));
        let (mean, std) = ([0.5, 0.25, 0.75], [0.25, 0.5, 1.0]);
        let interpolation = Interpolation::Bilinear;
        assert_eq!(card.preprocessor, Some(Preprocessor { mean, std, interpolation, ..sized(96, 96) }));
    }
}

/// What an image processor cuts out is the input.
#[test]
fn what_an_image_processor_cuts_out_is_the_input() {
    let read = |more: &str| {
        let text = format!(
            r#"{{ "size": {{ "shortest_edge": 256 }}, "image_mean": [0, 0, 0], "image_std": [1, 1, 1], {more} }}"#
        );
        Card::read(CONFIG, Some(&text)).map(|card| card.preprocessor.unwrap())
    };
    let crop = r#""crop_size": { "height": 224, "width": 192 }"#;
    let cut = read(crop).unwrap();
    assert_eq!((cut.size, cut.resize), (Size { height: 224, width: 192 }, Size::square(256)));
    assert_eq!(read(r#""crop_size": 224"#).unwrap().size, Size::square(224));
    assert_eq!(read(&format!(r#"{crop}, "do_center_crop": false"#)).unwrap().size, Size::square(256));
    assert_eq!(read(r#""crop_size": 300"#).unwrap_err().code(), "card-crop-size");

    // Nothing is resized to what a file only says.
    let huge = r#"{ "size": 4000000000, "crop_size": 224, "image_mean": [0, 0, 0], "image_std": [1, 1, 1] }"#;
    assert_eq!(Card::read(CONFIG, Some(huge)).err().unwrap().code(), "preprocessing-size");
}

/// A square input, and what the square around it is cut from.
fn sized(size: usize, resize: usize) -> Preprocessor {
    let [size, resize] = [size, resize].map(Size::square);
    Preprocessor { size, resize, ..Preprocessor::imagenet(224) }
}

#[test]
fn timms_form_of_a_card_is_read() {
    let config = r#"{
        "architecture": "resnet50", "num_classes": 3, "label_names": ["a", "b", "c"],
        "pretrained_cfg": { "input_size": [3, 288, 288], "mean": [0, 0.5, 1], "std": [1, 2, 3], "crop_pct": 0.95 }
    }"#;
    let card = Card::read(config, None).unwrap();
    assert_eq!((card.architecture.unwrap().name, card.labels.unwrap().len()), ("resnet50", 3));
    assert_eq!(card.problem, None);
    // math.floor(288 / 0.95)
    let (mean, std, interpolation) = ([0.0, 0.5, 1.0], [1.0, 2.0, 3.0], Interpolation::Bicubic);
    let expected = Preprocessor { mean, std, interpolation, ..sized(288, 303) };
    assert_eq!(card.preprocessor, Some(expected));
    let bilinear = config.replace("0.95 }", r#"0.95, "interpolation": "bilinear" }"#);
    let card = Card::read(&bilinear, None).unwrap();
    assert_eq!(card.preprocessor.unwrap().interpolation, Interpolation::Bilinear);
    // A file of its own counts where the card says nothing.
    let own = r#"{ "size": 288, "image_mean": [0, 0.5, 1], "image_std": [1, 2, 3], "resample": 2 }"#;
    let preprocessor = Card::read(config, Some(own)).unwrap().preprocessor.unwrap();
    assert_eq!((preprocessor.size, preprocessor.resize), (Size::square(288), Size::square(288)));
    assert_eq!(preprocessor.interpolation, Interpolation::Bilinear);
}

/// What Hugging Face's processors compute of a value 0 to 255, by their source: `(value * factor - offset - mean) / std`.
#[test]
fn a_card_may_rescale_values_in_another_way() {
    let computed = |entries: &str, value: f32| {
        let text = format!(r#"{{ "size": 64, {entries} }}"#);
        let card = Card::read(CONFIG, Some(&text)).unwrap_or_else(|error| panic!("{entries}: {error}"));
        let Preprocessor { mean, std, .. } = card.preprocessor.unwrap();
        (value / 255.0 - mean[1]) / std[1]
    };
    let numbers =
        |mean: f32, std: f32| format!(r#""image_mean": [0, {mean}, 0], "image_std": [1, {std}, 1]"#);
    let (half, caffe) = (numbers(0.5, 0.25), numbers(116.3, 57.1));
    let cases = [
        (half.clone(), (100.0 / 255.0 - 0.5) / 0.25),
        (
            format!(r#"{half}, "do_rescale": true, "rescale_factor": 0.00392156862745098"#),
            (100.0 / 255.0 - 0.5) / 0.25,
        ),
        (format!(r#"{half}, "rescale_factor": 0.00784313725490196"#), (100.0 / 127.5 - 0.5) / 0.25),
        (
            format!(r#"{half}, "rescale_factor": 0.00784313725490196, "rescale_offset": true"#),
            (100.0 / 127.5 - 1.5) / 0.25,
        ),
        (format!(r#"{caffe}, "do_rescale": false"#), (100.0 - 116.3) / 57.1),
        (format!(r#"{half}, "do_normalize": false"#), 100.0 / 255.0),
        (r#""do_normalize": false"#.into(), 100.0 / 255.0),
        (r#""do_normalize": false, "do_rescale": false"#.into(), 100.0),
    ];
    for (entries, expected) in cases {
        let found = computed(&entries, 100.0);
        assert!(
            (found - expected).abs() < 1e-4 * f32::max(1.0, expected.abs()),
            "{entries}: {found}, {expected}"
        );
    }
    let refused = |entries: &str| {
        let text = format!(r#"{{ "size": 64, {entries} }}"#);
        Card::read(CONFIG, Some(&text)).err().unwrap().code()
    };
    assert_eq!(refused(r#""image_mean": [0, 0, 0]"#), "card-normalisation");
    assert_eq!(refused(&caffe), "preprocessing-mean-scale");
    assert_eq!(refused(&format!(r#"{half}, "rescale_factor": 0"#)), "card-rescale");
}

/// torchvision's published Inception turns ImageNet's normalisation into that of mean and deviation ½ itself; timm's is shown the latter.
#[test]
fn inceptions_first_step_is_what_the_card_says_or_assumed_and_said() {
    let inception = Architecture::named("inception_v3").unwrap();
    let file = WeightFile::hashed(inception, 2).bytes();
    let mut pretrainedmodels = WeightFile::hashed(inception, 2);
    for entry in &mut pretrainedmodels.0 {
        entry.name = entry.name.replace("fc.", "last_linear.");
    }
    let timm = r#"{ "architecture": "inception_v3", "pretrained_cfg":
        { "input_size": [3, 299, 299], "mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5] } }"#;
    let half = [0.5; 3];
    let imagenet = Preprocessor::imagenet(299).mean;
    let cases = [
        (timm, &file, false, half, vec![]),
        (
            r#"{ "architecture": "inception_v3", "transform_input": false }"#,
            &file,
            false,
            half,
            vec!["colours-assumed"],
        ),
        (
            r#"{ "architecture": "inception_v3", "transform_input": true }"#,
            &file,
            true,
            imagenet,
            vec!["colours-assumed"],
        ),
        (
            "{}",
            &file,
            true,
            imagenet,
            vec!["torchvision-assumed", "colours-assumed", "transform-input-assumed"],
        ),
        ("{}", &pretrainedmodels.bytes(), false, half, vec!["torchvision-assumed", "colours-assumed"]),
    ];
    for (config, file, transforms, mean, notes) in cases {
        let card = Card::read(config, None).unwrap();
        let read = ModelFile::read(&Device::cpu(), card, file.clone()).unwrap();
        assert_eq!(read.architecture().transform_input, transforms, "{config}");
        let found: Vec<_> = read.notes().iter().map(|note| note.code()).collect();
        assert_eq!(found, notes, "{config}");
        let model = pollster::block_on(read.load()).unwrap();
        assert_eq!(model.preprocessor().mean, mean, "{config}");
    }
}

/// A card silences the notes of what it states, and of nothing else.
#[test]
fn what_a_card_does_not_state_is_said() {
    let file = WeightFile::hashed(architecture(), 1).bytes();
    let preprocessor = r#"{ "size": 96, "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5] }"#;
    let named = format!(r#"{{ "architecture": "{NETWORK}" }}"#);
    let repeated = format!(
        r#"{{ "architecture": "{NETWORK}", "problem_type": "multi_label_classification",
        "assumed": ["strides", "colours", "outputs"] }}"#
    );
    let [strides, colours, outputs] = ["torchvision-assumed", "colours-assumed", "one-output"];
    let cases = [
        ("{}", None, vec![outputs, strides, colours]),
        ("{}", Some(preprocessor), vec![outputs, strides]),
        (&named, None, vec![outputs, colours]),
        (&named, Some(preprocessor), vec![outputs]),
        (&repeated, Some(preprocessor), vec![outputs, strides, colours]),
        (r#"{ "problem_type": "regression" }"#, Some(preprocessor), vec![strides]),
    ];
    for (config, preprocessor, notes) in cases {
        let card = Card::read(config, preprocessor).unwrap();
        let read = ModelFile::read(&Device::cpu(), card, file.clone()).unwrap();
        let found: Vec<_> = read.notes().iter().map(|note| note.code()).collect();
        assert_eq!(found, notes, "{config} {preprocessor:?}");
    }
    // Who chooses the numbers of the colours states them.
    let mut card = Card::read(&repeated, Some(preprocessor)).unwrap();
    card.overrides =
        PreprocessorOverrides { mean: Some([0.5; 3]), std: Some([0.5; 3]), ..Default::default() };
    let read = ModelFile::read(&Device::cpu(), card, file).unwrap();
    assert_eq!(read.assumed(), [Assumption::Strides, Assumption::Order, Assumption::Outputs]);
}

#[test]
fn a_chosen_network_takes_the_place_of_the_cards() {
    let config = CONFIG.replace("resnet18", "my_network");
    assert!(Card::read(&config, None).is_err());
    let card = Card::read_as(Some(architecture()), &config, None).unwrap();
    assert_eq!((card.architecture.unwrap().name, card.classes), (NETWORK, Some(2)));
}

#[test]
fn chosen_preprocessing_takes_the_place_of_the_cards() {
    let mut card = Card::read(
        CONFIG,
        Some(r#"{ "size": 64, "image_mean": [0, 0, 0], "image_std": [1, 1, 1], "crop_pct": 0.8 }"#),
    )
    .unwrap();
    card.overrides.size = Some(Size::square(128));
    card.overrides.std = Some([0.5; 3]);
    let expected = Preprocessor { mean: [0.0; 3], std: [0.5; 3], ..sized(128, 160) };
    assert_eq!(card.preprocessor_for(card.architecture.unwrap()).unwrap(), expected);
    card.overrides.std = Some([0.5, 0.0, 0.5]);
    let error = card.preprocessor_for(card.architecture.unwrap()).unwrap_err();
    assert!(error.is_weights() && error.to_string().contains("the standard deviation 0"), "{error}");
}

#[test]
fn an_input_may_have_more_rows_than_columns() {
    let config = r#"{
        "architecture": "resnet18", "num_classes": 2,
        "pretrained_cfg": { "input_size": [3, 256, 128], "mean": [0, 0, 0], "std": [1, 1, 1], "crop_pct": 0.95 }
    }"#;
    let mut card = Card::read(config, None).unwrap();
    let sizes = |card: &Card| {
        let Preprocessor { size, resize, .. } = card.preprocessor_for(card.architecture.unwrap()).unwrap();
        (size, resize)
    };
    let size = |height, width| Size { height, width };
    // math.floor of 256 / 0.95 and of 128 / 0.95
    assert_eq!(sizes(&card), (size(256, 128), size(269, 134)));
    card.overrides.size = Some(size(64, 256));
    assert_eq!(sizes(&card), (size(64, 256), size(67, 268)));
    // The largest number of the machine is no side either, and what it is cut out of none that can be computed.
    card.overrides.size = Some(size(64, usize::MAX));
    assert_eq!(card.preprocessor_for(card.architecture.unwrap()).unwrap_err().code(), "preprocessing-size");
}

#[test]
fn a_card_without_preprocessing_has_torchvisions() {
    let card = Card::read(CONFIG, None).unwrap();
    let (mean, std) = ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]);
    assert_eq!(card.preprocessor, None);
    let expected = Preprocessor { mean, std, ..sized(224, 256) };
    assert_eq!(card.preprocessor_for(card.architecture.unwrap()).unwrap(), expected);
    assert_eq!((card.labels, card.problem), (None, None));
}

#[test]
fn a_card_says_what_the_outputs_are() {
    for (name, problem) in [
        ("single_label_classification", Problem::SingleLabel),
        ("multi_label_classification", Problem::MultiLabel),
        ("regression", Problem::Value),
    ] {
        let config = format!(r#"{{ "problem_type": "{name}" }}"#);
        assert_eq!(Card::read(&config, None).unwrap().problem, Some(problem));
    }
    // One output may have names for no and yes, values may not.
    let config = |problem: &str| {
        format!(r#"{{ "num_classes": 1, "label_names": ["cat", "dog"], "problem_type": "{problem}" }}"#)
    };
    assert!(Card::read(&config("multi_label_classification"), None).is_ok());
    assert_eq!(Card::read(&config("regression"), None).err().unwrap().code(), "card-label-count");
    // What users write.
    for (written, problem) in Problem::WRITTEN.iter().zip(Problem::VARIANTS) {
        assert_eq!(written.parse::<Problem>().unwrap(), *problem);
    }
    let error = "singel".parse::<Problem>().unwrap_err();
    assert!(error.is_request() && error.to_string().contains("did you mean `single`"), "{error}");
}

#[test]
fn a_card_that_means_nothing_is_refused_in_words() {
    let preprocessor = |size: &str, mean: &str, std: &str| {
        format!(r#"{{ "size": {size}, "image_mean": {mean}, "image_std": {std} }}"#)
    };
    let (zeros, ones) = ("[0, 0, 0]", "[1, 1, 1]");
    let refused = |config: &str, preprocessor: Option<&str>, words: &[&str]| {
        let error = Card::read(config, preprocessor).err().expect(words[0]);
        assert!(error.is_weights(), "{error}");
        for word in words {
            assert!(error.to_string().contains(word), "“{error}” does not say “{word}”");
        }
    };
    let of_config = |rest: &str, words: &[&str]| {
        let words = [words, &["config.json: "]].concat();
        refused(&format!(r#"{{ "architecture": "resnet18", {rest} }}"#), None, &words);
    };
    refused("{ \"architecture\": ", None, &["config.json: not understood", "EOF", "correct the file"]);
    refused(r#"{ "architecture": "alexnet" }"#, None, &["unknown network `alexnet`", "resnet18"]);
    of_config(r#""num_classes": "two""#, &["not understood", "two"]);
    of_config(r#""num_classes": 3, "label_names": ["a"]"#, &["1 class names", "`num_classes` 3"]);
    of_config(r#""id2label": { "0": "a", "2": "b" }"#, &["class 2, but not class 1"]);
    of_config(
        r#""problem_type": "ranking""#,
        &["`ranking`", "multi_label_classification, regression are known"],
    );
    of_config(r#""assumed": ["strides", "weather"]"#, &["unknown assumption `weather`", "colours"]);
    let timm = r#""pretrained_cfg": { "input_size": [1, 64, 64], "mean": [0, 0, 0], "std": [1, 1, 1] }"#;
    of_config(&timm.replace("[1, 64", "[5, 64"), &["3 numbers", "5 channels"]);
    of_config(&timm.replace("\"mean\": [0, 0, 0]", "\"mean\": [0, 0]"), &["2 numbers", "1 channels"]);
    let of_preprocessor = |text: &str, words: &[&str]| {
        refused(CONFIG, Some(text), &[words, &["preprocessor_config.json: "]].concat());
    };
    of_preprocessor("[]", &["not understood"]);
    of_preprocessor(&preprocessor(r#"{ "width": 64 }"#, zeros, ones), &["`size` must be a number of pixels"]);
    of_preprocessor(
        &preprocessor(r#"{ "height": 64, "width": 31 }"#, zeros, ones),
        &["31×64 pixels (width × height)", "32 to 2048"],
    );
    of_preprocessor(&preprocessor("31", zeros, ones), &["31×31", "32 to 2048"]);
    of_preprocessor(&preprocessor("2049", zeros, ones), &["2049×2049", "32 to 2048"]);
    of_preprocessor(&preprocessor("64", "[0, 0, 1e39]", ones), &["the mean inf is not finite"]);
    for std in ["0", "-1", "1e39"] {
        let std = format!("[1, {std}, 1]");
        of_preprocessor(&preprocessor("64", zeros, &std), &["standard deviation", "finite and above 0"]);
    }
    let cropped = preprocessor("64", zeros, ones).replace('}', r#", "crop_pct": 0.4 }"#);
    of_preprocessor(&cropped, &["`crop_pct` is 0.4", "0.5 to 1"]);
    let nearest = preprocessor("64", zeros, ones).replace('}', r#", "resample": 0 }"#);
    of_preprocessor(&nearest, &["`resample` is 0", "bicubic, 3"]);
    let random = timm.replace("[1,", "[3,").replace("] }", r#"], "interpolation": "random" }"#);
    of_config(&random, &["`interpolation` is `random`", "bilinear and bicubic"]);
}

/// One entry of two that say different things of one is wrong, and which nobody knows.
#[test]
fn a_card_that_contradicts_itself_is_refused_with_both_entries() {
    let cases = [
        (
            r#""variant": "torchvision", "downsample_in_bottleneck": true"#,
            ["`variant` says torchvision", "true"],
        ),
        (r#""variant": "caffe-strides", "downsample_in_bottleneck": false"#, ["caffe-strides", "false"]),
        (r#""architecture": "resnet18", "model_type": "regnet""#, ["`architecture` says resnet18", "regnet"]),
        (r#""architecture": "vgg16", "model_type": "mobilenet_v2""#, ["vgg16", "`model_type`"]),
        (
            r#""architecture": "resnet50", "pretrained_cfg": { "architecture": "resnetaa50", "input_size": [3, 64, 64], "mean": [0], "std": [1] }"#,
            ["`architecture` says resnet50", "`pretrained_cfg.architecture` says resnetaa50"],
        ),
        (
            r#""num_classes": 2, "model_args": { "num_classes": 3 }"#,
            ["`num_classes` says 2", "`model_args.num_classes` says 3"],
        ),
        (r#""num_classes": 2, "num_labels": 3"#, ["`num_classes` says 2", "`num_labels` says 3"]),
        (
            r#""id2label": { "0": "cat", "1": "dog" }, "label_names": ["dog", "cat"]"#,
            ["`id2label` says cat of class 0", "`label_names` says dog of class 0"],
        ),
        (
            r#""id2label": { "0": "cat", "1": "dog" }, "label2id": { "cat": 1, "dog": 0 }"#,
            ["`id2label` says dog of class 1", "`label2id` says cat"],
        ),
        (r#""label_names": ["cat"], "label2id": { "cat": 0, "dog": 1 }"#, ["nothing of class 1", "dog"]),
        (
            r#""num_channels": 3, "model_args": { "in_chans": 1 }"#,
            ["`num_channels` says 3", "`in_chans` says 1"],
        ),
        (
            r#""num_channels": 3, "pretrained_cfg": { "input_size": [4, 64, 64], "mean": [0], "std": [1] }"#,
            ["`num_channels` says 3", "`input_size[0]` says 4"],
        ),
    ];
    for (entries, words) in cases {
        let error =
            Card::read(&format!("{{ {entries} }}"), None).err().unwrap_or_else(|| panic!("{entries}"));
        assert_eq!(error.code(), "card-contradiction", "{entries}: {error}");
        assert!(words.iter().all(|word| error.to_string().contains(word)), "{entries}: {error}");
    }
    let preprocessor = |more: &str| {
        let text = format!(r#"{{ "image_mean": [0, 0, 0], "image_std": [1, 1, 1], {more} }}"#);
        Card::read(CONFIG, Some(&text)).map(drop)
    };
    let cut = |share: &str| preprocessor(&format!(r#""size": 256, "crop_size": 224, "crop_pct": {share}"#));
    assert_eq!(cut("0.9").unwrap_err().code(), "card-crop-contradiction");
    assert!(cut("0.875").is_ok());
    let two = preprocessor(r#""size": { "height": 64, "width": 64, "shortest_edge": 96 }"#).unwrap_err();
    assert_eq!(two.code(), "card-json");
    // What says the same in two ways is sound. Of two classes of one name Hugging Face's `label2id` has the last alone.
    for entries in [
        r#""variant": "caffe-strides", "downsample_in_bottleneck": true"#,
        r#""architecture": "wide_resnet50_2", "model_type": "resnet", "num_classes": 2, "num_labels": 2"#,
        r#""id2label": { "0": "crane", "1": "crane" }, "label2id": { "crane": "1" }"#,
        r#""num_channels": 1, "pretrained_cfg": { "input_size": [3, 64, 64], "mean": [0, 0, 0], "std": [1, 1, 1] }"#,
    ] {
        let read = Card::read(&format!("{{ {entries} }}"), None);
        assert!(read.is_ok(), "{entries}: {}", read.err().unwrap());
    }
    let alone = Card::read(r#"{ "label2id": { "dog": 1, "cat": 0 } }"#, None).unwrap();
    assert_eq!(alone.labels.unwrap(), ["cat", "dog"]);
}

/// What `config.json` and `preprocessor_config.json` both say must be the same.
#[test]
fn two_files_that_contradict_each_other_are_refused_with_both_entries() {
    let numbers = r#""mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225]"#;
    let timm = |more: &str| {
        format!(
            r#"{{ "architecture": "resnet18", "pretrained_cfg": {{ "input_size": [3, 224, 224], {numbers}{more} }} }}"#
        )
    };
    let imagenet = r#""image_mean": [0.485, 0.456, 0.406], "image_std": [0.229, 0.224, 0.225]"#;
    let half = r#""image_mean": [0.5, 0.5, 0.5], "image_std": [0.229, 0.224, 0.225]"#;
    let read = |config: &str, beside: &str| Card::read(config, Some(&format!("{{ {beside} }}"))).map(drop);
    let sized = r#"{ "model_type": "mobilenet_v2", "image_size": 160 }"#;
    for (config, beside, words) in [
        (
            timm(""),
            format!(r#""size": 96, {imagenet}"#),
            ["`pretrained_cfg.input_size` says 224 × 224", "`size`", "96 × 96"],
        ),
        (
            timm(""),
            format!(r#""size": 224, "crop_size": {{ "height": 192, "width": 224 }}, {imagenet}"#),
            ["224 × 224", "`crop_size`", "192 × 224"],
        ),
        (
            timm(""),
            format!(r#""size": 224, {half}"#),
            ["`pretrained_cfg.mean` says [0.485", "`image_mean`", "[0.5, 0.5, 0.5]"],
        ),
        (
            timm(""),
            format!(r#""size": 224, {}"#, imagenet.replace("0.225", "0.3")),
            ["`pretrained_cfg.std`", "`image_std`", "0.3]"],
        ),
        (
            timm(""),
            format!(r#""size": 224, "do_normalize": false, {imagenet}"#),
            ["`pretrained_cfg.mean`", "`do_normalize`", "false"],
        ),
        (
            timm(""),
            format!(r#""size": 224, "do_rescale": false, {imagenet}"#),
            ["`pretrained_cfg.mean`", "`image_mean`", "`do_rescale` is false"],
        ),
        (
            timm(r#", "crop_pct": 0.875"#),
            format!(r#""size": 224, "crop_pct": 0.95, {imagenet}"#),
            ["`pretrained_cfg.crop_pct` says 0.875", "`crop_pct`", "0.95"],
        ),
        (
            timm(r#", "crop_pct": 0.875"#),
            format!(r#""size": 240, "crop_size": 224, {imagenet}"#),
            ["`pretrained_cfg.crop_pct` says 0.875", "`size`", "240 × 240"],
        ),
        (
            timm(r#", "crop_pct": 0.875"#),
            format!(r#""size": 224, "do_center_crop": false, {imagenet}"#),
            ["`pretrained_cfg.crop_pct`", "`do_center_crop`", "false"],
        ),
        (
            timm(r#", "interpolation": "bicubic""#),
            format!(r#""size": 224, "resample": 2, {imagenet}"#),
            ["`pretrained_cfg.interpolation` says bicubic", "`resample`", "2"],
        ),
        (
            sized.into(),
            format!(r#""size": 192, "crop_size": 128, {imagenet}"#),
            ["`image_size` says 160 × 160", "`crop_size`", "128 × 128"],
        ),
    ] {
        let error = read(&config, &beside).err().unwrap_or_else(|| panic!("{config} {beside}"));
        assert_eq!(error.code(), "card-files-contradict", "{beside}: {error}");
        for word in words.iter().chain(&["in preprocessor_config.json", "remove the wrong one"]) {
            assert!(error.to_string().contains(word), "{beside}: “{error}” does not say “{word}”");
        }
    }
    // What says the same in other words, or says nothing, is sound.
    for (config, beside) in [
        (timm(r#", "crop_pct": 0.875"#), format!(r#""size": {{ "shortest_edge": 256 }}, "crop_size": 224, {imagenet}"#)),
        (timm(r#", "crop_pct": 0.875"#), format!(r#""size": 224, {imagenet}"#)),
        (timm(""), format!(r#""size": 224, "resample": 2, "do_resize": true, {}"#, imagenet.replace("0.456", "0.4561"))),
        (timm(""), r#""size": 224, "rescale_factor": 1, "image_mean": [123.675, 116.28, 103.53], "image_std": [58.395, 57.12, 57.375]"#.into()),
        (sized.into(), format!(r#""size": {{ "shortest_edge": 192 }}, "crop_size": {{ "height": 160, "width": 160 }}, {imagenet}"#)),
    ] {
        let found = read(&config, &beside);
        assert!(found.is_ok(), "{config} {beside}: {}", found.unwrap_err());
    }
}

#[test]
fn pictures_of_their_own_size_are_refused() {
    let beside = r#"{ "do_resize": false, "size": 64, "image_mean": [0, 0, 0], "image_std": [1, 1, 1] }"#;
    let error = Card::read(CONFIG, Some(beside)).err().unwrap();
    assert!(error.code() == "card-resize" && error.to_string().contains("64 by 64"), "{error}");
}

/// Mean and deviation that a network then has, of values 0 to 1.
fn normalised(card: &Card) -> Result<[f32; 2], cam_lucida::Error> {
    let Preprocessor { mean, std, .. } = card.preprocessor_for(architecture())?;
    Ok([mean[0], std[0]])
}

#[test]
fn a_card_whose_mean_and_deviation_do_not_count_is_told_so() {
    let of_units = r#"{ "size": 64, "image_mean": [0.5, 0.5, 0.5], "image_std": [0.25, 0.25, 0.25] }"#;
    let of_bytes = of_units.replace(" }", r#", "do_rescale": false }"#);
    let config = format!(r#"{{ "architecture": "{NETWORK}" }}"#);
    let (bytes, units) = (Some(ValueRange::Bytes), Some(ValueRange::Unit));
    for (beside, range, mean, wanted) in [
        (Some(of_units), bytes, None, Some(["not of values 0-255", "the mean 0 and the deviation 1"])),
        (Some(&of_bytes), units, None, Some(["not of values 0-1", "the mean 0 "])),
        (Some(of_units), units, None, None),
        (Some(of_units), bytes, Some([120.0; 3]), None),
        (None, bytes, None, None),
    ] {
        let std = mean.map(|_| [50.0; 3]);
        let overrides = PreprocessorOverrides { range, mean, std, ..Default::default() };
        let card = Card { overrides, ..Card::read(&config, beside).unwrap() };
        let file = WeightFile::hashed(architecture(), 2).bytes();
        let notes = ModelFile::read(&Device::cpu(), card, file).unwrap().notes();
        let found =
            notes.iter().find(|note| note.code() == "normalisation-replaced").map(ToString::to_string);
        assert_eq!(found.is_some(), wanted.is_some(), "{beside:?}, {range:?}, {mean:?}: {notes:?}");
        for word in wanted.iter().flatten() {
            assert!(found.as_ref().unwrap().contains(word), "{found:?}");
        }
    }
}

#[test]
fn a_card_keeps_notes_of_the_known_codes_alone() {
    let card = |code: &str| {
        let noted = format!(
            r#"{{ "noted": [{{ "code": "{code}", "message": "a\u001b[2Jb", "arguments": {{ "modules": "x" }} }}] }}"#
        );
        Card::read(&noted, None)
    };
    let noted = card("module-code").unwrap().noted;
    assert_eq!(noted.iter().map(ToString::to_string).collect::<Vec<_>>(), [r"a\u{1b}[2Jb"]);
    assert_eq!(noted[0].arguments().collect::<Vec<_>>(), [("modules", "x")]);
    let error = card("any").err().unwrap();
    assert!(error.code() == "card-noted" && error.to_string().contains("`any`"), "{error}");
}

#[test]
fn a_chosen_range_of_values_replaces_a_card_of_others() {
    let of_bytes =
        r#"{ "size": 64, "image_mean": [120, 110, 100], "image_std": [51, 51, 51], "do_rescale": false }"#;
    let of_units = r#"{ "size": 64, "image_mean": [0.5, 0.5, 0.5], "image_std": [0.25, 0.25, 0.25] }"#;
    let card = |text: &str, range, mean, std| {
        let overrides = PreprocessorOverrides { range, mean, std, ..Default::default() };
        Card { overrides, ..Card::read(CONFIG, Some(text)).unwrap() }
    };
    let [bytes, units] = [Some(ValueRange::Bytes), Some(ValueRange::Unit)];
    let (mean, std) = (Some([102.0; 3]), Some([51.0; 3]));
    let in_bytes = |mean: f32, std: f32| [mean / 255.0, std / 255.0];
    for (text, range, mean, std, expected) in [
        (of_bytes, None, None, None, in_bytes(120.0, 51.0)),
        (of_bytes, bytes, None, None, in_bytes(120.0, 51.0)),
        (of_bytes, units, None, None, [0.0, 1.0]),
        (of_units, units, None, None, [0.5, 0.25]),
        (of_units, bytes, None, None, in_bytes(0.0, 1.0)),
        // Half of them leaves the card's other half.
        (of_bytes, bytes, mean, None, in_bytes(102.0, 51.0)),
        (of_bytes, bytes, None, std, in_bytes(120.0, 51.0)),
        (of_units, units, Some([0.25; 3]), None, [0.25, 0.25]),
        (of_bytes, None, Some([0.25; 3]), None, [0.25, 51.0 / 255.0]),
        (of_units, bytes, mean, std, in_bytes(102.0, 51.0)),
    ] {
        assert_eq!(
            normalised(&card(text, range, mean, std)).unwrap(),
            expected,
            "{text} {range:?} {mean:?} {std:?}"
        );
    }
    // Whether the other half is the card's, or 0 or 1, nobody knows.
    for (text, range, mean, std, words) in [
        (
            of_units,
            bytes,
            mean,
            None,
            ["mean is stated of values 0-255", "the standard deviation of values 0-1"],
        ),
        (
            of_bytes,
            units,
            None,
            Some([0.5; 3]),
            ["deviation is stated of values 0-1", "mean of values 0-255"],
        ),
    ] {
        let error = normalised(&card(text, range, mean, std)).unwrap_err();
        assert_eq!(error.code(), "normalisation-half");
        assert!(words.iter().all(|word| error.to_string().contains(word)), "{error}");
    }
    // Without a card they are 0 and 1.
    let overrides = PreprocessorOverrides { range: bytes, mean, ..Default::default() };
    assert_eq!(normalised(&Card { overrides, ..Card::default() }).unwrap(), in_bytes(102.0, 1.0));
}

#[test]
fn the_order_of_colours_is_assumed_until_somebody_states_it() {
    let file = WeightFile::hashed(architecture(), 2).bytes();
    let codes = |card: Card| -> Vec<&str> {
        let read = ModelFile::read(&Device::cpu(), card, file.clone()).unwrap();
        read.notes().iter().map(|note| note.code()).filter(|code| *code != "torchvision-assumed").collect()
    };
    let (range, order) = (Some(ValueRange::Bytes), Some(ChannelOrder::Rgb));
    let (mean, std) = (Some([0.5; 3]), Some([0.5; 3]));
    let none = PreprocessorOverrides::default();
    for (overrides, expected) in [
        (none, vec!["colours-assumed"]),
        (PreprocessorOverrides { mean, std, ..none }, vec!["order-assumed"]),
        (PreprocessorOverrides { mean, ..none }, vec!["colours-assumed"]),
        (PreprocessorOverrides { range, ..none }, vec!["order-assumed"]),
        (PreprocessorOverrides { order, ..none }, vec!["normalisation-assumed"]),
        (PreprocessorOverrides { order, mean, std, ..none }, vec![]),
    ] {
        assert_eq!(codes(Card { overrides, ..Card::default() }), expected, "{overrides:?}");
    }
    let preprocessor = r#"{ "size": 96, "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5] }"#;
    for (assumed, expected) in [
        (r#"["order"]"#, vec!["order-assumed"]),
        (r#"["normalisation"]"#, vec!["normalisation-assumed"]),
        (r#"["colours"]"#, vec!["colours-assumed"]),
        ("[]", vec![]),
    ] {
        let config = format!(r#"{{ "assumed": {assumed} }}"#);
        assert_eq!(codes(Card::read(&config, Some(preprocessor)).unwrap()), expected, "{assumed}");
    }
}

/// timm leaves three channels in the config of a network that takes others, and gives one number for all, or one for each.
#[test]
fn a_card_of_other_channels_fits_a_network_that_takes_them() {
    let file = |channels: usize| {
        let mut file = WeightFile::hashed(architecture(), 2);
        let stem = file.entry("features.0.0.weight");
        stem.shape[1] = channels;
        stem.values = vec![0.1; stem.shape.iter().product()];
        file.bytes()
    };
    let [grey, colour, five] = [1, 3, 5].map(file);
    let timm = |channels: usize, mean: &str, std: &str| {
        format!(
            r#"{{ "pretrained_cfg": {{ "input_size": [{channels}, 64, 96], "mean": {mean}, "std": {std} }} }}"#
        )
    };
    let read = |config: &str, file: &[u8]| {
        let read = ModelFile::read(&Device::cpu(), Card::read(config, None)?, file.to_vec())?;
        Ok::<_, cam_lucida::Error>(pollster::block_on(read.load())?.preprocessor().clone())
    };
    for (config, file, mean) in [
        (timm(1, "[0.25]", "[0.5]"), &grey, 0.25),
        (timm(1, "[0.25, 0.5, 0.75]", "[0.5, 0.5, 0.5]"), &grey, 0.5),
        (timm(3, "[0.25, 0.5, 0.75]", "[0.5, 0.5, 0.5]"), &grey, 0.5),
        (timm(3, "[0.25]", "[0.5]"), &colour, 0.25),
        (timm(5, "[0.1, 0.2, 0.3, 0.4, 0.5]", "[1, 1, 1, 1, 1]"), &five, 0.0),
        (timm(5, "[0.1]", "[1]"), &five, 0.0),
    ] {
        let found = read(&config, file).unwrap_or_else(|error| panic!("{config}: {error}"));
        assert_eq!((found.size, found.mean[0]), (Size { height: 64, width: 96 }, mean), "{config}");
    }
    for (config, file) in [
        (timm(1, "[0.5]", "[0.5]"), &colour),
        (timm(5, "[0.5]", "[0.5]"), &grey),
        (r#"{ "num_channels": 3 }"#.into(), &grey),
        (r#"{ "model_args": { "in_chans": 4 } }"#.into(), &five),
    ] {
        assert_eq!(read(&config, file).unwrap_err().code(), "card-input-channels", "{config}");
    }
}

/// `wild.py` wrote it.
#[test]
fn what_is_assumed_of_a_network_of_transformers_is_assumed_as_there() {
    let file = "/tests/fixtures/weights/wild/huggingface-mobilenet.safetensors";
    let file = std::fs::read(env!("CARGO_MANIFEST_DIR").to_string() + file).unwrap();
    let notes = ModelFile::read(&Device::cpu(), Card::default(), file).unwrap().notes();
    let note = notes.iter().find(|note| note.code() == "torchvision-assumed").unwrap();
    assert!(note.to_string().contains("assumed as in transformers"), "{note}");
}

/// As `image_processing_convnext.py` of transformers resizes: below 384 pixels it cuts a share out, 224 of 256 by default, and above
/// nothing.
#[test]
fn convnexts_processor_cuts_out_what_it_does_in_transformers() {
    for (kind, size, share, resize) in [
        (r#""image_processor_type": "ConvNextImageProcessor""#, r#"{ "shortest_edge": 224 }"#, None, 256),
        (r#""feature_extractor_type": "ConvNextFeatureExtractor""#, "224", Some(0.95), 235),
        (
            r#""image_processor_type": "ConvNextImageProcessorFast""#,
            r#"{ "shortest_edge": 384 }"#,
            Some(0.875),
            384,
        ),
        (r#""image_processor_type": "ConvNextImageProcessor""#, "416", None, 416),
        (r#""image_processor_type": "ViTImageProcessor""#, "384", Some(0.875), 438),
        // As `image_processing_levit.py`: 256 of 224.
        (
            r#""image_processor_type": "LevitImageProcessor", "crop_size": 96"#,
            r#"{ "shortest_edge": 96 }"#,
            None,
            109,
        ),
    ] {
        let share = share.map_or(String::new(), |share| format!(r#", "crop_pct": {share}"#));
        let text = format!(
            r#"{{ {kind}, "size": {size}{share}, "image_mean": [0, 0, 0], "image_std": [1, 1, 1] }}"#
        );
        let found = Card::read("{}", Some(&text)).unwrap().preprocessor.unwrap();
        assert_eq!(found.resize, Size::square(resize), "{text}");
    }
}

/// `save_for_hf(create_model("resnet18", channels=…, layers=…))` of timm writes such a card.
#[test]
fn the_tensors_tell_the_sizes_that_timms_settings_change() {
    let card = |network: &str, settings: &str| {
        let config = format!(r#"{{ "architecture": "{network}", "model_args": {{ {settings} }} }}"#);
        Card::read(&config, None).unwrap()
    };
    for (network, settings) in [
        ("resnet18", r#""channels": [16, 32, 64, 128], "layers": [1, 1, 1, 1]"#),
        ("resnet50", r#""layers": [1, 1, 1, 1]"#),
        ("densenet121", r#""growth_rate": 8, "block_config": [2, 2, 2, 2]"#),
    ] {
        let card = card(network, settings);
        assert!(card.architecture.is_none() && card.names_network, "{network}");
        assert!(!card.assumes(Assumption::Strides), "the name tells them");
    }
    let named = card("resnet18", r#""num_classes": 5, "in_chans": 3, "layers": null"#).architecture;
    assert_eq!(named.map(|network| network.name), Some("resnet18"));
    let config = r#"{ "architecture": "resnet18", "model_args": { "channels": [8, 8, 8, 8] } }"#;
    let card = Card::read(config, None).unwrap();
    let small = Architecture::named("resnet_small").unwrap();
    let file = ModelFile::read(&Device::cpu(), card, WeightFile::hashed(small, 4).bytes()).unwrap();
    assert_eq!(file.architecture().name, "resnet_small", "of another size than its name says");
}

/// How pictures are prepared by timm (`timm/data/transforms_factory.py`) and by Hugging Face's processors.
#[test]
fn a_card_says_how_pictures_are_prepared() {
    let timm = |entries: &str| {
        let config = format!(
            r#"{{ "architecture": "resnet18", "pretrained_cfg": {{ "input_size": [3, 64, 64], "mean": [0, 0, 0], "std": [1, 1, 1]{entries} }} }}"#
        );
        Card::read(&config, None).map(|card| card.preprocess)
    };
    let crop = Some(Preprocess::Crop);
    assert_eq!(timm(r#", "crop_pct": 0.875"#).unwrap(), crop);
    assert_eq!(timm(r#", "crop_pct": 1.0, "crop_mode": "center""#).unwrap(), crop, "the longer side is cut");
    assert_eq!(timm(r#", "crop_mode": "squash""#).unwrap(), None);
    assert_eq!(timm(r#", "crop_mode": "border""#).unwrap(), Some(Preprocess::Letterbox));
    let error = timm(r#", "crop_mode": "corner""#).unwrap_err();
    assert!(error.code() == "card-crop-mode" && error.to_string().contains("`corner`"), "{error}");

    let beside = |config: &str, entries: &str| {
        let text = format!(r#"{{ "image_mean": [0, 0, 0], "image_std": [1, 1, 1], {entries} }}"#);
        Card::read(config, Some(&text)).map(|card| card.preprocess)
    };
    for (entries, way) in [
        (r#""size": { "height": 64, "width": 64 }"#, None),
        (r#""size": 64"#, None),
        (r#""size": { "shortest_edge": 64 }"#, Some(Preprocess::Fit)),
        (r#""size": { "shortest_edge": 72 }, "crop_size": 64, "do_center_crop": true"#, crop),
        (r#""size": { "shortest_edge": 72 }, "crop_size": 64"#, crop),
        (r#""size": { "height": 64, "width": 64 }, "crop_size": 48, "do_center_crop": false"#, None),
        (r#""size": 64, "do_center_crop": true"#, crop),
        (r#""size": { "shortest_edge": 224 }, "image_processor_type": "ConvNextImageProcessor""#, crop),
        (r#""size": { "shortest_edge": 384 }, "image_processor_type": "ConvNextImageProcessor""#, None),
        (r#""size": 64, "preprocess": "letterbox""#, Some(Preprocess::Letterbox)),
    ] {
        assert_eq!(beside(CONFIG, entries).unwrap(), way, "{entries}");
    }
    let error = beside(CONFIG, r#""size": 64, "preprocess": "corner""#).unwrap_err();
    assert!(error.code() == "card-preprocess" && error.to_string().contains("`corner`"), "{error}");
    // What a card only repeats nobody asks for.
    let repeated = r#"{ "assumed": ["normalisation"] }"#;
    assert_eq!(beside(repeated, r#""size": 64, "crop_pct": 0.875"#).unwrap(), None);
}

#[test]
fn a_picture_that_is_prepared_otherwise_than_the_card_says_has_a_note() {
    let model = |entries: &str| {
        let text = format!(r#"{{ "image_mean": [0, 0, 0], "image_std": [1, 1, 1], {entries} }}"#);
        let card = Card { architecture: Some(architecture()), ..Card::read("{}", Some(&text)).unwrap() };
        let file = WeightFile::hashed(architecture(), 2).bytes();
        pollster::block_on(Model::load(&Device::cpu(), card, file)).unwrap()
    };
    let size = |width, height| Some(Size { height, width });
    let cuts = model(r#""size": 64, "crop_pct": 0.875"#);
    let note = cuts.preprocess_note(Preprocess::Squash, size(90, 80)).unwrap();
    assert_eq!(note.code(), "card-prepares-otherwise");
    assert!(note.to_string().contains("by `crop`, but `squash` is used"), "{note}");
    assert!(cuts.preprocess_note(Preprocess::Squash, None).is_some(), "of all pictures");
    assert!(cuts.preprocess_note(Preprocess::Squash, size(80, 80)).is_some(), "a margin is cut off");
    assert!(cuts.preprocess_note(Preprocess::Crop, size(90, 80)).is_none());
    let whole = model(r#""size": 64, "do_center_crop": true"#);
    assert!(whole.preprocess_note(Preprocess::Squash, size(90, 80)).is_some());
    assert!(whole.preprocess_note(Preprocess::Squash, size(80, 80)).is_none(), "there is nothing to cut");
    assert!(model(r#""size": 64"#).preprocess_note(Preprocess::Squash, size(90, 80)).is_none());
    let again = Card { architecture: Some(architecture()), ..whole.card() };
    assert_eq!(again.preprocess, Some(Preprocess::Crop), "another of its kind is shown the same");
}

/// What Hugging Face's processors compute by default of a value 0 to 1, by their sources.
#[test]
fn processors_normalise_as_they_do_in_transformers() {
    let numbers = |kind: &str, entries: &str| {
        let text = format!(
            r#"{{ "size": 64, "image_mean": [0.5, 0.5, 0.5], "image_std": [0.25, 0.25, 0.25], "image_processor_type": "{kind}"{entries} }}"#
        );
        let Preprocessor { mean, std, .. } = Card::read("{}", Some(&text)).unwrap().preprocessor.unwrap();
        [mean[0], std[0]]
    };
    assert_eq!(numbers("MobileViTImageProcessor", ""), [0.0, 1.0], "it knows no normalisation");
    assert_eq!(numbers("MobileViTImageProcessorFast", r#", "do_normalize": true"#), [0.5, 0.25]);
    assert_eq!(numbers("ViTImageProcessor", ""), [0.5, 0.25]);
    assert_eq!(numbers("EfficientNetImageProcessor", ""), [0.5, 0.0625], "the deviation divides twice");
    assert_eq!(numbers("EfficientNetImageProcessor", r#", "include_top": false"#), [0.5, 0.25]);
    assert_eq!(numbers("EfficientNetImageProcessor", r#", "do_normalize": false"#), [0.0, 0.25]);
}

#[test]
fn a_card_that_is_too_long_is_refused_before_it_is_parsed() {
    let long = " ".repeat(MAX_TEXT_BYTES - 1);
    assert!(Card::read(&format!("{{}}{}", &long[1..]), None).is_ok());
    for (config, preprocessor) in [(format!("{{}}{long}"), None), ("{}".into(), Some(format!("{{}}{long}")))]
    {
        let error = Card::read(&config, preprocessor.as_deref()).err().unwrap();
        assert_eq!(error.code(), "text-size", "{error}");
    }
}

/// The logits of `wild.py`, whose file tells its head by its order alone; here a card tells it.
#[test]
fn a_card_states_the_head_of_a_network() {
    let fixture = |name: &str| {
        std::fs::read(format!("{}/tests/fixtures/weights/wild/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
    };
    let read = |head: &str, file: &str| {
        let card = Card::read(&format!(r#"{{ "head": {head} }}"#), None)?;
        let model = pollster::block_on(Model::load(&Device::cpu(), card, fixture(file)))?;
        let input = Input::new(Size::square(64), Hashed::uniform("picture", &[1, 3, 64, 64], 1.0)).unwrap();
        Ok::<_, cam_lucida::Error>(pollster::block_on(model.classify(&input))?.logits)
    };
    let rectified = read(r#"{ "layers": ["fc.second", "relu", "fc.first"] }"#, "head-names.pth").unwrap();
    for (found, wanted) in rectified.iter().zip([0.11240429_f32, 0.20728664, -0.1160152]) {
        assert!((found - wanted).abs() < 1e-5, "{rectified:?}");
    }
    assert_ne!(read(r#"{ "layers": ["fc.second", "fc.first"] }"#, "head-names.pth").unwrap(), rectified);
    for (head, file, code) in [
        (r#"{ "layers": ["fc.first", "relu", "fc.second"] }"#, "head-names.pth", "head-inputs"),
        (r#"{ "layers": ["fc.second", "relu", "fc.third"] }"#, "head-names.pth", "head-stated"),
        (r#"{ "layers": ["fc.second"] }"#, "head-names.pth", "tensor-superfluous"),
        (r#"{ "layers": ["relu"] }"#, "head-names.pth", "head-stated-empty"),
        (r#"{ "layers": [], "more": 1 }"#, "head-names.pth", "card-json"),
        (r#"{ "layers": ["fc.0", "relu", "fc.2"] }"#, "told-no-relu.pth", "head-contradicts"),
    ] {
        assert_eq!(read(head, file).unwrap_err().code(), code, "{head}");
    }
}
