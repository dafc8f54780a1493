//! Logits and raw maps against PyTorch, for every network and every method: tolerances of f32 on the CPU.

mod golden;

use burn::tensor::Device;
use cam_lucida::cam::METHODS;
use cam_lucida::network::NETWORKS;
use golden::{Golden, LOGITS};

/// One test a network, so that each is named in the report; `every_network_has_a_golden` keeps the list whole.
macro_rules! goldens {
    ($($name:ident),* $(,)?) => {
        const TESTED: &[&str] = &[$(stringify!($name)),*];
        $(#[test] fn $name() { check(stringify!($name), "expected"); })*
    };
}

goldens!(
    squeezenet1_0,
    squeezenet1_1,
    mobilenet_v2,
    mobilenet_v2_x0_25,
    mobilenet_v2_x0_5,
    shufflenet_v2_x0_5,
    shufflenet_v2_x1_0,
    shufflenet_v2_x1_5,
    shufflenet_v2_x2_0,
    resnet18,
    resnet34,
    resnet50,
    resnet101,
    resnet152,
    densenet121,
    densenet169,
    densenet201,
    inception_v3,
    vgg11,
    vgg11_bn,
    vgg13,
    vgg13_bn,
    vgg16,
    vgg16_bn,
    vgg19,
    vgg19_bn,
);

#[test]
fn every_method_on_resnet18() {
    check("resnet18", "methods");
}

#[test]
fn every_method_on_mobilenet_v2_x0_25() {
    check("mobilenet_v2_x0_25", "methods");
}

#[test]
fn the_parts_of_each_weighted_sum_add_up_to_the_map() {
    let name = "mobilenet_v2_x0_25";
    let mut methods = Vec::new();
    for file in ["expected", "methods"] {
        let golden = Golden::open(name, &format!("{name}/{file}.safetensors"), &Device::flex());
        for (variant, deviation, allowed) in golden.deviations_of_sums() {
            assert!(deviation <= allowed, "{variant:?}: {deviation:.1e} of the largest value");
            methods.push(variant.method);
        }
    }
    for method in METHODS.iter().filter(|method| method.is_weighted_sum()) {
        assert!(methods.iter().any(|tested| tested == method.name), "no golden of {}", method.name);
    }
}

/// Every layer, method, target and class of a file.
fn check(name: &str, file: &str) {
    let golden = Golden::open(name, &format!("{name}/{file}.safetensors"), &Device::flex());
    let logits = golden.deviation_of_logits();
    assert!(logits.is_none_or(|deviation| deviation <= LOGITS), "logits: {logits:?}");
    let wrong = golden.deviations().into_iter().filter(|(_, deviation, allowed)| deviation > allowed);
    let wrong: Vec<String> = wrong
        .map(|(variant, deviation, allowed)| {
            format!("{variant:?}: {deviation:.1e} of the largest value, allowed {allowed:.1e}")
        })
        .collect();
    assert!(wrong.is_empty(), "{name}:\n{}", wrong.join("\n"));
}

#[test]
fn every_network_has_a_golden() {
    let folders = std::fs::read_dir(golden::folder()).unwrap().map(Result::unwrap);
    let mut found: Vec<String> = folders
        .filter(|entry| entry.path().join("expected.safetensors").exists())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    found.sort();
    let mut tested = TESTED.to_vec();
    tested.sort();
    assert_eq!(found, tested, "folders of goldens against the tests above");
    // Widths and depths between the tested ones are the same code with other numbers.
    let between = ["mobilenet_v2_x0_75", "mobilenet_v2_x1_4", "densenet161"];
    // So are these, which torchvision does not have.
    let own = [
        "resnet_small",
        "mobilenet_v2_small",
        "shufflenet_v2_small",
        "densenet_small",
        "vgg_small",
        "squeezenet_small",
    ];
    let left_out = [&between[..], &own[..]].concat();
    for network in NETWORKS.iter().filter(|network| !left_out.contains(&network.name)) {
        assert!(tested.contains(&network.name), "{} has no golden", network.name);
    }
}

/// Networks that have every method, and one where the presets of guided backpropagation differ from the plain method.
const WITH_METHODS: [&str; 3] = ["resnet18", "mobilenet_v2_x0_25", "densenet121"];

#[test]
fn every_method_and_preset_has_a_golden() {
    let mut presets = Vec::new();
    for name in WITH_METHODS {
        let files = ["expected", "methods"].map(|file| format!("{name}/{file}.safetensors"));
        let files = files.into_iter().filter(|path| golden::folder().join(path).exists());
        let files: Vec<Golden> = files.map(|path| Golden::open(name, &path, &Device::flex())).collect();
        let variants: Vec<String> = files.iter().flat_map(Golden::variants).map(|v| v.method).collect();
        presets
            .extend(variants.iter().filter_map(|method| method.split_once(':')).map(|(_, p)| p.to_string()));
        for method in METHODS.iter().filter(|_| files.len() == 2) {
            assert!(
                variants.iter().any(|variant| variant == method.name),
                "{name}: no golden of {}",
                method.name
            );
            let said = files.iter().any(|file| file.references.contains_key(method.name));
            assert!(said, "{name}: what {} was checked against is not said", method.name);
        }
    }
    for preset in METHODS.iter().flat_map(|method| method.presets).map(|preset| preset.name) {
        assert!(presets.iter().any(|found| found == preset), "no golden of the preset {preset}");
    }
}
