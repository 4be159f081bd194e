//! What the files of a request may ask of the machine, and the table of flags and variables that say so.

use std::time::Duration;

use super::Fault;

const KIB: u64 = 1 << 10;
const MIB: u64 = 1 << 20;
const GIB: u64 = 1 << 30;
const TIB: u64 = 1 << 40;

/// Limits on the files of a request. Each has a flag and an environment variable: see [`InputLimits::TABLE`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct InputLimits {
    /// Size of one file in bytes, after decompression; 1 GiB.
    pub max_file_bytes: u64,
    /// Size of all files of a request together, in bytes; 4 GiB.
    pub max_request_bytes: u64,
    /// Seconds until the last file of a request has arrived; 600.
    pub max_download_time: u64,
    /// Seconds to connect, to wait for an answer, and to wait for the next piece of data; 10.
    pub max_idle_time: u64,
    /// Redirects that are followed for one file; 10.
    pub max_redirects: u64,
    /// Size of an image file in bytes; 256 MiB.
    pub max_image_bytes: u64,
    /// Pixels of an image, or of one frame; 100 million.
    pub max_image_pixels: u64,
    /// Memory to decode an image, in bytes; 1 GiB.
    pub max_image_memory: u64,
    /// Seconds to decode an image; 60.
    pub max_image_time: u64,
}

impl InputLimits {
    /// What holds where nothing else is said.
    pub const DEFAULT: Self = Self {
        max_file_bytes: GIB,
        max_request_bytes: 4 * GIB,
        max_download_time: 600,
        max_idle_time: 10,
        max_redirects: 10,
        max_image_bytes: 256 * MIB,
        max_image_pixels: 100_000_000,
        max_image_memory: GIB,
        max_image_time: 60,
    };

    /// Every limit, in the order of the documentation.
    pub const TABLE: &'static [InputLimit] = &[
        InputLimit::new("max-file-bytes", "Largest file of a request, after decompression", Unit::Bytes, |limits| {
            &mut limits.max_file_bytes
        }),
        InputLimit::new("max-request-bytes", "All files of a request together", Unit::Bytes, |limits| &mut limits.max_request_bytes),
        InputLimit::new("max-download-time", "Time until the last file of a request has arrived", Unit::Seconds, |limits| {
            &mut limits.max_download_time
        }),
        InputLimit::new("max-idle-time", "Time to connect, and to wait for an answer or for more data", Unit::Seconds, |limits| {
            &mut limits.max_idle_time
        }),
        InputLimit::new("max-redirects", "Redirects that are followed for one file", Unit::Count, |limits| &mut limits.max_redirects),
        InputLimit::new("max-image-bytes", "Largest image file", Unit::Bytes, |limits| &mut limits.max_image_bytes),
        InputLimit::new("max-image-pixels", "Pixels of an image, or of one frame", Unit::Count, |limits| &mut limits.max_image_pixels),
        InputLimit::new("max-image-memory", "Memory to decode an image", Unit::Bytes, |limits| &mut limits.max_image_memory),
        InputLimit::new("max-image-time", "Time to decode an image", Unit::Seconds, |limits| &mut limits.max_image_time),
    ];

    /// The limits that environment variables set.
    ///
    /// # Errors
    /// [`LimitError`] for the first variable that cannot be read.
    pub fn from_env() -> Result<Self, LimitError> {
        Self::from_lookup(|name| std::env::var_os(name).map(|text| text.to_string_lossy().into_owned()))
    }

    pub(crate) fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, LimitError> {
        let mut limits = Self::DEFAULT;
        for limit in Self::TABLE {
            let variable = limit.variable();
            if let Some(text) = lookup(&variable).filter(|text| !text.trim().is_empty()) {
                let value = limit.parse(&text).map_err(|expected| LimitError { name: variable, found: text, expected })?;
                limit.set(&mut limits, value);
            }
        }
        Ok(limits)
    }

    /// The variables that set these limits in another process.
    #[cfg(feature = "serve")]
    pub(crate) fn to_variables(self) -> impl Iterator<Item = (String, String)> {
        Self::TABLE.iter().map(move |limit| (limit.variable(), limit.get(&self).to_string()))
    }

    /// The limit of a file that is no image.
    pub(super) const fn file_bytes(&self) -> ByteLimit {
        ByteLimit { bytes: self.max_file_bytes, flag: "max-file-bytes" }
    }

    /// The limit of an image file, which is a file as well.
    #[cfg(feature = "image")]
    pub(super) const fn image_bytes(&self) -> ByteLimit {
        if self.max_image_bytes < self.max_file_bytes {
            ByteLimit { bytes: self.max_image_bytes, flag: "max-image-bytes" }
        } else {
            self.file_bytes()
        }
    }

    pub(super) const fn download_time(&self) -> Duration {
        Duration::from_secs(self.max_download_time)
    }

    pub(super) const fn idle_time(&self) -> Duration {
        Duration::from_secs(self.max_idle_time)
    }
}

impl Default for InputLimits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// How large a file may be, and the flag that says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ByteLimit {
    pub(super) bytes: u64,
    pub(super) flag: &'static str,
}

impl ByteLimit {
    pub(super) const fn exceeded(self) -> Fault {
        Fault::TooManyBytes { limit: self.bytes, flag: self.flag }
    }
}

/// A variable that should hold a limit holds something else.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{name}: found `{found}`, expected {expected}")]
#[non_exhaustive]
pub struct LimitError {
    /// The variable.
    pub name: String,
    /// What it holds.
    pub found: String,
    /// What it should hold.
    pub expected: &'static str,
}

impl LimitError {
    /// A stable name for programs: `input.limit`.
    pub const fn code(&self) -> &'static str {
        "input.limit"
    }
}

/// What a limit counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unit {
    /// Bytes; `512MiB` and `2GB` are read as well.
    Bytes,
    /// Seconds.
    Seconds,
    /// Things.
    Count,
}

/// One limit: its names, and what it means.
#[derive(Debug, Clone, Copy)]
pub struct InputLimit {
    name: &'static str,
    help: &'static str,
    unit: Unit,
    place: fn(&mut InputLimits) -> &mut u64,
}

impl InputLimit {
    const fn new(name: &'static str, help: &'static str, unit: Unit, place: fn(&mut InputLimits) -> &mut u64) -> Self {
        Self { name, help, unit, place }
    }

    /// The flag without its dashes, such as `max-file-bytes`.
    pub const fn flag(&self) -> &'static str {
        self.name
    }

    /// The environment variable, such as `COG_KIT_MAX_FILE_BYTES`.
    pub fn variable(&self) -> String {
        format!("COG_KIT_{}", self.name.to_ascii_uppercase().replace('-', "_"))
    }

    /// What is limited, in a few words.
    pub const fn help(&self) -> &'static str {
        self.help
    }

    /// What it counts.
    pub const fn unit(&self) -> Unit {
        self.unit
    }

    /// The value in `limits`.
    pub fn get(&self, limits: &InputLimits) -> u64 {
        let mut limits = *limits;
        *(self.place)(&mut limits)
    }

    /// Changes the value in `limits`.
    pub fn set(&self, limits: &mut InputLimits, value: u64) {
        *(self.place)(limits) = value;
    }

    /// The default as it may be typed, such as `1GiB`.
    pub fn default_text(&self) -> String {
        let value = self.get(&InputLimits::DEFAULT);
        match self.unit {
            Unit::Bytes => shown_bytes(value).replace(' ', ""),
            Unit::Seconds | Unit::Count => value.to_string(),
        }
    }

    /// The value that a text names.
    ///
    /// # Errors
    /// What was expected instead.
    pub fn parse(&self, text: &str) -> Result<u64, &'static str> {
        let text = text.trim();
        let (factors, expected): (&[(&str, u64)], _) = match self.unit {
            Unit::Bytes => (SIZES, "a number of bytes such as `1073741824`, `512MiB` or `2GB`"),
            Unit::Seconds => (&[("s", 1), ("", 1)], "a whole number of seconds, 1 or more"),
            Unit::Count => (&[("", 1)], "a whole number"),
        };
        let digits = text.trim_end_matches(|letter: char| !letter.is_ascii_digit());
        let suffix = text.get(digits.len()..).unwrap_or_default().trim();
        let factor = factors.iter().find(|(known, _)| known.eq_ignore_ascii_case(suffix)).map(|(_, factor)| *factor);
        let value = digits.parse::<u64>().ok().zip(factor).and_then(|(number, factor)| number.checked_mul(factor)).ok_or(expected)?;
        if value == 0 && self.unit != Unit::Count { Err(expected) } else { Ok(value) }
    }
}

const SIZES: &[(&str, u64)] = &[
    ("", 1),
    ("B", 1),
    ("KiB", KIB),
    ("MiB", MIB),
    ("GiB", GIB),
    ("TiB", TIB),
    ("kB", 1_000),
    ("MB", 1_000_000),
    ("GB", 1_000_000_000),
    ("TB", 1_000_000_000_000),
];

/// Bytes as people read them: `512 MiB`, `100000 bytes`.
pub(super) fn shown_bytes(bytes: u64) -> String {
    let units = [(GIB, "GiB"), (MIB, "MiB"), (KIB, "KiB")];
    match units.iter().find(|(size, _)| bytes > 0 && bytes.is_multiple_of(*size)) {
        Some((size, unit)) => format!("{} {unit}", bytes / size),
        None => format!("{bytes} bytes"),
    }
}

/// How to raise a limit, as a message says it.
pub(super) fn raised_by(flag: &str) -> String {
    format!("`--{flag}` or `COG_KIT_{}` raises the limit", flag.to_ascii_uppercase().replace('-', "_"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(name: &str, text: &str) -> Result<InputLimits, LimitError> {
        InputLimits::from_lookup(|asked| (asked == name).then(|| text.to_owned()))
    }

    #[test]
    fn every_limit_is_set_by_its_variable() {
        for (position, limit) in InputLimits::TABLE.iter().enumerate() {
            let found = limits(&limit.variable(), "7").unwrap();
            for (other, entry) in InputLimits::TABLE.iter().enumerate() {
                let expected = if other == position { 7 } else { entry.get(&InputLimits::DEFAULT) };
                assert_eq!(entry.get(&found), expected, "{} by {}", entry.flag(), limit.variable());
            }
            assert_eq!(limit.parse(&limit.default_text()), Ok(limit.get(&InputLimits::DEFAULT)), "{}", limit.flag());
        }
        assert_eq!(limits("COG_KIT_MAX_FILE_BYTES", " "), Ok(InputLimits::DEFAULT));
    }

    #[test]
    fn sizes_are_read_in_every_usual_unit() {
        for (text, expected) in
            [("5", 5), ("5B", 5), ("1KiB", 1024), ("512 MiB", 512 << 20), ("2gib", 2 << 30), ("1TiB", 1 << 40), ("2GB", 2_000_000_000)]
        {
            assert_eq!(limits("COG_KIT_MAX_FILE_BYTES", text).unwrap().max_file_bytes, expected, "{text}");
        }
        assert_eq!(limits("COG_KIT_MAX_IDLE_TIME", "30s").unwrap().max_idle_time, 30);
        assert_eq!(limits("COG_KIT_MAX_REDIRECTS", "0").unwrap().max_redirects, 0);
    }

    #[test]
    fn what_is_no_limit_is_refused_by_the_name_of_its_variable() {
        for (name, text) in [
            ("COG_KIT_MAX_FILE_BYTES", "lots"),
            ("COG_KIT_MAX_FILE_BYTES", "0"),
            ("COG_KIT_MAX_FILE_BYTES", "-1"),
            ("COG_KIT_MAX_FILE_BYTES", "1.5GiB"),
            ("COG_KIT_MAX_FILE_BYTES", "99999999999TiB"),
            ("COG_KIT_MAX_IDLE_TIME", "1h"),
            ("COG_KIT_MAX_REDIRECTS", "ten"),
        ] {
            let error = limits(name, text).unwrap_err().to_string();
            assert!(error.starts_with(&format!("{name}: found `{text}`, expected a ")), "{error}");
        }
    }

    #[test]
    fn sizes_are_shown_in_the_largest_unit_that_is_exact() {
        for (bytes, expected) in [(0, "0 bytes"), (1000, "1000 bytes"), (2048, "2 KiB"), (3 << 20, "3 MiB"), (4 << 30, "4 GiB")] {
            assert_eq!(shown_bytes(bytes), expected);
        }
    }
}
