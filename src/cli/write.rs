//! Output on its way to stdout or to files.

use std::{
    fs,
    io::{self, Write},
    path::{Path as StdPath, PathBuf},
};

use serde_json::Value;

use crate::{
    input::Path,
    predictor::{Error, Result, ensure},
};

/// One item of an output.
pub(super) enum Item {
    Value(Value),
    File(Path),
}

/// Writes an output: files to their targets (numbered when several have one) or to `output.EXT`, values to the target or stdout. As many targets as items
/// take one each.
pub(super) fn output(items: Vec<Item>, is_list: bool, targets: &[PathBuf]) -> Result<()> {
    if let [_, _, ..] = targets {
        ensure!(
            items.len() == targets.len(),
            "found {} items of output, expected {} as there are files for them",
            items.len(),
            targets.len()
        );
        return items.into_iter().zip(targets).try_for_each(|(item, target)| write(vec![item], false, Some(target)));
    }
    write(items, is_list, targets.first().map(PathBuf::as_path))
}

fn write(items: Vec<Item>, is_list: bool, target: Option<&StdPath>) -> Result<()> {
    let (many, none) = (items.len() > 1, items.is_empty());
    let mut values = Vec::new();
    for (index, item) in items.into_iter().enumerate() {
        match item {
            Item::Value(value) => values.push(value),
            Item::File(file) => {
                let target = file_target(&file, target, many.then_some(index));
                fs::copy(&file, &target)
                    .map_err(|error| Error::new(error).context(format!("`{}` could not be written", target.display())))?;
                eprintln!("Wrote {}", target.display());
            }
        }
    }
    let text = match (is_list, values.as_slice()) {
        // Files alone have been written.
        (_, []) if !none => return Ok(()),
        (false, [] | [Value::Null]) => {
            eprintln!("No output generated");
            return Ok(());
        }
        (false, [Value::String(text)]) => text.clone(),
        (false, [value]) => serde_json::to_string_pretty(value)?,
        _ => serde_json::to_string_pretty(&values)?,
    };
    match target {
        Some(path) => {
            fs::write(path, text).map_err(|error| Error::new(error).context(format!("`{}` could not be written", path.display())))?;
            eprintln!("Wrote {}", path.display());
            Ok(())
        }
        None => Ok(writeln!(io::stdout().lock(), "{text}")?),
    }
}

/// Writes a document to a file, or prints it.
pub(super) fn document(text: &str, target: Option<&StdPath>) -> Result<()> {
    match target {
        Some(path) => {
            fs::write(path, text).map_err(|error| Error::new(error).context(format!("`{}` could not be written", path.display())))
        }
        None => Ok(io::stdout().lock().write_all(text.as_bytes())?),
    }
}

fn file_target(file: &StdPath, target: Option<&StdPath>, index: Option<usize>) -> PathBuf {
    let target = match (target, file.extension()) {
        (Some(target), _) => target.to_path_buf(),
        (None, Some(extension)) => StdPath::new("output").with_extension(extension),
        (None, None) => PathBuf::from("output"),
    };
    let Some(index) = index else { return target };
    let stem = target.file_stem().unwrap_or_default().to_string_lossy();
    let name = match target.extension() {
        Some(extension) => format!("{stem}.{index}.{}", extension.to_string_lossy()),
        None => format!("{stem}.{index}"),
    };
    target.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_files_are_numbered_before_the_extension() {
        let file = StdPath::new("scratch/a.png");
        for (target, index, expected) in [
            (None, None, "output.png"),
            (None, Some(1), "output.1.png"),
            (Some("out.webp"), None, "out.webp"),
            (Some("dir/out.webp"), Some(0), "dir/out.0.webp"),
            (Some("out"), Some(2), "out.2"),
        ] {
            assert_eq!(file_target(file, target.map(StdPath::new), index), StdPath::new(expected), "{target:?} {index:?}");
        }
    }
}
