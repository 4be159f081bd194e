//! CUDA and cuDNN in cog.yaml.

use super::super::data::Node;
use super::settings::{Settings, given};

/// Checks the versions that are given.
pub(super) fn check(settings: &mut Settings<'_>, build: &Node) {
    let text = |settings: &Settings<'_>, key: &str| {
        given(build, key).and_then(|node| Some((node, settings.written(node)?))).filter(|(_, text)| !text.is_empty())
    };
    let Some((node, cuda)) = text(settings, "cuda") else { return };
    let mut parts = cuda.split('.');
    let (major, minor) = (parts.next().and_then(|part| part.parse::<u32>().ok()), parts.next().map(str::to_owned));
    let (Some(major), Some(minor)) = (major, minor) else {
        return settings.refuse(node, format!("`{cuda}` is no version of CUDA"), "major and minor version in quotes, such as `\"12.4\"`");
    };
    if major < 11 {
        return settings.refuse(node, "Cog needs CUDA 11 or newer", "`\"12.4\"`, or nothing: Cog picks the version that the packages need");
    }
    let gpu = given(build, "gpu")
        .is_some_and(|gpu| gpu.as_bool() == Some(true) || gpu.as_str().is_some_and(|text| ["y", "Y", "yes", "on"].contains(&text)));
    if !gpu {
        return;
    }
    if !exists(major, &minor) {
        return settings.refuse(
            node,
            format!("Cog has no base image with CUDA {cuda}"),
            "a version that NVIDIA publishes images of, such as `\"12.4\"`",
        );
    }
    if let Some((node, cudnn)) = text(settings, "cudnn")
        && !cudnn_fits(major, minor.parse().unwrap_or(0), &cudnn)
    {
        let fitting = if (major, minor.parse().unwrap_or(0)) < (12, 3) { "8" } else { "9" };
        settings.refuse(
            node,
            format!("no base image has CUDA {cuda} with cuDNN {cudnn}"),
            format!("`\"{fitting}\"`, or nothing: Cog picks the version"),
        );
    }
}

/// Whether NVIDIA has published such a version; newer ones are not doubted.
fn exists(major: u32, minor: &str) -> bool {
    let Ok(minor) = minor.parse::<u32>() else { return false };
    match major {
        11 => minor <= 8,
        12 => minor <= 9,
        _ => major <= 20,
    }
}

fn cudnn_fits(major: u32, minor: u32, cudnn: &str) -> bool {
    let version = cudnn.split('.').next().unwrap_or(cudnn);
    if (major, minor) < (12, 3) { version == "8" } else { matches!(version, "8" | "9") }
}
