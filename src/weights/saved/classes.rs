//! What is known of the classes of PyTorch's libraries: what a module of each class runs, and in which order.

use super::super::format::SavedModule;

/// What a module runs.
#[derive(Clone, Copy, PartialEq)]
pub enum Part<'a> {
    /// The module under this attribute.
    Required(&'a str),
    /// The same, if there is one.
    Optional(&'a str),
    /// The modules in the one under this attribute, in order.
    Each(&'a str),
    /// All its modules in order.
    All,
    /// A function.
    Function(Function),
    /// The module under this attribute, or else a function.
    Either(&'a str, Function),
}

/// Functions that classes call.
#[derive(Clone, Copy, PartialEq)]
pub enum Function {
    Relu,
    /// A window of 3×3, stride 2.
    MaxPool,
    /// A window of 3×3, stride 1, padding 1.
    AveragePool,
    /// The mean of all places.
    Mean,
    /// The sum of two branches, each of which ends in a normalisation.
    Sum,
}

/// A class: the start of its Python module, its name, and what it runs. `name` is required, `name?` optional; `name*` are the modules
/// in it, `*` all modules of the class; `f()` is a function, and `name|f()` one unless the module is there; `+` is the sum of two
/// branches before a ReLU. Parallel branches stand in the order of the network's description.
type Row = (&'static str, &'static str, &'static str);

/// Of several rows of one class, the first whose required modules are there counts.
const ROWS: &[Row] = &[
    ("torch.nn", "Sequential", "*"),
    ("torch.nn", "DataParallel", "module"),
    ("torch.nn", "DistributedDataParallel", "module"),
    ("torch.optim", "AveragedModel", "module"),
    ("torch._dynamo", "OptimizedModule", "_orig_mod"),
    // torchvision's blocks
    ("torchvision", "ConvNormActivation", "*"),
    ("torchvision", "Conv2dNormActivation", "*"),
    ("torchvision", "ConvBNReLU", "*"),
    ("torchvision", "ConvBNActivation", "*"),
    ("torchvision", "BasicBlock", "conv1 bn1 relu conv2 bn2 downsample? + relu"),
    ("torchvision", "Bottleneck", "conv1 bn1 relu conv2 bn2 relu conv3 bn3 downsample? + relu"),
    ("torchvision", "QuantizableBasicBlock", "conv1 bn1 relu conv2 bn2 downsample? + relu()"),
    (
        "torchvision",
        "QuantizableBottleneck",
        "conv1 bn1 relu1 conv2 bn2 relu2 conv3 bn3 downsample? + relu()",
    ),
    ("torchvision.models.mobilenet", "InvertedResidual", "conv"),
    ("torchvision.models.mobilenetv2", "InvertedResidual", "conv"),
    ("torchvision", "InvertedResidual", "branch1? branch2"),
    ("torchvision.models.quantization.mobilenet", "QuantizableInvertedResidual", "conv"),
    ("torchvision.models.quantization.mobilenetv2", "QuantizableInvertedResidual", "conv"),
    ("torchvision", "QuantizableInvertedResidual", "branch1? branch2"),
    (
        "torchvision",
        "Fire",
        "squeeze squeeze_activation expand1x1 expand1x1_activation expand3x3 expand3x3_activation",
    ),
    ("torchvision", "_DenseLayer", "norm1 relu1 conv1 norm2 relu2 conv2"),
    ("torchvision", "_DenseLayer", "*"),
    ("torchvision", "_DenseBlock", "*"),
    ("torchvision", "_Transition", "*"),
    ("torchvision", "SimpleStemIN", "*"),
    ("torchvision", "BottleneckTransform", "*"),
    ("torchvision", "AnyStage", "*"),
    ("torchvision", "ResBottleneckBlock", "proj? f + activation"),
    ("torchvision", "BasicConv2d", "conv bn relu()"),
    ("torchvision", "QuantizableBasicConv2d", "conv bn relu"),
    // torchvision's networks
    ("torchvision", "ResNet", RESNET),
    ("torchvision", "QuantizableResNet", RESNET),
    ("torchvision", "VGG", "features avgpool? classifier"),
    ("torchvision", "MobileNetV2", "features mean() classifier"),
    ("torchvision", "QuantizableMobileNetV2", "features mean() classifier"),
    ("torchvision", "SqueezeNet", "features classifier"),
    ("torchvision", "DenseNet", "features relu() mean() classifier"),
    ("torchvision", "ShuffleNetV2", SHUFFLENET),
    ("torchvision", "QuantizableShuffleNetV2", SHUFFLENET),
    ("torchvision", "RegNet", "stem trunk_output avgpool fc"),
    ("torchvision", "Inception3", INCEPTION),
    ("torchvision", "QuantizableInception3", INCEPTION),
    // … as the package `pretrainedmodels` changes them
    ("torchvision", "ResNet", "conv1 bn1 relu maxpool layer1 layer2 layer3 layer4 avgpool last_linear"),
    ("torchvision", "VGG", "_features linear0 relu0 dropout0? linear1 relu1 dropout1? last_linear"),
    ("torchvision", "DenseNet", "features relu() mean() last_linear"),
    ("torchvision", "SqueezeNet", "features dropout? last_conv relu avgpool"),
    // Parts of torchvision's Inception
    ("torchvision", "InceptionA", INCEPTION_A),
    ("torchvision", "InceptionB", INCEPTION_B),
    ("torchvision", "InceptionC", INCEPTION_C),
    ("torchvision", "InceptionD", INCEPTION_D),
    ("torchvision", "InceptionE", INCEPTION_E),
    ("torchvision", "QuantizableInceptionA", INCEPTION_A),
    ("torchvision", "QuantizableInceptionB", INCEPTION_B),
    ("torchvision", "QuantizableInceptionC", INCEPTION_C),
    ("torchvision", "QuantizableInceptionD", INCEPTION_D),
    ("torchvision", "QuantizableInceptionE", INCEPTION_E),
    // timm's
    ("timm", "ModelEmaV2", "module"),
    ("timm", "ModelEmaV3", "module"),
    ("timm", "BatchNormAct2d", "drop? act"),
    ("timm", "ConvNormAct", "conv bn aa?"),
    ("timm", "ConvBnAct", "conv bn aa?"),
    ("timm", "SelectAdaptivePool2d", "pool flatten?"),
    ("timm", "ClassifierHead", "global_pool drop? fc flatten?"),
    ("timm", "ResNet", "conv1 bn1 act1 maxpool layer1 layer2 layer3 layer4 global_pool fc"),
    (
        "timm.models.resnet",
        "BasicBlock",
        "conv1 bn1 drop_block? act1 aa? conv2 bn2 se? drop_path? downsample? + act2",
    ),
    (
        "timm.models.resnet",
        "Bottleneck",
        "conv1 bn1 act1 conv2 bn2 drop_block? act2 aa? conv3 bn3 se? drop_path? downsample? + act3",
    ),
    ("timm", "VGG", "features pre_logits head"),
    ("timm.models.vgg", "ConvMlp", "fc1 act1 drop? fc2 act2"),
    ("timm", "DenseNet", "features global_pool head_drop? classifier"),
    ("timm", "DenseLayer", "norm1 conv1 norm2 conv2 drop?"),
    ("timm", "DenseBlock", "*"),
    ("timm", "DenseTransition", "*"),
    ("timm", "EfficientNet", "conv_stem bn1 act1? blocks conv_head bn2 act2? global_pool classifier"),
    (
        "timm",
        "DepthwiseSeparableConv",
        "conv_s2d? bn_s2d? conv_dw bn1 act1? aa? se? conv_pw bn2 act2? drop_path?",
    ),
    (
        "timm",
        "InvertedResidual",
        "conv_s2d? bn_s2d? conv_pw bn1 act1? conv_dw bn2 act2? aa? se? conv_pwl bn3 drop_path?",
    ),
    ("timm", "RegNet", "stem s1 s2? s3? s4? final_conv? head"),
    ("timm", "RegStage", "*"),
    ("timm.models.regnet", "Bottleneck", "downsample? conv1 conv2 se? conv3 drop_path? + act3"),
    (
        "timm",
        "InceptionV3",
        "Conv2d_1a_3x3 Conv2d_2a_3x3 Conv2d_2b_3x3 Pool1 Conv2d_3b_1x1 Conv2d_4a_3x3 Pool2 Mixed_5b Mixed_5c Mixed_5d Mixed_6a Mixed_6b Mixed_6c Mixed_6d Mixed_6e Mixed_7a Mixed_7b Mixed_7c global_pool head_drop? fc",
    ),
    ("timm", "InceptionA", INCEPTION_A),
    ("timm", "InceptionB", INCEPTION_B),
    ("timm", "InceptionC", INCEPTION_C),
    ("timm", "InceptionD", INCEPTION_D),
    ("timm", "InceptionE", INCEPTION_E),
    // transformers'
    ("transformers", "ResNetForImageClassification", "resnet classifier"),
    ("transformers", "ResNetModel", "embedder encoder pooler"),
    ("transformers", "ResNetEmbeddings", "embedder pooler"),
    ("transformers", "ResNetEncoder", "stages*"),
    ("transformers", "ResNetStage", "layers"),
    ("transformers", "ResNetBasicLayer", "layer shortcut + activation"),
    ("transformers", "ResNetBottleNeckLayer", "layer shortcut + activation"),
    ("transformers", "ResNetConvLayer", "convolution normalization activation"),
    ("transformers", "ResNetShortCut", "convolution normalization"),
    ("transformers", "RegNetForImageClassification", "regnet classifier"),
    ("transformers", "RegNetModel", "embedder encoder pooler"),
    ("transformers", "RegNetEmbeddings", "embedder"),
    ("transformers", "RegNetEncoder", "stages*"),
    ("transformers", "RegNetStage", "layers"),
    ("transformers", "RegNetXLayer", "shortcut layer + activation"),
    ("transformers", "RegNetConvLayer", "convolution normalization activation"),
    ("transformers", "RegNetShortCut", "convolution normalization"),
    ("transformers", "MobileNetV2ForImageClassification", "mobilenet_v2 dropout classifier"),
    ("transformers", "MobileNetV2Model", "conv_stem layer* conv_1x1 pooler"),
    ("transformers", "MobileNetV2Stem", "first_conv expand_1x1? conv_3x3 reduce_1x1"),
    ("transformers", "MobileNetV2InvertedResidual", "expand_1x1 conv_3x3 reduce_1x1"),
    ("transformers", "MobileNetV2ConvLayer", "convolution normalization? activation?"),
];

const RESNET: &str = "conv1 bn1 relu maxpool layer1 layer2 layer3 layer4 avgpool fc";
const SHUFFLENET: &str = "conv1 maxpool stage2 stage3 stage4 conv5 mean() fc";
/// Older versions call the pools and the mean as functions.
const INCEPTION: &str = "Conv2d_1a_3x3 Conv2d_2a_3x3 Conv2d_2b_3x3 maxpool1|max3() Conv2d_3b_1x1 Conv2d_4a_3x3 maxpool2|max3() Mixed_5b Mixed_5c Mixed_5d Mixed_6a Mixed_6b Mixed_6c Mixed_6d Mixed_6e Mixed_7a Mixed_7b Mixed_7c avgpool|mean() dropout? fc";
const INCEPTION_A: &str =
    "branch1x1 branch5x5_1 branch5x5_2 branch3x3dbl_1 branch3x3dbl_2 branch3x3dbl_3 average3() branch_pool";
const INCEPTION_B: &str = "branch3x3 branch3x3dbl_1 branch3x3dbl_2 branch3x3dbl_3 max3()";
const INCEPTION_C: &str = "branch1x1 branch7x7_1 branch7x7_2 branch7x7_3 branch7x7dbl_1 branch7x7dbl_2 branch7x7dbl_3 branch7x7dbl_4 branch7x7dbl_5 average3() branch_pool";
const INCEPTION_D: &str =
    "branch3x3_1 branch3x3_2 branch7x7x3_1 branch7x7x3_2 branch7x7x3_3 branch7x7x3_4 max3()";
const INCEPTION_E: &str = "branch1x1 branch3x3_1 branch3x3_2a branch3x3_2b branch3x3dbl_1 branch3x3dbl_2 branch3x3dbl_3a branch3x3dbl_3b average3() branch_pool";

/// Libraries whose classes compute what is known here.
const LIBRARIES: [&str; 6] = ["torch", "torchvision", "timm", "transformers", "pretrainedmodels", "fastai"];

/// Modules that do nothing when a network predicts.
pub const NO_OPS: [&str; 13] = [
    "AlphaDropout",
    "DeQuantStub",
    "DropBlock2d",
    "DropPath",
    "Dropout",
    "Dropout1d",
    "Dropout2d",
    "FeatureAlphaDropout",
    "Flatten",
    "FlattenLayer",
    "Identity",
    "QuantStub",
    "StochasticDepth",
];

/// fastai's head pool, two pools in one: it counts as one step.
pub const CONCAT_POOL: &str = "AdaptiveConcatPool2d";

/// Whether a class is from none of the [`LIBRARIES`], so that no file tells what it computes.
pub fn is_custom(saved: &SavedModule) -> bool {
    saved.is_of("torch.fx") || !LIBRARIES.iter().any(|library| saved.is_of(library))
}

/// What a module of a known class runs; `None`: its class is not known. `has` tells whether a module or a function has the name of an
/// attribute.
pub fn parts(saved: &SavedModule, has: impl Fn(&str) -> bool) -> Option<Vec<Part<'static>>> {
    let of_class = |(python, class, _): &&Row| saved.kind() == *class && saved.is_of(python);
    let mut rows = ROWS.iter().filter(of_class).filter(|_| !is_custom(saved));
    rows.find_map(|(.., row)| {
        let parts: Vec<Part> = row.split(' ').map(part).collect();
        parts.iter().all(|part| !matches!(part, Part::Required(name) if !has(name))).then_some(parts)
    })
}

fn part(text: &'static str) -> Part<'static> {
    let function = |name: &str| match name {
        "relu()" => Function::Relu,
        "max3()" => Function::MaxPool,
        "average3()" => Function::AveragePool,
        "mean()" => Function::Mean,
        "+" => Function::Sum,
        _ => unreachable!("no row names the function {name}"),
    };
    match text.split_once('|') {
        Some((name, otherwise)) => Part::Either(name, function(otherwise)),
        None if text == "*" => Part::All,
        None if text.ends_with("()") || text == "+" => Part::Function(function(text)),
        None => match (text.strip_suffix('?'), text.strip_suffix('*')) {
            (Some(name), _) => Part::Optional(name),
            (_, Some(name)) => Part::Each(name),
            _ => Part::Required(text),
        },
    }
}
